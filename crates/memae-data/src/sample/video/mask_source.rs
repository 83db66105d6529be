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
    /// A folder of images, ordered as frames are; white is anomalous, as [`Mask::decode`] says.
    #[cfg(feature = "files")]
    Folder(PathBuf),
    /// An .npy file `[frames, height, width]`; 1 or 255 is anomalous.
    #[cfg(feature = "files")]
    Npy(PathBuf),
    /// A .mat file with a mask in each cell, as CUHK Avenue has them; 1 or 255 is anomalous.
    #[cfg(feature = "files")]
    Mat(PathBuf),
    /// Masks in memory.
    Memory(Arc<[Mask]>),
}

/// The most pixels of masks that are read without knowing how many frames there are, one byte each.
const MAX_PIXELS: u64 = 1 << 30;

/// What the masks of a video must be like.
struct Expected {
    frames: usize,
    /// Height and width of the frames as they are stored.
    stored: (usize, usize),
}

impl MaskSource {
    /// Reads the masks, at another height and width where `size` asks for it. They are read one at a time, so that memory
    /// is taken for those of the size asked for, up to 2³⁰ bytes.
    ///
    /// # Errors
    ///
    /// A file or the folder cannot be read, or is not what it was expected to be; values other than 0 and 1, or 0 and 255; a
    /// size is 0; more masks than that memory holds.
    pub fn read(&self, size: Option<(usize, usize)>) -> Result<Vec<Mask>, SampleError> {
        Ok(self.read_expecting(None, size)?.masks)
    }

    /// The masks of a video of this name, labels if they are known, number of frames and size of frames as they are stored.
    pub(super) fn read_for(
        &self,
        video: &str,
        labels: Option<&[bool]>,
        frames: usize,
        stored: (usize, usize),
        size: Option<(usize, usize)>,
    ) -> Result<Vec<Mask>, SampleError> {
        let found = self.read_expecting(Some(Expected { frames, stored }), size)?;
        let in_video = SampleError::in_video(self.path().unwrap_or(Path::new(video)));
        if found.found != frames {
            return Err(in_video(VideoError::MaskCount {
                masks: found.found,
                frames,
                video: video.to_string(),
            }));
        }
        let labels = labels.into_iter().flatten().zip(found.anomalous);
        let contradicts = |&(_, (&label, anomalous)): &(usize, (&bool, bool))| label != anomalous;
        match labels.enumerate().find(contradicts) {
            Some((frame, (&anomalous, _))) => Err(in_video(VideoError::LabelAndMask {
                frame,
                video: video.to_string(),
                anomalous,
            })),
            None => Ok(found.masks),
        }
    }

    fn path(&self) -> Option<&Path> {
        match self {
            #[cfg(feature = "files")]
            Self::Folder(path) | Self::Npy(path) | Self::Mat(path) => Some(path),
            Self::Memory(_) => None,
        }
    }

    /// The masks, no more than are expected.
    fn read_expecting(
        &self,
        expected: Option<Expected>,
        size: Option<(usize, usize)>,
    ) -> Result<Collected, SampleError> {
        let mut collected = Collected {
            expected,
            size,
            masks: Vec::new(),
            anomalous: Vec::new(),
            found: 0,
        };
        match self {
            #[cfg(feature = "files")]
            Self::Folder(folder) => {
                let files = frame_files(folder, "masks", Numbering::Consecutive)?.files;
                collected.fits(folder, files.len() as u64)?;
                for path in files {
                    collected.push(&path, Ok(Mask::read(&path)?))?;
                }
            }
            #[cfg(feature = "files")]
            Self::Npy(path) => {
                let file = NpyFile::open(path)?;
                let frames = file.shape().first().copied();
                collected.fits(path, frames.unwrap_or_default())?;
                file.visit_frames(NpyLimits::default(), &mut |(height, width), values| {
                    let mask = Mask::of_numbers(height, width, values.iter().copied());
                    collected.push(path, mask)
                })?;
            }
            #[cfg(feature = "files")]
            Self::Mat(path) => read_cells(path, &mut |mask| collected.push(path, mask))?,
            Self::Memory(known) => {
                for mask in known.iter() {
                    collected.push(Path::new("mask"), Ok(mask.clone()))?;
                }
            }
        }
        Ok(collected)
    }
}

/// Masks on their way into memory.
struct Collected {
    expected: Option<Expected>,
    size: Option<(usize, usize)>,
    masks: Vec<Mask>,
    /// Whether each of them has anomalous pixels, before it is brought to another size.
    anomalous: Vec<bool>,
    /// Masks found so far.
    found: usize,
}

impl Collected {
    /// Whether so many masks of the size asked for fit the memory that they may take.
    fn fits(&self, path: &Path, masks: u64) -> Result<(), SampleError> {
        let (Some((height, width)), None) = (self.size, &self.expected) else {
            return Ok(());
        };
        let pixels = (height as u64).saturating_mul(width as u64);
        match masks.saturating_mul(pixels) <= MAX_PIXELS {
            true => Ok(()),
            false => Err(SampleError::in_video(path)(VideoError::MaskPixels {
                masks,
                size: (height, width),
                max_pixels: MAX_PIXELS,
            })),
        }
    }

    fn push(&mut self, path: &Path, mask: Result<Mask, MaskError>) -> Result<(), SampleError> {
        let in_video = SampleError::in_video(path);
        let mask = mask.map_err(|error| in_video(error.into()))?;
        self.found += 1;
        self.fits(path, self.found as u64)?;
        if let Some(Expected { frames, stored }) = self.expected {
            if mask.size() != stored {
                return Err(in_video(VideoError::MaskSize {
                    found: mask.size(),
                    expected: stored,
                }));
            }
            // Those beyond are counted only.
            if self.found > frames {
                return Ok(());
            }
        }
        self.anomalous.push(mask.is_anomalous());
        self.masks.push(match self.size {
            Some((height, width)) => {
                let resized = mask.resized(height, width);
                resized.map_err(|error| in_video(error.into()))?
            }
            None => mask,
        });
        Ok(())
    }
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
                let rows = (0..height)
                    .flat_map(|y| (0..width).map(move |x| x * height + y))
                    .map(|at| array.values[at]);
                push(Mask::of_numbers(height, width, rows))
            }
            MatPart::Cell(MatValue::Other(class)) => Err(unexpected(format!(
                "no mask in cell {} ({class})",
                cells + 1
            ))),
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
