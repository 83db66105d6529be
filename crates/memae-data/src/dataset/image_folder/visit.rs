//! Images one by one, from folders of any size.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::walk::Walk;
use crate::format::{FileError, PassedOver};

/// The walk was ended by whoever looks on.
struct Ended;

/// Calls `visit` with the images in a folder and in all folders below it, in the natural order of their names, folder by folder,
/// until it breaks off; never are the names of more than one folder and those above it held at once. A file is visited whatever
/// its ending.
///
/// What cannot be read is visited as an error, and the walk goes on; so is a picture whose ending is that of a format that is not
/// read, as HEIC. Links are followed, but no folder is entered twice. What was
/// passed over comes back, as [`ImageFolder::passed_over`](super::ImageFolder::passed_over) has it.
///
/// ```
/// use std::ops::ControlFlow;
///
/// use memae_data::dataset::visit_images;
///
/// # let folder = tempfile::tempdir()?;
/// # for name in ["2.png", "10.png", "notes.txt"] {
/// #     std::fs::write(folder.path().join(name), "")?;
/// # }
/// let mut names = Vec::new();
/// let passed_over = visit_images(folder.path(), &mut |image| {
///     names.extend(image.ok().and_then(|path| path.file_name().map(ToOwned::to_owned)));
///     ControlFlow::Continue(())
/// });
/// assert_eq!(names, ["2.png", "10.png"]);
/// assert_eq!(passed_over.count(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn visit_images(
    path: impl AsRef<Path>,
    visit: &mut dyn FnMut(Result<PathBuf, FileError>) -> ControlFlow<()>,
) -> PassedOver {
    let path = path.as_ref();
    let mut walk = Walk::new(path).leaving_out();
    if !path.is_dir() {
        let found = match path.symlink_metadata() {
            Ok(_) => Ok(path.to_path_buf()),
            Err(error) => Err(FileError::reading(path)(error)),
        };
        let _ = visit(found);
        return walk.passed_over;
    }
    let _ = walk.visit(path, usize::MAX, &mut |entry| {
        let found = match entry {
            Ok(entry) if entry.file_type().is_dir() => return Ok(()),
            Ok(entry) => Ok(entry.into_path()),
            Err(error) => Err(error),
        };
        match visit(found) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Ended),
        }
    });
    walk.passed_over
}
