//! Settings and counts that version 0.1 saved load for ever, and mean the same.
//!
//! The files are never changed. A setting that comes later has a default in serde: an `Option` has one by itself, any
//! other field of a `Config` needs a `Deserialize` that gives it.

use std::fmt::Debug;

use memae_core::addressing::{Addressing, EmptyRow, Shrinkage, Similarity};
use memae_core::items::{ItemInitializer, ItemUpdateConfig, ItemUpdateRule, KMeansConfig};
use memae_core::loss::{MemAeLossConfig, ReconstructionReduction};
use memae_core::{MemoryModuleConfig, MemoryUsage, QueryUnit};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Loads a saved list of values.
#[track_caller]
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(saved: &str, expected: &[T]) {
    let loaded: Vec<T> = serde_json::from_str(saved).unwrap();
    assert_eq!(loaded, expected);
    // And nothing of it was passed over.
    let again = serde_json::to_value(&loaded).unwrap();
    let saved: serde_json::Value = serde_json::from_str(saved).unwrap();
    assert_within(&saved, &again);
}

/// Asserts that what was saved is saved again, beside whatever has come since.
fn assert_within(saved: &serde_json::Value, again: &serde_json::Value) {
    match (saved, again) {
        (serde_json::Value::Object(saved), serde_json::Value::Object(again)) => {
            for (name, value) in saved {
                assert_within(value, &again[name]);
            }
        }
        (serde_json::Value::Array(saved), serde_json::Value::Array(again)) => {
            assert_eq!(saved.len(), again.len());
            for (saved, again) in saved.iter().zip(again) {
                assert_within(saved, again);
            }
        }
        _ => assert_eq!(saved, again),
    }
}

#[test]
fn memories_load() {
    check(
        include_str!("../fixtures/saved/memories.json"),
        &[
            MemoryModuleConfig::new(100, 1024),
            MemoryModuleConfig::new(2000, 256)
                .with_similarity(Similarity::Dot)
                .with_temperature(0.1)
                .with_shrinkage(Shrinkage::absolute(0.0025))
                .with_empty_row(EmptyRow::Zeros)
                .with_initializer(ItemInitializer::Normal { std: 0.02 }),
            MemoryModuleConfig::new(50, 3).with_shrinkage(Shrinkage::Off),
        ],
    );
}

#[test]
fn addressings_load() {
    check(
        include_str!("../fixtures/saved/addressings.json"),
        &[
            Addressing::default(),
            Addressing::default()
                .with_similarity(Similarity::Dot)
                .with_temperature(0.05)
                .with_shrinkage(Shrinkage::relative(1.5))
                .with_empty_row(EmptyRow::Zeros),
        ],
    );
}

#[test]
fn query_units_load() {
    check(
        include_str!("../fixtures/saved/query_units.json"),
        &[QueryUnit::Encoding, QueryUnit::Position],
    );
}

#[test]
fn item_settings_load() {
    check(
        include_str!("../fixtures/saved/item_updates.json"),
        &[
            ItemUpdateConfig::new(),
            ItemUpdateConfig::new()
                .with_rule(ItemUpdateRule::MovingAverage)
                .with_decay(0.95)
                .with_revival_share(0.01),
        ],
    );
    check(
        include_str!("../fixtures/saved/k_means.json"),
        &[
            KMeansConfig::new(),
            KMeansConfig::new().with_iterations(3).with_seed(u64::MAX),
        ],
    );
}

#[test]
fn losses_load() {
    check(
        include_str!("../fixtures/saved/losses.json"),
        &[
            MemAeLossConfig::paper(),
            MemAeLossConfig::reference(),
            MemAeLossConfig::new(ReconstructionReduction::SumPerSample).with_entropy_weight(0.0),
        ],
    );
}

#[test]
fn counts_load() {
    let usages: Vec<MemoryUsage> =
        serde_json::from_str(include_str!("../fixtures/saved/usages.json")).unwrap();
    assert_eq!(usages[0], MemoryUsage::new(2));
    let usage = &usages[1];
    assert_eq!((usage.queries(), usage.num_items()), (4, 3));
    assert_eq!(usage.read_counts(), [3, 4, 0]);
    assert_eq!(usage.read_shares(), [0.375, 0.625, 0.0]);
    assert_eq!(usage.mean_active_items(), 1.75);
    assert_eq!(usage.mean_entropy(), 0.625);
    assert_eq!(usage.empty_row_share(), 0.25);
}
