//! Text as it stands in messages: in one line, and not long.

/// Text of a file as it may stand in a message: one line, and not a long one.
pub(crate) fn shortened(text: &str) -> String {
    let line: String = text.chars().flat_map(char::escape_default).collect();
    match line.char_indices().nth(120) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Names as they may stand in a message: the first dozen, and how many there are.
pub(crate) fn listed<S: AsRef<str>>(names: &[S]) -> String {
    const SHOWN: usize = 12;
    let shown = names.iter().take(SHOWN);
    let shown: Vec<String> = shown
        .map(|name| format!("`{}`", shortened(name.as_ref())))
        .collect();
    match names.len() {
        count if count > SHOWN => format!("{}, … ({count} in all)", shown.join(", ")),
        _ => shown.join(", "),
    }
}

/// A number of columns as it is written in messages.
pub(crate) fn counted_columns(count: usize) -> String {
    match count {
        1 => "1 column".to_string(),
        _ => format!("{count} columns"),
    }
}
