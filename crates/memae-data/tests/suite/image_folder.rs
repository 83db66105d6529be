//! Images in folders: how they may lie, what is passed over, what becomes of their values, and what is refused.

use std::fs;
use std::path::{MAIN_SEPARATOR, Path};

use image::{Rgb, RgbImage};
use memae_data::dataset::{ImageFolder, ImageFolderConfig};

mod files;
mod layouts;
mod refused;
mod values;
mod walking;

/// A picture of 7 columns and 5 rows that tells rows, columns and channels apart, and `level` from other levels.
fn picture(level: u8) -> RgbImage {
    RgbImage::from_fn(7, 5, |x, y| {
        Rgb([level, (x * 30) as u8, (y * 40 + x) as u8].map(|value| value.wrapping_add(level)))
    })
}

/// Its pixels, `[channels, height, width]` flattened.
fn planes(image: &RgbImage) -> Vec<u8> {
    let channel = |channel: usize| image.pixels().map(move |pixel| pixel.0[channel]);
    (0..3).flat_map(channel).collect()
}

fn save(root: &Path, name: &str, image: &RgbImage) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("in a folder")).expect("writable");
    image.save(path).expect("writable");
}

/// A folder of pictures, each with its index as level.
fn folder(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (level, name) in names.iter().enumerate() {
        save(folder.path(), name, &picture(level as u8));
    }
    folder
}

const SETS: [&str; 7] = [
    "train/good/2.png",
    "train/good/10.png",
    "train/good/1.png",
    "test/scratch/0.png",
    "test/good/0.png",
    "test/dent/000.png",
    "test/dent/001.bmp",
];

fn read(folder: &Path) -> ImageFolder {
    ImageFolderConfig::default().read(folder).expect("intact")
}

/// The message without the folder's name, which changes from run to run.
fn message(config: &ImageFolderConfig, folder: &Path) -> String {
    let message = config.read(folder).expect_err("damaged").to_string();
    assert!(!message.contains('\n'), "{message}");
    message
        .replace(&format!("{}{MAIN_SEPARATOR}", folder.display()), "")
        .replace(&folder.display().to_string(), "ROOT")
        .replace(MAIN_SEPARATOR, "/")
}

fn default_message(folder: &Path) -> String {
    message(&ImageFolderConfig::default(), folder)
}

fn relative(files: &[std::path::PathBuf], folder: &Path) -> Vec<String> {
    let relative = |path: &std::path::PathBuf| {
        let path = path.strip_prefix(folder).expect("in the folder");
        path.display().to_string().replace(MAIN_SEPARATOR, "/")
    };
    files.iter().map(relative).collect()
}
