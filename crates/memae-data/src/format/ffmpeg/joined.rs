//! Recordings that were joined byte by byte in a kind of file of which FFmpeg gives the first part alone, or both without a
//! seam: the outline of the file tells.
//!
//! Only headers are read, from one to the next. Where an outline is damaged nothing is told; decoding tells that.

use std::io::{self, BufReader, Read, Seek, SeekFrom};

/// The most headers that are looked at.
const MOST: usize = 1 << 24;

/// Where another recording begins in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Joined {
    /// What begins there.
    pub(super) found: &'static str,
    /// Bytes before it.
    pub(super) at: u64,
}

/// The second recording of a file, if it has one that its times don't tell.
pub(super) fn joined(file: impl Read + Seek) -> Option<Joined> {
    joined_within(file, MOST)
}

fn joined_within(file: impl Read + Seek, most: usize) -> Option<Joined> {
    let mut outline = Outline::new(file, most).ok()?;
    let start: [u8; 16] = outline.read_at(0)?;
    match &start {
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'A',
            b'V',
            b'I',
            b' ',
            ..,
        ] => riff(&mut outline),
        [b'F', b'L', b'V', 1, ..] => flv(&mut outline),
        [b'G', b'I', b'F', b'8', ..] => gif(&mut outline),
        start if *start == ASF_HEADER => asf(&mut outline),
        [_, _, _, _, kind @ .., _, _, _, _, _, _, _, _] if FIRST_BOXES.contains(&kind) => {
            mp4(&mut outline)
        }
        _ => None,
    }
}

/// A file of which a few bytes are read here and there, always further on.
struct Outline<R> {
    reader: BufReader<R>,
    at: u64,
    length: u64,
    /// Reads that are left.
    left: usize,
}

impl<R: Read + Seek> Outline<R> {
    fn new(mut file: R, left: usize) -> io::Result<Self> {
        let length = file.seek(SeekFrom::End(0))?;
        let mut reader = BufReader::new(file);
        reader.rewind()?;
        Ok(Self {
            reader,
            at: 0,
            length,
            left,
        })
    }

    /// Bytes at a place; `None` where the file ends before, or after too many reads.
    fn read_at<const N: usize>(&mut self, place: u64) -> Option<[u8; N]> {
        self.left = self.left.checked_sub(1)?;
        if place.checked_add(N as u64)? > self.length {
            return None;
        }
        // Backwards by no more than was read last.
        let offset = i64::try_from(i128::from(place) - i128::from(self.at)).ok()?;
        self.reader.seek_relative(offset).ok()?;
        let mut bytes = [0; N];
        self.reader.read_exact(&mut bytes).ok()?;
        self.at = place + N as u64;
        Some(bytes)
    }
}

/// Boxes that MP4 and QuickTime files begin with.
const FIRST_BOXES: [&[u8; 4]; 9] = [
    b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot", b"styp", b"uuid",
];

/// Boxes: a size, four letters, content. A file in fragments goes on with each (`moof`), so that its times tell where
/// another recording begins; another one is read by its first index alone (`moov`).
fn mp4(outline: &mut Outline<impl Read + Seek>) -> Option<Joined> {
    let (mut types, mut media) = (0, 0);
    let mut in_fragments = false;
    let mut has_index = false;
    let mut second_type: Option<Joined> = None;
    let mut second_index: Option<Joined> = None;
    let mut at = 0;
    while let Some(header) = outline.read_at::<8>(at) {
        let [a, b, c, d, kind @ ..] = header;
        let size = match u32::from_be_bytes([a, b, c, d]) {
            1 => match outline.read_at(at + 8) {
                Some(size) => u64::from_be_bytes(size),
                None => break,
            },
            size => size.into(),
        };
        match &kind {
            b"ftyp" => {
                types += 1;
                if types > 1 {
                    let found = "a second box ftyp";
                    second_type = second_type.or(Some(Joined { found, at }));
                    if !in_fragments {
                        return second_type;
                    }
                }
            }
            b"moof" => {
                in_fragments = true;
                second_type = None;
            }
            b"moov" if has_index => {
                let found = "a second box moov";
                second_index = second_index.or(Some(Joined { found, at }));
            }
            b"moov" => has_index = true,
            b"mdat" => media += 1,
            _ => {}
        }
        // Some files have their index twice, but not what it is of.
        if second_index.is_some() && media > 1 && !in_fragments {
            return second_index;
        }
        match at.checked_add(size) {
            Some(next) if size >= 8 => at = next,
            _ => break,
        }
    }
    second_type
}

/// Chunks: four letters, a size, content. Files of more than a gigabyte go on in chunks `RIFF … AVIX`.
fn riff(outline: &mut Outline<impl Read + Seek>) -> Option<Joined> {
    let mut at = 0;
    loop {
        let [r, i, f, ff, a, b, c, d, form @ ..] = outline.read_at::<12>(at)?;
        let found = "a second chunk RIFF … AVI";
        match (&[r, i, f, ff], &form) {
            (b"RIFF", b"AVI ") if at > 0 => return Some(Joined { found, at }),
            (letters, _) if letters.iter().all(|letter| (b' '..=b'~').contains(letter)) => {}
            _ => return None,
        }
        let size = u64::from(u32::from_le_bytes([a, b, c, d]));
        at += 8 + size + size % 2;
    }
}

/// A header, then tags of sound, picture and script, each with its size behind it.
fn flv(outline: &mut Outline<impl Read + Seek>) -> Option<Joined> {
    let [_, _, _, _, _, header @ ..] = outline.read_at::<9>(0)?;
    let mut at = u64::from(u32::from_be_bytes(header)) + 4;
    loop {
        let tag: [u8; 4] = outline.read_at(at)?;
        let [kind, a, b, c] = tag;
        let found = "a second header FLV";
        match kind & 0x1f {
            8 | 9 | 18 => at += 11 + u64::from(u32::from_be_bytes([0, a, b, c])) + 4,
            _ if tag == *b"FLV\x01" => return Some(Joined { found, at }),
            _ => return None,
        }
    }
}

/// A header and a table of colours, then images and extensions in parts of at most 255 bytes, up to a semicolon.
fn gif(outline: &mut Outline<impl Read + Seek>) -> Option<Joined> {
    let colours = |flags: u8| match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    };
    let [flags] = outline.read_at(10)?;
    let mut at = 13 + colours(flags);
    loop {
        match outline.read_at(at)? {
            [b','] => {
                let [flags] = outline.read_at(at + 9)?;
                at += 11 + colours(flags);
            }
            [b'!'] => at += 2,
            [b';'] => {
                at += 1;
                let found = "a second header GIF";
                let next: [u8; 4] = outline.read_at(at)?;
                return (next == *b"GIF8").then_some(Joined { found, at });
            }
            _ => return None,
        }
        loop {
            let [size] = outline.read_at(at)?;
            at += 1 + u64::from(size);
            if size == 0 {
                break;
            }
        }
    }
}

const ASF_HEADER: [u8; 16] = [
    0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0x00, 0xaa, 0x00, 0x62, 0xce, 0x6c,
];

/// Objects of ASF (wmv): a name of 16 bytes, a size, content.
fn asf(outline: &mut Outline<impl Read + Seek>) -> Option<Joined> {
    let mut at = 0;
    loop {
        let name: [u8; 16] = outline.read_at(at)?;
        if at > 0 && name == ASF_HEADER {
            let found = "a second header of ASF";
            return Some(Joined { found, at });
        }
        let size = u64::from_le_bytes(outline.read_at(at + 16)?);
        at = at.checked_add(size).filter(|_| size >= 24)?;
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn boxes(kinds: &[&str]) -> Vec<u8> {
        let boxes = kinds.iter().map(|kind| {
            let mut whole = vec![0, 0, 0, 12];
            whole.extend_from_slice(kind.as_bytes());
            whole.extend_from_slice(b"ftyp");
            whole
        });
        boxes.collect::<Vec<_>>().concat()
    }

    fn riff(form: &str) -> Vec<u8> {
        let mut chunk = b"RIFF\x07\0\0\0".to_vec();
        chunk.extend_from_slice(form.as_bytes());
        // An odd size, and what fills it up.
        chunk.extend_from_slice(b"abc\0");
        chunk
    }

    fn flv() -> Vec<u8> {
        let header = b"FLV\x01\x05\0\0\0\x09\0\0\0\0";
        let tag = b"\x09\0\0\x04\0\0\0\0\0\0\0FLV\x01\0\0\0\x0f";
        [&header[..], tag, tag].concat()
    }

    fn gif() -> Vec<u8> {
        let header = b"GIF89a\x01\0\x01\0\x80\0\0abcdef";
        let extension = b"!\xf9\x04;;;;\0";
        let image = b",\0\0\0\0\x01\0\x01\0\0\x02\x02;;\0";
        [&header[..], extension, image, b";"].concat()
    }

    fn asf() -> Vec<u8> {
        let object = |name: [u8; 16]| [&name[..], &25u64.to_le_bytes(), b"x"].concat();
        [object(ASF_HEADER), object([7; 16])].concat()
    }

    fn found(bytes: &[u8]) -> Option<(&'static str, u64)> {
        joined(Cursor::new(bytes)).map(|joined| (joined.found, joined.at))
    }

    #[test]
    fn a_second_recording_is_found_where_it_begins() {
        for (one, what) in [
            (
                boxes(&["ftyp", "free", "mdat", "moov"]),
                "a second box ftyp",
            ),
            (riff("AVI "), "a second chunk RIFF … AVI"),
            (flv(), "a second header FLV"),
            (gif(), "a second header GIF"),
            (asf(), "a second header of ASF"),
        ] {
            assert_eq!(found(&one), None, "{what}");
            assert_eq!(found(&one.repeat(2)), Some((what, one.len() as u64)));
        }
        // QuickTime of old has no type.
        for (one, at) in [(["mdat", "moov"], 36), (["moov", "mdat"], 24)] {
            assert_eq!(found(&boxes(&one)), None);
            assert_eq!(
                found(&boxes(&one).repeat(2)),
                Some(("a second box moov", at))
            );
        }
        let mut large = boxes(&["ftyp"]);
        large.extend_from_slice(b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x10");
        large.extend_from_slice(&boxes(&["moov"]));
        assert_eq!(found(&large.repeat(2)), Some(("a second box ftyp", 40)));
    }

    #[test]
    fn one_recording_may_go_on() {
        assert_eq!(
            found(&[riff("AVI "), riff("AVIX"), riff("AVIX")].concat()),
            None
        );
        let fragments = ["ftyp", "moov", "moof", "mdat", "moof", "mdat"];
        assert_eq!(found(&boxes(&fragments)), None);
        // Their times tell.
        assert_eq!(found(&boxes(&fragments).repeat(2)), None);
        let other = [&fragments[..], &["ftyp", "mdat", "moov"]].concat();
        assert_eq!(found(&boxes(&other)), Some(("a second box ftyp", 72)));
        // The index twice.
        assert_eq!(found(&boxes(&["ftyp", "moov", "mdat", "moov"])), None);
        assert_eq!(found(b""), None);
        assert_eq!(found(b"\x1aE\xdf\xa3 another kind of file"), None);
    }

    #[test]
    fn a_file_of_headers_alone_is_looked_at_for_so_long_only() {
        let long = [boxes(&["ftyp"]), boxes(&["free"; 50]), boxes(&["ftyp"])].concat();
        assert!(joined_within(Cursor::new(&long), 60).is_some());
        assert_eq!(joined_within(Cursor::new(&long), 40), None);
    }

    proptest! {
        #[test]
        fn no_file_is_too_damaged(
            which in 0usize..5, changes in prop::collection::vec((0usize..120, any::<u8>()), 0..6), cut in 0usize..160,
        ) {
            let ones = [boxes(&["ftyp", "mdat", "moov"]), riff("AVI "), flv(), gif(), asf()];
            let mut bytes = ones[which].repeat(2);
            for (at, value) in changes {
                if let Some(byte) = bytes.get_mut(at) {
                    *byte = value;
                }
            }
            bytes.truncate(cut);
            if let Some((_, at)) = found(&bytes) {
                prop_assert!(at < bytes.len() as u64);
            }
        }
    }
}
