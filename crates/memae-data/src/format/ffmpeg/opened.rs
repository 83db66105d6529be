//! What the program says of a stream that it opened.

use super::error::FfmpegError;
use super::pixels::{deep_bits, has_alpha};

/// The first moving picture of a stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opened {
    /// Its place among what the stream has.
    index: u32,
    codec: String,
    /// FFmpeg's name of the pixel format; empty where it is not known.
    format: String,
    /// Whether the container has a name of its own for the codec.
    tagged: bool,
}

impl Opened {
    /// Of a line as `  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv), 64x48, …`; `None` where it
    /// says something else, or of a picture on the cover.
    pub(super) fn parse(line: &str) -> Option<Self> {
        let place = line.trim_start().strip_prefix("Stream #0:")?;
        let digits = place.find(|letter: char| !letter.is_ascii_digit())?;
        let index = place[..digits].parse().ok()?;
        let (_, said) = place[digits..].split_once(": Video: ")?;
        if said.contains("(attached pic)") {
            return None;
        }
        let mut parts = split_outside_brackets(said);
        let codec = parts.next()?;
        let word = |text: &str| -> String {
            let letters = text.chars();
            letters
                .take_while(|letter| letter.is_ascii_alphanumeric() || *letter == '_')
                .take(40)
                .collect()
        };
        Some(Self {
            index,
            codec: word(codec),
            format: word(parts.next().unwrap_or_default()),
            tagged: codec.contains(" / 0x"),
        })
    }

    /// Of two, the one that is decoded.
    pub(super) fn first(self, other: Option<Self>) -> Self {
        match other {
            Some(other) if other.index <= self.index => other,
            _ => self,
        }
    }

    /// Whether its pixels may be transparent.
    ///
    /// # Errors
    ///
    /// Eight bits are not enough for its pixels.
    pub(super) fn alpha(&self) -> Result<bool, FfmpegError> {
        if let Some(bits) = deep_bits(&self.format) {
            let format = self.format.clone();
            return Err(FfmpegError::Depth { bits, format });
        }
        // The fourth byte of a bitmap's pixel (BI_RGB) means nothing.
        let bitmap = self.codec == "rawvideo" && !self.tagged;
        Ok(has_alpha(&self.format) && !bitmap)
    }
}

/// Parts between commas, but for those in brackets.
fn split_outside_brackets(text: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let parts = text.split(move |letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        letter == ',' && depth == 0
    });
    parts.map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_the_program_are_understood() {
        let alpha = |line: &str| Opened::parse(line).unwrap().alpha();
        let line = "  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(progressive), 64x48 [SAR 1:1 DAR 4:3], 8 kb/s";
        assert_eq!(alpha(line), Ok(false));
        assert_eq!(
            alpha("    Stream #0:3: Video: gif, bgra, 64x48, 10 fps"),
            Ok(true)
        );
        assert_eq!(
            alpha("Stream #0:0: Video: rawvideo, bgra, 64x48"),
            Ok(false)
        );
        let line = "Stream #0:0: Video: rawvideo (BGRA / 0x41524742), bgra, 64x48";
        assert_eq!(alpha(line), Ok(true));
        let line = "Stream #0:0: Video: mjpeg (Baseline) (MJPG / 0x47504A4D), yuvj420p(pc, bt470bg/unknown/unknown), 64x48";
        assert_eq!(Opened::parse(line).unwrap().format, "yuvj420p");
        let error = alpha("Stream #0:1: Video: ffv1, gray16le(pc), 64x48").unwrap_err();
        assert!(error.to_string().contains("16 bits (gray16le)"), "{error}");
        assert_eq!(alpha("Stream #0:0: Video: h264, none"), Ok(false));
        assert_eq!(alpha("Stream #0:0: Video: h264"), Ok(false));
        for line in [
            "Stream #0:1: Audio: aac (LC), 44100 Hz",
            "Stream #0:2: Video: mjpeg, yuvj444p, 60x60 (attached pic)",
            "Stream #1:0: Video: h264, yuv420p",
            "    title           : Stream #0:0: Video: x, gray16le",
            "Stream #0:x",
            "",
        ] {
            assert_eq!(Opened::parse(line), None, "{line}");
        }
    }

    #[test]
    fn the_first_of_several_counts() {
        let of =
            |index| Opened::parse(&format!("Stream #0:{index}: Video: h264, yuv420p")).unwrap();
        assert_eq!(of(2).first(Some(of(1))), of(1));
        assert_eq!(of(1).first(Some(of(2))), of(1));
        assert_eq!(of(1).first(None), of(1));
    }
}
