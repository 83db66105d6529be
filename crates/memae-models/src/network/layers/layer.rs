use burn::module::{Module, ModuleDisplay};
use burn::tensor::Tensor;

/// One layer of a network whose samples, with the batch axis, are tensors of rank `R`.
pub trait Layer<const R: usize>: Module + ModuleDisplay {
    /// `[batch, channels_in, …]` to `[batch, channels, …]`.
    fn forward(&self, input: Tensor<R>) -> Tensor<R>;

    /// Counts a batch trained on, where the layer keeps count.
    fn count_batch(&mut self) {}
}
