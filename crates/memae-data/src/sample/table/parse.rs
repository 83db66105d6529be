//! Text of a field as a number.

use super::config::TableConfig;
use super::numbers::Number;
use crate::short_text::shortened;

pub(super) const NOT_UTF8: &str = "bytes that are not UTF-8";
pub(super) const OTHER_ENCODINGS: &str = "; `with_encoding` takes other encodings";

const THOUSANDS: &str = "; separators between thousands are not read";
const DECIMALS_OR_THOUSANDS: &str =
    "; `with_decimal_comma(true)` takes a decimal comma; separators between thousands are not read";

/// What is wrong with a field.
pub(super) struct Misfit {
    pub(super) found: String,
    pub(super) expected: &'static str,
    /// The setting that would take it, after a semicolon.
    pub(super) hint: &'static str,
}

impl Misfit {
    pub(super) fn new(found: impl Into<String>, expected: &'static str) -> Self {
        Self {
            found: found.into(),
            expected,
            hint: "",
        }
    }

    pub(super) fn with_hint(mut self, hint: &'static str) -> Self {
        self.hint = hint;
        self
    }
}

/// What the settings say of numbers.
pub(super) struct NumberRules {
    missing: Option<Vec<String>>,
    infinite: bool,
    decimal_comma: bool,
}

/// How old programs of Microsoft write infinity.
const INFINITE_TEXTS: [(&str, f64); 2] =
    [("1.#INF", f64::INFINITY), ("-1.#INF", f64::NEG_INFINITY)];

impl NumberRules {
    pub(super) fn new(config: &TableConfig) -> Self {
        Self {
            missing: config.missing.then(|| config.missing_texts.clone()),
            infinite: config.infinite,
            decimal_comma: config.decimal_comma,
        }
    }

    /// The number of a field without white space around it.
    pub(super) fn number(&self, field: &[u8]) -> Result<Number, Misfit> {
        let is_own = |texts: &Vec<String>| texts.iter().any(|text| text.as_bytes() == field);
        if self.missing.as_ref().is_some_and(is_own) {
            return Ok(Number::Missing);
        }
        if field.is_empty() {
            return self.missing("an empty field".to_string());
        }
        let text = std::str::from_utf8(field)
            .map_err(|_| Misfit::new(NOT_UTF8, "a number").with_hint(OTHER_ENCODINGS))?;
        let quoted = || format!("`{}`", shortened(text));
        if is_missing(text) {
            return self.missing(quoted());
        }
        let Some(value) = self.parse(text) else {
            return Err(self.misfit(text, quoted()));
        };
        match Number::from_f64(value) {
            Number::Missing => self.missing(quoted()),
            Number::PlusInfinity | Number::MinusInfinity if !self.infinite => Err(Misfit::new(
                quoted(),
                "a finite number, at most 3.4e38 in size",
            )
            .with_hint("; `with_infinite(true)` takes infinite ones")),
            number => Ok(number),
        }
    }

    fn missing(&self, found: String) -> Result<Number, Misfit> {
        match self.missing {
            Some(_) => Ok(Number::Missing),
            None => Err(Misfit::new(found, "a number")
                .with_hint("; `with_missing(true)` takes missing ones")),
        }
    }

    fn parse(&self, text: &str) -> Option<f64> {
        if let Some((_, value)) = INFINITE_TEXTS.iter().find(|(own, _)| *own == text) {
            return Some(*value);
        }
        match self.decimal_comma {
            false => text.parse().ok(),
            true if text.contains('.') => None,
            true => text.replacen(',', ".", 1).parse().ok(),
        }
    }

    /// What is wrong with a text that is no number.
    fn misfit(&self, text: &str, found: String) -> Misfit {
        let comma = || text.replacen(',', ".", 1).parse::<f64>().is_ok();
        match self.decimal_comma {
            false if in_thousands(text) => Misfit::new(found, "a number").with_hint(
                match comma() {
                    true => DECIMALS_OR_THOUSANDS,
                    false => THOUSANDS,
                },
            ),
            true if in_thousands(text) => Misfit::new(found, "a number").with_hint(THOUSANDS),
            true if text.contains('.') => {
                Misfit::new(found, "a number with a decimal comma and without points")
            }
            false if !text.contains('.') && comma() => Misfit::new(found, "a number")
                .with_hint("; `with_decimal_comma(true)` takes decimal commas"),
            _ if !text.contains(char::is_alphanumeric) => Misfit::new(found, "a number").with_hint(
                "; `with_missing(true)` and `with_missing_texts` take what stands for a missing one",
            ),
            _ => Misfit::new(found, "a number"),
        }
    }
}

/// Whether the digits before a point stand in groups of three with commas between them.
fn in_thousands(text: &str) -> bool {
    let whole = text.trim_start_matches(['+', '-']).split('.').next();
    let groups: Vec<&str> = whole.unwrap_or_default().split(',').collect();
    let are_digits = |group: &&str| group.bytes().all(|byte| byte.is_ascii_digit());
    let [first, rest @ ..] = &groups[..] else {
        return false;
    };
    groups.iter().all(are_digits)
        && (1..=3).contains(&first.len())
        && !rest.is_empty()
        && rest.iter().all(|group| group.len() == 3)
}

fn is_missing(text: &str) -> bool {
    let mut texts = TableConfig::MISSING_TEXTS.iter();
    texts.any(|own| own.eq_ignore_ascii_case(text))
}
