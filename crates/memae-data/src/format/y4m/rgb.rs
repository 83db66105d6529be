//! Red, green and blue of a frame, as FFmpeg makes them of it: a detector sees through both what it was trained on.

use image::{DynamicImage, GrayImage, RgbImage};

use super::chroma::Chroma;
use super::header::Header;

/// The image of a frame whose planes lie one after the other; `None` where they are not as large as the header says.
pub(super) fn image(header: &Header, planes: Vec<u8>) -> Option<DynamicImage> {
    let (width, height) = (header.width as u32, header.height as u32);
    let Chroma::Every { columns, rows } = header.chroma else {
        return GrayImage::from_raw(width, height, planes).map(Into::into);
    };
    if planes.len() != header.frame_bytes() {
        return None;
    }
    let pixels = header.width * header.height;
    let (chroma_rows, chroma_columns) = header.chroma.plane(header.height, header.width);
    let (luma, chroma) = planes.split_at(pixels);
    let (blue, red) = chroma.split_at(chroma_rows * chroma_columns);
    let levels = Levels::new(header.full_range);
    let colour = match header.chroma {
        Chroma::Every {
            columns: 1,
            rows: 1,
        } => Levels::rounded,
        _ => Levels::cut,
    };
    let mut rgb = Vec::with_capacity(3 * pixels);
    for (row, luma) in luma.chunks_exact(header.width).enumerate() {
        let from = row / rows * chroma_columns;
        let (blue, red) = (&blue[from..], &red[from..]);
        for (column, &luma) in luma.iter().enumerate() {
            let at = column / columns;
            rgb.extend(colour(&levels, luma, blue[at], red[at]));
        }
    }
    RgbImage::from_raw(width, height, rgb).map(Into::into)
}

/// 8-bit levels of BT.601 as fixed-point numbers, as FFmpeg's scaler takes those of a stream that says nothing else.
struct Levels {
    black: i32,
    /// Of luma to all, of red difference to red, of blue difference to blue, of both to green; 16 bits behind the point.
    luma: i32,
    red: i32,
    blue: i32,
    green_of_blue: i32,
    green_of_red: i32,
}

impl Levels {
    fn new(full_range: bool) -> Self {
        // Of levels from 16 to 235, and 16 to 240 for colours; those from 0 to 255 are brought there.
        let wide = |factor: i32| match full_range {
            true => factor * 224 / 255,
            false => factor,
        };
        Self {
            black: if full_range { 0 } else { 16 },
            luma: if full_range {
                1 << 16
            } else {
                (255 << 16) / 219
            },
            red: wide(104_597),
            blue: wide(132_201),
            green_of_blue: -wide(25_675),
            green_of_red: -wide(53_279),
        }
    }

    /// What FFmpeg makes of a frame with fewer colours than pixels: each part is cut off to whole levels before they are added.
    /// On x86-64 the same to the bit where the height is even; elsewhere it rounds another way.
    fn cut(&self, luma: u8, blue: u8, red: u8) -> [u8; 3] {
        let part = |factor: i32, level: i32| (((factor + 4) >> 3) * (level << 3)) >> 16;
        let luma = part(self.luma, i32::from(luma) - self.black);
        let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
        let green = part(self.green_of_blue, blue) + part(self.green_of_red, red);
        [part(self.red, red), green, part(self.blue, blue)].map(|part| level(luma + part))
    }

    /// What it makes of a frame with a colour for each pixel.
    fn rounded(&self, luma: u8, blue: u8, red: u8) -> [u8; 3] {
        let luma = self.luma * (i32::from(luma) - self.black) + (1 << 15);
        let (blue, red) = (i32::from(blue) - 128, i32::from(red) - 128);
        let green = self.green_of_blue * blue + self.green_of_red * red;
        [self.red * red, green, self.blue * blue].map(|part| level((luma + part) >> 16))
    }
}

fn level(level: i32) -> u8 {
    level.clamp(0, 255) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// BT.601 as it is written, with levels from 16 to 235 and 240, or from 0 to 255.
    fn defined(full_range: bool, [luma, blue, red]: [u8; 3]) -> [f64; 3] {
        let (black, range, colours) = match full_range {
            true => (0.0, 255.0, 255.0),
            false => (16.0, 219.0, 224.0),
        };
        let y = (f64::from(luma) - black) / range;
        let pb = (f64::from(blue) - 128.0) / colours;
        let pr = (f64::from(red) - 128.0) / colours;
        let (kr, kb) = (0.299, 0.114);
        let (r, b) = (y + 2.0 * (1.0 - kr) * pr, y + 2.0 * (1.0 - kb) * pb);
        let g = (y - kr * r - kb * b) / (1.0 - kr - kb);
        [r, g, b].map(|value| (value * 255.0).clamp(0.0, 255.0))
    }

    #[test]
    fn levels_are_those_of_bt_601() {
        let steps = || (0..=255u8).step_by(5);
        for full_range in [false, true] {
            let levels = Levels::new(full_range);
            for (luma, blue, red) in
                steps().flat_map(|y| steps().flat_map(move |b| steps().map(move |r| (y, b, r))))
            {
                let expected = defined(full_range, [luma, blue, red]);
                let rounded = levels.rounded(luma, blue, red);
                let cut = levels.cut(luma, blue, red);
                for channel in 0..3 {
                    let off = f64::from(rounded[channel]) - expected[channel];
                    assert!(
                        off.abs() < 0.6,
                        "{luma} {blue} {red}: {rounded:?} {expected:?}"
                    );
                    let off = f64::from(cut[channel]) - expected[channel];
                    assert!(
                        (-3.0..0.6).contains(&off),
                        "{luma} {blue} {red}: {cut:?} {expected:?}"
                    );
                }
            }
            // Grey stays grey, from black to white.
            let (black, white) = if full_range { (0, 255) } else { (16, 235) };
            assert_eq!(levels.cut(black, 128, 128), [0; 3]);
            assert_eq!(levels.rounded(white, 128, 128), [255; 3]);
        }
    }

    #[test]
    fn each_colour_lies_on_its_pixels() {
        let header = |chroma, width, height| Header {
            width,
            height,
            rate: None,
            chroma,
            full_range: true,
        };
        let every = |columns, rows| Chroma::Every { columns, rows };
        for (columns, rows) in [(2, 2), (2, 1), (4, 1), (1, 1)] {
            let (width, height) = (7, 5);
            let header = header(every(columns, rows), width, height);
            let (tall, wide) = header.chroma.plane(height, width);
            let luma = |x: usize, y: usize| (40 + 9 * x + 20 * y) as u8;
            let blue = |x: usize, y: usize| (90 + 11 * x + 5 * y) as u8;
            let red = |x: usize, y: usize| (180 - 7 * x - 9 * y) as u8;
            let plane = |value: &dyn Fn(usize, usize) -> u8, tall: usize, wide: usize| {
                let values = (0..tall).flat_map(|y| (0..wide).map(move |x| (x, y)));
                values.map(|(x, y)| value(x, y)).collect::<Vec<u8>>()
            };
            let planes = [
                plane(&luma, height, width),
                plane(&blue, tall, wide),
                plane(&red, tall, wide),
            ]
            .concat();
            let image = image(&header, planes).unwrap().into_rgb8();
            for (x, y, pixel) in image.enumerate_pixels() {
                let (x, y) = (x as usize, y as usize);
                let colours = (x / columns, y / rows);
                let own = [
                    luma(x, y),
                    blue(colours.0, colours.1),
                    red(colours.0, colours.1),
                ];
                for (found, expected) in pixel.0.iter().zip(defined(true, own)) {
                    let off = f64::from(*found) - expected;
                    assert!(
                        (-3.0..0.6).contains(&off),
                        "{columns} {rows}: {x} {y}: {off}"
                    );
                }
            }
        }
        let mono = image(&header(Chroma::Mono, 3, 1), vec![0, 16, 255]).unwrap();
        assert_eq!(mono.as_bytes(), [0, 16, 255]);
        assert_eq!(image(&header(every(2, 2), 2, 2), vec![0; 5]), None);
    }
}
