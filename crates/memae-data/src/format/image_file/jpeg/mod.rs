//! What the decoder of JPEG does not tell: it fills what is missing of a file with grey, or with what it makes of zeros.

mod huffman;
mod scan;

use huffman::{Codes, Lost};
use scan::{Component, Ended, Frame, Of, Scan};

use super::limits::MAX_SIDE;

/// What of a JPEG is missing or damaged, up to its end marker; nothing where all is there.
pub(super) fn damage(bytes: &[u8]) -> Option<String> {
    const END: u8 = 0xd9;
    let no_end = || Some("no end marker".to_string());
    let mut file = File {
        bits: bytes.len().saturating_mul(8),
        ..File::default()
    };
    let mut rest = &bytes[2..];
    loop {
        // Segments begin with 0xff, which may be repeated, and a marker.
        let Some(start) = rest.iter().position(|&byte| byte == 0xff) else {
            return no_end();
        };
        let Some(fill) = rest[start..].iter().position(|&byte| byte != 0xff) else {
            return no_end();
        };
        let marker = rest[start + fill];
        rest = &rest[start + fill + 1..];
        match marker {
            END => return file.incomplete(),
            // Markers without content: stuffing within a scan, restarts, a second start.
            0x00 | 0x01 | 0xd0..=0xd8 => {}
            _ => {
                let &[high, low, ..] = rest else {
                    return no_end();
                };
                let length = (usize::from(high) << 8 | usize::from(low)).max(2);
                // Thumbnails in a segment have end markers of their own, so that segments are stepped over. After a
                // scan's header its data follow, in which only true markers are found.
                let (Some(content), Some(after)) = (rest.get(2..length), rest.get(length..)) else {
                    return no_end();
                };
                rest = after;
                if let Some(damage) = file.segment(marker, content, after) {
                    return Some(damage);
                }
            }
        }
    }
}

/// The most scans that are read; the decoder refuses files of more.
const MAX_SCANS: usize = 100;

/// The most times that blocks are gone over by scans, for each bit of the file. Each block takes a bit at least, for its mean, in one scan;
/// the others may pass over many at once. Encoders write ten scans or fewer, so that this is only met by what is made to keep a decoder
/// busy: a picture of nothing could have twenty.
const SCANS_FOR_A_BIT: usize = 20;

/// What was read of a file so far.
#[derive(Default)]
struct File {
    /// How many bits it has, those of headers and all else among them.
    bits: usize,
    /// How many blocks were gone over.
    gone_over: usize,
    dc: [Option<Codes>; 4],
    ac: [Option<Codes>; 4],
    restart: usize,
    scans: usize,
    frame: Option<Frame>,
    /// Whether there was something that only the decoder can judge.
    unclear: bool,
}

impl File {
    /// Reads a segment, and the scan that follows it; what is wrong with that.
    fn segment(&mut self, marker: u8, content: &[u8], after: &[u8]) -> Option<String> {
        const TABLES: u8 = 0xc4;
        const RESTART: u8 = 0xdd;
        const SCAN: u8 = 0xda;
        match marker {
            TABLES => self.unclear |= self.tables(content).is_none(),
            RESTART => match content {
                &[high, low, ..] => self.restart = usize::from(high) << 8 | usize::from(low),
                _ => self.unclear = true,
            },
            // Frames of Huffman codes; all others are not decoded.
            0xc0..=0xc2 if self.frame.is_none() => {
                self.frame = frame(marker == 0xc2, content);
                self.unclear |= self.frame.is_none();
                return self.too_few_bits();
            }
            0xc0..=0xcf => self.unclear = true,
            SCAN if self.is_endless(content) => {
                return Some("scans that go over more blocks than so few bytes have".to_string());
            }
            SCAN if !self.unclear => match self.scan(content, after) {
                Some(Ok(())) => {}
                Some(Err(Ended { why, whole, units })) => {
                    let why = match why {
                        Lost::Short => "the data end",
                        Lost::NoCode => "found bits that are no code",
                    };
                    return Some(format!("{why} after {whole} of {units} blocks of a scan"));
                }
                None => self.unclear = true,
            },
            _ => {}
        }
        None
    }

    /// A frame of more blocks than there are bits; each block has one at least.
    fn too_few_bits(&self) -> Option<String> {
        let frame = self.frame.as_ref()?;
        let blocks: usize = (0..frame.components.len())
            .map(|index| frame.blocks(index))
            .sum();
        (blocks > self.bits).then(|| {
            format!(
                "{}x{} pixels are more than {} bytes can hold",
                frame.height,
                frame.width,
                self.bits / 8
            )
        })
    }

    /// Whether the scans up to this one go over too many blocks, whatever else is wrong with it.
    fn is_endless(&mut self, header: &[u8]) -> bool {
        let Some(frame) = &self.frame else {
            return false;
        };
        let count = usize::from(header.first().copied().unwrap_or_default());
        let pairs = header.iter().skip(1).step_by(2).take(count);
        let blocks = pairs.map(|id| {
            let index = frame
                .components
                .iter()
                .position(|component| component.id == *id);
            index.map_or(0, |index| frame.blocks(index))
        });
        self.gone_over = self.gone_over.saturating_add(blocks.sum());
        self.gone_over > self.bits.saturating_mul(SCANS_FOR_A_BIT)
    }

    fn tables(&mut self, mut content: &[u8]) -> Option<()> {
        while let Some((&head, rest)) = content.split_first() {
            let counts: &[u8; 16] = rest.first_chunk()?;
            let symbols = &rest[16..];
            let place = usize::from(head & 15);
            let codes = match head >> 4 {
                0 => self.dc.get_mut(place)?,
                1 => self.ac.get_mut(place)?,
                _ => return None,
            };
            *codes = Some(Codes::new(counts, symbols)?);
            let symbols_taken: usize = counts.iter().map(|&count| usize::from(count)).sum();
            content = &symbols[symbols_taken..];
        }
        Some(())
    }

    /// `None` where a header is not what it should be, or codes are missing.
    fn scan(&mut self, content: &[u8], data: &[u8]) -> Option<Result<(), Ended>> {
        let frame = self.frame.as_mut()?;
        self.scans += 1;
        if self.scans > MAX_SCANS {
            return None;
        }
        let (&count, rest) = content.split_first()?;
        let (pairs, end) = rest.split_at_checked(2 * usize::from(count))?;
        let (pairs, _) = pairs.as_chunks::<2>();
        let &[first, last, bits, ..] = end else {
            return None;
        };
        let components = pairs.iter().map(|&[id, codes]| {
            let mut all = frame.components.iter();
            Some(Of {
                index: all.position(|component| component.id == id)?,
                dc: self.dc.get(usize::from(codes >> 4))?.as_ref(),
                ac: self.ac.get(usize::from(codes & 15))?.as_ref(),
            })
        });
        let components = components.collect::<Option<Vec<_>>>()?;
        let (band, missing_bits) = match frame.progressive {
            true => ((usize::from(first), usize::from(last)), bits & 15),
            false => ((0, 63), 0),
        };
        let several = components.len() > 1;
        let possible = match frame.progressive {
            true if band.0 == 0 => band.1 == 0,
            true => !several && band.0 <= band.1 && band.1 < 64,
            false => true,
        };
        if components.is_empty() || !possible {
            return None;
        }
        let scan = Scan {
            components,
            band,
            refines: frame.progressive && bits >> 4 > 0,
            missing_bits,
            restart: self.restart,
        };
        scan::read(frame, &scan, data)
    }

    /// What no scan has brought.
    fn incomplete(&self) -> Option<String> {
        let frame = self.frame.as_ref().filter(|_| !self.unclear)?;
        let numbered = (1..).zip(&frame.components);
        for (number, component) in numbered {
            let missing = component.missing_bits.iter();
            let missing = missing.filter(|&&bits| bits != Some(0)).count();
            if missing > 0 {
                return Some(format!(
                    "component {number} lacks {missing} of 64 coefficients, or bits of them: scans are missing"
                ));
            }
        }
        None
    }
}

/// `None` where the header is not what it should be.
fn frame(progressive: bool, content: &[u8]) -> Option<Frame> {
    let &[8, h1, h0, w1, w0, count, ref rest @ ..] = content else {
        return None;
    };
    let side = |high: u8, low: u8| usize::from(high) << 8 | usize::from(low);
    let (height, width) = (side(h1, h0), side(w1, w0));
    // Larger ones are refused by the decoder; a height of 0 comes later.
    if !(1..=MAX_SIDE as usize).contains(&height) || !(1..=MAX_SIDE as usize).contains(&width) {
        return None;
    }
    let (triples, _) = rest.get(..3 * usize::from(count))?.as_chunks::<3>();
    let components = triples.iter().map(|&[id, sampling, _]| {
        let (in_row, in_column) = (usize::from(sampling >> 4), usize::from(sampling & 15));
        let known = 1..=4;
        let possible = known.contains(&in_row) && known.contains(&in_column);
        possible.then(|| Component::new(id, (in_row, in_column)))
    });
    let components = components.collect::<Option<Vec<_>>>()?;
    (1..=4).contains(&components.len()).then_some(Frame {
        progressive,
        width,
        height,
        components,
    })
}

#[cfg(test)]
mod tests;
