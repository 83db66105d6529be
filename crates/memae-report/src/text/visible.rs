use std::fmt;

/// Characters of one text that the page shows at most.
const LONGEST: usize = 2000;

/// Text from outside as the page shows it: in one line, with nothing in it that cannot be seen or that turns other
/// text around.
///
/// Templates get text from outside in this type alone, and escape it for HTML as they write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text(String);

impl Text {
    pub(crate) fn new(text: impl AsRef<str>) -> Self {
        let text = text.as_ref();
        let (kept, more) = match text.char_indices().nth(LONGEST) {
            Some((end, _)) => (&text[..end], text[end..].chars().count()),
            None => (text, 0),
        };
        let mut shown = String::with_capacity(kept.len());
        for character in kept.chars() {
            match character {
                '\0'..=' ' if character != ' ' => shown.extend(character.escape_default()),
                _ if hidden(character) => shown.extend(character.escape_unicode()),
                _ => shown.push(character),
            }
        }
        if more > 0 {
            shown.push_str(&format!("… ({more} more characters)"));
        }
        Self(shown)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether a character is invisible, or has an effect on its neighbours instead of a shape. Joiners are neither: words of
/// many languages need them.
fn hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_seen_is_written_out() {
        let shown = |text: &str| Text::new(text).to_string();
        assert_eq!(shown("a\nb\tc\r\0"), r"a\nb\tc\r\u{0}");
        assert_eq!(shown("photo\u{202e}gpj.exe"), r"photo\u{202e}gpj.exe");
        assert_eq!(
            shown("\u{2066}x\u{2069}\u{feff}"),
            r"\u{2066}x\u{2069}\u{feff}"
        );
        assert_eq!(shown("\u{85}\u{2028}"), r"\u{85}\u{2028}");
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in [
            "Fähre 7.png",
            r"C:\temp\new",
            "<b>&\"'",
            "می\u{200c}خواهم",
            "图片 👩\u{200d}🔧",
        ] {
            assert_eq!(Text::new(text).to_string(), text);
        }
    }

    #[test]
    fn what_goes_on_for_ever_is_cut() {
        let text = "ü".repeat(LONGEST + 7);
        let shown = Text::new(&text).to_string();
        assert!(shown.ends_with("ü… (7 more characters)"), "{shown}");
        assert_eq!(
            Text::new("ü".repeat(LONGEST)).to_string().chars().count(),
            LONGEST
        );
    }

    proptest! {
        #[test]
        fn no_control_character_is_left(text in any::<String>()) {
            let shown = Text::new(&text).to_string();
            prop_assert!(shown.chars().all(|character| !hidden(character)), "{shown:?}");
        }
    }
}
