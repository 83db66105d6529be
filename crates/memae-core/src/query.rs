use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// What one query is: the whole encoding of a sample, or the features at one position.
///
/// This matters more than any other setting. One query per sample makes the memory hold whole
/// prototypes (the paper's choice for images); one query per position makes it hold local parts
/// (the paper's choice for video).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum QueryUnit {
    /// `[batch, channels, …]` is read as `batch` queries of width `channels · …`.
    Encoding,
    /// `[batch, channels, …]` is read as `batch · …` queries of width `channels`.
    Position,
}

impl QueryUnit {
    /// Number of values in one query for features of shape `[channels, …]` (no batch axis).
    ///
    /// ```
    /// use memae_core::QueryUnit;
    ///
    /// assert_eq!(QueryUnit::Encoding.item_dim(&[64, 4, 4]), 1024);
    /// assert_eq!(QueryUnit::Position.item_dim(&[64, 4, 4]), 64);
    /// ```
    ///
    /// # Panics
    ///
    /// Panics if `feature_dims` is empty.
    pub fn item_dim(self, feature_dims: &[usize]) -> usize {
        match self {
            // Settings from outside may ask for more than can be counted; no memory is made of that.
            QueryUnit::Encoding => feature_dims.iter().copied().fold(1, usize::saturating_mul),
            QueryUnit::Position => feature_dims[0],
        }
    }

    /// Lays features out as a matrix of queries, one a row.
    ///
    /// # Shapes
    ///
    /// - `features`: `[batch, channels, …]`, rank 2 or more
    /// - output: `[queries, item_dim]`; positions run in row-major order within a sample
    ///
    /// # Panics
    ///
    /// Panics if the rank is below 2.
    pub fn to_queries<const D: usize>(self, features: Tensor<D>) -> Tensor<2> {
        let dims = features.dims();
        assert!(
            D >= 2,
            "features need a batch and a channel axis: expected rank 2 or more, found shape {dims:?}"
        );
        let (batch, channels) = (dims[0], dims[1]);
        let positions: usize = dims[2..].iter().product();
        match self {
            QueryUnit::Encoding => features.reshape([batch, channels * positions]),
            QueryUnit::Position if D == 2 => features.reshape([batch, channels]),
            QueryUnit::Position => features
                .reshape([batch, channels, positions])
                .swap_dims(1, 2)
                .reshape([batch * positions, channels]),
        }
    }

    /// Undoes [`to_queries`](Self::to_queries) for features of shape `feature_dims`.
    ///
    /// # Shapes
    ///
    /// - `queries`: `[queries, item_dim]`
    /// - output: `feature_dims`, `[batch, channels, …]`
    ///
    /// # Panics
    ///
    /// Panics if the two shapes don't hold the same number of values.
    pub fn to_features<const D: usize>(
        self,
        queries: Tensor<2>,
        feature_dims: [usize; D],
    ) -> Tensor<D> {
        let (batch, channels) = (feature_dims[0], feature_dims[1]);
        let positions: usize = feature_dims[2..].iter().product();
        match self {
            QueryUnit::Encoding => queries.reshape(feature_dims),
            QueryUnit::Position if D == 2 => queries.reshape(feature_dims),
            QueryUnit::Position => queries
                .reshape([batch, positions, channels])
                .swap_dims(1, 2)
                .reshape(feature_dims),
        }
    }

    /// Lays memory items out as features, each as if it were all that a sample had read: an item of one position is put
    /// at every position.
    ///
    /// # Shapes
    ///
    /// - `items`: `[items, item_dim]`
    /// - `feature_dims`: `[items, channels, …]`, the shape of the output
    ///
    /// # Panics
    ///
    /// Panics if an item does not have the width of a query of such features.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use memae_core::QueryUnit;
    ///
    /// let items = Tensor::<2>::from_floats([[1.0, 2.0]], &Device::flex());
    /// let features = QueryUnit::Position.item_features(items, [1, 2, 3]);
    /// let values: Vec<f32> = features.into_data().try_to_vec().unwrap();
    /// assert_eq!(values, [1.0, 1.0, 1.0, 2.0, 2.0, 2.0]);
    /// ```
    pub fn item_features<const D: usize>(
        self,
        items: Tensor<2>,
        feature_dims: [usize; D],
    ) -> Tensor<D> {
        match self {
            QueryUnit::Encoding => self.to_features(items, feature_dims),
            QueryUnit::Position => {
                let mut one_position = [1; D];
                one_position[..2].copy_from_slice(&feature_dims[..2]);
                items.reshape(one_position).expand(feature_dims)
            }
        }
    }
}
