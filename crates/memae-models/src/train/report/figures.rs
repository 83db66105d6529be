use std::sync::Arc;

use burn::tensor::{Tensor, TensorReadError};
use burn::train::metric::{
    Metric, MetricAttributes, MetricMetadata, MetricName, Numeric, NumericAttributes, NumericEntry,
    SerializedEntry,
    state::{FormatOptions, NumericMetricState},
};

use super::divergence::{Divergence, DivergenceWatch};

/// One of the figures watched while training.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Figure {
    /// What is minimised, prototype loss included; on held-out images without it.
    Loss,
    /// Reconstruction loss.
    Reconstruction,
    /// Mean entropy of the shrunk weights, in nats.
    Entropy,
    /// Mean number of items that a query reads.
    ActiveItems,
    /// Share of queries whose weights were all shrunk away.
    EmptyRows,
}

impl Figure {
    /// All figures; without a memory only the first two say anything.
    pub const ALL: [Figure; 5] = [
        Figure::Loss,
        Figure::Reconstruction,
        Figure::Entropy,
        Figure::ActiveItems,
        Figure::EmptyRows,
    ];

    /// The name shown.
    pub fn name(self) -> &'static str {
        match self {
            Figure::Loss => "Loss",
            Figure::Reconstruction => "Reconstruction",
            Figure::Entropy => "Entropy",
            Figure::ActiveItems => "Active items",
            Figure::EmptyRows => "Empty rows",
        }
    }
}

/// The figures of one batch.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BatchFigures {
    /// Means over the batch in the order of [`Figure::ALL`], as far as they are known.
    pub means: Tensor<1>,
    /// Number of images.
    pub batch: usize,
}

/// Mean of one [`Figure`] over an epoch, as a burn-train metric.
#[derive(Clone)]
pub struct FigureMetric {
    figure: Figure,
    name: Arc<String>,
    state: NumericMetricState,
    watch: Option<DivergenceWatch>,
    /// Of the batch that comes next, from 1.
    epoch: usize,
    step: usize,
}

impl FigureMetric {
    /// The metric of this figure.
    pub fn new(figure: Figure) -> Self {
        Self {
            figure,
            name: Arc::new(figure.name().to_string()),
            state: NumericMetricState::default(),
            watch: None,
            epoch: 1,
            step: 1,
        }
    }

    /// Shows every value to this watch, too, of epochs from this one on.
    pub(in crate::train) fn with_watch(
        mut self,
        watch: DivergenceWatch,
        first_epoch: usize,
    ) -> Self {
        self.watch = Some(watch);
        self.epoch = first_epoch;
        self
    }
}

impl Metric for FigureMetric {
    type Input = BatchFigures;

    fn update(
        &mut self,
        input: &BatchFigures,
        _metadata: &MetricMetadata,
    ) -> Result<SerializedEntry, TensorReadError> {
        let index = self.figure as usize;
        let value = input
            .means
            .clone()
            .narrow(0, index, 1)
            .try_into_scalar::<f64>()?;
        if let Some(watch) = &self.watch {
            watch.see(Divergence {
                epoch: self.epoch,
                step: self.step,
                loss: value,
            });
        }
        self.step += 1;
        self.state.update(value, input.batch);
        Ok(self
            .state
            .compute_update(FormatOptions::new(self.name()).precision(4)))
    }

    fn compute(&mut self) -> Result<SerializedEntry, TensorReadError> {
        Ok(self
            .state
            .compute_final(FormatOptions::new(self.name()).precision(4)))
    }

    fn clear(&mut self) {
        self.state.reset();
        self.epoch += 1;
        self.step = 1;
    }

    fn name(&self) -> MetricName {
        self.name.clone()
    }

    fn attributes(&self) -> MetricAttributes {
        NumericAttributes {
            unit: None,
            higher_is_better: false,
        }
        .into()
    }
}

impl Numeric for FigureMetric {
    fn value(&self) -> Option<NumericEntry> {
        Some(self.state.current_value())
    }

    fn running_value(&self) -> Option<NumericEntry> {
        Some(self.state.running_value())
    }

    fn final_value(&self) -> NumericEntry {
        self.state.final_value()
    }
}
