//! The passes that are timed, and the ways to do them.

use std::hint::black_box;

use burn::module::Module;
use burn::optim::{self, GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Distribution, Tensor};
use memae::loss::{MemAeLoss, MemAeLossConfig};
use memae::network::{AutoencoderOutput, Layer, LayeredAutoencoder};
use memae_kernels::adam::AdamConfig;

use crate::burn_layers::BurnLayer;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    Inference,
    Step,
}

impl Pass {
    pub const ALL: [Self; 2] = [Self::Inference, Self::Step];

    pub fn name(self) -> &'static str {
        match self {
            Self::Inference => "inference",
            Self::Step => "step",
        }
    }
}

/// How layers and steps of the optimizer are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As this project does.
    Memae,
    /// By Burn's own modules.
    Burn,
}

impl Way {
    pub const ALL: [Self; 2] = [Self::Memae, Self::Burn];

    pub fn name(self) -> &'static str {
        match self {
            Self::Memae => "memae",
            Self::Burn => "burn",
        }
    }
}

/// A network with a batch.
pub trait Work {
    /// Runs a pass once, to the end.
    fn run(&mut self, pass: Pass);

    /// Multiplications and additions of the convolutions in one run.
    fn flops(&self, pass: Pass) -> f64;

    /// Bytes of weights and batch, and of the optimizer's averages where there are any.
    fn bytes(&self, pass: Pass) -> usize;
}

/// A network of layers `E` and `D`.
pub struct Network<E, D, const R: usize> {
    /// `None` only while a step changes it.
    network: Option<LayeredAutoencoder<E, D, R>>,
    samples: Tensor<R>,
    way: Way,
    loss: MemAeLoss,
    optimizer: ModuleOptimizer,
}

impl<E, D, const R: usize> Network<E, D, R>
where
    E: Layer<R> + BurnLayer<R>,
    D: Layer<R> + BurnLayer<R>,
{
    pub fn new(
        network: LayeredAutoencoder<E, D, R>,
        batch: usize,
        way: Way,
        device: &Device,
    ) -> Self {
        let mut dims = [batch; R];
        dims[1..].copy_from_slice(network.input_dims());
        device.seed(1);
        Self {
            samples: Tensor::random(dims, Distribution::Uniform(0.0, 1.0), device),
            network: Some(network),
            way,
            loss: MemAeLossConfig::paper().init(),
            optimizer: match way {
                Way::Memae => AdamConfig::new().init(),
                Way::Burn => optim::AdamConfig::new().with_epsilon(1e-8).init(),
            },
        }
    }

    fn forward(&self, network: &LayeredAutoencoder<E, D, R>) -> AutoencoderOutput<R> {
        if self.way == Way::Memae {
            return network.forward(self.samples.clone());
        }
        let mut features = self.samples.clone();
        for layer in &network.encoder {
            features = layer.forward_by_burn(features);
        }
        let mut read = None;
        if let Some(memory) = &network.memory {
            let batch = features.dims()[0];
            let queries = network.query().to_queries(features);
            let output = memory.forward(queries);
            features = network.to_features(output.read.clone(), batch);
            read = Some(output);
        }
        for layer in &network.decoder {
            features = layer.forward_by_burn(features);
        }
        AutoencoderOutput {
            reconstruction: features,
            memory: read,
        }
    }
}

impl<E, D, const R: usize> Work for Network<E, D, R>
where
    E: Layer<R> + BurnLayer<R>,
    D: Layer<R> + BurnLayer<R>,
{
    fn run(&mut self, pass: Pass) {
        let network = self.network.take().expect("a network between runs");
        let output = self.forward(&network);
        self.network = Some(match pass {
            Pass::Inference => {
                black_box(output.reconstruction);
                network
            }
            Pass::Step => {
                let entropy = output.memory.map(|memory| memory.entropy);
                let samples = self.samples.clone();
                let loss = self.loss.forward(output.reconstruction, samples, entropy);
                let gradients = GradientsParams::from_grads(loss.total.backward(), &network);
                self.optimizer.step(1e-3, network, gradients)
            }
        });
        let device = self.samples.device();
        device.sync().expect("the device runs what it was given");
    }

    fn flops(&self, pass: Pass) -> f64 {
        let network = self.network.as_ref().expect("a network between runs");
        let mut total = 0.0;
        let positions = |tensor: &Tensor<R>| {
            let dims = tensor.dims();
            (dims[0] * dims[2..].iter().product::<usize>()) as f64
        };
        // Gradients of weights and input take as much again each; the first layer's input has none.
        let mut add = |weights: usize, positions: f64, first: bool| {
            let passes = match pass {
                Pass::Inference => 1.0,
                Pass::Step if first => 2.0,
                Pass::Step => 3.0,
            };
            total += 2.0 * passes * weights as f64 * positions;
        };
        let mut features = self.samples.clone();
        for (index, layer) in network.encoder.iter().enumerate() {
            features = layer.forward(features);
            add(layer.weights(), positions(&features), index == 0);
        }
        for layer in &network.decoder {
            add(layer.weights(), positions(&features), false);
            features = layer.forward(features);
        }
        total
    }

    fn bytes(&self, pass: Pass) -> usize {
        let network = self.network.as_ref().expect("a network between runs");
        let copies = match pass {
            Pass::Inference => 1,
            Pass::Step => 3,
        };
        let samples = self.samples.shape().num_elements();
        size_of::<f32>() * (copies * network.num_params() + samples)
    }
}
