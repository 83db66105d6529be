//! Text in the embedded font: its width, and the pixels it covers.

use std::borrow::Cow;
use std::sync::LazyLock;

use ab_glyph::{Font, FontRef, PxScale, ScaleFont, point};
use epaint_default_fonts::UBUNTU_LIGHT;

/// `None` if the embedded font cannot be read; drawing text then fails.
static FONT: LazyLock<Option<FontRef<'static>>> =
    LazyLock::new(|| FontRef::try_from_slice(UBUNTU_LIGHT).ok());

/// How many pixels wide `text` is with lines `size` pixels high.
pub(crate) fn width(text: &str, size: u32) -> u32 {
    FONT.as_ref().map_or(0, |font| {
        let mut right = 0.0;
        place(font, &one_line(text), size, |_, _, end| right = end);
        right.ceil() as u32
    })
}

/// `text` on one line, cut with an ellipsis where it is wider than `widest`.
pub(crate) fn fit(text: &str, size: u32, widest: u32) -> Cow<'_, str> {
    let text = one_line(text);
    if width(&text, size) <= widest {
        return text;
    }
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let shortened = |end: usize| format!("{}…", text[..end].trim_end());
    let fitting = ends.partition_point(|&end| width(&shortened(end), size) <= widest);
    Cow::Owned(shortened(ends[fitting.saturating_sub(1)]))
}

/// Line breaks and other control characters become spaces.
fn one_line(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        Cow::Owned(text.replace(char::is_control, " "))
    } else {
        Cow::Borrowed(text)
    }
}

/// Calls `glyph` with each character, where it starts and where the next one may start.
fn place(font: &FontRef<'static>, text: &str, size: u32, mut glyph: impl FnMut(char, f32, f32)) {
    let font = font.as_scaled(PxScale::from(size as f32));
    let mut start = 0.0;
    let mut before = None;
    for character in text.chars() {
        let id = font.glyph_id(character);
        if let Some(before) = before {
            start += font.kern(before, id);
        }
        let end = start + font.h_advance(id);
        glyph(character, start, end);
        start = end;
        before = Some(id);
    }
}

/// How much of each pixel a line of text covers, in [0, 1], row by row.
///
/// The text starts [`Coverage::margin`] pixels from the left and from the top.
pub(crate) struct Coverage {
    pub(crate) width: u32,
    pub(crate) margin: u32,
    pub(crate) shares: Vec<f32>,
}

/// Draws one line of `text` with lines `size` pixels high; `None` if the embedded font cannot be read.
pub(crate) fn cover(text: &str, size: u32) -> Option<Coverage> {
    let font = FONT.as_ref()?;
    let text = one_line(text);
    let scale = PxScale::from(size as f32);
    // Room for accents and strokes that reach beyond the line.
    let margin = size / 2;
    let (width, height) = (width(&text, size) + 2 * margin, size + 2 * margin);
    let mut shares = vec![0.0f32; width as usize * height as usize];
    let base = margin as f32 + font.as_scaled(scale).ascent().round();
    place(font, &text, size, |character, start, _| {
        let position = point(margin as f32 + start, base);
        let glyph = font
            .glyph_id(character)
            .with_scale_and_position(scale, position);
        let Some(outline) = font.outline_glyph(glyph) else {
            return;
        };
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, share| {
            let (x, y) = (
                corner.x as i64 + i64::from(x),
                corner.y as i64 + i64::from(y),
            );
            if (0..i64::from(width)).contains(&x) && (0..i64::from(height)).contains(&y) {
                let place = &mut shares[y as usize * width as usize + x as usize];
                *place = (*place + share).min(1.0);
            }
        });
    });
    Some(Coverage {
        width,
        margin,
        shares,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(text: &str) -> f32 {
        cover(text, 16).unwrap().shares.iter().sum()
    }

    #[test]
    fn longer_text_is_wider() {
        assert_eq!(width("", 16), 0);
        assert!(width("memory", 16) < width("memory item", 16));
        assert!(width("memory", 16) < width("memory", 24));
    }

    #[test]
    fn ink_stays_within_the_measured_width() {
        let coverage = cover("memory", 16).unwrap();
        let text_width = width("memory", 16);
        for (at, &share) in coverage.shares.iter().enumerate() {
            let x = at as u32 % coverage.width;
            if share > 0.1 {
                assert!((coverage.margin..coverage.margin + text_width).contains(&x));
            }
        }
    }

    #[test]
    fn text_that_fits_is_untouched() {
        assert_eq!(fit("score 0.31", 14, 400), "score 0.31");
    }

    #[test]
    fn text_that_does_not_fit_is_cut_between_characters() {
        let cut = fit("größere Fehlerkarte ŵ über alle Einträge", 14, 90);
        assert!(cut.ends_with('…') && cut.starts_with("gr"), "{cut}");
        assert!(width(&cut, 14) <= 90);
        assert_eq!(fit("abc", 14, 0), "…");
    }

    #[test]
    fn line_breaks_become_spaces() {
        assert_eq!(fit("a\nb", 14, 400), "a b");
    }

    #[test]
    fn glyphs_of_the_formulas_are_in_the_font() {
        let missing = ink("\u{e123}");
        for text in ["ŵ", "λ", "α", "·", "–", "…", "≥"] {
            assert!(
                ink(text) > 0.0 && (ink(text) - missing).abs() > 1e-3,
                "{text}"
            );
        }
    }

    #[test]
    fn spaces_and_no_text_leave_no_ink() {
        assert_eq!(ink(""), 0.0);
        assert_eq!(ink("   "), 0.0);
    }
}
