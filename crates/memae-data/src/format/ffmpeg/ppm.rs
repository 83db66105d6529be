use std::io::BufRead;
use std::io::Read;

use image::{DynamicImage, RgbImage};

use crate::format::image_file::MAX_SIDE;

/// Reads an image as `ffmpeg` writes it: `P6`, width, height, 255, pixels. `None` at the end; what is wrong otherwise.
pub(super) fn read_ppm(reader: &mut impl BufRead) -> Result<Option<DynamicImage>, String> {
    let cut = |_| "a part of a frame".to_string();
    let mut magic = Vec::new();
    reader
        .by_ref()
        .take(3)
        .read_to_end(&mut magic)
        .map_err(cut)?;
    match &magic[..] {
        b"" => return Ok(None),
        b"P6\n" => {}
        other => return Err(format!("the bytes {other:02x?}")),
    }
    let mut header = Vec::new();
    for _ in 0..2 {
        reader
            .by_ref()
            .take(32)
            .read_until(b'\n', &mut header)
            .map_err(cut)?;
    }
    let text = String::from_utf8_lossy(&header).into_owned();
    let numbers: Vec<usize> = text.split_whitespace().flat_map(str::parse).collect();
    let sides = 1..=MAX_SIDE as usize;
    let &[width, height, 255] = &numbers[..] else {
        return Err("a part of a frame".to_string());
    };
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(format!("a frame of {height}x{width}"));
    }
    let size = 3 * width * height;
    let mut pixels = Vec::new();
    reader
        .by_ref()
        .take(size as u64)
        .read_to_end(&mut pixels)
        .map_err(cut)?;
    let image = RgbImage::from_raw(width as u32, height as u32, pixels);
    image
        .map(|image| Some(image.into()))
        .ok_or("a part of a frame".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_a_stream_are_read_one_by_one() {
        let mut stream = &b"P6\n2 1\n255\nabcdefP6\n1 1\n255\nghi"[..];
        let image = read_ppm(&mut stream).unwrap().unwrap();
        assert_eq!((image.width(), image.height()), (2, 1));
        assert_eq!(image.as_bytes(), b"abcdef");
        assert_eq!(read_ppm(&mut stream).unwrap().unwrap().as_bytes(), b"ghi");
        assert_eq!(read_ppm(&mut stream), Ok(None));
    }

    #[test]
    fn streams_that_end_anywhere_are_errors() {
        let whole = b"P6\n2 1\n255\nabcdef";
        for end in 1..whole.len() {
            assert!(read_ppm(&mut &whole[..end]).is_err(), "{end}");
        }
        for stream in [
            "P5\n2 1\n255\nab",
            "P6\n0 1\n255\n",
            "P6\n99999 99999\n255\n",
            "P6\n2 1\n65535\nabcdef",
        ] {
            assert!(read_ppm(&mut stream.as_bytes()).is_err(), "{stream:?}");
        }
        let endless = vec![b'1'; 1 << 20];
        assert!(read_ppm(&mut &[b"P6\n", &endless[..]].concat()[..]).is_err());
    }
}
