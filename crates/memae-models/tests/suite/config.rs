//! Settings of networks: what is refused, and files of settings.

use burn::config::Config;
use memae_core::QueryUnit;
use memae_core::addressing::{Shrinkage, Similarity};
use memae_models::network::{Activation, ImageAutoencoderConfig, LayerConfig, Variant};

use crate::support::{assert_line, device, layers, shape, small_network};

fn three_layers() -> ImageAutoencoderConfig {
    ImageAutoencoderConfig::new(
        shape(2, 9, 17),
        layers(&[(3, 2, 4), (1, 1, 5), (5, 3, 6)]),
        layers(&[(5, 3, 5), (1, 1, 4), (3, 2, 2)]),
    )
}

/// `change` makes a sound configuration wrong in one way.
fn message(change: impl FnOnce(&mut ImageAutoencoderConfig)) -> String {
    let mut config = three_layers().with_variant(Variant::MemAe, 7, QueryUnit::Encoding);
    config.validate().unwrap();
    change(&mut config);
    let message = config.validate().unwrap_err().to_string();
    assert_eq!(config.try_init(&device()).unwrap_err().to_string(), message);
    assert_line(&message, &[]);
    message
}

#[test]
fn each_wrong_setting_has_its_message() {
    let cases = [
        (
            message(|config| config.input.width = 0),
            "network: input is 2x9x0, expected at least one value along every axis",
        ),
        (
            message(|config| config.decoder.truncate(2)),
            "network: 3 encoder and 2 decoder layers, expected the same number, at least 1",
        ),
        (
            message(|config| {
                config.encoder.clear();
                config.decoder.clear();
            }),
            "network: 0 encoder and 0 decoder layers, expected the same number, at least 1",
        ),
        (
            message(|config| config.encoder[1].channels = 0),
            "network: encoder layer 1 has kernel 1, stride 1, 0 channels, expected at least 1 of \
             each",
        ),
        (
            message(|config| config.decoder[0].stride = 0),
            "network: decoder layer 0 has kernel 5, stride 0, 5 channels, expected at least 1 of \
             each",
        ),
        (
            message(|config| config.encoder[0].kernel = 0),
            "network: encoder layer 0 has kernel 0, stride 2, 4 channels, expected at least 1 of \
             each",
        ),
        (
            message(|config| {
                config.input.height = 1;
                config.encoder[0].kernel = 2;
            }),
            "network: encoder layer 0 has kernel 2 on an input of 1 pixels, expected a kernel \
             that fits",
        ),
        (
            message(|config| config.decoder[2].stride = 1),
            "network: decoder layer 2 (kernel 3, stride 1) can't make 9 pixels of 5, expected the \
             size that its mirrored encoder layer started from",
        ),
        (
            message(|config| config.decoder[2].channels = 3),
            "network: the last decoder layer has 3 channels, expected 2 as the input",
        ),
        (
            message(|config| config.memory.as_mut().unwrap().item_dim = 6),
            "network: memory items have width 6, expected 36 (features [6, 2, 3], one query per \
             Encoding)",
        ),
        (
            message(|config| config.query = QueryUnit::Position),
            "network: memory items have width 36, expected 6 (features [6, 2, 3], one query per \
             Position)",
        ),
        (
            message(|config| config.memory.as_mut().unwrap().num_items = 0),
            "memory: num_items is 0, expected at least 1",
        ),
        (
            message(|config| config.memory.as_mut().unwrap().temperature = f64::NAN),
            "memory: temperature is NaN, expected a number from 1e-30 to 1e30",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

/// Sizes that a file may claim; sums and products of them don't fit a machine word.
#[test]
fn absurd_sizes_are_errors() {
    let huge = usize::MAX;
    let line = message(|config| config.encoder[0].kernel = huge);
    assert_line(&line, &["encoder layer 0", "expected a kernel that fits"]);
    let line = message(|config| config.decoder[0].kernel = huge);
    assert_line(&line, &["decoder layer 0", "can't make"]);
    let line = message(|config| config.decoder[0].stride = huge);
    assert_line(&line, &["decoder layer 0", "can't make"]);
    let line = message(|config| {
        config.encoder[2].channels = huge / 4;
        config.memory.as_mut().unwrap().item_dim = 36;
    });
    assert_line(&line, &["memory items have width 36", "features"]);
    let line = message(|config| config.input.height = huge);
    assert_line(&line, &["network: "]);
}

#[test]
fn parameters_beyond_counting_saturate() {
    let mut config = three_layers();
    config.encoder[0].channels = usize::MAX / 2;
    assert_eq!(config.num_parameters(), usize::MAX);
}

#[test]
fn settings_survive_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.json");
    let mut custom = three_layers()
        .with_variant(Variant::MemAe, 11, QueryUnit::Position)
        .with_activation(Activation::LeakyRelu { slope: 0.2 });
    let memory = custom.memory.take().unwrap();
    custom.memory = Some(
        memory
            .with_similarity(Similarity::Dot)
            .with_shrinkage(Shrinkage::absolute(0.0025))
            .with_temperature(0.1),
    );
    for config in [
        custom,
        small_network(Variant::MemAeNonSparse, 5, QueryUnit::Encoding),
        ImageAutoencoderConfig::mnist(Variant::Ae),
        ImageAutoencoderConfig::cifar10(Variant::MemAe),
    ] {
        config.save(&path).unwrap();
        assert_eq!(ImageAutoencoderConfig::load(&path).unwrap(), config);
    }
}

#[test]
fn variants_differ_in_their_memory_alone() {
    let shrinkage = |variant| {
        let config = ImageAutoencoderConfig::mnist(variant);
        assert_eq!(config.encoder[0], LayerConfig::new(1, 2, 16));
        config.memory.map(|memory| memory.shrinkage)
    };
    assert_eq!(shrinkage(Variant::Ae), None);
    assert_eq!(shrinkage(Variant::MemAeNonSparse), Some(Shrinkage::Off));
    assert_eq!(shrinkage(Variant::MemAe), Some(Shrinkage::relative(1.0)));
}
