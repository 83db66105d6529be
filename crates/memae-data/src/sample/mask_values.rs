//! Which values of a mask mean what.

/// The most values that a message lists.
const MAX_LISTED: usize = 6;

/// Values that do not say which pixels are anomalous.
#[derive(Debug, PartialEq)]
pub(super) struct Unclear {
    /// The values.
    pub(super) found: String,
    pub(super) expected: &'static str,
}

/// Whether each value is anomalous: 0 is not, and one other value is, which is 1 or `full`.
///
/// Anything else comes from soft edges, from a format with loss, or from labels of several classes, and does not say
/// where an anomaly begins.
pub(super) fn anomalous(
    values: impl Iterator<Item = f64> + Clone,
    full: Option<f64>,
) -> Result<Vec<bool>, Unclear> {
    let (lowest, more) = lowest(values.clone());
    let only = |one: f64| lowest.iter().all(|&value| value == 0.0 || value == one);
    // Masks of 8 bits may lie in files of more.
    let ones = [Some(1.0), Some(255.0), full];
    if !more && ones.into_iter().flatten().any(only) {
        return Ok(values.map(|value| value != 0.0).collect());
    }
    let mut text: Vec<String> = lowest.iter().map(f64::to_string).collect();
    if more {
        text.push("…".to_string());
    }
    Err(Unclear {
        found: format!("the values {}", text.join(", ")),
        expected: "0 and 1, or 0 and the highest that the file's values can be",
    })
}

/// Whether each value lies above half of `full`: what white is in a format that keeps values only nearly.
pub(super) fn above_the_middle(
    values: impl Iterator<Item = f64> + Clone,
    full: f64,
) -> Result<Vec<bool>, Unclear> {
    let highest = values.clone().fold(0.0, f64::max);
    // Either noise around black, or a mask of 0 and 1, whose ones would be lost.
    if highest > 0.0 && highest * 2.0 <= full {
        return Err(Unclear {
            found: format!("values from 0 to {highest}"),
            expected: "black everywhere, or white where the anomaly is",
        });
    }
    Ok(values.map(|value| value * 2.0 > full).collect())
}

/// The lowest of the values that occur, in ascending order, and whether there are more.
fn lowest(values: impl Iterator<Item = f64>) -> (Vec<f64>, bool) {
    let (mut lowest, mut more, mut last): (Vec<f64>, _, _) = (Vec::new(), false, None);
    for value in values {
        if last == Some(value) {
            continue;
        }
        last = Some(value);
        if let Err(at) = lowest.binary_search_by(|known| known.total_cmp(&value)) {
            lowest.insert(at, value);
            if lowest.len() > MAX_LISTED {
                lowest.pop();
                more = true;
            }
        }
    }
    (lowest, more)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Result<Vec<bool>, Unclear> {
        anomalous(values.iter().copied(), Some(65_535.0))
    }

    #[test]
    fn a_mask_has_two_values() {
        assert_eq!(of(&[0.0, 1.0]), Ok(vec![false, true]));
        assert_eq!(of(&[255.0, 0.0, 255.0]), Ok(vec![true, false, true]));
        assert_eq!(of(&[0.0, 65_535.0]), Ok(vec![false, true]));
        assert_eq!(of(&[0.0, -0.0]), Ok(vec![false, false]));
        assert_eq!(of(&[255.0]), Ok(vec![true]));
        let found = |values: &[f64]| of(values).unwrap_err().found;
        assert_eq!(found(&[0.0, 1.0, 255.0]), "the values 0, 1, 255");
        assert_eq!(found(&[0.0, f64::NAN, f64::NAN]), "the values 0, NaN");
        assert_eq!(found(&[0.0, 128.0]), "the values 0, 128");
        let soft: Vec<f64> = (0..200).rev().map(f64::from).collect();
        assert_eq!(found(&soft), "the values 0, 1, 2, 3, 4, 5, …");
    }

    #[test]
    fn values_that_are_nearly_right_are_parted_in_the_middle() {
        let of = |values: &[f64]| above_the_middle(values.iter().copied(), 255.0);
        assert_eq!(
            of(&[0.0, 3.0, 127.0, 128.0, 250.0]),
            Ok(vec![false, false, false, true, true])
        );
        assert_eq!(of(&[0.0, 0.0]), Ok(vec![false, false]));
        for dark in [1.0, 127.0] {
            let error = of(&[0.0, dark]).unwrap_err();
            assert_eq!(error.found, format!("values from 0 to {dark}"));
        }
    }
}
