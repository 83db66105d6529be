//! What a program says while it works.

use std::io::{self, Read};

/// The last bytes of what a program says that are kept.
const TAIL: usize = 1 << 12;

/// The last line that is not empty, as it may stand in a message.
pub(super) fn last_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty());
    let line = line.unwrap_or("it said nothing");
    line.chars()
        .flat_map(char::escape_debug)
        .take(300)
        .collect()
}

/// Reads to the end and keeps the last bytes.
pub(super) fn tail(mut reader: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; TAIL];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                kept.extend_from_slice(&buffer[..count]);
                kept.drain(..kept.len().saturating_sub(TAIL));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_what_was_said_is_kept() {
        let text: Vec<u8> = (0..100_000u32)
            .flat_map(|n| n.to_string().into_bytes())
            .collect();
        assert_eq!(tail(&text[..]), text[text.len() - TAIL..]);
        assert_eq!(last_line(b"one\ntwo \x07\n\n"), "two \\u{7}");
        assert_eq!(last_line(b"\n"), "it said nothing");
    }
}
