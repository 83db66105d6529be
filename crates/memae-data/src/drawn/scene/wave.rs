//! A periodic wave without trigonometric functions, whose last digits differ between platforms.

/// About sin(2π `turns`): period 1, 0 at 0, 1 at a quarter, within 0.0011 of the sine.
pub(in crate::drawn) fn wave(turns: f64) -> f64 {
    let x = 1.0 - 2.0 * (turns - turns.floor());
    // A parabola through the zeros and the extremes, and a share of its square that bends it into the sine.
    let parabola = 4.0 * x * (1.0 - x.abs());
    parabola * (0.775 + 0.225 * parabola.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wave_is_close_to_the_sine() {
        for step in -4_000..4_000 {
            let turns = f64::from(step) / 1_000.0;
            let sine = (2.0 * std::f64::consts::PI * turns).sin();
            assert!((wave(turns) - sine).abs() < 0.0011, "{turns}");
        }
    }

    #[test]
    fn the_wave_returns_to_its_quarters_exactly() {
        for turns in [-2.0, 0.0, 5.0] {
            let quarters = [0.0, 0.25, 0.5, 0.75].map(|quarter| wave(turns + quarter));
            assert_eq!(quarters, [0.0, 1.0, 0.0, -1.0]);
        }
    }
}
