//! Memories of samples, without encoder and decoder.

use burn::tensor::{Distribution, Tensor};
use memae_core::MemoryModuleConfig;
use memae_core::addressing::{Shrinkage, Similarity};
use memae_data::sample::{VectorShape, Vectors};
use memae_models::detect::{Detector, DetectorConfig};
use memae_models::network::{NetworkConfigError, VectorAutoencoderConfig, VectorLayerConfig};
use memae_models::train::{ItemChoice, SampleMemoryConfig, TrainError};

use crate::support::{any_draws, device, devices, seeded_draws};

const WIDTH: usize = 5;

/// Rows of waves, the same on every machine; every third is there twice.
fn rows(count: usize, phase: f32) -> Vectors {
    let row = |row: usize| row - row % 3 / 2;
    let value = |row: usize, column: usize| ((row * 7 + column * 13) as f32 * 0.37 + phase).sin();
    let values =
        (0..count).flat_map(|index| (0..WIDTH).map(move |column| value(row(index), column)));
    Vectors::new(WIDTH, values.collect()).unwrap()
}

fn squared_distance(a: &[f32], b: &[f32]) -> f64 {
    let squares = a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2));
    squares.sum()
}

/// Squared distance of a row to the mean of its nearest among distinct rows.
fn expected_score(row: &[f32], others: &[&[f32]], neighbors: usize) -> f64 {
    let mut others = others.to_vec();
    others.sort_by(|a, b| squared_distance(row, a).total_cmp(&squared_distance(row, b)));
    let nearest = &others[..neighbors];
    let mean: Vec<f32> = (0..WIDTH)
        .map(|column| nearest.iter().map(|row| row[column]).sum::<f32>() / neighbors as f32)
        .collect();
    squared_distance(row, &mean)
}

#[test]
fn scores_are_distances_to_the_nearest_distinct_samples() {
    let (train, test) = (rows(60, 0.0), rows(31, 0.1));
    let mut distinct: Vec<&[f32]> = (0..60).map(|index| train.row(index)).collect();
    distinct.dedup();
    assert_eq!(distinct.len(), 40);
    for (name, device) in devices() {
        for neighbors in [1, 3] {
            let config = SampleMemoryConfig::default().with_neighbors(neighbors);
            let (model, network) = config.fit(&train, &device).unwrap();
            assert_eq!(network.num_parameters(), 40 * WIDTH, "{name}");
            let fitted = DetectorConfig::default();
            let detector = Detector::fit(model, network, fitted, &train, &device).unwrap();
            let verdicts = detector.detect(&test, &device).unwrap();
            for (index, verdict) in verdicts.iter().enumerate() {
                let expected = expected_score(test.row(index), &distinct, neighbors);
                let error = (verdict.score - expected).abs();
                assert!(
                    error < 1e-5,
                    "{name}, {neighbors} neighbours, row {index}: {} instead of {expected}",
                    verdict.score
                );
            }
        }
    }
}

#[test]
fn where_there_are_too_many_samples_some_are_chosen() {
    let train = rows(60, 0.0);
    let device = device();
    let items = |config: SampleMemoryConfig| -> Vec<Vec<f32>> {
        let (model, network) = config.fit(&train, &device).unwrap();
        let items = model.memory.unwrap().items.val();
        assert_eq!(network.memory.unwrap().num_items, items.dims()[0]);
        let values: Vec<f32> = items.into_data().try_to_vec().unwrap();
        values.chunks(WIDTH).map(<[f32]>::to_vec).collect()
    };
    let is_sample = |item: &Vec<f32>| (0..60).any(|index| train.row(index) == item.as_slice());
    let config = SampleMemoryConfig::default().with_max_items(7);
    for choice in [ItemChoice::Drawn, ItemChoice::KMeans, ItemChoice::KCenters] {
        let config = config.with_choice(choice);
        let chosen = items(config);
        assert_eq!(chosen.len(), 7, "{choice:?}");
        assert_eq!(items(config), chosen, "{choice:?}");
        assert_ne!(items(config.with_seed(1)), chosen, "{choice:?}");
        let all_samples = chosen.iter().all(is_sample);
        assert_eq!(all_samples, choice != ItemChoice::KMeans, "{choice:?}");
    }
    // As many as there are need no choice.
    let all = items(config.with_max_items(40).with_choice(ItemChoice::KMeans));
    assert!(all.len() == 40 && all.iter().all(is_sample));
    // More neighbours than items.
    let few = config.with_max_items(2).with_neighbors(9);
    let (_, network) = few.fit(&train, &device).unwrap();
    assert_eq!(network.memory.unwrap().shrinkage, Shrinkage::TopK(2));
}

#[test]
fn zero_is_one_number_whatever_its_sign() {
    let train = Vectors::new(1, vec![0.0, -0.0, 1.0]).unwrap();
    let (_, network) = SampleMemoryConfig::default()
        .fit(&train, &device())
        .unwrap();
    assert_eq!(network.memory.unwrap().num_items, 2);
}

/// What stands beside it may count on its own draws.
#[test]
fn nothing_is_drawn_from_the_generator_of_the_device() {
    let _draws = seeded_draws();
    let (train, device) = (rows(60, 0.0), device());
    let draw = || Tensor::<1>::random([4], Distribution::Default, &device).into_data();
    device.seed(3);
    let (expected, other) = (draw(), draw());
    assert_ne!(expected, other);
    for choice in [ItemChoice::Drawn, ItemChoice::KMeans, ItemChoice::KCenters] {
        device.seed(3);
        let config = SampleMemoryConfig::default().with_max_items(7);
        let (model, _) = config.with_choice(choice).fit(&train, &device).unwrap();
        model.forward(Tensor::zeros([1, WIDTH], &device));
        assert_eq!(draw(), expected, "{choice:?}");
    }
}

#[test]
fn settings_that_make_no_memory_are_errors() {
    let (train, device) = (rows(9, 0.0), device());
    let message = |config: SampleMemoryConfig| config.fit(&train, &device).unwrap_err().to_string();
    let config = SampleMemoryConfig::default();
    assert_eq!(
        message(config.with_max_items(0)),
        "memory: num_items is 0, expected at least 1"
    );
    assert_eq!(
        message(config.with_neighbors(0)),
        "memory: each query is to read 0 items, expected 1 to 20000, the number of items"
    );
    let none = Vectors::new(2, Vec::new()).unwrap();
    let error = config.fit(&none, &device).unwrap_err();
    assert!(
        matches!(error, TrainError::TooFewSamples { found: 0, .. }),
        "{error}"
    );
}

#[test]
fn a_memory_alone_goes_through_its_file() {
    let _draws = any_draws();
    let (train, test, device) = (rows(60, 0.0), rows(31, 0.1), device());
    let (model, network) = SampleMemoryConfig::default().fit(&train, &device).unwrap();
    let detector =
        Detector::fit(model, network, DetectorConfig::default(), &train, &device).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.safetensors");
    detector.save(&path).unwrap();
    let loaded: Detector<VectorAutoencoderConfig> = Detector::load_as(&path, &device).unwrap();
    assert!(loaded.network.is_memory_alone());
    let verdicts = detector.detect(&test, &device).unwrap();
    assert_eq!(loaded.detect(&test, &device).unwrap(), verdicts);
}

#[test]
fn layers_may_only_be_left_out_together_and_with_a_memory() {
    let input = VectorShape { width: WIDTH };
    let memory = |width| MemoryModuleConfig::new(3, width).with_similarity(Similarity::Euclidean);
    let alone = VectorAutoencoderConfig::memory_alone(input, memory(WIDTH));
    assert!(alone.is_memory_alone() && alone.validate().is_ok());
    assert_eq!(alone.encoding_width(), WIDTH);
    let other_width = VectorAutoencoderConfig::memory_alone(input, memory(WIDTH + 1));
    let error = other_width.validate().unwrap_err();
    assert!(
        matches!(error, NetworkConfigError::ItemDim { .. }),
        "{error}"
    );

    let layers = || vec![VectorLayerConfig::new(WIDTH)];
    let missing = |encoder: Vec<_>, decoder: Vec<_>, memory| {
        let config = VectorAutoencoderConfig::new(input, encoder, decoder).with_memory(memory);
        assert!(!config.is_memory_alone());
        config.validate().unwrap_err().to_string()
    };
    for memory in [None, Some(memory(WIDTH))] {
        let message = missing(Vec::new(), layers(), memory.clone());
        assert!(message.contains("the encoder has no layers"), "{message}");
        let message = missing(layers(), Vec::new(), memory);
        assert!(message.contains("the decoder has no layers"), "{message}");
    }
    let message = missing(Vec::new(), Vec::new(), None);
    assert!(message.contains("the encoder has no layers"), "{message}");
}
