use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use proptest::prelude::*;

use super::huffman::Bits;
use super::*;

fn is_whole(bytes: &[u8]) -> bool {
    damage(bytes).is_none()
}

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
    assert!(is_whole(&[&thumbnail[..], &[0xff, 0xd9]].concat()));
    assert!(!is_whole(&[0xff, 0xd8]));
    assert!(!is_whole(&[0xff, 0xd8, 0xff]));
    assert!(!is_whole(&[0xff, 0xd8, 0xff, 0xe1, 0]));
}

/// Bits as data of a scan.
fn data(bits: &str) -> Vec<u8> {
    let padded = format!("{bits}{}", "1".repeat(bits.len().wrapping_neg() % 8));
    let bytes = (0..padded.len() / 8).map(|at| u8::from_str_radix(&padded[8 * at..8 * at + 8], 2));
    let bytes = bytes.map(|byte| byte.expect("ones and zeros"));
    bytes
        .flat_map(|byte| {
            if byte == 0xff {
                vec![byte, 0]
            } else {
                vec![byte]
            }
        })
        .collect()
}

fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&[0xff, marker], &length[..], content].concat()
}

/// A grey picture of nothing, of so many pixels in a row and a column, in one scan of means and some of all else.
fn nothing(side: u16, scans: usize) -> Vec<u8> {
    let blocks = usize::from(side).div_ceil(8).pow(2);
    let [high, low] = side.to_be_bytes();
    let frame = [8, high, low, high, low, 1, 1, 0x11, 0];
    let mut lengths = [0; 16];
    lengths[0] = 1;
    let tables = [&[0][..], &lengths, &[0], &[0x10], &lengths, &[0xe0]].concat();
    // A bit for each mean; then runs of 2^14 blocks and as many more as 14 bits say.
    let means = data(&"0".repeat(blocks));
    let runs = blocks.div_ceil((1 << 15) - 1);
    let run = format!("0{}", "1".repeat(14));
    let rest = data(&run.repeat(runs));
    let mut bytes = vec![0xff, 0xd8];
    bytes.extend(segment(0xdb, &[&[0][..], &[1; 64]].concat()));
    bytes.extend([segment(0xc2, &frame), segment(0xc4, &tables)].concat());
    bytes.extend([segment(0xda, &[1, 1, 0, 0, 0, 0]), means].concat());
    for scan in 0..scans {
        let approximation = match scan {
            0 => 0x01,
            1.. => 0x10,
        };
        bytes.extend(segment(0xda, &[1, 1, 0, 1, 63, approximation]));
        bytes.extend(&rest);
    }
    bytes.extend([0xff, 0xd9]);
    bytes
}

/// A small file may not keep a decoder busy for long: its scans go over few blocks for each bit that it has.
#[test]
fn few_bytes_have_few_blocks_and_few_scans() {
    let picture = |scans| nothing(2_000, scans);
    assert_eq!(damage(&picture(2)), None);
    assert_eq!(damage(&picture(12)), None);
    assert_eq!(
        damage(&picture(40)).as_deref(),
        Some("scans that go over more blocks than so few bytes have")
    );
    // The same where only the decoder can judge: its codes are not there.
    let mut unclear = picture(40);
    let scan = unclear
        .windows(2)
        .position(|pair| pair == [0xff, 0xda])
        .expect("a scan");
    unclear[scan + 6] = 0x44;
    assert!(damage(&unclear).is_some());

    // The header alone says how many blocks there are.
    let mut large = nothing(16, 2);
    let frame = large
        .windows(2)
        .position(|pair| pair == [0xff, 0xc2])
        .expect("a frame");
    large[frame + 5..frame + 9].copy_from_slice(&[0x30, 0, 0x30, 0]);
    let bytes = large.len();
    assert_eq!(
        damage(&large),
        Some(format!(
            "12288x12288 pixels are more than {bytes} bytes can hold"
        ))
    );
}

/// The bits of data up to a marker, one by one.
fn one_by_one(bytes: &[u8]) -> Vec<u32> {
    let mut bits = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        if byte == 0xff {
            let fill = bytes[at..].iter().take_while(|&&byte| byte == 0xff).count();
            if bytes.get(at + fill) != Some(&0) {
                break;
            }
            at += fill + 1;
        }
        bits.extend((0..8).rev().map(|bit| u32::from(byte >> bit & 1)));
    }
    bits
}

proptest! {
    #[test]
    fn bits_are_those_of_their_bytes(
        bytes in proptest::collection::vec(prop_oneof![4 => any::<u8>(), 1 => Just(0xff), 1 => Just(0)], 0..200),
        sizes in proptest::collection::vec((0u8..17, any::<bool>()), 0..200),
    ) {
        let expected = one_by_one(&bytes);
        let mut bits = Bits::new(&bytes);
        let mut at = 0;
        for (size, is_passed) in sizes {
            let size = if is_passed { 4 * usize::from(size) } else { usize::from(size) };
            let Some(those) = expected.get(at..at + size) else {
                prop_assert_eq!(bits.pass(size as u32), Err(Lost::Short));
                return Ok(());
            };
            match is_passed {
                true => prop_assert_eq!(bits.pass(size as u32), Ok(())),
                false => {
                    let number = those.iter().fold(0, |number, bit| number << 1 | bit);
                    prop_assert_eq!(bits.take(size as u8), Ok(number));
                }
            }
            at += size;
        }
    }
}
