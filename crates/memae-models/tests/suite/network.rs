//! Networks from layer lists: shapes in, shapes out.

use burn::tensor::{Distribution, Tensor};
use memae_core::QueryUnit;
use memae_models::network::{
    Activation, ImageAutoencoder, ImageAutoencoderConfig, LayerConfig, NetworkConfigError, Variant,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::support::{any_draws, assert_close, device, init, layers, shape, small_network, values};

fn layer() -> impl Strategy<Value = LayerConfig> {
    (
        select(vec![1usize, 3, 5]),
        select(vec![1usize, 2, 3]),
        1usize..4,
    )
        .prop_map(|(kernel, stride, channels)| LayerConfig::new(kernel, stride, channels))
}

/// A network that is not square, whose decoder mirrors the strides of its encoder and has kernels
/// of its own.
fn networks(
    decoder_kernels: Vec<usize>,
) -> impl Strategy<Value = (ImageAutoencoderConfig, QueryUnit)> {
    let query = select(vec![QueryUnit::Encoding, QueryUnit::Position]);
    let kernels = proptest::collection::vec(select(decoder_kernels), 3);
    let encoder = proptest::collection::vec(layer(), 1..4);
    (1usize..4, 5usize..30, 5usize..30, encoder, kernels, query)
        .prop_filter("not square", |(_, height, width, ..)| height != width)
        .prop_map(|(channels, height, width, encoder, kernels, query)| {
            let mut decoder: Vec<LayerConfig> = encoder
                .iter()
                .rev()
                .zip(kernels)
                .map(|(layer, kernel)| LayerConfig { kernel, ..*layer })
                .collect();
            let last = decoder.len() - 1;
            decoder[last].channels = channels;
            let input = shape(channels, height, width);
            (ImageAutoencoderConfig::new(input, encoder, decoder), query)
        })
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..Config::default()
    })
}

/// Runs images through a network; every shape on the way is the one promised.
fn check_shapes(config: &ImageAutoencoderConfig, model: &ImageAutoencoder) {
    let input = config.input;
    let dims = [2, input.channels, input.height, input.width];
    let [channels, height, width] = config.feature_dims().unwrap();
    let images = Tensor::<4>::ones(dims, &device());

    let features = model.encode(images.clone());
    assert_eq!(features.dims(), [2, channels, height, width]);
    assert_eq!(model.decode(features).dims(), dims);

    let output = model.forward(images);
    assert_eq!(output.reconstruction.dims(), dims);
    let memory = output.memory.unwrap();
    let queries = match config.query {
        QueryUnit::Encoding => 2,
        QueryUnit::Position => 2 * height * width,
        other => panic!("{other:?}"),
    };
    let item_dim = 2 * channels * height * width / queries;
    assert_eq!(memory.queries.dims(), [queries, item_dim]);
    assert_eq!(memory.read.dims(), [queries, item_dim]);
    assert_eq!(memory.entropy.dims(), [queries]);
    assert_eq!(memory.statistics.empty_rows.dims(), [queries]);
    assert_eq!(memory.statistics.read_counts.dims(), [7]);
    let weights = model
        .memory
        .as_ref()
        .unwrap()
        .address(memory.queries)
        .shrunk;
    assert_eq!(weights.dims(), [queries, 7]);
    let values = values(output.reconstruction);
    assert!(values.iter().all(|value| value.is_finite()), "{values:?}");
}

#[test]
fn odd_sizes_come_back() {
    runner(60)
        .run(&networks(vec![1, 3, 5]), |(config, query)| {
            let config = config.with_variant(Variant::MemAe, 7, query);
            check_shapes(&config, &init(&config, &device()));
            Ok(())
        })
        .unwrap();
}

#[test]
fn even_kernels_come_back_or_say_that_they_cannot() {
    let (mut fits, mut misfits) = (0, 0);
    let cases = networks(vec![1, 2, 3, 4, 6]);
    let mut runner = runner(1);
    for _ in 0..60 {
        let (config, query) = cases.new_tree(&mut runner).unwrap().current();
        let config = config.with_variant(Variant::MemAe, 7, query);
        match config.validate() {
            Ok(()) => {
                fits += 1;
                check_shapes(&config, &init(&config, &device()));
            }
            Err(NetworkConfigError::DecoderSize { .. }) => misfits += 1,
            Err(error) => panic!("{error}"),
        }
    }
    assert!(fits >= 10 && misfits >= 10, "{fits} fit, {misfits} don't");
}

#[test]
fn a_network_without_memory_decodes_its_features() {
    let config = small_network(Variant::Ae, 1, QueryUnit::Encoding);
    let model = init(&config, &device());
    let images = {
        let _draws = any_draws();
        Tensor::<4>::random([3, 1, 28, 28], Distribution::Default, &device())
    };
    let output = model.forward(images.clone());
    assert!(output.memory.is_none());
    assert_eq!(
        values(output.reconstruction),
        values(model.decode(model.encode(images)))
    );
}

#[test]
fn what_is_decoded_is_what_was_read() {
    for query in [QueryUnit::Encoding, QueryUnit::Position] {
        let config = small_network(Variant::MemAe, 5, query);
        let model = init(&config, &device());
        let images = Tensor::<4>::ones([2, 1, 28, 28], &device()) * 0.5;
        let output = model.forward(images);
        let memory = output.memory.unwrap();
        let module = model.memory.as_ref().unwrap();
        let weights = module.address(memory.queries).shrunk;
        let read = values(weights.matmul(module.items.val()));
        assert_close("read", &read, &values(memory.read.clone()), 1e-5);
        let decoded = model.decode(model.to_features(memory.read, 2));
        assert_close(
            "reconstruction",
            &values(decoded),
            &values(output.reconstruction),
            1e-5,
        );
    }
}

#[test]
fn items_decode_alone() {
    for query in [QueryUnit::Encoding, QueryUnit::Position] {
        let config = small_network(Variant::MemAe, 5, query);
        let [channels, height, width] = config.feature_dims().unwrap();
        let model = init(&config, &device());
        let items = model.memory.as_ref().unwrap().items.val();
        let decoded = model.decode_items(items.clone());
        assert_eq!(decoded.dims(), [5, 1, 28, 28]);

        // Feature (c, y, x) of item i: each has its place in a whole encoding, one position stands
        // for all.
        let items = values(items);
        let item_dim = items.len() / 5;
        let mut features = Vec::new();
        for item in items.chunks(item_dim) {
            for channel in 0..channels {
                for position in 0..height * width {
                    features.push(match query {
                        QueryUnit::Encoding => item[channel * height * width + position],
                        QueryUnit::Position => item[channel],
                        other => panic!("{other:?}"),
                    } as f32);
                }
            }
        }
        let features = Tensor::<1>::from_floats(features.as_slice(), &device());
        let expected = model.decode(features.reshape([5, channels, height, width]));
        assert_close("decoded items", &values(decoded), &values(expected), 1e-6);
    }
}

#[test]
fn activations_are_their_formulas() {
    let input = Tensor::<1>::from_floats([-2.0, -0.5, 0.0, 1.5], &device());
    let cases = [
        (Activation::Relu, [0.0, 0.0, 0.0, 1.5]),
        (Activation::LeakyRelu { slope: 0.2 }, [-0.4, -0.1, 0.0, 1.5]),
        (
            Activation::Tanh,
            [-2f64.tanh(), -0.5f64.tanh(), 0.0, 1.5f64.tanh()],
        ),
    ];
    for (activation, expected) in cases {
        let found = values(activation.forward(input.clone()));
        assert_close(&format!("{activation:?}"), &found, &expected, 1e-6);
    }
}

#[test]
fn an_activation_is_in_every_layer_but_the_last() {
    // Tanh bounds features to 1, which ReLU does not; the last layer is bounded by nothing.
    let config =
        ImageAutoencoderConfig::new(shape(1, 4, 4), layers(&[(1, 1, 2)]), layers(&[(1, 1, 1)]))
            .with_activation(Activation::Tanh);
    let model = init(&config, &device());
    let features = model.encode(Tensor::<4>::ones([1, 1, 4, 4], &device()) * 1e6);
    let largest = values(features.abs().max())[0];
    assert!((0.99..=1.0).contains(&largest), "{largest}");
    let far = Tensor::<4>::ones([1, 2, 4, 4], &device()) * 1e6;
    let last = values(model.decode(far).abs().max())[0];
    assert!(last > 100.0, "{last}");
}

#[test]
#[should_panic(
    expected = "samples differ in shape from the network's: found [1, 27, 28] each, expected [1, 28, 28]"
)]
fn images_of_another_size_panic_with_both_sizes() {
    let config = small_network(Variant::Ae, 1, QueryUnit::Encoding);
    // Their features have the right shape: 27 pixels become 7, as 28 do.
    init(&config, &device()).forward(Tensor::<4>::zeros([1, 1, 27, 28], &device()));
}

#[test]
#[should_panic(
    expected = "features differ in shape from the network's: found [8, 7, 6] each, expected [8, 7, 7]"
)]
fn features_of_another_size_panic_with_both_sizes() {
    let config = small_network(Variant::Ae, 1, QueryUnit::Encoding);
    init(&config, &device()).decode(Tensor::<4>::zeros([1, 8, 7, 6], &device()));
}
