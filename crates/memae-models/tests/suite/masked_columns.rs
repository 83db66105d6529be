//! Networks whose columns are hidden in turn: what is hidden, what it tells, and files.

use burn::data::dataset::DatasetError;
use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use memae_core::MemoryModuleConfig;
use memae_data::metrics::roc_auc;
use memae_data::sample::{VectorShape, Vectors};
use memae_models::detect::{Detector, DetectorConfig};
use memae_models::network::{
    Autoencoder, AutoencoderConfig, ColumnMasks, Variant, VectorAutoencoder,
    VectorAutoencoderConfig,
};
use memae_models::samples::Samples;
use memae_models::score::evaluate_samples;
use memae_models::train::TrainConfig;

use crate::support::{
    Materialized, any_draws, assert_close, device, seeded_draws, train, values, weight_bits,
};

const WIDTH: usize = 6;

/// Three pairs of numbers, of which the second follows from the first; of anomalies it does so in another way.
#[derive(Debug, Clone)]
struct Pairs {
    count: usize,
    first: usize,
    anomalous: bool,
}

impl Samples for Pairs {
    type Shape = VectorShape;

    fn shape(&self) -> VectorShape {
        VectorShape { width: WIDTH }
    }

    fn len(&self) -> usize {
        self.count
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        let pair = |pair: usize| {
            let steps = (self.first + index) * [37, 41, 43][pair] % 101;
            let value = steps as f32 / 101.0;
            let follows = (1.0 - value).powi(2);
            match self.anomalous && pair == index % 3 {
                true => [value, (follows + 0.5) % 1.0],
                false => [value, follows],
            }
        };
        Ok((0..3).flat_map(pair).collect())
    }
}

const NORMAL: Pairs = Pairs {
    count: 400,
    first: 0,
    anomalous: false,
};

fn masks() -> ColumnMasks {
    ColumnMasks::new([0, 1, 0, 1, 0, 1]).unwrap()
}

fn network(variant: Variant) -> VectorAutoencoderConfig {
    VectorAutoencoderConfig::masked_columns(masks(), variant, 9)
}

fn init(config: &VectorAutoencoderConfig) -> VectorAutoencoder {
    let _draws = any_draws();
    config.init(&device()).materialized().valid()
}

fn rows(values: &[f32]) -> Tensor<2> {
    let dims = [values.len() / WIDTH, WIDTH];
    Tensor::from_data(TensorData::new(values.to_vec(), dims), &device())
}

#[test]
fn no_value_has_a_say_in_what_it_is_rebuilt_as() {
    for variant in [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe] {
        let model = init(&network(variant));
        let row = NORMAL.values(3).unwrap();
        let rebuilt = values(model.forward(rows(&row)).reconstruction);
        for column in 0..WIDTH {
            let mut other = row.clone();
            other[column] = 7.0;
            let changed = values(model.forward(rows(&other)).reconstruction);
            for (at, (before, after)) in rebuilt.iter().zip(&changed).enumerate() {
                let is_hidden_with_it = masks().mask_of(at) == masks().mask_of(column);
                assert_eq!(
                    before == after,
                    is_hidden_with_it,
                    "{variant:?} {column} {at}"
                );
            }
        }
    }
}

#[test]
fn a_row_is_rebuilt_from_its_showings() {
    let model = init(&network(Variant::MemAe));
    let row = NORMAL.values(5).unwrap();
    let output = model.forward(rows(&row));
    let memory = output.memory.expect("a memory");
    assert_eq!(memory.queries.dims(), [2, 32]);
    let decoded = values(model.decode(memory.read));
    let expected: Vec<f64> = (0..WIDTH)
        .map(|at| decoded[masks().mask_of(at) * WIDTH + at])
        .collect();
    assert_close("rebuilt", &values(output.reconstruction), &expected, 1e-6);

    let queries = model.queries_of_rows(rows(&row));
    assert_close(
        "queries",
        &values(queries.clone()),
        &values(memory.queries),
        1e-6,
    );
    let again = model.decode_to_rows(queries, 1);
    assert_eq!(again.dims(), [1, WIDTH]);
}

#[test]
fn batches_change_nothing() {
    let model = init(&network(Variant::MemAeNonSparse));
    let errors = |batch_size| {
        let evaluation = evaluate_samples(&model, &NORMAL, batch_size, &device()).unwrap();
        assert_eq!(evaluation.scores.reconstruction.len(), NORMAL.count);
        evaluation.scores
    };
    let (one, many) = (errors(1), errors(64));
    assert_close("errors", &one.reconstruction, &many.reconstruction, 1e-5);
    let distances = [one, many].map(|scores| scores.read_distance.expect("a memory"));
    assert_close("distances", &distances[0], &distances[1], 1e-5);
}

#[test]
fn what_depends_on_each_other_is_learned_and_the_file_holds_it() {
    let _draws = seeded_draws();
    let config = TrainConfig::new()
        .with_epochs(60)
        .with_batch_size(32)
        .with_learning_rate(3e-3);
    let trained = train(&network(Variant::MemAeNonSparse), config, &NORMAL);
    let settings = DetectorConfig::default();
    let detector =
        Detector::fit(trained.model, trained.network, settings, &NORMAL, &device()).unwrap();

    let anomalous = Pairs {
        count: 200,
        first: 1000,
        anomalous: true,
    };
    let normal = Pairs {
        anomalous: false,
        ..anomalous
    };
    let (mut scores, mut labels) = (Vec::new(), Vec::new());
    for samples in [&normal, &anomalous] {
        let verdicts = detector.detect(samples, &device()).unwrap();
        scores.extend(verdicts.iter().map(|verdict| verdict.score));
        labels.resize(scores.len(), samples.anomalous);
    }
    let auc = roc_auc(&scores, &labels).unwrap();
    assert!(auc > 0.97, "{auc}");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.safetensors");
    detector.save(&path).unwrap();
    let loaded = Detector::<VectorAutoencoderConfig>::load_as(&path, &device()).unwrap();
    assert_eq!(loaded.network, detector.network);
    assert_eq!(weight_bits(&loaded.model), weight_bits(&detector.model));
    assert_eq!(
        loaded.detect(&anomalous, &device()).unwrap(),
        detector.detect(&anomalous, &device()).unwrap()
    );
}

#[test]
fn parameters_and_queries_are_counted() {
    let config = network(Variant::MemAe);
    assert_eq!(init(&config).num_params(), config.num_parameters());
    assert_eq!(config.queries_per_sample().unwrap(), 2);
    // Without masks the encoder is shown two values less.
    let without = config.clone().with_masks(None);
    assert_eq!(config.num_parameters() - without.num_parameters(), 2 * 64);
}

#[test]
fn settings_without_masks_are_read_and_wrong_ones_refused() {
    let config = network(Variant::MemAe);
    let json = serde_json::to_value(&config).unwrap();
    assert_eq!(json["masks"], serde_json::json!([0, 1, 0, 1, 0, 1]));
    let read = |json: serde_json::Value| -> VectorAutoencoderConfig {
        serde_json::from_value(json).unwrap()
    };
    assert_eq!(read(json.clone()), config);
    let mut older = json.clone();
    older.as_object_mut().unwrap().remove("masks");
    assert_eq!(read(older), config.clone().with_masks(None));

    for (masks, expected) in [
        (
            serde_json::json!([0, 1]),
            "network: masks are of 2 values, expected 6 as the input",
        ),
        (
            serde_json::json!([0, 0, 0, 0, 0, 0]),
            "network: found 1 masks of columns, expected 2 to 64",
        ),
        (
            serde_json::json!([0, 0, 0, 0, 0, u64::MAX]),
            "network: found 18446744073709551615 masks of columns, expected 2 to 64",
        ),
        (
            serde_json::json!([0, 2, 0, 2, 0, 2]),
            "network: mask 1 hides no column, expected at least one",
        ),
    ] {
        let mut wrong = json.clone();
        wrong["masks"] = masks;
        let error = read(wrong).try_init(&device()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }

    let memory = MemoryModuleConfig::new(9, WIDTH);
    let alone = VectorAutoencoderConfig::memory_alone(config.input, memory);
    let error = alone.with_masks(Some(masks())).validate().unwrap_err();
    assert_eq!(
        error.to_string(),
        "network: found masks of columns for a memory alone, expected one with layers"
    );
}

#[test]
fn vectors_score_as_samples_of_any_source() {
    let model = init(&network(Variant::Ae));
    let all: Vec<f32> = (0..20)
        .flat_map(|row| NORMAL.values(row).unwrap())
        .collect();
    let vectors = Vectors::new(WIDTH, all).unwrap();
    let few = Pairs {
        count: 20,
        ..NORMAL
    };
    let of_vectors = evaluate_samples(&model, &vectors, 8, &device()).unwrap();
    let of_pairs = evaluate_samples(&model, &few, 8, &device()).unwrap();
    assert_eq!(of_vectors, of_pairs);
}
