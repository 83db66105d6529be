use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use image::{DynamicImage, ImageReader};

use super::decode::{decode_error, decode_image, limits};
use super::error::ImageFileError;
use super::limits::{FORMATS, MAX_BYTES};
use crate::format::error::FileError;

/// Reads a JPEG, PNG, BMP or TIFF file; which one is told by its first bytes.
pub(crate) fn read_image(path: &Path) -> Result<DynamicImage, FileError> {
    let size = fs::metadata(path).map_err(FileError::reading(path))?.len();
    if size > MAX_BYTES {
        let error = ImageFileError::FileSize { found: size };
        return Err(FileError::in_image(path)(error));
    }
    let bytes = fs::read(path).map_err(FileError::reading(path))?;
    decode_image(&bytes).map_err(FileError::in_image(path))
}

/// Height and width of an image file, from its header.
pub(crate) fn image_size(path: &Path) -> Result<(usize, usize), FileError> {
    let file = BufReader::new(File::open(path).map_err(FileError::reading(path))?);
    let reader = ImageReader::new(file);
    let mut reader = reader
        .with_guessed_format()
        .map_err(FileError::reading(path))?;
    reader.limits(limits());
    let format = reader.format().filter(|format| FORMATS.contains(format));
    let size = match format {
        Some(_) => reader.into_dimensions().map_err(decode_error),
        None => Err(ImageFileError::Format),
    };
    let (width, height) = size.map_err(FileError::in_image(path))?;
    Ok((height as usize, width as usize))
}
