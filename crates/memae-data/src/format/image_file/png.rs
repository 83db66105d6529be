//! The parts of a PNG file, its *chunks* (W3C, "Portable Network Graphics", section 5), where the decoder does not look at them well
//! enough.

use super::error::ImageFileError;

/// Bytes of a colour in a palette.
const COLOUR: usize = 3;

/// A name with what stands under it.
type Chunk<'a> = (&'a [u8; 4], &'a [u8]);

/// The EXIF data, which may come after the pixels.
pub(super) fn exif(bytes: &[u8]) -> Option<&[u8]> {
    let mut chunks = chunks(bytes);
    chunks.find_map(|(name, content)| (name == b"eXIf").then_some(content))
}

/// Refuses a palette that ends within a colour, at which the decoder of png 0.18 panics.
pub(super) fn check_palette(bytes: &[u8]) -> Result<(), ImageFileError> {
    let mut palettes = chunks(bytes).filter(|(name, _)| *name == b"PLTE");
    match palettes.find(|(_, content)| content.len() % COLOUR != 0) {
        Some((_, content)) => Err(ImageFileError::Damaged {
            reason: format!(
                "a palette of {} bytes, which are no whole number of colours",
                content.len()
            ),
        }),
        None => Ok(()),
    }
}

/// The chunks up to the last that is whole.
fn chunks(bytes: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    let mut rest = bytes.get(8..).unwrap_or_default();
    std::iter::from_fn(move || {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let name = rest.get(4..)?.first_chunk()?;
        let content = rest.get(8..)?.get(..length)?;
        // A checksum follows.
        rest = rest.get(8 + length + 4..).unwrap_or_default();
        Some((name, content))
    })
    .take_while(|(name, _)| *name != b"IEND")
}

#[cfg(test)]
mod tests {
    use super::super::decode_image;

    /// A picture of one pixel, and a palette of so many bytes.
    fn with_palette(bytes: usize) -> Vec<u8> {
        let chunk = |name: &[u8; 4], content: &[u8]| {
            let mut crc = flate2::Crc::new();
            crc.update(name);
            crc.update(content);
            let length = (content.len() as u32).to_be_bytes();
            [&length[..], name, content, &crc.sum().to_be_bytes()].concat()
        };
        // Two bytes of the row, its filter and the place in the palette, stored as they are.
        let pixels = b"\x78\x01\x01\x02\x00\xfd\xff\x00\x00\x00\x02\x00\x01";
        [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", &[0, 0, 0, 1, 0, 0, 0, 1, 8, 3, 0, 0, 0]),
            chunk(b"PLTE", &vec![70; bytes]),
            chunk(b"tRNS", &[9]),
            chunk(b"IDAT", pixels),
            chunk(b"IEND", &[]),
        ]
        .concat()
    }

    #[test]
    fn palettes_of_whole_colours_are_read() {
        for bytes in [3, 6, 768] {
            let image = decode_image(&with_palette(bytes)).expect("whole").image;
            assert_eq!(image.to_rgba8().into_raw(), [70, 70, 70, 9]);
        }
    }

    #[test]
    fn palettes_that_end_within_a_colour_are_refused() {
        for bytes in [4, 5, 7, 679, 767] {
            assert_eq!(
                decode_image(&with_palette(bytes)).unwrap_err().to_string(),
                format!(
                    "found a damaged or cut off image (a palette of {bytes} bytes, which are no whole number of colours), \
                     expected a whole one"
                )
            );
        }
    }
}
