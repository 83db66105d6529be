use std::path::Path;

use burn::module::Module;
use burn::store::{BurnToPyTorchAdapter, ModuleSnapshot, PyTorchToBurnAdapter};
use burn::tensor::{Device, TensorData};
use burn_store::bridge;
use safetensors::Dtype;

use super::batch_counts::batch_counts;
use super::error::{TensorsMismatch, WeightsError, WrongTensor};
use super::names::reference_name;
use super::source::{TensorKind, WeightsFile};
use crate::network::{VideoAutoencoder, VideoAutoencoderConfig};

impl VideoAutoencoderConfig {
    /// Makes this network on `device` with the weights of a file, for inference.
    ///
    /// The file holds a `state_dict` of the authors' network with these layers, as it is or in a dictionary of a
    /// checkpoint, in f32, or in half or double precision, which become f32. Its names may all have one prefix, such as `module.` of `DataParallel` or
    /// `_orig_mod.` of `torch.compile`, and `num_batches_tracked` may be absent, as in files of old releases of PyTorch.
    /// What else is in that dictionary is an error; what lies beside it, such as the state of an optimizer, is not looked
    /// at. [`weights`](crate::weights) says more.
    ///
    /// # Errors
    ///
    /// Settings out of range; a file that can't be read or is damaged, or holds the network twice; tensors that are
    /// missing, too many, of another shape or type, all of them listed; values that are not finite.
    ///
    /// # Example
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use memae_models::network::{Variant, VideoAutoencoderConfig};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("model.safetensors");
    /// let device = Device::flex();
    /// let config = VideoAutoencoderConfig::video(Variant::MemAe)
    ///     .with_reference_settings()
    ///     .with_channels_scale(0.05)?
    ///     .with_frame_size(32, 48);
    /// config.try_init(&device)?.save_for_pytorch(&path)?;
    ///
    /// let model = config.init_from_pytorch(&path, &device)?;
    /// let clips = Tensor::zeros([1, 1, 16, 32, 48], &device);
    /// assert_eq!(model.forward(clips).reconstruction.dims(), [1, 1, 16, 32, 48]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn init_from_pytorch(
        &self,
        path: impl AsRef<Path>,
        device: &Device,
    ) -> Result<VideoAutoencoder, WeightsError> {
        let mut model = self.try_init(&device.clone().without_autodiff())?.valid();
        let needed = needed_tensors(&model);
        let names = needed.iter().map(|tensor| tensor.reference.as_str());
        let bytes = self.num_parameters().saturating_mul(4);
        let file = WeightsFile::open(path.as_ref(), bytes, &names.collect())?;
        let counts = batch_counts(&mut model);
        check_tensors(&file, &needed, counts.keys())?;

        for (name, count) in counts {
            *count = match file.tensors().contains_key(&name) {
                true => Some(file.integer(&name)?),
                false => None,
            };
        }
        let mut tensors = Vec::with_capacity(needed.len());
        for tensor in needed {
            let values = file.finite_floats(&tensor.reference)?;
            let data = TensorData::new(values, tensor.shape);
            tensors.push(bridge::from_data(data, tensor.name, None));
        }
        // Names, shapes and types are checked: nothing is left that could be refused.
        let result = model.apply(tensors, None, Some(Box::new(PyTorchToBurnAdapter)), false);
        match result.missing.is_empty() && result.unused.is_empty() && result.errors.is_empty() {
            true => Ok(model),
            false => Err(file.damaged(&result.to_string())),
        }
    }
}

/// One tensor that a network needs.
struct Needed {
    /// Its name in the module, as PyTorch's adapter gives it.
    name: String,
    /// Its name in the authors' files.
    reference: String,
    shape: Vec<usize>,
}

fn needed_tensors(model: &VideoAutoencoder) -> Vec<Needed> {
    let tensors = model.collect(None, Some(Box::new(BurnToPyTorchAdapter)), false);
    tensors
        .into_iter()
        .filter_map(|tensor| {
            Some(Needed {
                reference: reference_name(&tensor.name)?,
                shape: tensor.shape.to_vec(),
                name: tensor.name,
            })
        })
        .collect()
}

/// Compares what a file holds with what a network needs; `optional` names single integers.
fn check_tensors<'a>(
    file: &WeightsFile,
    needed: &[Needed],
    optional: impl Iterator<Item = &'a String>,
) -> Result<(), WeightsError> {
    let mut found = file.tensors();
    let mut mismatch = TensorsMismatch::default();
    let mut compare = |name: &String, expected: TensorKind, is_needed| match found.remove(name) {
        Some(kind) if kind == expected || kind.converts_to(&expected) => {}
        Some(kind) => mismatch.wrong.push(WrongTensor {
            name: name.clone(),
            found: kind.to_string(),
            expected: expected.to_string(),
        }),
        None if is_needed => mismatch.missing.push(name.clone()),
        None => {}
    };
    for tensor in needed {
        let expected = TensorKind::new(Dtype::F32, &tensor.shape);
        compare(&tensor.reference, expected, true);
    }
    for name in optional {
        compare(name, TensorKind::new(Dtype::I64, &[]), false);
    }
    mismatch.extra = found.into_keys().collect();
    let other = file.other().iter();
    mismatch
        .extra
        .extend(other.map(|(name, kind)| format!("{name} ({kind}, no tensor)")));
    mismatch.extra.sort();
    match mismatch.is_empty() {
        true => Ok(()),
        false => Err(WeightsError::Tensors {
            path: file.path.clone(),
            dictionary: file.dictionary(),
            mismatch: Box::new(mismatch),
            hint: file.module.hint(),
        }),
    }
}
