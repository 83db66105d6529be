use std::path::Path;
#[cfg(feature = "files")]
use std::path::PathBuf;
use std::sync::Arc;

use super::error::VideoError;
#[cfg(feature = "files")]
use crate::format::{
    MatLimits, MatPart, MatValue, NpyFile, NpyLimits, Numbering, frame_files, visit_mat,
};
use crate::sample::error::SampleError;
use crate::sample::mask::{Mask, MaskError};

/// Where the masks of a video come from, one for each frame.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MaskSource {
    /// A folder of images, ordered as frames are; what is not black is anomalous.
    #[cfg(feature = "files")]
    Folder(PathBuf),
    /// An .npy file `[frames, height, width]`; what is not 0 is anomalous.
    #[cfg(feature = "files")]
    Npy(PathBuf),
    /// A .mat file with a mask in each cell, as CUHK Avenue has them; what is not 0 is anomalous.
    #[cfg(feature = "files")]
    Mat(PathBuf),
    /// Masks in memory.
    Memory(Arc<[Mask]>),
}

impl MaskSource {
    /// Reads the masks, at another height and width where `size` asks for it. They are read one at a time, so that memory
    /// is taken for those of the size asked for.
    ///
    /// # Errors
    ///
    /// A file or the folder cannot be read, or is not what it was expected to be; a size is 0.
    pub fn read(&self, size: Option<(usize, usize)>) -> Result<Vec<Mask>, SampleError> {
        let mut masks = Vec::new();
        let mut push = |path: &Path, mask: Result<Mask, MaskError>| -> Result<(), SampleError> {
            let mask = mask.and_then(|mask| match size {
                Some((height, width)) => mask.resized(height, width),
                None => Ok(mask),
            });
            let mask = mask.map_err(VideoError::Mask);
            masks.push(mask.map_err(SampleError::in_video(path))?);
            Ok(())
        };
        match self {
            #[cfg(feature = "files")]
            Self::Folder(folder) => {
                for path in frame_files(folder, "masks", Numbering::Consecutive)? {
                    push(&path, Ok(Mask::read(&path)?))?;
                }
            }
            #[cfg(feature = "files")]
            Self::Npy(path) => {
                NpyFile::open(path)?
                    .visit_frames(NpyLimits::default(), &mut |(height, width), values| {
                        push(path, of_rows(height, width, &values))
                    })?;
            }
            #[cfg(feature = "files")]
            Self::Mat(path) => read_cells(path, &mut |mask| push(path, mask))?,
            Self::Memory(known) => {
                for mask in known.iter() {
                    push(Path::new("mask"), Ok(mask.clone()))?;
                }
            }
        }
        Ok(masks)
    }

    /// The masks of a video of this name and number of frames.
    pub(super) fn read_for(
        &self,
        video: &str,
        frames: usize,
        size: Option<(usize, usize)>,
    ) -> Result<Vec<Mask>, SampleError> {
        let masks = self.read(size)?;
        if masks.len() == frames {
            return Ok(masks);
        }
        let path = match self {
            #[cfg(feature = "files")]
            Self::Folder(path) | Self::Npy(path) | Self::Mat(path) => path,
            Self::Memory(_) => Path::new(video),
        };
        Err(SampleError::in_video(path)(VideoError::MaskCount {
            masks: masks.len(),
            frames,
            video: video.to_string(),
        }))
    }
}

#[cfg(feature = "files")]
fn of_rows(height: usize, width: usize, values: &[f64]) -> Result<Mask, MaskError> {
    Mask::new(
        height,
        width,
        values.iter().map(|&value| value != 0.0).collect(),
    )
}

/// Calls `push` with the mask of each cell of the only variable.
#[cfg(feature = "files")]
fn read_cells(
    path: &Path,
    push: &mut dyn FnMut(Result<Mask, MaskError>) -> Result<(), SampleError>,
) -> Result<(), SampleError> {
    let (mut variables, mut cells) = (0, 0);
    // What `push` or the content refuses; reading then goes on to the end of the file without it.
    let mut refused: Option<SampleError> = None;
    let unexpected = |found: String| {
        SampleError::in_video(path)(VideoError::MaskContent {
            found,
            expected: "one variable of cells, with a mask in each",
        })
    };
    visit_mat(path, MatLimits::default(), &mut |name, part| {
        if refused.is_some() {
            return Ok(());
        }
        let result = match part {
            MatPart::CellsBegin => {
                variables += 1;
                match variables {
                    1 => Ok(()),
                    _ => Err(unexpected("several variables".to_string())),
                }
            }
            MatPart::Cell(MatValue::Array(array)) if array.dimensions.len() == 2 => {
                cells += 1;
                let (height, width) = (array.dimensions[0], array.dimensions[1]);
                // The file has columns one after the other, a mask has rows.
                let anomalous = (0..height)
                    .flat_map(|y| (0..width).map(move |x| x * height + y))
                    .map(|at| array.values[at] != 0.0);
                push(Mask::new(height, width, anomalous.collect()))
            }
            MatPart::Cell(_) => Err(unexpected(format!("no mask in cell {}", cells + 1))),
            MatPart::Whole(_) => Err(unexpected(format!("`{}`", name.escape_default()))),
        };
        refused = result.err();
        Ok(())
    })?;
    match refused {
        Some(error) => Err(error),
        None if variables == 0 => Err(unexpected("no variable".to_string())),
        None => Ok(()),
    }
}
