//! Distances of places laid out over the pixels of a frame.

use memae_data::encode::MotionLayout;

/// For each pixel of a frame, `[height, width]` flattened, the mean of the distances of the places that look at it.
///
/// `distances` are those of all places, `[rows, columns]` flattened, as in [`MotionScore`](super::MotionScore) or from elsewhere.
///
/// # Panics
///
/// Panics unless there is one distance for each place.
///
/// ```
/// use memae_data::encode::MotionConfig;
/// use memae_models::detect::motion_map;
///
/// let layout = MotionConfig::default().layout(48, 72, 10.0)?;
/// let mut distances = vec![0.0; layout.rows() * layout.columns()];
/// distances[0] = 1.0;
/// let map = motion_map(&distances, &layout);
/// assert_eq!(map.len(), 48 * 72);
/// assert_eq!((map[0], map[48 * 72 - 1]), (1.0, 0.0));
/// # Ok::<(), memae_data::encode::MotionError>(())
/// ```
pub fn motion_map(distances: &[f32], layout: &MotionLayout) -> Vec<f32> {
    let (rows, columns) = (layout.rows(), layout.columns());
    assert!(
        distances.len() == rows * columns,
        "distances of {} places, expected {rows}x{columns}",
        distances.len()
    );
    let last = layout.rectangle(rows - 1, columns - 1);
    let (height, width) = (last.top + last.height, last.left + last.width);
    // Differences at the corners of places, of which running sums are the sums over the places at each pixel.
    let side = width + 1;
    let mut sums = vec![[0.0_f64; 2]; (height + 1) * side];
    for (place, distance) in distances.iter().enumerate() {
        let at = layout.rectangle(place / columns, place % columns);
        let (bottom, right) = (at.top + at.height, at.left + at.width);
        for (row, column, sign) in [
            (at.top, at.left, 1.0),
            (at.top, right, -1.0),
            (bottom, at.left, -1.0),
            (bottom, right, 1.0),
        ] {
            let [sum, count] = &mut sums[row * side + column];
            *sum += sign * f64::from(*distance);
            *count += sign;
        }
    }
    for row in 0..height {
        for column in 0..width {
            let at = row * side + column;
            let of = |place: usize| sums[place];
            let left = if column > 0 { of(at - 1) } else { [0.0; 2] };
            let above = if row > 0 { of(at - side) } else { [0.0; 2] };
            let corner = match row > 0 && column > 0 {
                true => of(at - side - 1),
                false => [0.0; 2],
            };
            for part in 0..2 {
                sums[at][part] += left[part] + above[part] - corner[part];
            }
        }
    }
    let pixels = (0..height).flat_map(|row| (0..width).map(move |column| row * side + column));
    pixels
        .map(|at| {
            let [sum, count] = sums[at];
            // Rounding can take a sum of nothing a hair below 0.
            (sum.max(0.0) / count.max(1.0)) as f32
        })
        .collect()
}
