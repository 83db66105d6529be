//! Messages of the library in the words of the program: what a message says of the library's settings is said of options.

/// What messages say of settings, and what they say of the options that set the same.
const SETTINGS: [(&str, &str); 17] = [
    ("`with_header(Header::Absent)`", "`--no-header`"),
    ("`with_header(Header::FirstLine)`", "`--header`"),
    (
        "`with_repeated_names(RepeatedNames::Numbered)`",
        "`--lenient`",
    ),
    ("`with_delimiter(';')`", "`--delimiter ';'`"),
    ("`with_delimiter('\\t')`", "`--delimiter tab`"),
    ("`with_delimiter('|')`", "`--delimiter '|'`"),
    ("`with_delimiter(',')`", "`--delimiter ','`"),
    (
        "`with_encoding(TextEncoding::Utf16)`",
        "`--encoding utf-16`",
    ),
    ("`with_encoding`", "`--encoding`"),
    ("`with_decimal_comma(true)`", "`--decimal-comma`"),
    ("`with_quoted_line_breaks(true)`", "`--lenient`"),
    ("`with_carriage_returns(true)`", "`--lenient`"),
    (
        "`with_missing(true)` and `with_missing_texts` take",
        "`--lenient` and `--missing-text` take",
    ),
    ("`with_missing(true)`", "`--lenient`"),
    ("`with_infinite(true)`", "`--lenient`"),
    (
        "`with_missing(MissingNumber::Value(0.0))` needs none, nor does a column that is ignored",
        "`--ignore` leaves the column out",
    ),
    ("DamagePolicy::LeaveOut takes", "`--leave-out-damage` takes"),
];

/// What FFmpeg found wrong, for which there is an option; the message also stands where nothing is to be left out.
const DAMAGE: &str = "ffmpeg found errors in the file, expected none; after ";

/// Where FFmpeg gave up after frames that it could decode.
const STOPPED: &str = "ffmpeg failed (";

/// What a message tells the reader to set, as options of `train`.
pub(crate) fn in_options(message: &str) -> String {
    let mut text = message.to_string();
    for (setting, option) in SETTINGS {
        text = text.replace(setting, option);
    }
    let mut text = without_hints(&text);
    let stopped_on_the_way = text.contains(STOPPED) && !text.contains(" after 0 frames: ");
    if text.contains(DAMAGE) || stopped_on_the_way {
        text += "; `--leave-out-damage` leaves such frames out";
    }
    text
}

/// What is wrong with the values of a mask, for which there is an option of `eval`.
const SOFT_MASK: &str = "expected 0 and 1, or 0 and the highest that the file's values can be";

/// As [`without_hints`], with the option of `eval` that helps.
pub(crate) fn in_options_of_eval(message: &str) -> String {
    let mut text = without_hints(message);
    if text.contains(SOFT_MASK) {
        text += "; `--soft-masks` takes masks with soft edges, as of lossy formats";
    }
    text
}

/// The message without what it tells the reader to set, where nothing of it can be: a detector reads as it was trained to.
pub(crate) fn without_hints(message: &str) -> String {
    let is_hint = |part: &str| part.contains("`with_") || part.contains("DamagePolicy::");
    let mut parts = message.split("; ");
    let first = parts.next().unwrap_or_default().to_string();
    parts
        .filter(|part| !is_hint(part))
        .fold(first, |text, part| text + "; " + part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_become_options() {
        let message = "a.csv: line 1, column 1: found the number `3`, expected the name of a column; `with_header(Header::Absent)` \
             takes the first line as a row, `with_header(Header::FirstLine)` as names whatever they are";
        assert!(in_options(message).ends_with(
            "; `--no-header` takes the first line as a row, `--header` as names whatever they are"
        ));
        assert_eq!(
            without_hints(message),
            "a.csv: line 1, column 1: found the number `3`, expected the name of a column"
        );
        assert_eq!(
            in_options(
                "found `1,5`, expected a number; `with_decimal_comma(true)` takes decimal commas; and so on"
            ),
            "found `1,5`, expected a number; `--decimal-comma` takes decimal commas; and so on"
        );
        assert_eq!(
            in_options(
                "a.ts: ffmpeg found errors in the file, expected none; after 9 frames it said: concealing"
            ),
            "a.ts: ffmpeg found errors in the file, expected none; after 9 frames it said: concealing; `--leave-out-damage` leaves \
             such frames out"
        );
        let hint = |frames| {
            let text =
                format!("a.ts: ffmpeg failed (exit status: 1) after {frames} frames: corrupt");
            in_options(&text).contains("; `--leave-out-damage`")
        };
        assert!(hint(67) && !hint(0));
        assert!(
            in_options_of_eval(
                "m.png: found the values 0, 1, 9, expected 0 and 1, or 0 and the highest that the file's values can be"
            )
            .ends_with("can be; `--soft-masks` takes masks with soft edges, as of lossy formats")
        );
        // What no option sets is no help.
        assert_eq!(
            in_options("found x; `with_magic` helps; good"),
            "found x; good"
        );
    }
}
