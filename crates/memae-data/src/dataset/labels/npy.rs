use std::path::Path;

use super::{FrameLabels, from_numbers, located};
use crate::format::npy::NpyReader;
use crate::source::{NpyLimits, SourceError, read_npy_vector};

/// A row of labels, or masks `[frames, height, width]`.
pub(super) fn read(path: &Path) -> Result<FrameLabels, SourceError> {
    let reader = NpyReader::open(path)?;
    let several = reader.shape().iter().filter(|&&size| size != 1).count() > 1;
    if reader.shape().len() == 3 && several {
        let mut labels = Vec::new();
        visit_frames(reader, NpyLimits::default(), &mut |_, values| {
            labels.push(values.iter().any(|&value| value != 0.0));
            Ok(())
        })?;
        return Ok(FrameLabels::Frames(labels));
    }
    let values = read_npy_vector(path, NpyLimits::default())?;
    let labels = from_numbers(&values).map_err(|error| located(path, error))?;
    Ok(FrameLabels::Frames(labels))
}

/// Calls `visit` with the values of each frame of an array `[frames, height, width]`, and its height and width. The
/// limit holds for a single frame, unless the dimensions are in Fortran order.
pub(crate) fn visit_frames<R: std::io::Read>(
    mut reader: NpyReader<R>,
    limits: NpyLimits,
    visit: &mut dyn FnMut((usize, usize), Vec<f64>) -> Result<(), SourceError>,
) -> Result<(), SourceError> {
    let &[frames, height, width] = reader.shape() else {
        return Err(reader.wrong_shape("frames, height and width"));
    };
    let frame = height.saturating_mul(width);
    if frame == 0 || frame > limits.max_values {
        return Err(reader.wrong_shape("frames of at least 1 and at most 2^24 values"));
    }
    let size = (height as usize, width as usize);
    if reader.is_row_major() {
        for _ in 0..frames {
            let values = reader.take(frame).map_err(|error| reader.located(error))?;
            visit(size, values)?;
        }
        return reader.finish().map_err(|error| reader.located(error));
    }
    let array = reader.read_all(limits);
    let array = array.map_err(|error| reader.located(error))?;
    for values in array.values().chunks_exact(frame as usize) {
        visit(size, values.to_vec())?;
    }
    Ok(())
}
