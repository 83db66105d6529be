use std::path::Path;

/// A path as messages show it, in one line: what a name holds of line breaks and the like is escaped, and so are the marks that
/// turn the direction of writing, by which `exe.png` can be made to look like `gnp.exe`.
///
/// ```
/// use std::path::Path;
///
/// use memae_data::format::shown;
///
/// assert_eq!(shown(Path::new("größe/a b.png")), "größe/a b.png");
/// assert_eq!(shown(Path::new("two\nlines.png")), "two\\nlines.png");
/// assert_eq!(shown(Path::new("a\u{202e}gnp.exe")), "a\\u{202e}gnp.exe");
/// ```
pub fn shown(path: impl AsRef<Path>) -> String {
    let text = path.as_ref().to_string_lossy();
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter.is_control() || changes_lines(letter) {
            true => shown.extend(letter.escape_default()),
            false => shown.push(letter),
        }
    }
    shown
}

/// Whether a letter breaks a line or turns the direction of writing, which are no control characters by their category.
fn changes_lines(letter: char) -> bool {
    matches!(letter, '\u{2028}' | '\u{2029}' | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
