//! Which pixels of a frame are anomalous.

/// Which pixels of a frame are anomalous, `[height, width]`.
///
/// ```
/// use memae_data::Mask;
///
/// let mask = Mask::new(2, 3, vec![false, false, true, false, false, true])?;
/// assert!(mask.is_anomalous());
/// assert_eq!(mask.anomalous()[2], true);
/// # Ok::<(), memae_data::MaskError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Mask {
    height: usize,
    width: usize,
    anomalous: Vec<bool>,
}

/// Why values make no [`Mask`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MaskError {
    /// A size is zero.
    #[error("mask: found size {height}x{width}, expected sizes of at least 1")]
    Empty {
        /// Height given.
        height: usize,
        /// Width given.
        width: usize,
    },
    /// The values are not as many as the size asks for.
    #[error("mask: found {found} values, expected {height}x{width}")]
    ValueCount {
        /// Values given.
        found: usize,
        /// Height given.
        height: usize,
        /// Width given.
        width: usize,
    },
}

impl Mask {
    /// A mask from its values, row by row.
    ///
    /// # Errors
    ///
    /// A size is 0, or there are not `height * width` values.
    pub fn new(height: usize, width: usize, anomalous: Vec<bool>) -> Result<Self, MaskError> {
        if height == 0 || width == 0 {
            return Err(MaskError::Empty { height, width });
        }
        if height.checked_mul(width) != Some(anomalous.len()) {
            return Err(MaskError::ValueCount {
                found: anomalous.len(),
                height,
                width,
            });
        }
        Ok(Self {
            height,
            width,
            anomalous,
        })
    }

    /// Rows of pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether each pixel is anomalous, row by row.
    pub fn anomalous(&self) -> &[bool] {
        &self.anomalous
    }

    /// Whether any pixel is anomalous, which makes the frame anomalous.
    pub fn is_anomalous(&self) -> bool {
        self.anomalous.contains(&true)
    }

    /// The mask at another size; each pixel takes the value at its centre.
    ///
    /// # Errors
    ///
    /// A size is 0.
    ///
    /// ```
    /// use memae_data::Mask;
    ///
    /// let mask = Mask::new(1, 4, vec![true, true, false, true])?;
    /// assert_eq!(mask.resized(1, 2)?.anomalous(), [true, true]);
    /// assert_eq!(mask.resized(2, 4)?.anomalous()[4..], [true, true, false, true]);
    /// # Ok::<(), memae_data::MaskError>(())
    /// ```
    pub fn resized(&self, height: usize, width: usize) -> Result<Self, MaskError> {
        if height == 0 || width == 0 {
            return Err(MaskError::Empty { height, width });
        }
        // The centre of pixel i of n lies at (i + ½) / n of the side.
        let nearest = |index: usize, from: usize, to: usize| {
            ((2 * index as u128 + 1) * from as u128 / (2 * to as u128)) as usize
        };
        let anomalous = (0..height)
            .flat_map(|y| {
                let row = nearest(y, self.height, height) * self.width;
                (0..width).map(move |x| self.anomalous[row + nearest(x, self.width, width)])
            })
            .collect();
        Self::new(height, width, anomalous)
    }

    /// Numbers the regions of anomalous pixels that touch each other, also by a corner only, from 1 in the order of
    /// their first pixels; 0 for normal pixels. `[height, width]`.
    ///
    /// ```
    /// use memae_data::Mask;
    ///
    /// let mask = Mask::new(2, 4, vec![true, false, false, true, false, true, false, false])?;
    /// assert_eq!(mask.regions(), [1, 0, 0, 2, 0, 1, 0, 0]);
    /// # Ok::<(), memae_data::MaskError>(())
    /// ```
    pub fn regions(&self) -> Vec<u32> {
        let mut regions = vec![0; self.anomalous.len()];
        let mut count = 0;
        let mut pending = Vec::new();
        for start in 0..regions.len() {
            if !self.anomalous[start] || regions[start] != 0 {
                continue;
            }
            count += 1;
            regions[start] = count;
            pending.push(start);
            while let Some(pixel) = pending.pop() {
                let (y, x) = (pixel / self.width, pixel % self.width);
                for y in y.saturating_sub(1)..=(y + 1).min(self.height - 1) {
                    for x in x.saturating_sub(1)..=(x + 1).min(self.width - 1) {
                        let neighbour = y * self.width + x;
                        if self.anomalous[neighbour] && regions[neighbour] == 0 {
                            regions[neighbour] = count;
                            pending.push(neighbour);
                        }
                    }
                }
            }
        }
        regions
    }
}

/// Shows the size and how many pixels are anomalous, and leaves out the pixels.
impl std::fmt::Debug for Mask {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let anomalous = self.anomalous.iter().filter(|&&anomalous| anomalous);
        f.debug_struct("Mask")
            .field("height", &self.height)
            .field("width", &self.width)
            .field("anomalous", &anomalous.count())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masks() -> impl Strategy<Value = Mask> {
        (1usize..8, 1usize..12).prop_flat_map(|(height, width)| {
            proptest::collection::vec(any::<bool>(), height * width)
                .prop_map(move |anomalous| Mask::new(height, width, anomalous).unwrap())
        })
    }

    proptest! {
        #[test]
        fn a_region_holds_all_that_touches_and_nothing_else(mask in masks()) {
            let regions = mask.regions();
            let place = |pixel: usize| (pixel / mask.width(), pixel % mask.width());
            let touch = |a: usize, b: usize| {
                let ((ay, ax), (by, bx)) = (place(a), place(b));
                ay.abs_diff(by) <= 1 && ax.abs_diff(bx) <= 1
            };
            // Numbers that spread among neighbours until nothing changes, without any search.
            let mut spread: Vec<usize> = (0..regions.len()).collect();
            for _ in 0..regions.len() {
                for a in 0..regions.len() {
                    for b in 0..regions.len() {
                        if mask.anomalous()[a] && mask.anomalous()[b] && touch(a, b) {
                            spread[a] = spread[a].min(spread[b]);
                        }
                    }
                }
            }
            for a in 0..regions.len() {
                prop_assert_eq!(regions[a] == 0, !mask.anomalous()[a]);
                for b in 0..regions.len() {
                    if mask.anomalous()[a] && mask.anomalous()[b] {
                        prop_assert_eq!(regions[a] == regions[b], spread[a] == spread[b]);
                    }
                }
            }
        }

        #[test]
        fn enlarging_by_whole_factors_and_shrinking_back_changes_nothing(
            mask in masks(), tall in 1usize..4, wide in 1usize..4,
        ) {
            let large = mask.resized(mask.height() * tall, mask.width() * wide).unwrap();
            prop_assert_eq!(large.resized(mask.height(), mask.width()).unwrap(), mask);
        }
    }

    #[test]
    fn a_region_of_a_whole_frame_is_one() {
        let mask = Mask::new(300, 400, vec![true; 120_000]).unwrap();
        assert!(mask.regions().iter().all(|&region| region == 1));
    }

    #[test]
    fn wrong_sizes_are_errors() {
        assert_eq!(
            Mask::new(2, 3, vec![true; 5]).unwrap_err().to_string(),
            "mask: found 5 values, expected 2x3"
        );
        assert_eq!(
            Mask::new(0, 3, vec![]).unwrap_err().to_string(),
            "mask: found size 0x3, expected sizes of at least 1"
        );
        let mask = Mask::new(1, 1, vec![true]).unwrap();
        assert!(mask.resized(0, 3).is_err());
        // 2³² · 2³² wraps to 0 in 64 bits.
        assert!(Mask::new(1 << 32, 1 << 32, vec![]).is_err());
    }
}
