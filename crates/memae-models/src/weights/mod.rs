//! Weights in the files of the paper's authors, who publish their video networks for PyTorch.
//!
//! [`VideoAutoencoderConfig::init_from_pytorch`] loads a `state_dict` of either of their classes,
//! with memory or without, from a file that `torch.save` wrote (`.pt`, `.pth`) or from
//! safetensors; [`VideoAutoencoder::save_for_pytorch`](crate::network::LayeredAutoencoder::save_for_pytorch)
//! writes safetensors that PyTorch loads back. What is loaded and saved again is the same to the
//! bit.
//!
//! | here | there |
//! |---|---|
//! | `encoder[i].conv` | `encoder.{3i}.weight`, `.bias` |
//! | `encoder[i].norm` | `encoder.{3i+1}.weight`, `.bias`, `.running_mean`, `.running_var` |
//! | `encoder[i].batches_tracked` | `encoder.{3i+1}.num_batches_tracked` |
//! | `memory.items` | `mem_rep.memory.weight` |
//! | `decoder[i]` | as `encoder[i]`; no norm after the last |
//!
//! A pickle is read, never run: what it would call is an error.

mod error;
mod names;
mod source;

pub use error::{TensorsMismatch, WeightsError, WrongTensor};

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;

use crate::replace_file::replace_file;
use burn::module::Module;
use burn::store::{BurnToPyTorchAdapter, ModuleSnapshot, PyTorchToBurnAdapter};
use burn::tensor::{Device, TensorData};
use burn_store::bridge;
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use crate::network::{VideoAutoencoder, VideoAutoencoderConfig};
use names::{count_name, reference_name};
use source::{TensorKind, WeightsFile};

impl VideoAutoencoderConfig {
    /// Makes this network on `device` with the weights of a file, for inference.
    ///
    /// The file holds a `state_dict` and nothing else, of the authors' network with these layers. Its
    /// names may all start with `module.`, as `DataParallel` has it, and `num_batches_tracked` may
    /// be absent, as in files of old releases of PyTorch.
    ///
    /// # Errors
    ///
    /// Settings out of range; a file that can't be read or is damaged; tensors that are missing, too
    /// many, of another shape or type, all of them listed; values that are not finite.
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
        let file = WeightsFile::open(path.as_ref(), self.num_parameters().saturating_mul(4))?;
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

impl VideoAutoencoder {
    /// Saves the weights as safetensors under the names of the authors' modules; PyTorch loads them
    /// with `model.load_state_dict(safetensors.torch.load_file(path))`.
    ///
    /// The file is written beside `path` and renamed, so that a crash leaves the old one or none.
    ///
    /// # Errors
    ///
    /// The file can't be written; a tensor can't be read from its device.
    pub fn save_for_pytorch(&self, path: impl AsRef<Path>) -> Result<(), WeightsError> {
        let path = path.as_ref();
        let write_error = |reason: String| WeightsError::Write {
            path: path.display().to_string(),
            reason,
        };
        let mut tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
        for tensor in self.collect(None, Some(Box::new(BurnToPyTorchAdapter)), false) {
            let Some(name) = reference_name(&tensor.name) else {
                continue;
            };
            let shape = tensor.shape.to_vec();
            let data = bridge::into_data(tensor).map_err(|error| write_error(error.to_string()))?;
            let bytes = data
                .convert::<f32>()
                .iter::<f32>()
                .flat_map(f32::to_le_bytes)
                .collect();
            tensors.push((name, Dtype::F32, shape, bytes));
        }
        for (name, count) in batch_counts(&mut self.clone()) {
            if let Some(count) = count {
                tensors.push((name, Dtype::I64, Vec::new(), count.to_le_bytes().to_vec()));
            }
        }
        let mut views = Vec::with_capacity(tensors.len());
        for (name, dtype, shape, bytes) in &tensors {
            let view = TensorView::new(*dtype, shape.clone(), bytes)
                .map_err(|error| write_error(error.to_string()))?;
            views.push((name, view));
        }
        // What PyTorch's own writer says of a file.
        let metadata = HashMap::from([("format".to_string(), "pt".to_string())]);
        let bytes = safetensors::serialize(views, Some(metadata))
            .map_err(|error| write_error(error.to_string()))?;
        replace_file(path, |file| file.write_all(&bytes))
            .map_err(|error| write_error(error.to_string()))
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

/// How many batches each batch norm has seen, by the authors' names.
fn batch_counts(model: &mut VideoAutoencoder) -> BTreeMap<String, &mut Option<i64>> {
    let last = model.decoder.len() - 1;
    let encoder = model
        .encoder
        .iter_mut()
        .map(|layer| &mut layer.batches_tracked);
    let encoder = encoder
        .enumerate()
        .map(|(index, count)| (count_name("encoder", index), count));
    let decoder = model
        .decoder
        .iter_mut()
        .map(|layer| &mut layer.batches_tracked);
    // The last layer has no norm.
    let decoder = decoder
        .take(last)
        .enumerate()
        .map(|(index, count)| (count_name("decoder", index), count));
    encoder.chain(decoder).collect()
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
        Some(kind) if kind == expected => {}
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
    let other = file.other.iter();
    mismatch
        .extra
        .extend(other.map(|(name, kind)| format!("{name} ({kind}, no tensor)")));
    mismatch.extra.sort();
    match mismatch.is_empty() {
        true => Ok(()),
        false => Err(WeightsError::Tensors {
            path: file.path.clone(),
            mismatch,
        }),
    }
}
