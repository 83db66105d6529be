//! Colours that people with any kind of colour vision can tell apart.

/// Red, green, blue.
pub(crate) type Colour = [u8; 3];

pub(crate) const PAPER: Colour = [255, 255, 255];
pub(crate) const INK: Colour = [24, 24, 28];
pub(crate) const FAINT_INK: Colour = [92, 92, 100];
pub(crate) const RULE: Colour = [205, 205, 210];
pub(crate) const GRID: Colour = [228, 228, 232];

/// Drawn in place of a value that is not finite; neither a grey nor a colour of [`heat`].
pub(crate) const NOT_FINITE: Colour = [0, 206, 209];

/// Normal samples.
pub(crate) const NORMAL: Colour = [0, 114, 178];
/// Anomalous samples.
pub(crate) const ANOMALOUS: Colour = [213, 94, 0];

/// The shade behind frames labelled anomalous; of another hue than [`ANOMALOUS`], since a curve may have that colour.
pub(crate) const SHADE: Colour = [240, 190, 60];

/// The outline of labelled pixels; no colour of [`heat`], and lighter than most frames.
pub(crate) const OUTLINE: Colour = [57, 255, 120];

/// One colour a curve, the most distinct first (the palette of Okabe and Ito without its yellow, which white drowns).
pub(crate) const CURVES: [Colour; 7] = [
    [0, 114, 178],
    [213, 94, 0],
    [0, 158, 115],
    [204, 121, 167],
    [24, 24, 28],
    [230, 159, 0],
    [86, 180, 233],
];

/// Even steps through black, violet, red, orange, pale yellow; lightness grows all the way.
const HEAT: [Colour; 9] = [
    [0, 0, 4],
    [31, 12, 72],
    [85, 15, 109],
    [136, 34, 106],
    [186, 54, 85],
    [227, 89, 51],
    [249, 140, 10],
    [249, 201, 50],
    [252, 255, 164],
];

/// The heat colour of a value in [0, 1]; values beyond are clamped, values that are not finite are marked.
pub(crate) fn heat(value: f32) -> Colour {
    if !value.is_finite() {
        return NOT_FINITE;
    }
    let place = value.clamp(0.0, 1.0) * (HEAT.len() - 1) as f32;
    let below = (place as usize).min(HEAT.len() - 2);
    mix(HEAT[below], HEAT[below + 1], place - below as f32)
}

/// The grey (one channel) or colour (three) of values in [0, 1], clamped; a value that is not finite marks the pixel.
pub(crate) fn pixel(values: [f32; 3]) -> Colour {
    if values.iter().any(|value| !value.is_finite()) {
        return NOT_FINITE;
    }
    values.map(|value| (value.clamp(0.0, 1.0) * 255.0).round() as u8)
}

/// `share` of `over` laid over `under`; `share` in [0, 1].
pub(crate) fn mix(under: Colour, over: Colour, share: f32) -> Colour {
    std::array::from_fn(|channel| {
        let (under, over) = (f32::from(under[channel]), f32::from(over[channel]));
        (under + (over - under) * share).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lightness(colour: Colour) -> f32 {
        0.2126 * f32::from(colour[0])
            + 0.7152 * f32::from(colour[1])
            + 0.0722 * f32::from(colour[2])
    }

    #[test]
    fn heat_grows_lighter() {
        let ramp: Vec<f32> = (0..=64)
            .map(|step| lightness(heat(step as f32 / 64.0)))
            .collect();
        assert!(ramp.windows(2).all(|pair| pair[0] < pair[1]), "{ramp:?}");
    }

    #[test]
    fn heat_clamps_and_marks() {
        assert_eq!(heat(-1.0), HEAT[0]);
        assert_eq!(heat(7.0), HEAT[8]);
        assert_eq!(heat(f32::NAN), NOT_FINITE);
        assert_eq!(heat(f32::INFINITY), NOT_FINITE);
    }

    #[test]
    fn pixels_clamp_and_mark() {
        assert_eq!(pixel([-0.5, 0.5, 1.5]), [0, 128, 255]);
        assert_eq!(pixel([0.0, f32::NEG_INFINITY, 0.0]), NOT_FINITE);
    }
}
