use std::path::Path;

/// A path as messages show it, in one line: what a name holds of line breaks and the like is escaped.
///
/// ```
/// use std::path::Path;
///
/// use memae_data::format::shown;
///
/// assert_eq!(shown(Path::new("größe/a b.png")), "größe/a b.png");
/// assert_eq!(shown(Path::new("two\nlines.png")), "two\\nlines.png");
/// ```
pub fn shown(path: impl AsRef<Path>) -> String {
    let text = path.as_ref().to_string_lossy();
    let mut shown = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter.is_control() {
            true => shown.extend(letter.escape_default()),
            false => shown.push(letter),
        }
    }
    shown
}
