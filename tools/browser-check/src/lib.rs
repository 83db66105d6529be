//! What a page in a browser takes from memae: data in memory, a memory, a network that scores, and metrics. No training, no
//! threads, no files.
//!
//! It is checked for `wasm32-unknown-unknown`, where a crate that opens a file or starts a thread would still compile, and
//! one that depends on a terminal or a file system's calls does not.

#![forbid(unsafe_code)]

use burn::tensor::{Device, Tensor};
use memae_core::{MemoryModuleConfig, QueryUnit};
use memae_data::drawn::DigitsConfig;
use memae_data::metrics::{MetricError, roc_auc};
use memae_data::protocol::{OneClassConfig, ProtocolError};
use memae_models::network::{ImageAutoencoderConfig, Variant};
use memae_models::score::evaluate;

/// Why nothing came out.
#[derive(Debug)]
pub enum BrowserError {
    /// What is normal can't be told from the digits.
    Protocol(ProtocolError),
    /// The scores have no AUC.
    Metric(MetricError),
}

/// AUC of drawn digits by an untrained network, the digit 0 being normal.
///
/// # Errors
///
/// There are no digits of one kind.
pub fn auc_untrained(digits_per_class: usize) -> Result<f64, BrowserError> {
    let device = Device::flex();
    let digits = DigitsConfig::default()
        .with_train_per_class(1)
        .with_test_per_class(digits_per_class)
        .generate();
    let zeros = OneClassConfig::new(0)
        .apply(&digits.train, &digits.test)
        .map_err(BrowserError::Protocol)?;
    device.seed(1);
    let network = ImageAutoencoderConfig::mnist(Variant::MemAe).init(&device);
    let evaluation = evaluate(&network, &zeros.test, 16, &device);
    roc_auc(&evaluation.scores.reconstruction, &zeros.anomalous).map_err(BrowserError::Metric)
}

/// What a memory of random items reads for features, and how many items each position reads.
pub fn read(features: Tensor<4>, num_items: usize) -> (Tensor<4>, Vec<i64>) {
    let item_dim = QueryUnit::Position.item_dim(&features.dims()[1..]);
    let memory = MemoryModuleConfig::new(num_items, item_dim).init(&features.device());
    let output = memory.forward_features(features, QueryUnit::Position);
    let active = output.statistics.active_items.try_into_vec_as();
    (output.read, active.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_and_reads() {
        let auc = auc_untrained(3).unwrap();
        assert_eq!(auc, auc_untrained(3).unwrap(), "an untrained network");
        assert!(auc_untrained(0).is_err());
        let features = Tensor::<4>::ones([1, 3, 2, 2], &Device::flex());
        let (read, active) = read(features, 5);
        assert_eq!(read.dims(), [1, 3, 2, 2]);
        assert!(active.iter().all(|items| (1..=5).contains(items)));
    }
}
