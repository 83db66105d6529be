use std::ops::Range;

use burn::tensor::{Tensor, TensorData};
use memae_data::protocol::permutation;
use serde::{Deserialize, Serialize};

use super::error::NetworkConfigError;

/// Which columns of a row are hidden together, so that they are rebuilt from the others alone.
///
/// Each value is hidden by one mask. A row is shown to the encoder once for each mask, with zeros for what that hides and with the
/// number of the mask beside it (one-hot), and each value is rebuilt from the showing in which it was hidden:
///
/// ```text
/// x̂ = Σₖ mₖ ⊙ decode(memory(encode([(1 − mₖ) ⊙ x, eₖ]))),   Σₖ mₖ = 1
/// ```
///
/// No value can be copied to the output, however wide the network is, so that what is learned is how columns depend on each other.
/// Training and scoring use the same masks; nothing is drawn at random while scoring.
///
/// Source: J. Yin, Y. Qiao, Z. Zhou, X. Wang, J. Yang, "MCM: masked cell modeling for anomaly detection in tabular data", ICLR 2024,
/// which learns masks; here they divide the columns, so that each is hidden once.
///
/// ```
/// use memae_models::network::ColumnMasks;
///
/// // Four columns, the last of which became two values.
/// let masks = ColumnMasks::draw([0..1, 1..2, 2..3, 3..5], 2, 0)?;
/// assert_eq!(masks.len(), 2);
/// assert_eq!(masks.width(), 5);
/// assert_eq!(masks.mask_of(3), masks.mask_of(4));
/// # Ok::<(), memae_models::network::NetworkConfigError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ColumnMasks {
    /// For each value of a row, the number of the mask that hides it.
    mask_of: Vec<usize>,
}

impl ColumnMasks {
    /// The most masks: a row is shown once for each.
    pub const MAX: usize = 64;

    /// Masks by the number of the mask that hides each value, from 0 without a gap.
    ///
    /// # Errors
    ///
    /// Fewer than two masks or more than [`MAX`](Self::MAX); a mask that hides nothing.
    pub fn new(mask_of: impl Into<Vec<usize>>) -> Result<Self, NetworkConfigError> {
        let masks = Self {
            mask_of: mask_of.into(),
        };
        masks.validate()?;
        Ok(masks)
    }

    /// Columns, which are ranges of values that follow each other, dealt to so many masks at random; to as many as there are columns if
    /// those are fewer. Columns without values count as none.
    ///
    /// # Errors
    ///
    /// Columns that leave values out or share one; fewer than two of them, or fewer than two masks, or more than
    /// [`MAX`](Self::MAX).
    pub fn draw(
        columns: impl IntoIterator<Item = Range<usize>>,
        masks: usize,
        seed: u64,
    ) -> Result<Self, NetworkConfigError> {
        let columns = columns.into_iter().filter(|column| !column.is_empty());
        let columns: Vec<Range<usize>> = columns.collect();
        let mut width = 0;
        for (index, column) in columns.iter().enumerate() {
            if column.start != width {
                return Err(NetworkConfigError::MaskedColumns {
                    index,
                    found: column.start,
                    expected: width,
                });
            }
            width = column.end;
        }
        let masks = masks.min(columns.len());
        if !(2..=Self::MAX).contains(&masks) {
            return Err(NetworkConfigError::MaskCount { found: masks });
        }
        let mut mask_of = vec![0; width];
        for (place, column) in permutation(columns.len(), seed).into_iter().enumerate() {
            mask_of[columns[column].clone()].fill(place % masks);
        }
        Self::new(mask_of)
    }

    /// The number of masks.
    pub fn len(&self) -> usize {
        self.mask_of.iter().max().map_or(0, |last| last + 1)
    }

    /// Whether there are no masks, which [`new`](Self::new) refuses.
    pub fn is_empty(&self) -> bool {
        self.mask_of.is_empty()
    }

    /// Values of a row.
    pub fn width(&self) -> usize {
        self.mask_of.len()
    }

    /// The mask that hides a value.
    ///
    /// # Panics
    ///
    /// Panics if there is no such value.
    pub fn mask_of(&self, value: usize) -> usize {
        self.mask_of[value]
    }

    /// Values of what the encoder is shown: those of a row, and one for each mask.
    pub(super) fn shown_width(&self) -> usize {
        self.width().saturating_add(self.len())
    }

    pub(super) fn validate(&self) -> Result<(), NetworkConfigError> {
        // Before anything is counted by it: a number from a file can be any.
        if self.mask_of.iter().any(|&mask| mask >= Self::MAX) || self.len() < 2 {
            let found = self.mask_of.iter().max().copied().unwrap_or_default();
            return Err(NetworkConfigError::MaskCount {
                found: found.saturating_add(1),
            });
        }
        match (0..self.len()).find(|mask| !self.mask_of.contains(mask)) {
            Some(mask) => Err(NetworkConfigError::EmptyMask { mask }),
            None => Ok(()),
        }
    }

    /// What the encoder is shown of rows, `[batch, width]`: `[batch · masks, width + masks]`, the showings of a row after each other.
    pub(super) fn shown(&self, rows: Tensor<2>) -> Tensor<2> {
        let (device, [batch, width], masks) = (rows.device(), rows.dims(), self.len());
        let hidden = self.hidden(&rows);
        let visible = rows.unsqueeze_dim::<3>(1) * (-hidden + 1.0);
        let numbers = Tensor::<2>::eye(masks, &device).unsqueeze_dim::<3>(0);
        let numbers = numbers.expand([batch, masks, masks]);
        Tensor::cat(vec![visible, numbers], 2).reshape([batch * masks, width + masks])
    }

    /// Rows `[batch, width]` from what was made of their showings, `[batch · masks, width]`: of each value, where it was hidden.
    pub(super) fn gathered(&self, showings: Tensor<2>) -> Tensor<2> {
        let ([rows, width], masks) = (showings.dims(), self.len());
        let hidden = self.hidden(&showings);
        let showings = showings.reshape([rows / masks, masks, width]);
        (showings * hidden).sum_dim(1).squeeze_dim(1)
    }

    /// 1 where a mask hides a value, else 0: `[1, masks, width]`, on the device of `like`.
    fn hidden(&self, like: &Tensor<2>) -> Tensor<3> {
        let masks = self.len();
        let of_mask = |mask| (self.mask_of.iter()).map(move |&of| f32::from(u8::from(of == mask)));
        let hidden: Vec<f32> = (0..masks).flat_map(of_mask).collect();
        let hidden = TensorData::new(hidden, [1, masks, self.width()]);
        Tensor::from_data(hidden, &like.device())
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use proptest::prelude::*;

    use super::*;

    fn values(tensor: Tensor<2>) -> Vec<f32> {
        tensor.into_data().try_to_vec().unwrap()
    }

    #[test]
    fn a_row_is_shown_once_for_each_mask() {
        let masks = ColumnMasks::new([0, 1, 0]).unwrap();
        let device = Device::flex();
        let rows = Tensor::from_floats([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], &device);
        let shown = masks.shown(rows);
        assert_eq!(shown.dims(), [4, 5]);
        #[rustfmt::skip]
        assert_eq!(values(shown), [
            0.0, 2.0, 0.0, 1.0, 0.0,
            1.0, 0.0, 3.0, 0.0, 1.0,
            0.0, 5.0, 0.0, 1.0, 0.0,
            4.0, 0.0, 6.0, 0.0, 1.0,
        ]);
    }

    #[test]
    fn values_come_from_where_they_were_hidden() {
        let masks = ColumnMasks::new([0, 1, 0]).unwrap();
        let device = Device::flex();
        let showings = Tensor::from_floats([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], &device);
        assert_eq!(values(masks.gathered(showings)), [1.0, 5.0, 3.0]);
    }

    #[test]
    fn masks_that_do_not_divide_the_values_are_refused() {
        let count = |found| Err(NetworkConfigError::MaskCount { found });
        assert_eq!(ColumnMasks::new([]), count(1));
        assert_eq!(ColumnMasks::new([0, 0]), count(1));
        assert_eq!(ColumnMasks::new([0, usize::MAX]), count(usize::MAX));
        assert_eq!(
            ColumnMasks::new([0, 2]),
            Err(NetworkConfigError::EmptyMask { mask: 1 })
        );
        assert_eq!(ColumnMasks::draw(std::iter::once(0..4), 3, 0), count(1));
        assert_eq!(ColumnMasks::draw([0..1, 1..2], 1, 0), count(1));
        let columns = (0..100).map(|column| column..column + 1);
        assert_eq!(
            ColumnMasks::draw(columns, ColumnMasks::MAX + 1, 0),
            count(65)
        );
        assert_eq!(
            ColumnMasks::draw([0..1, 2..3], 2, 0),
            Err(NetworkConfigError::MaskedColumns {
                index: 1,
                found: 2,
                expected: 1
            })
        );
    }

    proptest! {
        #[test]
        fn columns_are_dealt_evenly(widths in proptest::collection::vec(0usize..4, 2..20), masks in 2usize..6, seed: u64) {
            let mut end = 0;
            let columns: Vec<Range<usize>> = widths.iter().map(|width| { end += width; end - width..end }).collect();
            let filled: Vec<Range<usize>> = columns.iter().filter(|column| !column.is_empty()).cloned().collect();
            prop_assume!(filled.len() > 1);
            let drawn = ColumnMasks::draw(columns, masks, seed).unwrap();
            prop_assert_eq!(drawn.width(), end);
            prop_assert_eq!(drawn.len(), masks.min(filled.len()));
            let mut counts = vec![0_usize; drawn.len()];
            for column in filled {
                let mask = drawn.mask_of(column.start);
                counts[mask] += 1;
                prop_assert!(column.clone().all(|value| drawn.mask_of(value) == mask));
            }
            let (least, most) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
            prop_assert!(most - least <= 1, "{:?}", counts);
        }
    }
}
