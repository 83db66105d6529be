use memae_core::MemoryModuleConfig;
use memae_core::addressing::Shrinkage;
use memae_core::loss::MemAeLossConfig;
use serde::{Deserialize, Serialize};

/// The three forms of a network that the paper compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Variant {
    /// Autoencoder without memory.
    Ae,
    /// Memory without shrinkage and without entropy loss (`MemAE-nonSpar`).
    MemAeNonSparse,
    /// Memory with shrinkage and entropy loss.
    MemAe,
}

impl Variant {
    /// The name in the paper's tables.
    pub fn name(self) -> &'static str {
        match self {
            Variant::Ae => "AE",
            Variant::MemAeNonSparse => "MemAE-nonSpar",
            Variant::MemAe => "MemAE",
        }
    }

    /// The memory of this form, addressed as in the paper: cosine similarity, λ = 1/N.
    pub(super) fn memory(self, num_items: usize, item_dim: usize) -> Option<MemoryModuleConfig> {
        let memory = MemoryModuleConfig::new(num_items, item_dim);
        match self {
            Variant::Ae => None,
            Variant::MemAeNonSparse => Some(memory.with_shrinkage(Shrinkage::Off)),
            Variant::MemAe => Some(memory),
        }
    }

    /// The loss that this form is trained on: `loss`, without entropy where the form has none.
    pub fn loss(self, loss: MemAeLossConfig) -> MemAeLossConfig {
        match self {
            Variant::MemAe => loss,
            Variant::Ae | Variant::MemAeNonSparse => loss.with_entropy_weight(0.0),
        }
    }
}
