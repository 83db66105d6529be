use burn::module::{Content, DisplaySettings, Module, ModuleDisplay};
use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};

use super::activation::Activation;
use super::layer::Layer;

/// Linear map, then batch norm and activation where the layer has them.
#[derive(Module, Debug)]
#[module(custom_display)]
pub struct DenseLayer {
    /// The linear map.
    pub linear: Linear,
    /// Batch norm over its output.
    pub norm: Option<BatchNorm>,
    /// Training batches that the running statistics of `norm` come from, where that is known.
    /// Nothing is computed with it; files of PyTorch hold it.
    #[module(skip)]
    pub batches_tracked: Option<i64>,
    #[module(skip)]
    activation: Option<Activation>,
}

impl DenseLayer {
    /// A layer from `inputs` values to `width`.
    pub(in crate::network) fn new(
        inputs: usize,
        width: usize,
        batch_norm: bool,
        activation: Option<Activation>,
        device: &Device,
    ) -> Self {
        let norm = batch_norm.then(|| BatchNormConfig::new(width));
        Self {
            linear: LinearConfig::new(inputs, width).init(device),
            batches_tracked: norm.as_ref().map(|_| 0),
            norm: norm.map(|norm| norm.init(device)),
            activation,
        }
    }
}

impl Layer<2> for DenseLayer {
    fn forward(&self, input: Tensor<2>) -> Tensor<2> {
        let mut output = self.linear.forward(input);
        if let Some(norm) = &self.norm {
            output = norm.forward(output);
        }
        match &self.activation {
            Some(activation) => activation.forward(output),
            None => output,
        }
    }

    fn count_batch(&mut self) {
        self.batches_tracked = self.batches_tracked.map(|count| count.saturating_add(1));
    }
}

impl ModuleDisplay for DenseLayer {
    fn custom_settings(&self) -> Option<DisplaySettings> {
        None
    }

    fn custom_content(&self, content: Content) -> Option<Content> {
        content
            .add("linear", &self.linear)
            .add("norm", &self.norm)
            .add_debug_attribute("activation", &self.activation)
            .optional()
    }
}
