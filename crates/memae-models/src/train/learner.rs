use std::sync::{Arc, Mutex};

use burn::module::Module;
use burn::optim::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::ExecutionError;
use burn::tensor::Tensor;
use burn::train::metric::Adaptor;
use burn::train::{InferenceStep, ItemLazy, TrainOutput, TrainStep};
use memae_core::items::{BatchReads, ItemUpdate};
use memae_core::loss::{MemAeLoss, MemAeLossOutput, reconstruction_loss};

use super::{BatchFigures, Figure, ImageBatch};
use crate::network::{AutoencoderOutput, ImageAutoencoder, MemoryRead};

/// An [`ImageAutoencoder`] with what training it needs besides: the loss, and how its items move
/// apart from gradients.
#[derive(Module, Debug)]
pub struct TrainingModel {
    /// The network.
    pub autoencoder: ImageAutoencoder,
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
}

/// A temperature that falls (or rises) in a straight line.
#[derive(Debug, Clone)]
pub(crate) struct TemperatureSchedule {
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) steps: usize,
    pub(crate) step: usize,
}

impl TemperatureSchedule {
    fn current(&self) -> f64 {
        // The end is met exactly: it is what the saved settings say.
        match self.step >= self.steps {
            true => self.to,
            false => self.from + (self.to - self.from) * self.step as f64 / self.steps as f64,
        }
    }
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

impl TrainingModel {
    pub(crate) fn new(
        autoencoder: ImageAutoencoder,
        loss: MemAeLoss,
        prototype_weight: f64,
        item_update: Option<ItemUpdate>,
        temperature: Option<TemperatureSchedule>,
    ) -> Self {
        let mut model = Self {
            autoencoder,
            item_update,
            loss,
            prototype_weight,
            temperature,
            reads: Arc::default(),
        };
        model.set_temperature();
        model
    }

    fn set_temperature(&mut self) {
        if let (Some(schedule), Some(memory)) = (&self.temperature, &mut self.autoencoder.memory) {
            memory.addressing.temperature = schedule.current();
        }
    }

    fn loss(&self, output: &AutoencoderOutput, images: Tensor<4>) -> MemAeLossOutput {
        let entropy = output.memory.as_ref().map(|memory| memory.entropy.clone());
        self.loss
            .forward(output.reconstruction.clone(), images, entropy)
    }

    /// Reconstruction loss of what is decoded from the item that each query reads most.
    fn prototype_loss(&self, memory: &MemoryRead, images: Tensor<4>) -> Option<Tensor<1>> {
        let items = self.autoencoder.memory.as_ref()?.items.val();
        let statistics = &memory.statistics;
        // A query that reads nothing reads zeros here too.
        let reads = statistics.active_items.clone().greater_elem(0).float();
        let read = items.select(0, statistics.most_read.clone()) * reads.unsqueeze_dim(1);
        let [batch, ..] = images.dims();
        let features = self.autoencoder.to_features(read, batch);
        let rebuilt = self.autoencoder.decode(features);
        Some(reconstruction_loss(
            rebuilt,
            images,
            self.loss.reconstruction(),
        ))
    }
}

/// Figures of a batch; `total` is what was minimised.
fn figures(
    output: &AutoencoderOutput,
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

impl TrainStep for TrainingModel {
    type Input = ImageBatch;
    type Output = TrainingOutput;

    fn step(&self, batch: ImageBatch) -> TrainOutput<TrainingOutput> {
        let output = self.autoencoder.forward(batch.images.clone());
        let loss = self.loss(&output, batch.images.clone());
        let mut total = loss.total.clone();
        if let Some(memory) = &output.memory {
            if self.prototype_weight > 0.0
                && let Some(prototype) = self.prototype_loss(memory, batch.images)
            {
                total = total + prototype * self.prototype_weight;
            }
            if self.item_update.is_some() {
                let reads = BatchReads::new(memory.queries.clone(), &memory.statistics);
                *self
                    .reads
                    .lock()
                    .unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(reads);
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
            .unwrap_or_else(|poisoned| poisoned.into_inner())
            .take();
        if let Some(reads) = reads
            && let Some(update) = model.item_update.take()
            && let Some(memory) = model.autoencoder.memory.take()
        {
            let (update, memory) = update.step(memory, reads);
            model.item_update = Some(update);
            model.autoencoder.memory = Some(memory);
        }
        if let Some(schedule) = &mut model.temperature {
            schedule.step += 1;
        }
        model.set_temperature();
        model
    }
}

impl InferenceStep for TrainingModel {
    type Input = ImageBatch;
    type Output = TrainingOutput;

    fn step(&self, batch: ImageBatch) -> TrainingOutput {
        let output = self.autoencoder.forward(batch.images.clone());
        let loss = self.loss(&output, batch.images);
        figures(&output, &loss, &loss.total)
    }
}
