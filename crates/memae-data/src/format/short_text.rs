/// Text of a file as it may stand in a message: one line, and not a long one.
pub(crate) fn shortened(text: &str) -> String {
    let line: String = text.chars().flat_map(char::escape_default).collect();
    match line.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}
