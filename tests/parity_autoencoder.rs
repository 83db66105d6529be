//! Whole autoencoders against PyTorch; `tests/parity/autoencoder.py` makes the fixture.

use std::collections::BTreeMap;
use std::path::Path;

use burn::module::{Module, Param};
use burn::nn::BatchNorm;
use burn::store::{ModuleSnapshot, PyTorchToBurnAdapter, SafetensorsStore};
use burn::tensor::{Device, Gradients, Tensor, TensorData};
use memae_core::addressing::{EmptyRow, Shrinkage, Similarity};
use memae_core::loss::{MemAeLossConfig, reconstruction_errors};
use memae_core::{MemoryModuleConfig, QueryUnit};
use memae_data::sample::ImageShape;
use memae_models::network::{ImageAutoencoder, ImageAutoencoderConfig, LayerConfig};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

/// Outputs, statistics and gradients: norm of the difference over the norm. f32 reaches 1e-6.
///
/// Two kinds of gradients are held to the size of the terms that cancel in them instead. Batch norm
/// takes out whatever is added to a channel or scales it, so the bias in front of one has gradient
/// zero: PyTorch's f64 leaves 1e-12 of it, f32 up to 1e-3. And the first convolution has one weight
/// a channel, which only scales: its gradient is what ε in the batch norm leaves of it, four
/// digits below its terms, so that f32 has only three digits of it right.
const TOLERANCE: f64 = 1e-5;

/// Gradients of biases in front of a batch norm, relative to the terms that cancel in them.
const BIAS_TOLERANCE: f64 = 1e-3;

/// Gradient of the weights that only scale, relative to the terms that cancel in them: 588 terms, each
/// off by half a unit of f32 (6e-8).
const SCALE_TOLERANCE: f64 = 588.0 * 6e-8;

const ITEMS: usize = 7;

// Burn deprecates ndarray, but it is asked for.
#[allow(deprecated)]
fn devices() -> Vec<(&'static str, Device)> {
    vec![
        #[cfg(feature = "flex")]
        ("flex", Device::flex()),
        #[cfg(feature = "ndarray")]
        ("ndarray", Device::ndarray()),
        #[cfg(feature = "wgpu")]
        (
            "wgpu",
            Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
        ),
        #[cfg(feature = "cuda")]
        ("cuda", Device::cuda(0)),
        #[cfg(feature = "rocm")]
        ("rocm", Device::rocm(0)),
    ]
}

/// The tensors of one variant, by their names without its prefix.
struct Fixture {
    variant: &'static str,
    tensors: BTreeMap<String, (Dtype, Vec<usize>, Vec<u8>)>,
}

impl Fixture {
    fn new(variant: &'static str) -> Self {
        let folder = Path::new("tests/fixtures");
        let bytes = std::fs::read(folder.join("autoencoder.safetensors")).unwrap();
        let tensors = SafeTensors::deserialize(&bytes)
            .unwrap()
            .iter()
            .filter_map(|(name, tensor)| {
                let name = name.strip_prefix(variant)?.strip_prefix('.')?;
                let parts = (
                    tensor.dtype(),
                    tensor.shape().to_vec(),
                    tensor.data().to_vec(),
                );
                Some((name.to_string(), parts))
            })
            .collect();
        Self { variant, tensors }
    }

    fn values(&self, name: &str) -> Vec<f64> {
        let (dtype, _, bytes) = &self.tensors[name];
        match dtype {
            Dtype::F32 => bytes
                .chunks_exact(4)
                .map(|bytes| f64::from(f32::from_le_bytes(bytes.try_into().unwrap())))
                .collect(),
            Dtype::F64 => bytes
                .chunks_exact(8)
                .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
                .collect(),
            other => panic!("{name}: type {other:?}"),
        }
    }

    fn config(&self) -> ImageAutoencoderConfig {
        let layers = |list: [(usize, usize, usize); 3]| {
            list.map(|(kernel, stride, channels)| LayerConfig::new(kernel, stride, channels))
                .to_vec()
        };
        let input = ImageShape {
            channels: 1,
            height: 28,
            width: 28,
        };
        let config = ImageAutoencoderConfig::new(
            input,
            layers([(1, 2, 2), (3, 2, 3), (3, 2, 5)]),
            layers([(3, 2, 5), (3, 2, 3), (3, 2, 1)]),
        );
        let (query, memory) = match self.variant {
            "encoding" => (
                QueryUnit::Encoding,
                MemoryModuleConfig::new(ITEMS, 5 * 4 * 4)
                    .with_similarity(Similarity::Cosine)
                    .with_temperature(0.5)
                    .with_shrinkage(Shrinkage::relative(1.0))
                    .with_empty_row(EmptyRow::BestItem),
            ),
            "position" => (
                QueryUnit::Position,
                MemoryModuleConfig::new(ITEMS, 5)
                    .with_similarity(Similarity::Dot)
                    .with_temperature(1.0)
                    .with_shrinkage(Shrinkage::relative(0.5))
                    .with_empty_row(EmptyRow::Zeros),
            ),
            other => panic!("variant {other}"),
        };
        config.with_query(query).with_memory(Some(memory))
    }

    fn loss(&self) -> MemAeLossConfig {
        match self.variant {
            "encoding" => MemAeLossConfig::paper(),
            _ => MemAeLossConfig::reference(),
        }
    }

    /// The network with PyTorch's weights: every one of them has its place, and no place is left.
    fn model(&self, device: &Device) -> ImageAutoencoder {
        let weights = self.tensors.iter().filter(|(name, _)| {
            ["encoder.", "memory.", "decoder."]
                .iter()
                .any(|part| name.starts_with(part))
        });
        let views = weights.map(|(name, (dtype, shape, bytes))| {
            (name, TensorView::new(*dtype, shape.clone(), bytes).unwrap())
        });
        let bytes = safetensors::serialize(views, None).unwrap();
        let mut store =
            SafetensorsStore::from_bytes(Some(bytes)).with_from_adapter(PyTorchToBurnAdapter);
        let mut model = self.config().init(device);
        let result = model.load_from(&mut store).unwrap();
        assert!(
            result.missing.is_empty() && result.unused.is_empty(),
            "{result}"
        );
        model
    }

    fn input(&self, device: &Device) -> Tensor<4> {
        let values: Vec<f32> = self.values("input").iter().map(|v| *v as f32).collect();
        Tensor::from_data(TensorData::new(values, [3, 1, 28, 28]), device)
    }
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.without_autodiff().try_into_vec_as().unwrap()
}

fn norm(values: impl Iterator<Item = f64>) -> f64 {
    values.map(|value| value * value).sum::<f64>().sqrt()
}

/// Asserts that the norm of the difference is at most `allowed`.
#[track_caller]
fn assert_difference(what: &str, found: &[f64], expected: &[f64], allowed: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: number of values");
    let difference = norm(found.iter().zip(expected).map(|(a, b)| a - b));
    // A NaN difference fails too.
    assert!(
        difference <= allowed,
        "{what}: the difference has norm {difference:.1e}, allowed {allowed:.1e}"
    );
}

/// Asserts that the norm of the difference is within [`TOLERANCE`] of the norm expected.
#[track_caller]
fn assert_relative(what: &str, found: &[f64], expected: &[f64]) {
    let allowed = TOLERANCE * norm(expected.iter().copied());
    assert_difference(what, found, expected, allowed);
}

/// Runs `check` on both variants, on every backend compiled in.
fn for_all(check: impl Fn(&dyn Fn(&str) -> String, &Fixture, &Device)) {
    for (name, device) in devices() {
        for variant in ["encoding", "position"] {
            let what = |part: &str| format!("{name}, {variant}, {part}");
            check(&what, &Fixture::new(variant), &device);
        }
    }
}

#[test]
fn inference_agrees_with_pytorch() {
    for_all(|what, fixture, device| {
        let model = fixture.model(device).valid();
        let images = fixture.input(device);
        let output = model.forward(images.clone());
        let memory = output.memory.unwrap();
        let weights = model.memory.as_ref().unwrap().address(memory.queries);
        let found = [
            ("eval.output", values(output.reconstruction.clone())),
            ("eval.weights", values(weights.raw)),
            ("eval.shrunk", values(weights.shrunk)),
            ("eval.entropy", values(memory.entropy)),
            (
                "eval.error",
                values(reconstruction_errors(output.reconstruction, images)),
            ),
        ];
        for (name, found) in found {
            let expected = fixture.values(name);
            assert_relative(&what(name), &found, &expected);
        }
    });
}

#[test]
fn training_agrees_with_pytorch() {
    for_all(|what, fixture, device| {
        // Batch norm takes its statistics from the batch on such a device alone.
        let device = device.clone().autodiff();
        let model = fixture.model(&device);
        let images = fixture.input(&device);
        let output = model.forward(images.clone());
        let memory = output.memory.unwrap();
        let weights = model.memory.as_ref().unwrap().address(memory.queries);
        let loss = fixture.loss().init().forward(
            output.reconstruction.clone(),
            images,
            Some(memory.entropy),
        );
        let found = [
            ("train.output", values(output.reconstruction)),
            ("train.weights", values(weights.raw)),
            ("train.shrunk", values(weights.shrunk)),
            ("train.loss", values(loss.total.clone())),
            ("train.reconstruction", values(loss.reconstruction)),
            ("train.entropy", values(loss.entropy.unwrap())),
        ];
        for (name, found) in found {
            let expected = fixture.values(name);
            assert_relative(&what(name), &found, &expected);
        }
        check_gradients(what, fixture, &model, &loss.total.backward());
        check_running_statistics(what, fixture, &model);
    });
}

fn check_gradients(
    what: &dyn Fn(&str) -> String,
    fixture: &Fixture,
    model: &ImageAutoencoder,
    gradients: &Gradients,
) {
    fn of<const D: usize>(param: &Param<Tensor<D>>, gradients: &Gradients) -> Vec<f64> {
        values(param.val().grad(gradients).unwrap())
    }
    let of_norm = |name: String, norm: &BatchNorm| {
        [
            (format!("{name}.weight"), of(&norm.gamma, gradients)),
            (format!("{name}.bias"), of(&norm.beta, gradients)),
        ]
    };
    let mut found = vec![(
        "memory.items".to_string(),
        of(&model.memory.as_ref().unwrap().items, gradients),
    )];
    for (index, layer) in model.encoder.iter().enumerate() {
        let name = format!("encoder.{index}");
        let bias = layer.conv.bias.as_ref().unwrap();
        found.push((
            format!("{name}.conv.weight"),
            of(&layer.conv.weight, gradients),
        ));
        found.push((format!("{name}.conv.bias"), of(bias, gradients)));
        found.extend(of_norm(format!("{name}.norm"), &layer.norm));
    }
    for (index, layer) in model.decoder.iter().enumerate() {
        let name = format!("decoder.{index}");
        let bias = layer.conv.bias.as_ref().unwrap();
        found.push((
            format!("{name}.conv.weight"),
            of(&layer.conv.weight, gradients),
        ));
        found.push((format!("{name}.conv.bias"), of(bias, gradients)));
        if let Some(norm) = &layer.norm {
            found.extend(of_norm(format!("{name}.norm"), norm));
        }
    }
    let all = fixture.tensors.keys();
    let all = all.filter(|name| name.starts_with("train.grad.")).count();
    assert_eq!(found.len(), all, "{}", what("gradients"));

    for (name, found) in found {
        let gradient = |name: &str| fixture.values(&format!("train.grad.{name}"));
        let layer = name.split(".conv").next().unwrap();
        let normalised = name != "memory.items" && layer != "decoder.2";
        let tolerance = match name.rsplit('.').next() {
            Some("bias") if normalised && name.contains("conv") => BIAS_TOLERANCE,
            _ if name == "encoder.0.conv.weight" => SCALE_TOLERANCE,
            _ => {
                assert_relative(&what(&name), &found, &gradient(&name));
                continue;
            }
        };
        // What is left of terms that cancel is judged by the terms, which batch norm's own
        // parameters have as their gradients.
        let terms = ["weight", "bias"].map(|part| gradient(&format!("{layer}.norm.{part}")));
        let allowed = tolerance * norm(terms.concat().into_iter());
        assert_difference(&what(&name), &found, &gradient(&name), allowed);
    }
}

fn check_running_statistics(
    what: &dyn Fn(&str) -> String,
    fixture: &Fixture,
    model: &ImageAutoencoder,
) {
    let encoder = model.encoder.iter().enumerate();
    let encoder = encoder.map(|(index, layer)| (format!("encoder.{index}"), Some(&layer.norm)));
    let decoder = model.decoder.iter().enumerate();
    let decoder = decoder.map(|(index, layer)| (format!("decoder.{index}"), layer.norm.as_ref()));
    let mut checked = 0;
    for (name, norm) in encoder.chain(decoder) {
        let Some(norm) = norm else { continue };
        let mean = format!("train.after.{name}.norm.running_mean");
        let found = values(norm.running_mean.value_sync());
        assert_relative(&what(&mean), &found, &fixture.values(&mean));
        // Burn keeps the variance that it normalises with; PyTorch keeps the unbiased one.
        let variance = format!("train.after.{name}.norm.running_var_biased");
        let found = values(norm.running_var.value_sync());
        assert_relative(&what(&variance), &found, &fixture.values(&variance));
        checked += 1;
    }
    assert_eq!(checked, 5);
}
