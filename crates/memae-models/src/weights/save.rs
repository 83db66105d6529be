use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use burn::store::{BurnToPyTorchAdapter, ModuleSnapshot};
use burn_store::bridge;
use memae_data::format::{replace_file, shown};
use safetensors::Dtype;
use safetensors::tensor::TensorView;

use super::batch_counts::batch_counts;
use super::error::WeightsError;
use super::names::reference_name;
use crate::network::VideoAutoencoder;

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
            path: shown(path),
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
