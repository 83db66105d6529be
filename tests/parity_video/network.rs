//! Both of the authors' networks, in train and in eval mode.

use burn::module::{Module, Param};
use burn::nn::BatchNorm;
use burn::tensor::{Device, Gradients, Tensor};
use memae_core::loss::MemAeLossConfig;
use memae_models::network::{Variant, VideoAutoencoder, VideoAutoencoderConfig};

use crate::fixture::{Fixture, assert_relative, devices, difference, norm, path, small, values};

/// How close results must come: norm of the difference over the norm.
#[derive(Clone, Copy)]
pub struct Tolerance {
    /// Outputs, weights, losses, running statistics.
    pub relative: f64,
    /// Gradients, but for the biases below.
    pub gradient: f64,
    /// Gradients of biases in front of a batch norm, relative to the terms that cancel in them. Batch
    /// norm takes out whatever is added to a channel: their gradient is zero, and what f32 leaves of
    /// it is rounding.
    pub bias: f64,
}

/// f32 reaches 1e-5.
const SMALL: Tolerance = Tolerance {
    relative: 1e-4,
    gradient: 1e-4,
    bias: 1e-3,
};

/// What of a network is held to PyTorch: a name and how far off it is.
pub type Report = Vec<(String, f64)>;

/// Results in eval mode.
pub fn check_inference(
    what: &str,
    model: &VideoAutoencoder,
    input: Tensor<5>,
    fixture: &Fixture,
    tolerance: Tolerance,
) -> Report {
    let output = model.clone().valid().forward(input);
    let mut found = vec![("eval.output", values(output.reconstruction))];
    if let (Some(memory), Some(read)) = (&model.memory, output.memory) {
        let weights = memory.clone().valid().address(read.queries).shrunk;
        found.push(("eval.weights", values(weights)));
        found.push(("eval.entropy", values(read.entropy)));
    }
    report(what, found, fixture, tolerance)
}

/// Results in train mode: outputs, loss, gradients, running statistics. `model` is on a device with
/// autodiff, where alone batch norm takes its statistics from the batch.
pub fn check_training(
    what: &str,
    model: &VideoAutoencoder,
    input: Tensor<5>,
    fixture: &Fixture,
    tolerance: Tolerance,
) -> Report {
    let output = model.forward(input.clone());
    let entropy = output.memory.as_ref().map(|memory| memory.entropy.clone());
    let loss =
        MemAeLossConfig::reference()
            .init()
            .forward(output.reconstruction.clone(), input, entropy);
    let mut found = vec![
        ("train.output", values(output.reconstruction)),
        ("train.loss", values(loss.total.clone())),
        ("train.reconstruction", values(loss.reconstruction)),
    ];
    if let (Some(memory), Some(read), Some(entropy)) = (&model.memory, output.memory, loss.entropy)
    {
        let weights = memory.address(read.queries).shrunk;
        found.push(("train.weights", values(weights)));
        found.push(("train.entropy", values(entropy)));
    }
    let mut report = report(what, found, fixture, tolerance);
    report.extend(check_gradients(
        what,
        model,
        &loss.total.backward(),
        fixture,
        tolerance,
    ));
    report.extend(check_running_statistics(what, model, fixture, tolerance));
    report
}

fn report(
    what: &str,
    found: Vec<(&str, Vec<f64>)>,
    fixture: &Fixture,
    tolerance: Tolerance,
) -> Report {
    let compare = |(name, found): (&str, Vec<f64>)| {
        let expected = fixture.values(name);
        let what = format!("{what}, {name}");
        let relative = assert_relative(&what, &found, &expected, tolerance.relative);
        (name.to_string(), relative)
    };
    found.into_iter().map(compare).collect()
}

/// Gradients of one layer: convolution and norm, by the names of the authors' modules.
struct LayerGradients {
    /// `encoder` or `decoder`.
    part: &'static str,
    index: usize,
    weight: Vec<f64>,
    bias: Vec<f64>,
    /// Weight and bias of the norm; none after the last layer.
    norm: Option<[Vec<f64>; 2]>,
}

fn gradient<const D: usize>(param: &Param<Tensor<D>>, gradients: &Gradients) -> Vec<f64> {
    values(param.val().grad(gradients).unwrap())
}

fn layer_gradients(model: &VideoAutoencoder, gradients: &Gradients) -> Vec<LayerGradients> {
    let of_norm = |norm: &BatchNorm| {
        [
            gradient(&norm.gamma, gradients),
            gradient(&norm.beta, gradients),
        ]
    };
    let encoder = model.encoder.iter().enumerate();
    let encoder = encoder.map(|(index, layer)| LayerGradients {
        part: "encoder",
        index,
        weight: gradient(&layer.conv.weight, gradients),
        bias: gradient(layer.conv.bias.as_ref().unwrap(), gradients),
        norm: Some(of_norm(&layer.norm)),
    });
    let decoder = model.decoder.iter().enumerate();
    let decoder = decoder.map(|(index, layer)| LayerGradients {
        part: "decoder",
        index,
        weight: gradient(&layer.conv.weight, gradients),
        bias: gradient(layer.conv.bias.as_ref().unwrap(), gradients),
        norm: layer.norm.as_ref().map(of_norm),
    });
    encoder.chain(decoder).collect()
}

fn check_gradients(
    what: &str,
    model: &VideoAutoencoder,
    gradients: &Gradients,
    fixture: &Fixture,
    tolerance: Tolerance,
) -> Report {
    let mut report = Report::new();
    let mut relative = |name: &str, found: &[f64]| {
        let name = format!("train.grad.{name}");
        let expected = fixture.values(&name);
        let off = assert_relative(
            &format!("{what}, {name}"),
            found,
            &expected,
            tolerance.gradient,
        );
        report.push((name, off));
    };
    if let Some(memory) = &model.memory {
        let found = gradient(&memory.items, gradients);
        relative("mem_rep.memory.weight", &found);
    }
    let layers = layer_gradients(model, gradients);
    for layer in &layers {
        let LayerGradients { part, index, .. } = layer;
        let conv = format!("{part}.{}", 3 * index);
        relative(&format!("{conv}.weight"), &layer.weight);
        let Some([weight, bias]) = &layer.norm else {
            relative(&format!("{conv}.bias"), &layer.bias);
            continue;
        };
        let norm = format!("{part}.{}", 3 * index + 1);
        relative(&format!("{norm}.weight"), weight);
        relative(&format!("{norm}.bias"), bias);
    }
    for layer in layers {
        let Some(terms) = layer.norm else { continue };
        let name = format!("train.grad.{}.{}.bias", layer.part, 3 * layer.index);
        let terms = norm(&terms.concat());
        let off = difference(&name, &layer.bias, &fixture.values(&name)) / terms;
        assert!(
            off <= tolerance.bias,
            "{what}, {name}: the difference is {off:.1e} of its terms"
        );
        report.push((format!("{name} (of its terms)"), off));
    }
    let all = fixture
        .names()
        .filter(|name| name.starts_with("train.grad."));
    assert_eq!(report.len(), all.count(), "{what}: gradients compared");
    report
}

fn check_running_statistics(
    what: &str,
    model: &VideoAutoencoder,
    fixture: &Fixture,
    tolerance: Tolerance,
) -> Report {
    let encoder = model.encoder.iter().map(|layer| Some(&layer.norm));
    let encoder = encoder
        .enumerate()
        .map(|(index, norm)| ("encoder", index, norm));
    let decoder = model.decoder.iter().map(|layer| layer.norm.as_ref());
    let decoder = decoder
        .enumerate()
        .map(|(index, norm)| ("decoder", index, norm));
    let mut report = Report::new();
    for (part, index, norm) in encoder.chain(decoder) {
        let Some(norm) = norm else { continue };
        let name = format!("train.after.{part}.{}", 3 * index + 1);
        // Burn keeps the variance that it normalises with; PyTorch keeps the unbiased one.
        for (statistic, found) in [
            ("running_mean", norm.running_mean.value_sync()),
            ("running_var_biased", norm.running_var.value_sync()),
        ] {
            let name = format!("{name}.{statistic}");
            let off = assert_relative(
                &format!("{what}, {name}"),
                &values(found),
                &fixture.values(&name),
                tolerance.relative,
            );
            report.push((name, off));
        }
    }
    let all = fixture
        .names()
        .filter(|name| name.starts_with("train.after."));
    assert_eq!(report.len(), all.count(), "{what}: statistics compared");
    report
}

/// The network of a file of weights, on a device with autodiff.
pub fn load(
    config: &VideoAutoencoderConfig,
    file: &std::path::Path,
    device: &Device,
) -> VideoAutoencoder {
    config.init_from_pytorch(file, device).unwrap().train()
}

/// Runs `check` on both networks, on every backend compiled in.
fn for_all(check: impl Fn(&str, VideoAutoencoder, Tensor<5>, &Fixture)) {
    let file = path("video.safetensors");
    for (name, device) in devices() {
        for (prefix, variant) in [("memory", Variant::MemAe), ("plain", Variant::Ae)] {
            let what = format!("{name}, {prefix}");
            let weights = path(&format!("video_{prefix}.pt"));
            let model = load(&small(variant), &weights, &device);
            let input = Fixture::new(&file, "input").tensor("", &device);
            check(
                &what,
                model,
                input,
                &Fixture::new(&file, &format!("{prefix}.")),
            );
        }
    }
}

#[test]
fn inference_agrees_with_pytorch() {
    for_all(|what, model, input, fixture| {
        check_inference(what, &model, input, fixture, SMALL);
    });
}

#[test]
fn training_agrees_with_pytorch() {
    for_all(|what, model, input, fixture| {
        check_training(what, &model, Tensor::from_inner(input), fixture, SMALL);
    });
}
