//! What the decoder of PNM does not tell.

use image::codecs::pnm::{PnmDecoder, PnmSubtype, SampleEncoding};

use super::error::ImageFileError;

/// An error where a sample of a PNM file is above what its header says is white: the decoder takes all such ones for white.
pub(super) fn check_samples(bytes: &[u8]) -> Result<(), ImageFileError> {
    // What else is wrong with the file is said by the decoder.
    let Ok(decoder) = PnmDecoder::new(bytes) else {
        return Ok(());
    };
    let (rest, header) = decoder.into_inner();
    let maxval = header.maximal_sample();
    let width = header.width() as usize;
    let (channels, encoding) = match header.subtype() {
        PnmSubtype::Bitmap(_) => return Ok(()),
        PnmSubtype::Graymap(encoding) => (1, encoding),
        PnmSubtype::Pixmap(encoding) => (3, encoding),
        PnmSubtype::ArbitraryMap => {
            let header = header.as_arbitrary();
            let depth = header.map_or(1, |header| header.depth as usize);
            (depth, SampleEncoding::Binary)
        }
    };
    let row = width.saturating_mul(channels).max(1);
    let samples = row.saturating_mul(header.height() as usize);
    let above = |&(_, sample): &(usize, u32)| sample > maxval;
    let found = match encoding {
        SampleEncoding::Ascii => {
            let fields = rest.split(|byte| b"\t\n\x0b\x0c\r ".contains(byte));
            let numbers = fields.filter(|field| !field.is_empty()).map(|field| {
                let text = std::str::from_utf8(field).ok()?;
                text.parse().ok()
            });
            let numbers = numbers.take(samples).map_while(|number| number);
            numbers.enumerate().find(above)
        }
        SampleEncoding::Binary if maxval > 255 => {
            let (pairs, _) = rest.as_chunks();
            let samples = pairs.iter().take(samples);
            let samples = samples.map(|pair| u32::from(u16::from_be_bytes(*pair)));
            samples.enumerate().find(above)
        }
        SampleEncoding::Binary => {
            let samples = rest.iter().take(samples);
            samples.map(|&byte| u32::from(byte)).enumerate().find(above)
        }
    };
    match found {
        Some((index, found)) => Err(ImageFileError::Sample {
            row: index / row,
            column: index % row / channels.max(1),
            found,
            maxval,
        }),
        None => Ok(()),
    }
}
