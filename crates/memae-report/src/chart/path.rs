//! Lines through a plot, in a box of 1000 x 1000 that is stretched to it.

/// The side of the box.
const SIDE: f64 = 1000.0;

/// An SVG path through points given as shares from the left and from the bottom, in order; nothing for fewer than two.
/// Points that fall onto the one before, or that lie on a level or upright line between their neighbours, are left out.
pub(crate) fn path(points: impl IntoIterator<Item = (f64, f64)>) -> String {
    let mut kept: Vec<(i32, i32)> = Vec::new();
    for (x, y) in points {
        // Tenths of a unit are finer than any screen.
        let point = (
            (x * SIDE * 10.0).round() as i32,
            ((1.0 - y) * SIDE * 10.0).round() as i32,
        );
        if let [.., before, last] = kept[..] {
            let level = before.1 == last.1 && last.1 == point.1;
            let upright = before.0 == last.0 && last.0 == point.0;
            let onward = (last.0 - before.0).signum() == (point.0 - last.0).signum()
                && (last.1 - before.1).signum() == (point.1 - last.1).signum();
            if (level || upright) && onward {
                kept.pop();
            }
        }
        if kept.last() != Some(&point) {
            kept.push(point);
        }
    }
    if kept.len() < 2 {
        return String::new();
    }
    let mut path = String::with_capacity(kept.len() * 12);
    for (x, y) in kept {
        path.push(if path.is_empty() { 'M' } else { 'L' });
        for (tenths, after) in [(x, " "), (y, "")] {
            path.push_str(&(tenths / 10).to_string());
            if tenths % 10 != 0 {
                path.push_str(&format!(".{}", tenths % 10));
            }
            path.push_str(after);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_written_from_the_top_left() {
        assert_eq!(
            path([(0.0, 0.0), (0.25, 0.5), (1.0, 1.0)]),
            "M0 1000L250 500L1000 0"
        );
        assert_eq!(path([(0.0001, 0.9), (0.5, 0.12345)]), "M0.1 100L500 876.6");
    }

    #[test]
    fn points_that_no_one_could_see_are_left_out() {
        let stairs = [
            (0.0, 0.0),
            (0.0, 0.3),
            (0.0, 0.6),
            (0.2, 0.6),
            (0.200_001, 0.6),
            (1.0, 0.6),
        ];
        assert_eq!(path(stairs), "M0 1000L0 400L1000 400");
        let there_and_back = [(0.0, 0.0), (0.0, 0.6), (0.0, 0.2)];
        assert_eq!(path(there_and_back), "M0 1000L0 400L0 800");
    }

    #[test]
    fn fewer_than_two_points_are_no_line() {
        assert_eq!(path([]), "");
        assert_eq!(path([(0.5, 0.5), (0.5, 0.5)]), "");
    }

    #[test]
    fn a_hundred_thousand_points_make_a_short_path() {
        let curve = (0..=100_000).map(|at| f64::from(at) / 100_000.0);
        let length = path(curve.map(|x| (x, x * x))).len();
        assert!(length < 200_000, "{length}");
    }
}
