use std::sync::{Arc, Mutex, PoisonError};

use burn::module::Module;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::ExecutionError;
use burn::tensor::Tensor;
use burn::train::metric::Adaptor;
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use memae_core::MemoryOutput;
use memae_core::items::{BatchReads, ItemUpdate};
use memae_core::loss::{MemAeLoss, MemAeLossOutput, reconstruction_loss};

use super::last_step::LastStep;
use super::report::{BatchFigures, Figure};
use super::schedule::TemperatureSchedule;
use super::watch::EpochEnd;
use crate::network::{Autoencoder, AutoencoderOutput, ImageAutoencoder};

/// A network with what training it needs besides: the loss, and how its items move apart from
/// gradients.
#[derive(Module, Debug)]
pub struct TrainingModel<A: Module = ImageAutoencoder> {
    /// The network.
    pub autoencoder: A,
    item_update: Option<ItemUpdate>,
    #[module(skip)]
    loss: MemAeLoss,
    #[module(skip)]
    prototype_weight: f64,
    #[module(skip)]
    temperature: Option<TemperatureSchedule>,
    /// How the last batch read the memory: handed from the forward pass, which may not change the
    /// model, to the step that may.
    #[module(skip)]
    reads: Arc<Mutex<Option<BatchReads>>>,
    #[module(skip)]
    epochs: Option<EpochEnd>,
    #[module(skip)]
    last_step: Option<LastStep>,
}

/// Figures of a batch, for burn-train's metrics.
#[derive(Debug, Clone)]
pub struct TrainingOutput {
    figures: BatchFigures,
}

impl ItemLazy for TrainingOutput {
    fn sync(self) -> Result<Self, ExecutionError> {
        self.figures.means.device().flush()?;
        Ok(Self {
            figures: BatchFigures {
                means: self.figures.means.without_autodiff(),
                ..self.figures
            },
        })
    }
}

impl Adaptor<BatchFigures> for TrainingOutput {
    fn adapt(&self) -> BatchFigures {
        self.figures.clone()
    }
}

impl<A: Autoencoder> TrainingModel<A> {
    pub(super) fn new(autoencoder: A, loss: MemAeLoss) -> Self {
        Self {
            autoencoder,
            item_update: None,
            loss,
            prototype_weight: 0.0,
            temperature: None,
            reads: Arc::default(),
            epochs: None,
            last_step: None,
        }
    }

    pub(super) fn with_prototype_weight(mut self, weight: f64) -> Self {
        self.prototype_weight = weight;
        self
    }

    pub(super) fn with_item_update(mut self, item_update: Option<ItemUpdate>) -> Self {
        self.item_update = item_update;
        self
    }

    pub(super) fn with_temperature(mut self, schedule: Option<TemperatureSchedule>) -> Self {
        self.temperature = schedule;
        self.set_temperature();
        self
    }

    pub(super) fn with_epoch_end(mut self, epochs: Option<EpochEnd>) -> Self {
        self.epochs = epochs;
        self
    }

    pub(super) fn with_last_step(mut self, last_step: LastStep) -> Self {
        self.last_step = Some(last_step);
        self
    }

    /// As it is after so many steps from its beginning, but for what a record holds.
    pub(super) fn after_steps(mut self, steps: usize) -> Self {
        for _ in 0..steps {
            self.autoencoder.count_batch();
        }
        if let Some(schedule) = &mut self.temperature {
            schedule.count_steps(steps);
        }
        self.set_temperature();
        if let Some(last_step) = &mut self.last_step {
            last_step.skip_steps(steps);
        }
        if let Some(epochs) = &mut self.epochs {
            epochs.step += steps;
        }
        self
    }

    fn set_temperature(&mut self) {
        if let (Some(schedule), Some(memory)) = (&self.temperature, self.autoencoder.memory_mut()) {
            memory.addressing.temperature = schedule.current();
        }
    }

    fn loss(&self, output: &AutoencoderOutput<2>, samples: Tensor<2>) -> MemAeLossOutput {
        let entropy = output.memory.as_ref().map(|memory| memory.entropy.clone());
        self.loss
            .forward(output.reconstruction.clone(), samples, entropy)
    }

    /// Reconstruction loss of what is decoded from the item that each query reads most.
    fn prototype_loss(&self, memory: &MemoryOutput<2>, samples: Tensor<2>) -> Option<Tensor<1>> {
        let items = self.autoencoder.memory()?.items.val();
        let statistics = &memory.statistics;
        // A query that reads nothing reads zeros here too.
        let reads = statistics.active_items.clone().greater_elem(0).float();
        let read = items.select(0, statistics.most_read.clone()) * reads.unsqueeze_dim(1);
        let [batch, _] = samples.dims();
        let rebuilt = self.autoencoder.decode_to_rows(read, batch);
        Some(reconstruction_loss(
            rebuilt,
            samples,
            self.loss.reconstruction(),
        ))
    }
}

/// Figures of a batch; `total` is what was minimised.
fn figures(
    output: &AutoencoderOutput<2>,
    loss: &MemAeLossOutput,
    total: &Tensor<1>,
) -> TrainingOutput {
    let [batch, ..] = output.reconstruction.dims();
    let detached = |tensor: &Tensor<1>| tensor.clone().detach();
    let mut means = vec![detached(total), detached(&loss.reconstruction)];
    if let (Some(entropy), Some(memory)) = (&loss.entropy, &output.memory) {
        means.push(detached(entropy));
        means.push(memory.statistics.active_items.clone().float().mean());
        means.push(memory.statistics.empty_rows.clone().float().mean());
        debug_assert_eq!(means.len(), Figure::ALL.len());
    }
    TrainingOutput {
        figures: BatchFigures {
            means: Tensor::cat(means, 0),
            batch,
        },
    }
}

impl<A: Autoencoder> TrainStep for TrainingModel<A> {
    /// Samples, `[batch, values]`.
    type Input = Tensor<2>;
    type Output = TrainingOutput;

    fn step(&self, samples: Tensor<2>) -> TrainOutput<TrainingOutput> {
        let output = self.autoencoder.forward_rows(samples.clone());
        let loss = self.loss(&output, samples.clone());
        let mut total = loss.total.clone();
        if let Some(memory) = &output.memory {
            if self.prototype_weight > 0.0
                && let Some(prototype) = self.prototype_loss(memory, samples)
            {
                total = total + prototype * self.prototype_weight;
            }
            if self.item_update.is_some() {
                let reads = BatchReads::new(memory.queries.clone(), &memory.statistics);
                *self.reads.lock().unwrap_or_else(PoisonError::into_inner) = Some(reads);
            }
        }
        TrainOutput::new(self, total.backward(), figures(&output, &loss, &total))
    }

    fn optimize(
        self,
        optimizer: &mut ModuleOptimizer,
        learning_rate: ModuleLearningRate,
        gradients: GradientsParams,
    ) -> Self {
        let mut model = optimizer.step(learning_rate, self, gradients);
        let reads = model
            .reads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(reads) = reads
            && let Some(update) = model.item_update.take()
            && let Some(memory) = model.autoencoder.memory_mut().take()
        {
            let (update, memory) = update.step(memory, reads);
            model.item_update = Some(update);
            *model.autoencoder.memory_mut() = Some(memory);
        }
        model.autoencoder.count_batch();
        if let Some(schedule) = &mut model.temperature {
            schedule.count_steps(1);
        }
        model.set_temperature();
        if let Some(last_step) = &mut model.last_step {
            last_step.count_step(optimizer);
        }
        if let Some(epochs) = &mut model.epochs {
            epochs.count_step(&model.autoencoder);
        }
        model
    }
}

impl<A: Autoencoder> InferenceStep for TrainingModel<A> {
    /// Samples, `[batch, values]`.
    type Input = Tensor<2>;
    type Output = TrainingOutput;

    fn step(&self, samples: Tensor<2>) -> TrainingOutput {
        let output = self.autoencoder.forward_rows(samples.clone());
        let loss = self.loss(&output, samples);
        figures(&output, &loss, &loss.total)
    }
}
