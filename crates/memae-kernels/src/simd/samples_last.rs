//! Images with the samples of a batch side by side: `[channels, height, width, batch]` in memory.
//!
//! Lines of small images are too short for vectors, and a batch is not. Tensors of this form have the same axes as all
//! others, only their strides differ, so that every operation of Burn's takes them.

use burn::backend::TensorMetadata;
use burn::tensor::Shape;

use super::FlexTensor;
use super::pool::Numbers;
use super::real::Real;
use super::transpose::transpose_by_all;

/// From the axes of a tensor to those in memory.
const TO_MEMORY: [usize; 4] = [1, 2, 3, 0];
/// And back.
const FROM_MEMORY: [usize; 4] = [3, 0, 1, 2];

/// The tensor as it is in memory, if its samples are side by side.
pub(crate) fn as_samples_last(tensor: &FlexTensor) -> Option<FlexTensor> {
    if tensor.shape().num_dims() != TO_MEMORY.len() || tensor.is_contiguous() {
        return None;
    }
    Some(tensor.permute(&TO_MEMORY)).filter(FlexTensor::is_contiguous)
}

/// `[batch, channels, height, width]` as a contiguous `[channels, height, width, batch]`.
pub(crate) fn samples_last<R: Real>(tensor: &FlexTensor) -> FlexTensor {
    as_samples_last(tensor).unwrap_or_else(|| {
        let shape = tensor.shape();
        let count = shape[1..].iter().product();
        let moved = transposed::<R>(&tensor.to_contiguous(), count);
        let dims: Vec<usize> = TO_MEMORY.iter().map(|axis| shape[*axis]).collect();
        moved.into_tensor(Shape::from(dims))
    })
}

/// The tensor whose memory is `[channels, height, width, batch]`.
pub(crate) fn of_samples_last(memory: FlexTensor) -> FlexTensor {
    memory.permute(&FROM_MEMORY)
}

/// The tensor with one sample after the other, contiguous.
pub(crate) fn contiguous<R: Real>(tensor: &FlexTensor) -> FlexTensor {
    match as_samples_last(tensor) {
        Some(memory) => {
            let batch = tensor.shape()[0];
            transposed::<R>(&memory, batch).into_tensor(tensor.shape())
        }
        None => tensor.to_contiguous(),
    }
}

/// The transpose of a matrix of this many columns.
fn transposed<R: Real>(matrix: &FlexTensor, columns: usize) -> Numbers<R> {
    let values = R::values(matrix).expect("the tensor is contiguous and of this type");
    let mut transposed = Numbers::new(values.len());
    transpose_by_all(&mut transposed, values, columns);
    transposed
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;

    #[test]
    fn a_tensor_is_the_same_in_either_form() {
        let dims = [17, 3, 5, 7];
        let values: Vec<f32> = (0..dims.iter().product()).map(|i| i as f32).collect();
        let tensor = FlexTensor::from_data(TensorData::new(values.clone(), dims));
        assert!(as_samples_last(&tensor).is_none());

        let memory = samples_last::<f32>(&tensor);
        assert_eq!(memory.shape(), Shape::new([3, 5, 7, 17]));
        let in_memory: &[f32] = memory.as_slice().unwrap();
        assert_eq!(in_memory[..3], [0.0, 105.0, 210.0]);

        let same = of_samples_last(memory);
        assert_eq!(same.shape(), Shape::new(dims));
        assert_eq!(same.to_contiguous().as_slice::<f32>().unwrap(), values);
        assert_eq!(contiguous::<f32>(&same).as_slice::<f32>().unwrap(), values);
        let again = samples_last::<f32>(&same);
        assert_eq!(
            again.as_slice::<f32>().unwrap().as_ptr(),
            as_samples_last(&same)
                .unwrap()
                .as_slice::<f32>()
                .unwrap()
                .as_ptr()
        );
    }
}
