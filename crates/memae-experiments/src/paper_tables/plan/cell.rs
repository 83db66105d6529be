use memae_data::encode::TableEncoderConfig;
use memae_models::network::{
    ImageAutoencoderConfig, Variant, VectorAutoencoderConfig, VideoAutoencoderConfig,
};
use memae_models::train::{SampleMemoryConfig, TrainConfig};
use serde::Serialize;

use crate::baselines::Baseline;

/// One run of a table: a method, on one class, with one seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The method, as columns are called.
    pub method: String,
    /// The setting that was changed, where a table changes one.
    pub setting: Option<Setting>,
    /// The normal class, by name; `None` where a table has no classes.
    pub class: Option<String>,
    /// Seed of the training, and of the split where there is one.
    pub seed: u64,
    /// What is to be done.
    pub(crate) work: Work,
}

/// A value of a setting.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The setting, as sections are called.
    pub name: &'static str,
    /// Its value, as rows are called.
    pub label: String,
    /// Where it stands on the axis of a picture.
    pub x: f64,
}

/// What is trained or fitted, with every setting.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub(crate) enum Work {
    /// A network on images of one class.
    Images {
        label: u8,
        network: Box<ImageAutoencoderConfig>,
        train: Box<TrainConfig>,
        every_epoch: bool,
    },
    /// A baseline on images of one class.
    ImageBaseline {
        label: u8,
        baseline: Baseline,
        /// The baseline's own settings.
        settings: String,
        seed: u64,
    },
    /// A network on network connections.
    Vectors {
        network: Box<VectorAutoencoderConfig>,
        encoder: Box<TableEncoderConfig>,
        train: Box<TrainConfig>,
        every_epoch: bool,
    },
    /// A network on network connections whose columns are hidden in turn.
    MaskedVectors {
        variant: Variant,
        num_items: usize,
        masks: usize,
        encoder: Box<TableEncoderConfig>,
        train: Box<TrainConfig>,
    },
    /// A baseline on network connections.
    VectorBaseline {
        encoder: Box<TableEncoderConfig>,
        baseline: Baseline,
        /// The baseline's own settings.
        settings: String,
        seed: u64,
    },
    /// A memory of network connections, without a network.
    VectorMemory {
        encoder: Box<TableEncoderConfig>,
        memory: SampleMemoryConfig,
    },
    /// One form of a network on clips.
    Video {
        network: Box<VideoAutoencoderConfig>,
        variant: Variant,
        train: Box<TrainConfig>,
    },
}

impl Work {
    /// A baseline on images of one class.
    pub(crate) fn image_baseline(label: u8, baseline: Baseline, seed: u64) -> Self {
        Self::ImageBaseline {
            label,
            baseline,
            settings: baseline.settings(),
            seed,
        }
    }

    /// A baseline on network connections.
    pub(crate) fn vector_baseline(
        encoder: &TableEncoderConfig,
        baseline: Baseline,
        seed: u64,
    ) -> Self {
        Self::VectorBaseline {
            encoder: Box::new(encoder.clone()),
            baseline,
            settings: baseline.settings(),
            seed,
        }
    }
}

impl Cell {
    /// What this run is called: it finds the run in the table again. Names of classes are those of
    /// folders, which hold no slash.
    pub fn id(&self) -> String {
        let setting = self
            .setting
            .as_ref()
            .map(|setting| format!("{}={}", setting.name, setting.label));
        let seed = self.seed.to_string();
        [
            Some(self.method.clone()),
            setting,
            self.class.clone(),
            Some(seed),
        ]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join("/")
    }
}
