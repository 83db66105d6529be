use super::chroma::Chroma;
use super::error::Y4mError;
use crate::format::image_file::MAX_SIDE;

/// The most bytes of a frame in red, green and blue.
const MAX_BYTES: usize = 1 << 29;

pub(super) const MAGIC: &str = "YUV4MPEG2";

/// What the first line says.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Header {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Frames a second, as a fraction.
    pub(super) rate: Option<(u32, u32)>,
    pub(super) chroma: Chroma,
    /// Whether black is 0 and white 255, and not 16 and 235.
    pub(super) full_range: bool,
}

impl Header {
    /// Of the first line, without its end.
    pub(super) fn parse(line: &[u8]) -> Result<Self, Y4mError> {
        let line = String::from_utf8_lossy(line);
        let mut words = line.split(' ').filter(|word| !word.is_empty());
        if words.next() != Some(MAGIC) {
            return Err(Y4mError::Magic {
                found: line.chars().take(MAGIC.len()).collect(),
            });
        }
        let (mut width, mut height) = (None, None);
        let (mut rate, mut full_range) = (None, false);
        let mut chroma = Chroma::Every {
            columns: 2,
            rows: 2,
        };
        for word in words {
            let not_supported = || Y4mError::NotSupported {
                found: word.to_string(),
            };
            let mut letters = word.chars();
            let name = letters.next().unwrap_or_default();
            let value = letters.as_str();
            match name {
                'W' => width = Some(side(name, value)?),
                'H' => height = Some(side(name, value)?),
                'F' => rate = fraction(name, value)?,
                'C' => chroma = Chroma::parse(value).ok_or_else(not_supported)?,
                // Fields of one frame are shown as they are, as FFmpeg does; whose frames differ in that are not told apart.
                'I' if ["p", "t", "b", "?"].contains(&value) => {}
                'I' => return Err(not_supported()),
                'X' if value == "COLORRANGE=FULL" => full_range = true,
                'A' | 'X' => {}
                _ => return Err(not_supported()),
            }
        }
        let missing = |name| Y4mError::Parameter {
            name,
            found: String::new(),
            expected: "a number of pixels",
        };
        let width = width.ok_or_else(|| missing('W'))?;
        let height = height.ok_or_else(|| missing('H'))?;
        let sides = 1..=u64::from(MAX_SIDE);
        let bytes = width.saturating_mul(height).saturating_mul(3);
        if !sides.contains(&width) || !sides.contains(&height) || bytes > MAX_BYTES as u64 {
            return Err(Y4mError::FrameSize { height, width });
        }
        Ok(Self {
            width: width as usize,
            height: height as usize,
            rate,
            chroma,
            full_range,
        })
    }

    /// Bytes of a frame.
    pub(super) fn frame_bytes(&self) -> usize {
        self.chroma.frame_bytes(self.height, self.width)
    }
}

fn side(name: char, value: &str) -> Result<u64, Y4mError> {
    let digits = value.bytes().all(|byte| byte.is_ascii_digit());
    let side = value.parse().ok().filter(|_| digits);
    side.ok_or_else(|| Y4mError::Parameter {
        name,
        found: value.to_string(),
        expected: "a number of pixels",
    })
}

/// A fraction; none where a part of it is 0, which says that nothing is known.
fn fraction(name: char, value: &str) -> Result<Option<(u32, u32)>, Y4mError> {
    let parts = value.split_once(':');
    let parts = parts.and_then(|(above, below)| Some((above.parse().ok()?, below.parse().ok()?)));
    match parts {
        Some((0, _) | (_, 0)) => Ok(None),
        Some(parts) => Ok(Some(parts)),
        None => Err(Y4mError::Parameter {
            name,
            found: value.to_string(),
            expected: "a fraction, as 25:1",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Header, String> {
        Header::parse(line.as_bytes()).map_err(|error| error.to_string())
    }

    #[test]
    fn parameters_are_read_in_any_order() {
        let header = Header {
            width: 37,
            height: 20,
            rate: Some((30000, 1001)),
            chroma: Chroma::Every {
                columns: 2,
                rows: 1,
            },
            full_range: true,
        };
        let line = "YUV4MPEG2 W37 H20 F30000:1001 Ip A1:1 C422 XYSCSS=422 XCOLORRANGE=FULL";
        assert_eq!(parse(line), Ok(header.clone()));
        let line = "YUV4MPEG2  C422 XCOLORRANGE=FULL F30000:1001 H20 W37";
        assert_eq!(parse(line), Ok(header.clone()));
        assert_eq!(header.frame_bytes(), 20 * (37 + 2 * 19));
        let plain = parse("YUV4MPEG2 W3 H5 F0:0 A0:0 I? XCOLORRANGE=LIMITED").unwrap();
        assert_eq!((plain.rate, plain.full_range), (None, false));
        assert_eq!(plain.frame_bytes(), 15 + 2 * 2 * 3);
        let mono = parse("YUV4MPEG2 W3 H5 Cmono").unwrap();
        assert_eq!(mono.frame_bytes(), 15);
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (line, part) in [
            ("YUV4MPEG W3 H5", "found \"YUV4MPEG \", expected YUV4MPEG2"),
            ("YUV4MPEG2 H5", "parameter W: found \"\""),
            ("YUV4MPEG2 W5", "parameter H: found \"\""),
            ("YUV4MPEG2 W+3 H5", "parameter W: found \"+3\""),
            ("YUV4MPEG2 W3 H-5", "parameter H: found \"-5\""),
            ("YUV4MPEG2 W0 H5", "frames of 5x0"),
            ("YUV4MPEG2 W16385 H1", "frames of 1x16385"),
            ("YUV4MPEG2 W16000 H16000", "frames of 16000x16000"),
            (
                "YUV4MPEG2 W99999999999999999999 H1",
                "parameter W: found \"99999999999999999999\"",
            ),
            ("YUV4MPEG2 W3 H5 F25", "parameter F: found \"25\""),
            (
                "YUV4MPEG2 W3 H5 C420p10",
                "\"C420p10\", which is not supported",
            ),
            ("YUV4MPEG2 W3 H5 C444alpha", "not supported"),
            ("YUV4MPEG2 W3 H5 Im", "\"Im\", which is not supported"),
            ("YUV4MPEG2 W3 H5 Q9", "\"Q9\", which is not supported"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(part), "{line}: {error}");
        }
    }
}
