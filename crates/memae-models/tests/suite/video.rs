//! Networks for clips from layer lists: shapes in, shapes out, and what is refused.

use burn::config::Config;
use burn::tensor::{Distribution, Tensor};
use memae_core::QueryUnit;
use memae_core::addressing::{Shrinkage, Similarity};
use memae_data::sample::ClipShape;
use memae_models::network::{
    Activation, InitialWeights, NetworkConfigError, Variant, VideoAutoencoder,
    VideoAutoencoderConfig, VideoLayerConfig,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config as Cases, RngSeed, TestRunner};

use crate::support::{Materialized, any_draws, assert_close, assert_line, device, values};

/// A clip of three lengths that differ.
fn clips() -> impl Strategy<Value = ClipShape> {
    (1usize..4, 3usize..9, 5usize..14, 5usize..14)
        .prop_map(|(channels, frames, height, width)| ClipShape {
            channels,
            frames,
            height,
            width,
        })
        .prop_filter("not a cube", |clip| {
            clip.frames != clip.height && clip.height != clip.width && clip.frames != clip.width
        })
}

/// A network whose decoder mirrors the strides of its encoder and has kernels of its own.
fn networks(
    decoder_kernels: Vec<usize>,
) -> impl Strategy<Value = (VideoAutoencoderConfig, QueryUnit)> {
    let side = || select(std::vec![1usize, 3, 5]);
    let stride = || select(std::vec![1usize, 2, 3]);
    let three = |one: proptest::sample::Select<usize>| [one.clone(), one.clone(), one];
    let layer = (three(side()), three(stride()), 1usize..4)
        .prop_map(|(kernel, stride, channels)| VideoLayerConfig::new(kernel, stride, channels));
    let kernels = vec(three(select(decoder_kernels)), 3);
    let query = select(std::vec![QueryUnit::Encoding, QueryUnit::Position]);
    (clips(), vec(layer, 1..4), kernels, query).prop_map(|(input, encoder, kernels, query)| {
        let mut decoder: Vec<VideoLayerConfig> = encoder
            .iter()
            .rev()
            .zip(kernels)
            .map(|(layer, kernel)| VideoLayerConfig { kernel, ..*layer })
            .collect();
        let last = decoder.len() - 1;
        decoder[last].channels = input.channels;
        (VideoAutoencoderConfig::new(input, encoder, decoder), query)
    })
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Cases {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(11),
        ..Cases::default()
    })
}

fn init(config: &VideoAutoencoderConfig) -> VideoAutoencoder {
    let _draws = any_draws();
    config.init(&device()).materialized()
}

/// Runs clips through a network; every shape on the way is the one promised.
fn check_shapes(config: &VideoAutoencoderConfig) {
    let model = init(config);
    let ClipShape {
        channels,
        frames,
        height,
        width,
    } = config.input;
    let dims = [2, channels, frames, height, width];
    let features = config.feature_dims().unwrap();
    assert_eq!(model.input_dims(), &dims[1..]);
    assert_eq!(model.feature_dims(), features);
    let clips = Tensor::<5>::ones(dims, &device());

    let encoded = model.encode(clips.clone());
    assert_eq!(encoded.dims()[1..], features);
    assert_eq!(model.decode(encoded).dims(), dims);

    let output = model.forward(clips);
    assert_eq!(output.reconstruction.dims(), dims);
    let memory = output.memory.unwrap();
    let positions: usize = features[1..].iter().product();
    let (queries, item_dim) = match config.query {
        QueryUnit::Encoding => (2, features[0] * positions),
        QueryUnit::Position => (2 * positions, features[0]),
        other => panic!("{other:?}"),
    };
    assert_eq!(memory.queries.dims(), [queries, item_dim]);
    assert_eq!(memory.read.dims(), [queries, item_dim]);
    assert_eq!(memory.entropy.dims(), [queries]);
    let values = values(output.reconstruction);
    assert!(values.iter().all(|value| value.is_finite()), "{values:?}");
}

#[test]
fn odd_sizes_come_back() {
    runner(60)
        .run(&networks(vec![1, 3, 5]), |(config, query)| {
            check_shapes(&config.with_variant(Variant::MemAe, 7, query));
            Ok(())
        })
        .unwrap();
}

#[test]
fn even_kernels_come_back_or_say_that_they_cannot() {
    let (mut fits, mut misfits) = (0, 0);
    let cases = networks(vec![1, 2, 3, 4]);
    let mut runner = runner(1);
    for _ in 0..60 {
        let (config, query) = cases.new_tree(&mut runner).unwrap().current();
        let config = config.with_variant(Variant::MemAe, 7, query);
        match config.validate() {
            Ok(()) => {
                fits += 1;
                check_shapes(&config);
            }
            Err(NetworkConfigError::DecoderSize { .. }) => misfits += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(fits >= 5 && misfits >= 10, "{fits} fit, {misfits} don't");
}

/// A network that differs along every axis.
fn small() -> VideoAutoencoderConfig {
    let input = ClipShape {
        channels: 2,
        frames: 7,
        height: 11,
        width: 13,
    };
    VideoAutoencoderConfig::new(
        input,
        vec![
            VideoLayerConfig::new([3, 3, 5], [1, 2, 3], 3),
            VideoLayerConfig::new([3, 5, 3], [2, 2, 1], 5),
        ],
        vec![
            VideoLayerConfig::new([3, 3, 3], [2, 2, 1], 3),
            VideoLayerConfig::new([1, 3, 5], [1, 2, 3], 2),
        ],
    )
    .with_variant(Variant::MemAe, 7, QueryUnit::Position)
}

#[test]
fn queries_run_over_time_then_rows_then_columns() {
    let config = small();
    let model = init(&config);
    let [channels, frames, height, width] = config.feature_dims().unwrap();
    let clips = {
        let _draws = any_draws();
        Tensor::<5>::random([2, 2, 7, 11, 13], Distribution::Default, &device())
    };
    let features = values(model.encode(clips.clone()));
    let queries = values(model.forward(clips).memory.unwrap().queries);
    let mut expected = Vec::new();
    for clip in 0..2 {
        for position in 0..frames * height * width {
            for channel in 0..channels {
                let index = (clip * channels + channel) * frames * height * width + position;
                expected.push(features[index]);
            }
        }
    }
    assert_close("queries", &queries, &expected, 0.0);
}

#[test]
fn a_clip_is_rebuilt_alike_in_any_batch() {
    let config = small();
    let model = init(&config);
    let clips = {
        let _draws = any_draws();
        Tensor::<5>::random([3, 2, 7, 11, 13], Distribution::Default, &device())
    };
    let together = values(model.forward(clips.clone()).reconstruction);
    for (index, together) in together.chunks(together.len() / 3).enumerate() {
        let alone = clips.clone().narrow(0, index, 1);
        let alone = values(model.forward(alone).reconstruction);
        assert_close("reconstruction", &alone, together, 1e-5);
    }
}

#[test]
fn items_decode_alone() {
    let model = init(&small());
    let items = model.memory.as_ref().unwrap().items.val();
    let decoded = model.decode_items(items.clone());
    assert_eq!(decoded.dims(), [7, 2, 7, 11, 13]);
    let [channels, frames, height, width] = small().feature_dims().unwrap();
    let features = items
        .reshape([7, channels, 1])
        .repeat_dim(2, frames * height * width)
        .reshape([7, channels, frames, height, width]);
    let expected = values(model.decode(features));
    assert_close("decoded items", &values(decoded), &expected, 1e-6);
}

/// `change` makes a sound configuration wrong in one way.
fn message(change: impl FnOnce(&mut VideoAutoencoderConfig)) -> String {
    let mut config = small();
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
            message(|config| config.input.frames = 0),
            "network: input is 2x0x11x13, expected at least one value along every axis",
        ),
        (
            message(|config| config.encoder[1].stride = [2, 0, 1]),
            "network: encoder layer 1 has kernel 3x5x3, stride 2x0x1, 5 channels, expected at \
             least 1 of each",
        ),
        (
            message(|config| config.decoder[0].channels = 0),
            "network: decoder layer 0 has kernel 3, stride 2x2x1, 0 channels, expected at least 1 \
             of each",
        ),
        (
            message(|config| {
                config.input.frames = 1;
                config.encoder[0].kernel[0] = 2;
            }),
            "network: encoder layer 0 has kernel 2 on an input of 1 frames, expected a kernel that \
             fits",
        ),
        (
            message(|config| config.decoder[0].stride[0] = 3),
            "network: decoder layer 0 (kernel 3, stride 3) can't make 7 frames of 4, expected the \
             size that its mirrored encoder layer started from",
        ),
        (
            message(|config| config.decoder[1].stride[2] = 2),
            "network: decoder layer 1 (kernel 5, stride 2) can't make 13 pixels of 5, expected the \
             size that its mirrored encoder layer started from",
        ),
        (
            message(|config| config.decoder[1].channels = 3),
            "network: the last decoder layer has 3 channels, expected 2 as the input",
        ),
        (
            message(|config| config.memory.as_mut().unwrap().item_dim = 6),
            "network: memory items have width 6, expected 5 (features [5, 4, 3, 5], one query per \
             Position)",
        ),
    ];
    for (found, expected) in cases {
        assert_eq!(found, expected);
    }
}

#[test]
fn absurd_sizes_are_errors() {
    let huge = usize::MAX;
    let line = message(|config| config.encoder[0].kernel[0] = huge);
    assert_line(&line, &["encoder layer 0", "frames", "a kernel that fits"]);
    let line = message(|config| config.decoder[0].stride[1] = huge);
    assert_line(&line, &["decoder layer 0", "can't make", "pixels"]);
    let line = message(|config| config.input.frames = huge);
    assert_line(&line, &["network: "]);
    let line = message(|config| {
        config.encoder[1].channels = huge / 4;
        config.query = QueryUnit::Encoding;
    });
    assert_line(&line, &["memory items have width 5"]);
    let mut config = small();
    config.encoder[0].channels = huge / 2;
    assert_eq!(config.num_parameters(), huge);
}

#[test]
fn settings_survive_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("network.json");
    let mut custom = small().with_activation(Activation::Tanh);
    let memory = custom.memory.take().unwrap();
    custom.memory = Some(
        memory
            .with_similarity(Similarity::Dot)
            .with_shrinkage(Shrinkage::absolute(0.0025)),
    );
    for config in [
        custom.with_initial_weights(InitialWeights::Reference),
        VideoAutoencoderConfig::video(Variant::Ae),
        VideoAutoencoderConfig::video(Variant::MemAe).with_reference_settings(),
    ] {
        config.save(&path).unwrap();
        assert_eq!(VideoAutoencoderConfig::load(&path).unwrap(), config);
    }
}

#[test]
#[should_panic(
    expected = "samples differ in shape from the network's: found [2, 6, 11, 13] each, expected [2, 7, 11, 13]"
)]
fn clips_of_another_length_panic_with_both_shapes() {
    // Their features have the right shape along time but for the check: 6 frames become 3.
    init(&small()).forward(Tensor::<5>::zeros([1, 2, 6, 11, 13], &device()));
}
