//! How a camera says that an image is turned, where the decoder does not find it.

use image::metadata::Orientation;

/// The tag of the orientation.
const TAG: u16 = 0x0112;

/// The orientation in EXIF data, as a short number, which the standard asks for, or as a long one, which some programs write.
pub(super) fn orientation(exif: &[u8]) -> Option<Orientation> {
    let little = match exif.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes = *exif.get(at..)?.first_chunk()?;
        Some(if little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let long = |at: usize| -> Option<u32> {
        let bytes = *exif.get(at..)?.first_chunk()?;
        Some(if little {
            u32::from_le_bytes(bytes)
        } else {
            u32::from_be_bytes(bytes)
        })
    };
    let directory = long(4)? as usize;
    let entries = usize::from(short(directory)?);
    // Each entry: tag, type, count, and a value where it fits in four bytes.
    let entry = |index: usize| directory.checked_add(2 + 12 * index);
    let at = (0..entries)
        .filter_map(entry)
        .take_while(|&at| at < exif.len())
        .find(|&at| short(at) == Some(TAG))?;
    let value = match short(at + 2)? {
        1 => u32::from(*exif.get(at + 8)?),
        3 => u32::from(short(at + 8)?),
        4 => long(at + 8)?,
        _ => return None,
    };
    Orientation::from_exif(u8::try_from(value).ok()?)
}
