//! The fully connected network: its layers, its arithmetic, and the same training, scoring and files as
//! for images.

use burn::data::dataset::DatasetError;
use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use memae_core::addressing::Shrinkage;
use memae_data::sample::VectorShape;
use memae_models::detect::{Detector, DetectorConfig};
use memae_models::network::{
    Activation, AutoencoderConfig, Variant, VectorAutoencoder, VectorAutoencoderConfig,
    VectorLayerConfig,
};
use memae_models::samples::Samples;
use memae_models::score::ScoreRule;
use memae_models::train::{InitialItems, TrainConfig, Trainer};

use crate::support::{
    Materialized, any_draws, assert_close, assert_line, device, seeded_draws, train, values,
    weight_bits,
};

const KDDCUP99: &str = include_str!("../fixtures/kddcup99.txt");

const WIDTH: usize = 7;

/// Vectors on one of three lines through the origin; shifted ones lie beside it.
#[derive(Debug, Clone)]
struct Lines {
    count: usize,
    shift: f32,
}

impl Samples for Lines {
    type Shape = VectorShape;

    fn shape(&self) -> VectorShape {
        VectorShape { width: WIDTH }
    }

    fn len(&self) -> usize {
        self.count
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        let (line, along) = (index % 3, (index * 37 % 101) as f32 / 101.0 + 0.2);
        let value = |axis: usize| match axis % 3 == line {
            true => along * (axis + 1) as f32 / WIDTH as f32,
            false => self.shift,
        };
        Ok((0..WIDTH).map(value).collect())
    }
}

const NORMAL: Lines = Lines {
    count: 240,
    shift: 0.0,
};

fn small_network(variant: Variant) -> VectorAutoencoderConfig {
    let tanh = |width| VectorLayerConfig::new(width).with_activation(Activation::Tanh);
    VectorAutoencoderConfig::new(
        VectorShape { width: WIDTH },
        vec![tanh(11), VectorLayerConfig::new(3)],
        vec![tanh(5).with_batch_norm(true), VectorLayerConfig::new(WIDTH)],
    )
    .with_variant(variant, 13)
}

fn init(config: &VectorAutoencoderConfig) -> VectorAutoencoder {
    let _draws = any_draws();
    config.init(&device()).materialized().valid()
}

#[test]
fn the_preset_is_pinned_to_its_layers() {
    for (variant, memory, parameters) in [
        (Variant::Ae, "None", 18_983),
        (
            Variant::MemAe,
            "MemoryModule {num_items: 50, item_dim: 3, addressing: Addressing { similarity: Cosine, \
             temperature: 1.0, shrinkage: Hard(Relative(1.0)), empty_row: BestItem }, params: 150}",
            19_133,
        ),
        (
            Variant::MemAeNonSparse,
            "MemoryModule {num_items: 50, item_dim: 3, addressing: Addressing { similarity: Cosine, \
             temperature: 1.0, shrinkage: Off, empty_row: BestItem }, params: 150}",
            19_133,
        ),
    ] {
        let config = VectorAutoencoderConfig::kddcup99(variant);
        let expected = KDDCUP99
            .replace("{memory}", memory)
            .replace("{params}", &parameters.to_string());
        assert_eq!(init(&config).to_string(), expected.trim_end());
        assert_eq!(config.num_parameters(), parameters);
    }
}

#[test]
fn parameters_are_those_of_the_modules() {
    let config = small_network(Variant::MemAe);
    // Modules count running statistics too: two for each of five values.
    assert_eq!(init(&config).num_params(), config.num_parameters() + 10);
}

/// One layer in f64, as the module documents it.
fn by_hand(layer: &memae_models::network::DenseLayer, inputs: &[f64], tanh: bool) -> Vec<f64> {
    let [rows, columns] = layer.linear.weight.dims();
    let weights = values(layer.linear.weight.val());
    let bias = values(layer.linear.bias.as_ref().unwrap().val());
    let norm = layer.norm.as_ref().map(|norm| {
        let [mean, variance] = [&norm.running_mean, &norm.running_var].map(|s| values(s.value()));
        (
            mean,
            variance,
            values(norm.gamma.val()),
            values(norm.beta.val()),
        )
    });
    (0..columns)
        .map(|column| {
            let products = (0..rows).map(|row| inputs[row] * weights[row * columns + column]);
            let mut value = products.sum::<f64>() + bias[column];
            if let Some((mean, variance, gamma, beta)) = &norm {
                value = (value - mean[column]) / (variance[column] + 1e-5).sqrt() * gamma[column]
                    + beta[column];
            }
            if tanh { value.tanh() } else { value }
        })
        .collect()
}

#[test]
fn a_vector_is_rebuilt_as_its_layers_say() {
    let trained = {
        let _draws = any_draws();
        train(
            &small_network(Variant::Ae),
            TrainConfig::new().with_epochs(1),
            &NORMAL,
        )
    };
    let model = trained.model;
    let vector = NORMAL.values(4).unwrap();
    let mut expected: Vec<f64> = vector.iter().copied().map(f64::from).collect();
    for layers in [&model.encoder, &model.decoder] {
        for (index, layer) in layers.iter().enumerate() {
            expected = by_hand(layer, &expected, index == 0);
        }
    }
    let batch = Tensor::<2>::from_data(TensorData::new(vector, [1, WIDTH]), &device());
    let found = values(model.forward(batch).reconstruction);
    assert_close("reconstruction", &found, &expected, 1e-5);
}

#[test]
fn every_form_learns_and_memae_tells_vectors_beside_the_lines() {
    for variant in [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe] {
        let _draws = seeded_draws();
        let config = TrainConfig::new()
            .with_epochs(60)
            .with_batch_size(32)
            .with_warm_up_epochs(10)
            .with_initial_items(InitialItems::Encodings)
            .with_learning_rate(1e-2);
        let trained = train(&small_network(variant), config, &NORMAL);
        let losses = &trained.history.epochs;
        let loss = |index: usize| losses[index].train["Reconstruction"];
        assert!(loss(59) < 0.5 * loss(0), "{variant:?}");

        let detector = Detector::fit(
            trained.model,
            trained.network,
            DetectorConfig::default(),
            &NORMAL,
            &device(),
        )
        .unwrap();
        let flagged = |samples: &Lines| {
            let verdicts = detector.detect(samples, &device()).unwrap();
            verdicts.iter().filter(|verdict| verdict.anomalous).count()
        };
        assert!(flagged(&NORMAL) <= 3, "{variant:?}");
        let beside = Lines {
            count: 100,
            shift: 0.8,
        };
        // Dense memory may rebuild what is not normal, as plain autoencoders may.
        let found = flagged(&beside);
        assert!(variant != Variant::MemAe || found > 90, "{found} flagged");
    }
}

#[test]
fn a_seed_gives_one_network() {
    let config = TrainConfig::new().with_epochs(2).with_seed(5);
    let run = || {
        let _draws = seeded_draws();
        train(&small_network(Variant::MemAe), config.clone(), &NORMAL)
    };
    let (first, second) = (run(), run());
    assert_eq!(weight_bits(&first.model), weight_bits(&second.model));
    assert_eq!(first.history, second.history);
}

#[test]
fn a_detector_of_vectors_survives_its_file_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.safetensors");
    let network = small_network(Variant::MemAe);
    let config = DetectorConfig {
        rule: ScoreRule::Sum,
        quantile: 0.9,
    };
    let detector =
        Detector::fit(init(&network), network.clone(), config, &NORMAL, &device()).unwrap();
    detector.save(&path).unwrap();
    let loaded = Detector::<VectorAutoencoderConfig>::load_as(&path, &device()).unwrap();
    assert_eq!(loaded.network, network);
    assert_eq!(weight_bits(&loaded.model), weight_bits(&detector.model));
    assert_eq!(
        loaded.detect(&NORMAL, &device()).unwrap(),
        detector.detect(&NORMAL, &device()).unwrap()
    );

    let error = Detector::load(&path, &device()).unwrap_err();
    assert_line(
        &error.to_string(),
        &[
            path.to_str().unwrap(),
            r#"found a detector of kind "vector", expected one of kind "image""#,
        ],
    );
}

#[test]
fn vectors_of_another_width_are_an_error() {
    let network = VectorAutoencoderConfig::kddcup99(Variant::Ae);
    let error = Trainer::new(TrainConfig::new(), device())
        .fit(&network, &NORMAL)
        .unwrap_err();
    assert_line(&error.to_string(), &["vector", " 7", "120"]);
}

#[test]
fn each_wrong_setting_has_its_message() {
    let message = |change: fn(&mut VectorAutoencoderConfig)| {
        let mut config = small_network(Variant::MemAe);
        change(&mut config);
        let error = config.try_init(&device()).unwrap_err();
        assert_eq!(config.validate().unwrap_err(), error);
        error.to_string()
    };
    for (change, expected) in [
        (
            (|config| config.input.width = 0) as fn(&mut VectorAutoencoderConfig),
            "network: input is 0, expected at least one value along every axis",
        ),
        (
            |config| config.encoder.clear(),
            "network: the encoder has no layers, expected at least 1",
        ),
        (
            |config| config.decoder.clear(),
            "network: the decoder has no layers, expected at least 1",
        ),
        (
            |config| config.encoder[1].width = 0,
            "network: encoder layer 1 has width 0, expected at least 1",
        ),
        (
            |config| config.decoder[1].width = 5,
            "network: the last decoder layer has width 5, expected 7 as the input",
        ),
        (
            |config| config.encoder[1].width = 2,
            "network: memory items have width 3, expected 2 (features [2], one query per Encoding)",
        ),
        (
            |config| {
                if let Some(memory) = &mut config.memory {
                    memory.shrinkage = Shrinkage::relative(13.0);
                }
            },
            "memory: shrinkage threshold is 13/N with N = 13, expected a multiple of 1/N above 0 \
             that stays below 1 (a multiple below 13)",
        ),
    ] {
        assert_eq!(message(change), expected);
    }
}

#[test]
fn settings_survive_json_and_absurd_ones_are_counted() {
    let mut config = small_network(Variant::MemAe);
    let json = serde_json::to_string(&config).unwrap();
    assert_eq!(
        serde_json::from_str::<VectorAutoencoderConfig>(&json).unwrap(),
        config
    );
    config.encoder[0].width = usize::MAX;
    assert_eq!(config.num_parameters(), usize::MAX);
    assert_eq!(AutoencoderConfig::queries_per_sample(&config).unwrap(), 1);
}
