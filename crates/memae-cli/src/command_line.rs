//! The command as it was given.

use memae::data::format::shown;

/// The command line, with quotes where a shell needs them.
pub(crate) fn command() -> String {
    let words = std::env::args_os().map(|word| {
        let word = shown(std::path::Path::new(&word));
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./=:,+@%".contains(letter);
        match !word.is_empty() && word.chars().all(plain) {
            true => word,
            false => format!("'{}'", word.replace('\'', r"'\''")),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}
