//! Encodings that items are made from, and which of them have been chosen.

use burn::tensor::{Int, Tensor};

use super::grouping::finite_rows;
use crate::MemoryConfigError;

/// Encodings, without gradient, checked for `num_items` items to be made from them.
///
/// # Errors
///
/// No items, fewer encodings than items, encodings with NaN or infinity in them.
pub(super) fn checked(
    encodings: Tensor<2>,
    num_items: usize,
) -> Result<Tensor<2>, MemoryConfigError> {
    let [found, _] = encodings.dims();
    if num_items == 0 {
        return Err(MemoryConfigError::NoItems);
    }
    if found < num_items {
        return Err(MemoryConfigError::TooFewEncodings {
            found,
            expected: num_items,
        });
    }
    let encodings = encodings.detach();
    let finite = finite_rows(encodings.clone()).int().sum();
    let finite = usize::try_from(finite.into_scalar::<i64>()).unwrap_or(0);
    if finite < found {
        return Err(MemoryConfigError::EncodingsNotFinite {
            found: found - finite,
            of: found,
        });
    }
    Ok(encodings)
}

/// Encodings chosen one after the other, and how far all others are from them.
pub(super) struct Chosen<'a> {
    encodings: &'a Tensor<2>,
    indices: Vec<usize>,
    /// Squared distance of each encoding to the nearest that was chosen; 0 of those that were.
    nearest: Vec<f64>,
}

impl<'a> Chosen<'a> {
    /// Begins with one of them.
    pub fn first(encodings: &'a Tensor<2>, index: usize) -> Self {
        let mut chosen = Self {
            encodings,
            indices: Vec::new(),
            nearest: vec![f64::INFINITY; encodings.dims()[0]],
        };
        chosen.choose(index);
        chosen
    }

    pub fn choose(&mut self, index: usize) {
        let newest = self.encodings.clone().narrow(0, index, 1);
        let distances: Vec<f64> = squared_distances(self.encodings, &newest)
            .try_into_vec_as()
            .unwrap_or_else(|error| panic!("distances can't be read from their device: {error}"));
        for (nearest, distance) in self.nearest.iter_mut().zip(distances) {
            *nearest = nearest.min(distance.max(0.0));
        }
        self.nearest[index] = 0.0;
        self.indices.push(index);
    }

    /// Number of those chosen.
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// See [`Chosen`].
    pub fn nearest(&self) -> &[f64] {
        &self.nearest
    }

    /// The first that was not chosen.
    pub fn first_left(&self) -> Option<usize> {
        (0..self.nearest.len()).find(|index| !self.indices.contains(index))
    }

    /// The chosen, `[chosen, item_dim]`.
    pub fn into_rows(self) -> Tensor<2> {
        let indices: Vec<i64> = self.indices.into_iter().map(|index| index as i64).collect();
        let indices = Tensor::<1, Int>::from_ints(indices.as_slice(), &self.encodings.device());
        self.encodings.clone().select(0, indices)
    }
}

/// `[points, centers]`
pub(super) fn squared_distances(points: &Tensor<2>, centers: &Tensor<2>) -> Tensor<2> {
    let point_norms = points.clone().square().sum_dim(1);
    let center_norms = centers.clone().square().sum_dim(1).transpose();
    let products = points.clone().matmul(centers.clone().transpose());
    point_norms + center_norms - products.mul_scalar(2.0)
}
