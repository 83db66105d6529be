use ndarray::ArrayView2;

use super::error::BaselineError;

/// Rows of numbers, one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    /// The numbers, finite.
    pub values: &'a [f32],
    /// Values in a row.
    pub width: usize,
}

/// Training and test rows as matrices of one width.
pub(super) fn matrices<'a>(
    train: Rows<'a>,
    test: Rows<'a>,
) -> Result<(ArrayView2<'a, f32>, ArrayView2<'a, f32>), BaselineError> {
    let matrices = (train.matrix("training")?, test.matrix("test")?);
    if train.width != test.width {
        return Err(BaselineError::Widths {
            train: train.width,
            test: test.width,
        });
    }
    Ok(matrices)
}

impl<'a> Rows<'a> {
    /// `[rows, width]`; `set` names the rows in errors.
    fn matrix(self, set: &'static str) -> Result<ArrayView2<'a, f32>, BaselineError> {
        let Self { values, width } = self;
        if values.is_empty() {
            return Err(BaselineError::Empty { set });
        }
        let ragged = BaselineError::Ragged {
            set,
            values: values.len(),
            width,
        };
        if !values.len().is_multiple_of(width) {
            return Err(ragged);
        }
        if let Some(place) = values.iter().position(|value| !value.is_finite()) {
            return Err(BaselineError::NotFinite {
                set,
                row: place / width + 1,
                column: place % width + 1,
                value: values[place],
            });
        }
        ArrayView2::from_shape((values.len() / width, width), values).map_err(|_| ragged)
    }
}
