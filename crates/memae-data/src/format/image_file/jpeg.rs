//! What the decoder of JPEG does not tell.

/// Whether a JPEG has a scan of pixels and goes on to its end marker. What is missing within a scan is not noticed.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    const END: u8 = 0xd9;
    const SCAN: u8 = 0xda;
    let mut rest = &bytes[2..];
    let mut has_pixels = false;
    loop {
        // Segments begin with 0xff, which may be repeated, and a marker.
        let Some(start) = rest.iter().position(|&byte| byte == 0xff) else {
            return false;
        };
        let Some(fill) = rest[start..].iter().position(|&byte| byte != 0xff) else {
            return false;
        };
        let marker = rest[start + fill];
        rest = &rest[start + fill + 1..];
        match marker {
            END => return has_pixels,
            // Markers without content: stuffing within a scan, restarts, a second start.
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => {
                let &[high, low, ..] = rest else {
                    return false;
                };
                let length = usize::from(high) << 8 | usize::from(low);
                // Thumbnails in a segment have end markers of their own, so that segments are stepped over. After a
                // scan's header its data follow, in which only true markers are found.
                let Some(after) = rest.get(length.max(2)..) else {
                    return false;
                };
                has_pixels |= marker == SCAN && !after.starts_with(&[0xff, END]);
                rest = after;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use image::{ImageFormat, RgbImage};

    use super::*;

    #[test]
    fn files_are_whole_where_their_end_marker_is() {
        let pixel = |x: u32, y: u32| image::Rgb([(x * 37) as u8, (x * y) as u8, (x ^ y) as u8]);
        let mut bytes = Cursor::new(Vec::new());
        RgbImage::from_fn(23, 17, pixel)
            .write_to(&mut bytes, ImageFormat::Jpeg)
            .unwrap();
        let whole = bytes.into_inner();
        assert!(is_whole(&whole));
        assert!(
            is_whole(&[&whole[..], &[0; 100]].concat()),
            "padding after it"
        );
        for end in 2..whole.len() {
            assert!(!is_whole(&whole[..end]), "{end} of {} bytes", whole.len());
        }
        // A thumbnail in a segment of the camera's, cut off after it.
        let thumbnail = [&[0xff, 0xd8, 0xff, 0xe1, 0, 8][..], b"Exif", &[0xff, 0xd9]].concat();
        assert!(!is_whole(&thumbnail));
        let scan = [0xff, 0xda, 0, 2, 17, 0xff, 0xd9];
        assert!(is_whole(&[&thumbnail[..], &scan].concat()));
        // No scan, or one without pixels.
        assert!(!is_whole(&[&thumbnail[..], &[0xff, 0xd9]].concat()));
        assert!(!is_whole(&[0xff, 0xd8, 0xff, 0xda, 0, 2, 0xff, 0xd9]));
        assert!(!is_whole(&[0xff, 0xd8]));
        assert!(!is_whole(&[0xff, 0xd8, 0xff]));
        assert!(!is_whole(&[0xff, 0xd8, 0xff, 0xe1, 0]));
    }
}
