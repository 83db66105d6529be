use super::five_to_nine::{EIGHT, FIVE, NINE, SEVEN, SIX};
use super::zero_to_four::{FOUR, ONE, THREE, TWO, ZERO};
use crate::drawn::digits::knot::Variant;

/// The ways of writing `class`, at least one; classes above 9 are written as 9.
pub(in crate::drawn::digits) fn variants(class: u8) -> &'static [Variant] {
    match class {
        0 => ZERO,
        1 => ONE,
        2 => TWO,
        3 => THREE,
        4 => FOUR,
        5 => FIVE,
        6 => SIX,
        7 => SEVEN,
        8 => EIGHT,
        _ => NINE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stroke_can_be_drawn() {
        for class in 0..10 {
            assert!(!variants(class).is_empty());
            for variant in variants(class) {
                assert!(variant.frequency > 0.0);
                assert!(!variant.strokes.is_empty());
                for stroke in variant.strokes {
                    assert!(stroke.len() >= 2, "class {class}: {stroke:?}");
                    for knot in *stroke {
                        assert!((-1.0..=12.0).contains(&knot.x), "class {class}: {knot:?}");
                        assert!((-1.0..=15.0).contains(&knot.y), "class {class}: {knot:?}");
                    }
                }
            }
        }
    }
}
