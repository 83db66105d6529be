//! Maps at another size.

/// A map, `[height, width]` flattened, at the size `to`: linear between its pixels where it grows, the mean over what a
/// pixel covers, weighted by how near it is, where it shrinks. At its own size it stays what it is. No value exceeds those
/// that it is made of.
///
/// # Panics
///
/// Panics if the map has not `height * width` values, or a side is 0.
///
/// ```
/// use memae_models::score::resized_map;
///
/// assert_eq!(resized_map(&[0.0, 4.0], (1, 2), (1, 4)), [0.0, 1.0, 3.0, 4.0]);
/// assert_eq!(resized_map(&[0.0, 1.0, 3.0, 4.0], (1, 4), (1, 1)), [2.0]);
/// ```
pub fn resized_map(
    map: &[f32],
    (height, width): (usize, usize),
    (to_height, to_width): (usize, usize),
) -> Vec<f32> {
    assert!(
        height.checked_mul(width) == Some(map.len()),
        "map: found {} values, expected {height}x{width}",
        map.len()
    );
    assert!(
        !map.is_empty() && to_height > 0 && to_width > 0,
        "map: found {height}x{width} to be brought to {to_height}x{to_width}, expected sides of at least 1"
    );
    let (rows, columns) = (shares(height, to_height), shares(width, to_width));
    let mut resized = Vec::with_capacity(to_height * to_width);
    let mut mixed = vec![0.0; width];
    for row in &rows {
        mixed.fill(0.0);
        for (y, weight) in (row.first..).zip(&row.weights) {
            for (mixed, &value) in mixed.iter_mut().zip(&map[y * width..]) {
                *mixed += weight * f64::from(value);
            }
        }
        resized.extend(columns.iter().map(|column| {
            let near = &mixed[column.first..];
            let parts = column.weights.iter().zip(near);
            parts.map(|(weight, value)| weight * value).sum::<f64>() as f32
        }));
    }
    // Weights sum to 1 but for their last bit.
    let (least, most) = map
        .iter()
        .fold((f32::MAX, f32::MIN), |(least, most), &value| {
            (least.min(value), most.max(value))
        });
    for value in &mut resized {
        if *value < least {
            *value = least;
        } else if *value > most {
            *value = most;
        }
    }
    resized
}

/// What a value is made of: those from the first on, by weights above 0 that sum to 1.
struct Shares {
    first: usize,
    weights: Vec<f64>,
}

fn shares(from: usize, to: usize) -> Vec<Shares> {
    let scale = from as f64 / to as f64;
    let reach = scale.max(1.0);
    let of = |index: usize| {
        // Where the middle of the pixel lies among the pixels it comes from.
        let middle = (index as f64 + 0.5) * scale - 0.5;
        let first = (middle - reach + 1e-9).ceil().max(0.0) as usize;
        let last = ((middle + reach - 1e-9).floor() as usize).min(from - 1);
        let weight = |at: usize| 1.0 - (at as f64 - middle).abs() / reach;
        let weights: Vec<f64> = (first..=last).map(weight).collect();
        let sum: f64 = weights.iter().sum();
        Shares {
            first,
            weights: weights.into_iter().map(|weight| weight / sum).collect(),
        }
    };
    (0..to).map(of).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn maps() -> impl Strategy<Value = (Vec<f32>, usize, usize)> {
        (1usize..8, 1usize..12).prop_flat_map(|(height, width)| {
            let values = proptest::collection::vec(0.0f32..9.0, height * width);
            (values, Just(height), Just(width))
        })
    }

    /// The definition, over the whole map for each pixel.
    fn naive(map: &[f32], from: (usize, usize), to: (usize, usize)) -> Vec<f64> {
        let weight = |index: usize, at: usize, from: usize, to: usize| {
            let scale = from as f64 / to as f64;
            let away = (at as f64 + 0.5 - (index as f64 + 0.5) * scale).abs();
            (1.0 - away / scale.max(1.0)).max(0.0)
        };
        let mut resized = Vec::new();
        for y in 0..to.0 {
            for x in 0..to.1 {
                let (mut sum, mut weights) = (0.0, 0.0);
                for row in 0..from.0 {
                    for column in 0..from.1 {
                        let weight = weight(y, row, from.0, to.0) * weight(x, column, from.1, to.1);
                        sum += weight * f64::from(map[row * from.1 + column]);
                        weights += weight;
                    }
                }
                resized.push(sum / weights);
            }
        }
        resized
    }

    proptest! {
        #[test]
        fn sizes_agree_with_the_definition((map, height, width) in maps(), to in (1usize..25, 1usize..29)) {
            let found = resized_map(&map, (height, width), to);
            prop_assert_eq!(found.len(), to.0 * to.1);
            let most = map.iter().copied().fold(0.0, f32::max);
            for (found, expected) in found.iter().zip(naive(&map, (height, width), to)) {
                prop_assert!((f64::from(*found) - expected).abs() < 1e-5, "{found} {expected}");
                prop_assert!(*found <= most);
            }
        }

        #[test]
        fn a_size_that_is_there_changes_nothing((map, height, width) in maps()) {
            prop_assert_eq!(resized_map(&map, (height, width), (height, width)), map);
        }
    }

    #[test]
    #[should_panic(expected = "expected sides of at least 1")]
    fn no_size_panics() {
        resized_map(&[0.0], (1, 1), (3, 0));
    }
}
