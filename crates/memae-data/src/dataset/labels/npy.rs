use std::path::Path;

use super::error::LabelError;
use super::frame_labels::{FrameLabels, from_numbers, of_mask};
use crate::dataset::error::SourceError;
use crate::format::{NpyFile, NpyLimits};

/// Arrays that come from .mat files may have their frames last.
const STACK: &str = "masks as [frames, height, width]; where frames and width are equal, a row with a label for each frame";

/// A row of labels, or masks `[frames, height, width]`.
pub(super) fn read(path: &Path) -> Result<FrameLabels, SourceError> {
    let file = NpyFile::open(path)?;
    let several = file.shape().iter().filter(|&&size| size != 1).count() > 1;
    if file.shape().len() == 3 && several {
        if let [frames, _, width] = *file.shape()
            && frames == width
        {
            let found = format!("an array of shape {:?}", file.shape());
            return Err(SourceError::in_labels(path)(LabelError::Content {
                found,
                expected: STACK,
            }));
        }
        let mut labels = Vec::new();
        file.visit_frames(NpyLimits::default(), &mut |_, values| {
            let label = of_mask(labels.len(), &values);
            labels.push(label.map_err(SourceError::in_labels(path))?);
            Ok::<(), SourceError>(())
        })?;
        return Ok(FrameLabels::Frames(labels));
    }
    let values = file.read_vector(NpyLimits::default())?;
    let labels = from_numbers(&values).map_err(SourceError::in_labels(path))?;
    Ok(FrameLabels::Frames(labels))
}
