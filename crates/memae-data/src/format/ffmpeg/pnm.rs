use std::io::BufRead;
use std::io::Read;

use image::{DynamicImage, RgbImage, RgbaImage};

use crate::format::image_file::MAX_SIDE;

/// Reads an image as `ffmpeg` writes it: `P6`, width, height, 255, pixels; or, with transparency, `P7`, and as much in words.
/// `None` at the end; what is wrong otherwise.
pub(super) fn read_pnm(reader: &mut impl BufRead) -> Result<Option<DynamicImage>, String> {
    let part = || "a part of a frame".to_string();
    let magic = read_bytes(reader, 3).ok_or_else(part)?;
    let (width, height, alpha) = match &magic[..] {
        b"" => return Ok(None),
        b"P6\n" => {
            let header = read_lines(reader, 2).ok_or_else(part)?;
            let numbers: Vec<usize> = header.split_whitespace().flat_map(str::parse).collect();
            let &[width, height, 255] = &numbers[..] else {
                return Err(part());
            };
            (width, height, false)
        }
        b"P7\n" => {
            let header = read_lines(reader, 6).ok_or_else(part)?;
            let words: Vec<&str> = header.split_whitespace().collect();
            let &[
                "WIDTH",
                width,
                "HEIGHT",
                height,
                "DEPTH",
                "4",
                "MAXVAL",
                "255",
                "TUPLTYPE",
                "RGB_ALPHA",
                "ENDHDR",
            ] = &words[..]
            else {
                return Err(part());
            };
            let side = |number: &str| number.parse().map_err(|_| part());
            (side(width)?, side(height)?, true)
        }
        other => return Err(format!("the bytes {other:02x?}")),
    };
    let sides = 1..=MAX_SIDE as usize;
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(format!("a frame of {height}x{width}"));
    }
    let channels = if alpha { 4 } else { 3 };
    let pixels = read_bytes(reader, channels * width * height).ok_or_else(part)?;
    let (width, height) = (width as u32, height as u32);
    let image: Option<DynamicImage> = match alpha {
        true => RgbaImage::from_raw(width, height, pixels).map(Into::into),
        false => RgbImage::from_raw(width, height, pixels).map(Into::into),
    };
    image.map(Some).ok_or_else(part)
}

/// So many bytes, or fewer at the end; `None` where they can't be read.
fn read_bytes(reader: &mut impl BufRead, count: usize) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    reader
        .by_ref()
        .take(count as u64)
        .read_to_end(&mut bytes)
        .ok()?;
    Some(bytes)
}

/// So many short lines, or fewer at the end; `None` where they can't be read.
fn read_lines(reader: &mut impl BufRead, count: usize) -> Option<String> {
    let mut lines = Vec::new();
    for _ in 0..count {
        reader
            .by_ref()
            .take(32)
            .read_until(b'\n', &mut lines)
            .ok()?;
    }
    Some(String::from_utf8_lossy(&lines).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALPHA: &[u8] =
        b"P7\nWIDTH 2\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\nabcdefgh";

    #[test]
    fn images_of_a_stream_are_read_one_by_one() {
        let mut stream = &b"P6\n2 1\n255\nabcdefP6\n1 1\n255\nghi"[..];
        let image = read_pnm(&mut stream).unwrap().unwrap();
        assert_eq!((image.width(), image.height()), (2, 1));
        assert_eq!(image.as_bytes(), b"abcdef");
        assert_eq!(read_pnm(&mut stream).unwrap().unwrap().as_bytes(), b"ghi");
        assert_eq!(read_pnm(&mut stream), Ok(None));

        let twice = ALPHA.repeat(2);
        let mut stream = &twice[..];
        for _ in 0..2 {
            let image = read_pnm(&mut stream).unwrap().unwrap();
            assert!(image.color().has_alpha());
            assert_eq!(image.as_bytes(), b"abcdefgh");
        }
        assert_eq!(read_pnm(&mut stream), Ok(None));
    }

    #[test]
    fn streams_that_end_anywhere_are_errors() {
        for whole in [&b"P6\n2 1\n255\nabcdef"[..], ALPHA] {
            for end in 1..whole.len() {
                assert!(read_pnm(&mut &whole[..end]).is_err(), "{end}");
            }
        }
        for stream in [
            "P5\n2 1\n255\nab",
            "P6\n0 1\n255\n",
            "P6\n99999 99999\n255\n",
            "P6\n2 1\n65535\nabcdef",
            "P7\nWIDTH 2\nHEIGHT 1\nDEPTH 3\nMAXVAL 255\nTUPLTYPE RGB\nENDHDR\nabcdef",
            "P7\nWIDTH 0\nHEIGHT 1\nDEPTH 4\nMAXVAL 255\nTUPLTYPE RGB_ALPHA\nENDHDR\n",
        ] {
            assert!(read_pnm(&mut stream.as_bytes()).is_err(), "{stream:?}");
        }
        let endless = vec![b'1'; 1 << 20];
        assert!(read_pnm(&mut &[b"P6\n", &endless[..]].concat()[..]).is_err());
    }
}
