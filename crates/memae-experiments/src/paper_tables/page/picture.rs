use std::path::Path;

use memae_pictures::PictureError;

/// Draws a picture into a file.
pub(super) type Picture<'a> = Box<dyn Fn(&Path) -> Result<(), PictureError> + 'a>;
