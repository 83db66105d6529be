//! Each reader of memae as a function of bytes that can't be trusted.
//!
//! A function returns whatever the bytes are, and panics where the reader breaks its word: where it panics, or gives
//! values that it says it never gives. The targets beside this crate hand them to libFuzzer; the tests of this crate run
//! them over what was kept in `fuzz/corpus`.
//!
//! The first bytes of some inputs are settings, and the rest is the file.

mod arrays;
mod file;
mod models;
mod pictures;
mod tables;

/// What bytes are handed to.
pub type Reader = fn(&[u8]);

/// All readers, by the names of their targets.
pub const READERS: [(&str, Reader); 15] = [
    ("cifar10", pictures::cifar10),
    ("clip_scores", arrays::clip_scores),
    ("detector", models::detector),
    ("idx", arrays::idx),
    ("image", pictures::image),
    ("kddcup99", tables::kddcup99),
    ("labels", arrays::labels),
    ("mask", pictures::mask),
    ("mat", arrays::mat),
    ("npy", arrays::npy),
    ("pytorch", models::pytorch),
    ("settings", models::settings),
    ("table", tables::table),
    ("video_detector", models::video_detector),
    ("y4m", pictures::y4m),
];

/// Hands bytes to the reader of this name.
///
/// # Panics
///
/// There is no such reader, or it breaks its word.
pub fn read(name: &str, bytes: &[u8]) {
    let reader = READERS.iter().find(|(known, _)| *known == name);
    let (_, reader) = reader.unwrap_or_else(|| panic!("no reader is called {name}"));
    reader(bytes);
}
