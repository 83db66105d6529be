//! Which folders are training and test images, and which are classes.

use std::path::{Path, PathBuf};

use super::error::ImageFolderError;
use super::walk::{Set, Walk, set_of};
use crate::dataset::error::SourceError;
use crate::dataset::left_out::LeftOutFile;
use crate::format::{FileError, FrameFilesError, PassedOver, PassedOverReason};

/// The class of images that lie in no folder of a class.
const NORMAL: &str = "normal";

/// The files of a class in one set.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClassFiles {
    /// The name of the class.
    pub name: String,
    /// Its images, in the natural order of their names, folder by folder; at least one.
    pub files: Vec<PathBuf>,
}

/// The images that a folder holds, by name alone; nothing is read.
///
/// ```
/// use memae_data::dataset::ImageFolderFiles;
///
/// # let folder = tempfile::tempdir()?;
/// # let folder = folder.path();
/// # for name in ["train/good/0.png", "test/good/0.png", "test/scratch/0.png"] {
/// #     std::fs::create_dir_all(folder.join(name).parent().unwrap())?;
/// #     std::fs::write(folder.join(name), "")?;
/// # }
/// // train/good/*.png, test/good/*.png, test/scratch/*.png
/// let found = ImageFolderFiles::find(folder)?;
/// assert_eq!(found.train[0].name, "good");
/// assert_eq!(found.test.len(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ImageFolderFiles {
    /// Classes of training images, at least one; one called `normal` where they lie in no folders of classes.
    pub train: Vec<ClassFiles>,
    /// Classes of test images.
    pub test: Vec<ClassFiles>,
    /// Test images of which no class is known.
    pub unlabeled: Vec<PathBuf>,
    /// What was passed over.
    pub passed_over: PassedOver,
    /// What could not be read; nothing where that is an error.
    pub left_out: Vec<LeftOutFile>,
}

impl ImageFolderFiles {
    /// Finds the images of a folder, which lie in one of the ways that [`ImageFolderConfig::read`](super::ImageFolderConfig::read)
    /// lists.
    ///
    /// # Errors
    ///
    /// The folder is missing or cannot be read; there are no images, or test images only; a folder that can be read in two
    /// ways.
    pub fn find(folder: impl AsRef<Path>) -> Result<Self, SourceError> {
        Self::walk(folder.as_ref(), Walk::new)
    }

    /// As [`find`](Self::find), but what cannot be read is left out: folders within, links to images that are gone, and pictures of
    /// formats that are not read.
    ///
    /// # Errors
    ///
    /// The folder is missing; there are no images that can be read, or test images only; a folder that can be read in two ways.
    ///
    /// ```
    /// use memae_data::dataset::ImageFolderFiles;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let folder = folder.path();
    /// # for name in ["train/good/0.png", "train/good/1.heic"] {
    /// #     std::fs::create_dir_all(folder.join(name).parent().unwrap())?;
    /// #     std::fs::write(folder.join(name), "")?;
    /// # }
    /// // train/good/0.png, train/good/1.heic
    /// let found = ImageFolderFiles::find_readable(folder)?;
    /// assert_eq!(found.train[0].files.len(), 1);
    /// assert!(found.left_out[0].reason.contains("heic"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn find_readable(folder: impl AsRef<Path>) -> Result<Self, SourceError> {
        Self::walk(folder.as_ref(), |root| Walk::new(root).leaving_out())
    }

    fn walk<'a>(
        folder: &'a Path,
        start: impl FnOnce(&'a Path) -> Walk<'a>,
    ) -> Result<Self, SourceError> {
        match folder.is_dir() {
            true => find(start(folder)),
            false => Err(SourceError::MissingFolder {
                path: folder.to_path_buf(),
                expected: "one folder of images for each class",
            }),
        }
    }
}

/// What lies in the folder of a set, or in a folder without sets.
enum Content {
    Images(Vec<PathBuf>),
    Classes(Vec<ClassFiles>),
}

fn find(mut walk: Walk<'_>) -> Result<ImageFolderFiles, SourceError> {
    let root = walk.root;
    let level = walk.level(root)?;
    let (sets, others): (Vec<PathBuf>, Vec<PathBuf>) = level
        .folders
        .into_iter()
        .partition(|folder| set_of(folder).is_some());
    let (train, test, unlabeled) = if sets.is_empty() {
        let train = match content(&mut walk, root, level.images, others)? {
            Content::Images(files) => vec![normal(files)],
            Content::Classes(classes) => classes,
        };
        (train, Vec::new(), Vec::new())
    } else {
        let train = one_of(root, &sets, Set::Train)?;
        let test = one_of(root, &sets, Set::Test)?;
        // Training images are none to test, by whatever name.
        let resolved = |set: Option<&Path>| set.and_then(|set| set.canonicalize().ok());
        let same = test.is_some() && resolved(test) == resolved(train);
        if let (Some(test), true) = (test, same) {
            walk.pass_over(PassedOverReason::LinkLoop, test);
        }
        let test = test.filter(|_| !same);
        let train = train.ok_or_else(|| SourceError::MissingFile {
            folder: root.to_path_buf(),
            content: "training images",
            names: vec!["train".to_string()],
        })?;
        read_sets(&mut walk, train, test, &level.images, &others)?
    };
    Ok(ImageFolderFiles {
        train,
        test,
        unlabeled,
        passed_over: walk.passed_over,
        left_out: walk.left_out.unwrap_or_default(),
    })
}

type Sets = (Vec<ClassFiles>, Vec<ClassFiles>, Vec<PathBuf>);

/// Training images, test images by class, and test images without one.
fn read_sets(
    walk: &mut Walk<'_>,
    train: &Path,
    test: Option<&Path>,
    images_beside: &[PathBuf],
    folders_beside: &[PathBuf],
) -> Result<Sets, SourceError> {
    let train_content = set_content(walk, train)?;
    let test_content = match test {
        Some(test) => set_content(walk, test)?,
        None => Content::Classes(Vec::new()),
    };
    if matches!(train_content, Content::Images(_)) {
        // What lies in the folders beside it is not counted, only they are.
        let mut aside = Walk::new(walk.root);
        let mut beside = images_beside.first();
        for folder in folders_beside {
            if beside.is_none() && !aside.images(folder)?.is_empty() {
                beside = Some(folder);
            }
        }
        if let Some(beside) = beside {
            return Err(ambiguous(
                walk.root,
                format!(
                    "images directly in `{}`, and other images beside it (`{}`)",
                    name(train),
                    name(beside)
                ),
                "training images in train/<class>/, or one folder for each class, none of them called train or test",
            ));
        }
    }
    for path in images_beside.iter().chain(folders_beside) {
        walk.pass_over(PassedOverReason::Beside, path);
    }
    match (train_content, test_content) {
        (Content::Images(_), Content::Classes(classes)) if !classes.is_empty() => Err(ambiguous(
            walk.root,
            format!(
                "images directly in `{}`, and `{}` in folders of classes",
                name(train),
                test.map(name).unwrap_or_default()
            ),
            "training images in train/<class>/, called as the folder of test images of the same class",
        )),
        (train, test) => {
            let train = match train {
                Content::Images(files) => vec![normal(files)],
                Content::Classes(classes) => classes,
            };
            Ok(match test {
                Content::Images(files) => (train, Vec::new(), files),
                Content::Classes(classes) => (train, classes, Vec::new()),
            })
        }
    }
}

fn set_content(walk: &mut Walk<'_>, set: &Path) -> Result<Content, SourceError> {
    let level = walk.level(set)?;
    content(walk, set, level.images, level.folders)
}

/// Images without classes, or classes: an error where there is neither or both.
fn content(
    walk: &mut Walk<'_>,
    folder: &Path,
    images: Vec<PathBuf>,
    folders: Vec<PathBuf>,
) -> Result<Content, SourceError> {
    // A class that another one links to is a class of its own.
    let mut own = Vec::new();
    for class in folders {
        match walk.enter(&class) {
            true => own.push(class),
            false => walk.pass_over(PassedOverReason::LinkLoop, &class),
        }
    }
    let mut classes = Vec::new();
    for class in own {
        let files = walk.images(&class)?;
        // What of it cannot be read is named already.
        let is_unread = |left_out: &LeftOutFile| left_out.path.starts_with(&class);
        let left_out = walk.left_out.iter().flatten();
        if !files.is_empty() || !left_out.into_iter().any(is_unread) {
            classes.push((files, class));
        }
    }
    match (
        images.first(),
        classes.iter().find(|(files, _)| !files.is_empty()),
    ) {
        (Some(image), Some((_, class))) => Err(ambiguous(
            folder,
            format!(
                "the image `{}` beside the folder of images `{}`",
                name(image),
                name(class)
            ),
            "images without classes alone, or all images in folders of classes",
        )),
        (Some(_), None) => Ok(Content::Images(images)),
        (None, _) if classes.is_empty() => Err(SourceError::in_image_folder(folder)(
            ImageFolderError::NoImages,
        )),
        (None, _) => classes
            .into_iter()
            .map(|(files, folder)| class_of(&folder, files))
            .collect::<Result<_, _>>()
            .map(Content::Classes),
    }
}

fn class_of(folder: &Path, files: Vec<PathBuf>) -> Result<ClassFiles, SourceError> {
    let name = folder.file_name().and_then(|name| name.to_str());
    let Some(name) = name else {
        return Err(SourceError::in_image_folder(folder)(
            ImageFolderError::ClassName,
        ));
    };
    if files.is_empty() {
        return Err(SourceError::File(FileError::FrameFiles {
            path: folder.to_path_buf(),
            error: FrameFilesError::Empty { content: "images" },
        }));
    }
    Ok(ClassFiles {
        name: name.to_string(),
        files,
    })
}

fn normal(files: Vec<PathBuf>) -> ClassFiles {
    ClassFiles {
        name: NORMAL.to_string(),
        files,
    }
}

/// The one folder of a set, if there is one.
fn one_of<'a>(
    root: &Path,
    sets: &'a [PathBuf],
    wanted: Set,
) -> Result<Option<&'a Path>, SourceError> {
    let mut folders = sets.iter().filter(|folder| set_of(folder) == Some(wanted));
    match (folders.next(), folders.next()) {
        (Some(first), Some(second)) => Err(ambiguous(
            root,
            format!("folders `{}` and `{}`", name(first), name(second)),
            "one of them",
        )),
        (first, _) => Ok(first.map(PathBuf::as_path)),
    }
}

fn ambiguous(folder: &Path, found: String, expected: &'static str) -> SourceError {
    SourceError::in_image_folder(folder)(ImageFolderError::Ambiguous { found, expected })
}

fn name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.escape_debug().to_string()
}
