//! The presets, pinned to their layers and parameter counts.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Device;
use burn::tensor::Tensor;
use memae_core::QueryUnit;
use memae_core::addressing::{EmptyRow, Shrinkage, Similarity};
use memae_core::loss::MemAeLossConfig;
use memae_data::sample::ClipShape;
use memae_models::network::{
    ImageAutoencoderConfig, InitialWeights, Variant, VideoAutoencoderConfig, VideoLayerConfig,
};

use crate::support::{any_draws, device, layers, seeded_draws, shape, small_network, values};

// `params` of a batch norm, and so of all around it, count running statistics too.

const MNIST: &str = include_str!("../fixtures/mnist.txt");
const CIFAR10: &str = include_str!("../fixtures/cifar10.txt");
const VIDEO: &str = include_str!("../fixtures/video.txt");

const VARIANTS: [(Variant, &str); 3] = [
    (Variant::Ae, "None"),
    (
        Variant::MemAeNonSparse,
        "MemoryModule {num_items: N, item_dim: C, addressing: Addressing { similarity: Cosine, \
         temperature: 1.0, shrinkage: Off, empty_row: BestItem }, params: P}",
    ),
    (
        Variant::MemAe,
        "MemoryModule {num_items: N, item_dim: C, addressing: Addressing { similarity: Cosine, \
         temperature: 1.0, shrinkage: Hard(Relative(1.0)), empty_row: BestItem }, params: P}",
    ),
];

/// Values that take gradients.
fn trainable(model: impl Module) -> usize {
    struct Count(usize);
    impl ModuleVisitor for Count {
        fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
            // Running statistics take none.
            if param.val().is_require_grad() {
                self.0 += param.lazy_shape().num_elements();
            }
        }
    }
    let mut count = Count(0);
    model.visit(&mut count);
    count.0
}

/// What is known of a preset.
struct Preset {
    /// What a network without training shows of itself, with `{memory}` and `{params}` in place of
    /// what the variants differ in.
    layers: &'static str,
    num_items: usize,
    item_dim: usize,
    /// Values learned besides the items.
    parameters: usize,
    /// Channels of every layer but the last.
    channels: &'static [usize],
}

impl Preset {
    fn check<M: Module + ToString>(
        &self,
        num_parameters: impl Fn(Variant) -> usize,
        init: impl Fn(Variant, &Device) -> M,
    ) {
        let running_statistics = 2 * self.channels.iter().sum::<usize>();
        for (variant, memory) in VARIANTS {
            let of_memory = match variant {
                Variant::Ae => 0,
                _ => self.num_items * self.item_dim,
            };
            let memory = memory
                .replace(": N", &format!(": {}", self.num_items))
                .replace("item_dim: C", &format!("item_dim: {}", self.item_dim))
                .replace(": P", &format!(": {of_memory}"));
            let total = self.parameters + of_memory;
            let expected = self
                .layers
                .replace("{memory}", &memory)
                .replace("{params}", &(total + running_statistics).to_string());
            let _draws = any_draws();
            let shown = init(variant, &device()).to_string();
            assert_eq!(shown, expected.trim_end(), "{variant:?}");
            assert_eq!(num_parameters(variant), total, "{variant:?}");
            let model = init(variant, &device().autodiff());
            assert_eq!(trainable(model), total, "{variant:?}");
        }
    }
}

#[test]
fn mnist() {
    let config = ImageAutoencoderConfig::mnist;
    Preset {
        layers: MNIST,
        num_items: 100,
        item_dim: 1024,
        parameters: 79_265,
        channels: &[16, 32, 64, 64, 32],
    }
    .check(
        |variant| config(variant).num_parameters(),
        |variant, device| config(variant).init(device),
    );
}

#[test]
fn cifar10() {
    let config = ImageAutoencoderConfig::cifar10;
    Preset {
        layers: CIFAR10,
        num_items: 500,
        item_dim: 1024,
        parameters: 1_556_739,
        channels: &[64, 128, 128, 256, 256, 128, 128],
    }
    .check(
        |variant| config(variant).num_parameters(),
        |variant, device| config(variant).init(device),
    );
}

#[test]
fn video() {
    let config = VideoAutoencoderConfig::video;
    Preset {
        layers: VIDEO,
        num_items: 2000,
        item_dim: 256,
        parameters: 6_492_801 - 512_000,
        channels: &[96, 128, 256, 256, 256, 128, 96],
    }
    .check(
        |variant| config(variant).num_parameters(),
        |variant, device| config(variant).init(device),
    );
}

#[test]
fn the_reference_settings_are_those_of_the_published_code() {
    let config = |variant| VideoAutoencoderConfig::video(variant).with_reference_settings();
    let memory = config(Variant::MemAe).memory.unwrap();
    assert_eq!((memory.num_items, memory.item_dim), (2000, 256));
    assert_eq!(memory.similarity, Similarity::Dot);
    assert_eq!(memory.shrinkage, Shrinkage::absolute(0.0025));
    assert_eq!(memory.empty_row, EmptyRow::Zeros);
    assert_eq!(memory.temperature, 1.0);
    let dense = config(Variant::MemAeNonSparse).memory.unwrap();
    assert_eq!(dense, memory.with_shrinkage(Shrinkage::Off));
    assert_eq!(config(Variant::Ae).memory, None);
    let loss = Variant::MemAeNonSparse.loss(MemAeLossConfig::reference());
    assert_eq!(loss.entropy_weight, 0.0);
}

/// Mean and standard deviation.
fn moments(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let variance = values.iter().map(|value| (value - mean).powi(2));
    (mean, (variance.sum::<f64>() / count).sqrt())
}

#[test]
fn reference_weights_have_the_spread_of_the_published_code() {
    let config = VideoAutoencoderConfig::video(Variant::Ae)
        .with_reference_settings()
        .with_channels_scale(0.25)
        .unwrap();
    assert_eq!(config.initial_weights, InitialWeights::Reference);
    let _draws = seeded_draws();
    device().seed(3);
    let model = config.init(&device());
    let check = |what: &str, found: Vec<f64>, mean: f64, std: f64| {
        let count = found.len() as f64;
        let (found_mean, found_std) = moments(&found);
        // Five standard errors.
        let (of_mean, of_std) = (5.0 * std / count.sqrt(), 5.0 * std / (2.0 * count).sqrt());
        assert!((found_mean - mean).abs() < of_mean, "{what}: {found_mean}");
        assert!((found_std - std).abs() < of_std, "{what}: {found_std}");
    };
    // U(±1/√n) has the standard deviation 1/√(3 n); n are the values that a convolution sums, for
    // PyTorch's transposed ones those of its output channels.
    let uniform = |channels: usize| 1.0 / (3.0 * 27.0 * channels as f64).sqrt();
    for (index, layer) in model.encoder.iter().enumerate() {
        let what = format!("encoder {index}");
        let [_, channels_in, ..] = layer.conv.weight.dims();
        check(&what, values(layer.conv.weight.val()), 0.0, 0.02);
        let bias = layer.conv.bias.as_ref().unwrap().val();
        check(&what, values(bias), 0.0, uniform(channels_in));
        check(&what, values(layer.norm.gamma.val()), 1.0, 0.02);
        assert!(
            values(layer.norm.beta.val())
                .iter()
                .all(|bias| *bias == 0.0)
        );
    }
    for (index, layer) in model.decoder.iter().enumerate() {
        let what = format!("decoder {index}");
        let [_, channels_out, ..] = layer.conv.weight.dims();
        check(&what, values(layer.conv.weight.val()), 0.0, 0.02);
        let Some(norm) = &layer.norm else { continue };
        let bias = layer.conv.bias.as_ref().unwrap().val();
        check(&what, values(bias), 0.0, uniform(channels_out));
        check(&what, values(norm.gamma.val()), 1.0, 0.02);
        assert!(values(norm.beta.val()).iter().all(|bias| *bias == 0.0));
    }
}

#[test]
fn a_scaled_network_keeps_its_input_and_fits_its_items() {
    let config = VideoAutoencoderConfig::video(Variant::MemAe)
        .with_channels_scale(0.25)
        .unwrap()
        .with_frame_size(64, 96);
    let channels = |layers: &[VideoLayerConfig]| -> Vec<usize> {
        layers.iter().map(|layer| layer.channels).collect()
    };
    assert_eq!(channels(&config.encoder), [24, 32, 64, 64]);
    assert_eq!(channels(&config.decoder), [64, 32, 24, 1]);
    assert_eq!(config.input.to_string(), "1x16x64x96");
    assert_eq!(config.feature_dims().unwrap(), [64, 2, 4, 6]);
    assert_eq!(config.memory.as_ref().unwrap().item_dim, 64);
    config.validate().unwrap();

    // One query a clip: the items follow the frames too.
    let whole = config.with_variant(Variant::MemAe, 5, QueryUnit::Encoding);
    assert_eq!(whole.memory.as_ref().unwrap().item_dim, 64 * 2 * 4 * 6);
    let larger = whole.with_frame_size(128, 96);
    assert_eq!(larger.memory.as_ref().unwrap().item_dim, 64 * 2 * 8 * 6);
    larger.validate().unwrap();

    // No layer loses its last channel.
    let thin = larger.with_channels_scale(1e-9).unwrap();
    assert_eq!(channels(&thin.encoder), [1; 4]);
    assert_eq!(channels(&thin.decoder), [1; 4]);
    thin.validate().unwrap();
    let wide = thin.with_channels_scale(1e30).unwrap();
    assert_eq!(wide.num_parameters(), usize::MAX);

    for scale in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let error = VideoAutoencoderConfig::video(Variant::Ae)
            .with_channels_scale(scale)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "network: channels are to be scaled by {scale}, expected a finite number above 0"
            )
        );
    }
}

#[test]
fn counts_of_layer_lists_agree_with_their_modules() {
    for config in [
        small_network(Variant::Ae, 3, QueryUnit::Encoding),
        small_network(Variant::MemAe, 13, QueryUnit::Position),
        ImageAutoencoderConfig::new(
            shape(3, 7, 11),
            layers(&[(5, 3, 2), (1, 1, 7)]),
            layers(&[(3, 1, 5), (3, 3, 3)]),
        )
        .with_variant(Variant::MemAe, 5, QueryUnit::Encoding),
    ] {
        let _draws = any_draws();
        let model = config.init(&device().autodiff());
        assert_eq!(trainable(model), config.num_parameters());
    }
    let clip = ClipShape {
        channels: 3,
        frames: 5,
        height: 7,
        width: 11,
    };
    let config = VideoAutoencoderConfig::new(
        clip,
        vec![
            VideoLayerConfig::new([1, 3, 5], [2, 1, 3], 2),
            VideoLayerConfig::new([3, 1, 3], [1, 2, 1], 7),
        ],
        vec![
            VideoLayerConfig::new([5, 3, 1], [1, 2, 1], 5),
            VideoLayerConfig::new([3, 5, 5], [2, 1, 3], 3),
        ],
    )
    .with_variant(Variant::MemAe, 13, QueryUnit::Encoding);
    let _draws = any_draws();
    let model = config.init(&device().autodiff());
    assert_eq!(trainable(model), config.num_parameters());
}

#[test]
fn variants_are_called_as_in_the_paper() {
    let names = VARIANTS.map(|(variant, _)| variant.name());
    assert_eq!(names, ["AE", "MemAE-nonSpar", "MemAE"]);
}

#[test]
fn prototypes_are_the_network_for_mnist_with_a_sharper_memory() {
    let (prototypes, mnist) = (
        ImageAutoencoderConfig::mnist_prototypes(),
        ImageAutoencoderConfig::mnist(Variant::MemAe),
    );
    let [sharp, plain] = [&prototypes, &mnist].map(|config| config.memory.clone().unwrap());
    assert!(sharp.temperature < plain.temperature);
    assert_eq!(sharp.num_items, plain.num_items);
    assert_eq!(prototypes.with_memory(Some(plain)), mnist);
}
