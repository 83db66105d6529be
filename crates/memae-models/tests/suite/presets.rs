//! The presets, pinned to their layers and parameter counts.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;
use memae_core::QueryUnit;
use memae_models::network::{ImageAutoencoderConfig, Variant};

use crate::support::{any_draws, device, layers, shape, small_network};

// `params` of a batch norm, and so of all around it, count running statistics too.

const MNIST: &str = include_str!("../fixtures/mnist.txt");
const CIFAR10: &str = include_str!("../fixtures/cifar10.txt");

const VARIANTS: [(Variant, &str); 3] = [
    (Variant::Ae, "None"),
    (
        Variant::MemAeNonSparse,
        "MemoryModule {num_items: N, item_dim: 1024, addressing: Addressing { similarity: Cosine, \
         temperature: 1.0, shrinkage: Off, empty_row: BestItem }, params: P}",
    ),
    (
        Variant::MemAe,
        "MemoryModule {num_items: N, item_dim: 1024, addressing: Addressing { similarity: Cosine, \
         temperature: 1.0, shrinkage: Hard(Relative(1.0)), empty_row: BestItem }, params: P}",
    ),
];

/// Values that take gradients.
fn trainable(config: &ImageAutoencoderConfig) -> usize {
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
    let _draws = any_draws();
    config.init(&device().autodiff()).visit(&mut count);
    count.0
}

/// `layers` is what a network without training shows of itself, with `{memory}` and `{params}` in
/// place of what the variants differ in.
fn check(
    preset: fn(Variant) -> ImageAutoencoderConfig,
    layers: &str,
    num_items: usize,
    parameters: usize,
    running_statistics: usize,
) {
    for (variant, memory) in VARIANTS {
        let of_memory = match variant {
            Variant::Ae => 0,
            _ => num_items * 1024,
        };
        let memory = memory
            .replace(": N", &format!(": {num_items}"))
            .replace(": P", &format!(": {of_memory}"));
        let total = parameters + of_memory;
        let expected = layers
            .replace("{memory}", &memory)
            .replace("{params}", &(total + running_statistics).to_string());
        let config = preset(variant);
        assert_eq!(
            config.init(&device()).to_string(),
            expected.trim_end(),
            "{variant:?}"
        );
        assert_eq!(config.num_parameters(), total, "{variant:?}");
        assert_eq!(trainable(&config), total, "{variant:?}");
    }
}

#[test]
fn mnist() {
    let channels = [16, 32, 64, 64, 32];
    let running_statistics = 2 * channels.iter().sum::<usize>();
    check(
        ImageAutoencoderConfig::mnist,
        MNIST,
        100,
        79_265,
        running_statistics,
    );
}

#[test]
fn cifar10() {
    let channels = [64, 128, 128, 256, 256, 128, 128];
    let running_statistics = 2 * channels.iter().sum::<usize>();
    check(
        ImageAutoencoderConfig::cifar10,
        CIFAR10,
        500,
        1_556_739,
        running_statistics,
    );
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
        assert_eq!(trainable(&config), config.num_parameters());
    }
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
