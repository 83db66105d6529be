//! Numbers as people read them; none that is not finite is ever written as one.

/// Digits of a number that count.
const DIGITS: i32 = 4;

/// A number with four significant digits; a dash and a word for what is not finite.
pub(crate) fn number(value: f64) -> String {
    if value.is_nan() {
        return "– (not a number)".to_string();
    }
    if value.is_infinite() {
        let sign = if value < 0.0 { "minus " } else { "" };
        return format!("– ({sign}infinite)");
    }
    if value == 0.0 {
        return "0".to_string();
    }
    // Rounding comes first: 0.99999 is 1.000, with three decimals and not four.
    let rounded = format!("{value:.*e}", (DIGITS - 1) as usize);
    let exponent: i32 = rounded
        .split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0);
    match exponent {
        -4..6 => format!("{value:.*}", (DIGITS - 1 - exponent).max(0) as usize).replace('-', "−"),
        _ => rounded.replace('-', "−"),
    }
}

/// A p-value, with two significant digits.
pub(crate) fn p_value(value: f64) -> String {
    match value {
        1e-4..0.1 => format!("{value:.*}", (1.0 - value.log10().floor()) as usize),
        0.1..=1.0 => format!("{value:.2}"),
        _ => number(value),
    }
}

/// A share in [0, 1] in per cent. None that is less than all is written as all, and none above 0 as 0.
pub(crate) fn percent(share: f64) -> String {
    if !share.is_finite() {
        return number(share);
    }
    let shown = match 100.0 * share {
        0.0 => "0".to_string(),
        100.0 => "100".to_string(),
        percent if percent > 99.99 && percent < 100.0 => "over 99.99".to_string(),
        percent if percent > 0.0 && percent < 0.01 => "under 0.01".to_string(),
        percent if (9.95..99.9).contains(&percent) => format!("{percent:.1}"),
        percent => format!("{percent:.2}"),
    };
    format!("{}\u{a0}%", shown.replace('-', "−"))
}

/// A rate that someone chose, in per cent, without zeros at its end.
pub(crate) fn chosen_rate(rate: f64) -> String {
    let percent = percent(rate);
    match percent.split_once('\u{a0}') {
        Some((shown, _)) if shown.contains('.') && rate.is_finite() => {
            format!(
                "{}\u{a0}%",
                shown.trim_end_matches('0').trim_end_matches('.')
            )
        }
        _ => percent,
    }
}

/// A count with its thousands apart: `12,345`.
pub(crate) fn counted(count: usize) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_have_four_digits() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1.000"),
            (0.042_134, "0.04213"),
            (0.999_99, "1.000"),
            (-12.345_6, "−12.35"),
            (123_456.7, "123457"),
            (1e-4, "0.0001000"),
            (9.9999e-5, "0.0001000"),
            (1.5e-7, "1.500e−7"),
            (-2e12, "−2.000e12"),
            (f64::MAX, "1.798e308"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn what_is_not_finite_is_a_dash_with_a_word() {
        assert_eq!(number(f64::NAN), "– (not a number)");
        assert_eq!(number(f64::INFINITY), "– (infinite)");
        assert_eq!(number(f64::NEG_INFINITY), "– (minus infinite)");
        assert_eq!(percent(f64::NAN), "– (not a number)");
    }

    #[test]
    fn shares_are_short() {
        for (share, text) in [
            (0.0, "0\u{a0}%"),
            (1.0, "100\u{a0}%"),
            (0.999_999, "over 99.99\u{a0}%"),
            (0.9997, "99.97\u{a0}%"),
            (0.998, "99.8\u{a0}%"),
            (0.62, "62.0\u{a0}%"),
            (0.039_47, "3.95\u{a0}%"),
            (0.01, "1.00\u{a0}%"),
            (1e-9, "under 0.01\u{a0}%"),
            (-0.1, "−10.00\u{a0}%"),
        ] {
            assert_eq!(percent(share), text);
        }
    }

    #[test]
    fn chosen_rates_have_no_zeros_at_the_end() {
        for (rate, text) in [
            (0.01, "1\u{a0}%"),
            (0.1, "10\u{a0}%"),
            (0.005, "0.5\u{a0}%"),
            (1.0, "100\u{a0}%"),
            (0.0, "0\u{a0}%"),
        ] {
            assert_eq!(chosen_rate(rate), text);
        }
        assert_eq!(chosen_rate(f64::NAN), "– (not a number)");
    }

    #[test]
    fn p_values_have_two_digits() {
        for (value, text) in [
            (0.01, "0.010"),
            (0.0123, "0.012"),
            (0.5, "0.50"),
            (1.0, "1.00"),
            (0.0, "0"),
        ] {
            assert_eq!(p_value(value), text);
        }
        assert_eq!(p_value(f64::NAN), "– (not a number)");
        assert_eq!(p_value(1e-7), "1.000e−7");
    }

    #[test]
    fn thousands_stand_apart() {
        for (count, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (2_000_000, "2,000,000"),
        ] {
            assert_eq!(counted(count), text);
        }
    }

    proptest! {
        #[test]
        fn a_number_is_read_back_to_its_digits(value in prop::num::f64::NORMAL) {
            let text = number(value).replace('−', "-");
            let back: f64 = text.parse().unwrap();
            prop_assert!(back.is_infinite() || (back / value - 1.0).abs() < 6e-4, "{value} {text}");
        }
    }
}
