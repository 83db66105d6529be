//! Round numbers along an axis, and how they are written.

/// A value marked on an axis, and what is written there; that may be empty.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: String,
}

/// The multiples of `step` from `low` to `high`.
pub(crate) fn linear(low: f64, high: f64, step: f64) -> Vec<Tick> {
    let first = (low / step - 1e-6).ceil();
    let last = (high / step + 1e-6).floor();
    let count = (last - first).clamp(-1.0, 99.0) as i32;
    let size = low.abs().max(high.abs());
    (0..=count)
        .map(|tick| (first + f64::from(tick)) * step)
        // A sum such as -1 + 1 may leave a negative zero.
        .map(|tick| tick + 0.0)
        .map(|value| Tick {
            value,
            label: linear_label(value, size, step),
        })
        .collect()
}

/// The number at a tick of an axis up to `size`, with as many decimals as ticks `step` apart need.
fn linear_label(tick: f64, size: f64, step: f64) -> String {
    if size >= 1e6 || step < 1e-5 {
        if tick == 0.0 {
            return "0".to_string();
        }
        let digits = (size.log10().floor() - step.log10().floor()).clamp(0.0, 6.0);
        return format!("{tick:.*e}", digits as usize);
    }
    let decimals = (-step.log10() - 1e-9).ceil().max(0.0) as usize;
    format!("{tick:.decimals$}")
}

/// 1, 2 and 5 times the powers of ten; where these are more than `count`, only powers of ten have a number.
///
/// Where they are fewer than three, the multiples of a step. `low` and `high` are logarithms.
pub(crate) fn logarithmic(low: f64, high: f64, count: usize) -> Vec<Tick> {
    let value = |factor: i32, exponent: i32| f64::from(factor) * 10f64.powi(exponent);
    let inside = |&(factor, exponent): &(i32, i32)| {
        let value = value(factor, exponent);
        value.is_normal() && (low..=high).contains(&value.log10())
    };
    let exponents = (low - 1.0).floor() as i32..=high.ceil() as i32;
    let places: Vec<(i32, i32)> = exponents
        .flat_map(|exponent| [1, 2, 5].map(|factor| (factor, exponent)))
        .filter(inside)
        .collect();
    if places.len() < 3 {
        let (low, high) = (10f64.powf(low), 10f64.powf(high));
        return linear(low, high, round_step((high - low) / count as f64));
    }
    let few = places.len() <= count;
    let powers = places.iter().filter(|(factor, _)| *factor == 1).count();
    // Powers from one number to the next.
    let step = powers.div_ceil(count) as i32;
    places
        .into_iter()
        .filter(|(factor, _)| few || step == 1 || *factor == 1)
        .map(|(factor, exponent)| Tick {
            value: value(factor, exponent),
            label: if few || (factor == 1 && exponent % step == 0) {
                logarithmic_label(factor, exponent)
            } else {
                String::new()
            },
        })
        .collect()
}

/// `factor` times the `exponent`-th power of ten.
fn logarithmic_label(factor: i32, exponent: i32) -> String {
    match exponent {
        -4..0 => format!("0.{factor:0>digits$}", digits = -exponent as usize),
        0..6 => format!("{factor}{}", "0".repeat(exponent as usize)),
        _ => format!("{factor}e{exponent}"),
    }
}

/// The multiple of 1, 2 or 5 times a power of ten that is at least `step`.
pub(crate) fn round_step(step: f64) -> f64 {
    let power = 10f64.powf(step.log10().floor());
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|factor| factor * power >= step * (1.0 - 1e-9))
        .unwrap_or(10.0);
    factor * power
}
