//! Whether the data of a scan are all there: they are read as a decoder reads them, without making pixels of them.

use super::huffman::{Bits, Codes, Lost};

/// A component of a frame.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub(super) id: u8,
    /// Blocks of it in a unit of an interleaved scan, in a row and in a column.
    pub(super) sampling: (usize, usize),
    /// How many bits of each coefficient are still to come; `None` where none have come.
    pub(super) missing_bits: [Option<u8>; 64],
    /// The coefficients of each block that are not 0, a bit each; filled where scans refine them.
    nonzero: Vec<u64>,
}

impl Component {
    pub(super) fn new(id: u8, sampling: (usize, usize)) -> Self {
        Self {
            id,
            sampling,
            missing_bits: [None; 64],
            nonzero: Vec::new(),
        }
    }
}

/// What the header of a frame says.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) progressive: bool,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) components: Vec<Component>,
}

impl Frame {
    /// Blocks of a component, or somewhat more in scans of several.
    pub(super) fn blocks(&self, index: usize) -> usize {
        let (rows, columns) = self.blocks_of(&self.components[index]);
        rows * columns
    }

    /// Rows and columns of blocks of a component alone: those beyond the image are not there.
    fn blocks_of(&self, component: &Component) -> (usize, usize) {
        let horizontal = self.most(|component| component.sampling.0);
        let vertical = self.most(|component| component.sampling.1);
        let (of_row, of_column) = component.sampling;
        (
            (self.height * of_column).div_ceil(8 * vertical),
            (self.width * of_row).div_ceil(8 * horizontal),
        )
    }

    fn most(&self, side: fn(&Component) -> usize) -> usize {
        self.components.iter().map(side).max().unwrap_or(1)
    }

    /// Rows and columns of units of a scan of these components.
    fn units(&self, scan: &Scan<'_>) -> (usize, usize) {
        match scan.components[..] {
            // Alone, a unit is a block.
            [Of { index, .. }] => self.blocks_of(&self.components[index]),
            _ => (
                self.height
                    .div_ceil(8 * self.most(|component| component.sampling.1)),
                self.width
                    .div_ceil(8 * self.most(|component| component.sampling.0)),
            ),
        }
    }
}

/// A component in a scan.
pub(super) struct Of<'a> {
    /// Its place among those of the frame.
    pub(super) index: usize,
    pub(super) dc: Option<&'a Codes>,
    pub(super) ac: Option<&'a Codes>,
}

/// What the header of a scan says.
pub(super) struct Scan<'a> {
    pub(super) components: Vec<Of<'a>>,
    /// First and last coefficient.
    pub(super) band: (usize, usize),
    /// Whether coefficients get one bit more.
    pub(super) refines: bool,
    /// How many bits are left for later scans.
    pub(super) missing_bits: u8,
    /// Units between restart markers; 0 without.
    pub(super) restart: usize,
}

/// How far a scan goes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) why: Lost,
    /// Units that are whole.
    pub(super) whole: usize,
    /// Units that there should be.
    pub(super) units: usize,
}

/// Reads a scan whose data begin `bytes`; `None` where its codes are not there.
pub(super) fn read(frame: &mut Frame, scan: &Scan<'_>, bytes: &[u8]) -> Option<Result<(), Ended>> {
    let first = scan.band.0;
    // Which codes are needed, in the order of blocks.
    let (rows, columns) = frame.units(scan);
    let mut blocks: Vec<(usize, Block<'_>)> = Vec::new();
    for of in &scan.components {
        let block = match (frame.progressive, first, scan.refines) {
            (false, ..) => Block::Whole(of.dc?, of.ac?),
            (true, 0, false) => Block::Dc(of.dc?),
            (true, 0, true) => Block::DcBit,
            (true, _, false) => Block::Ac(of.ac?),
            (true, _, true) => Block::AcBit(of.ac?),
        };
        let component = &mut frame.components[of.index];
        let alone = scan.components.len() == 1;
        let count = match alone {
            true => 1,
            false => component.sampling.0 * component.sampling.1,
        };
        blocks.extend(std::iter::repeat_n((of.index, block), count));
        for bits in &mut component.missing_bits[scan.band.0..=scan.band.1] {
            *bits = Some(scan.missing_bits);
        }
        if frame.progressive && first > 0 {
            component.nonzero.resize(rows * columns, 0);
        }
    }
    let mut bits = Bits::new(bytes);
    let mut run = 0;
    let units = rows * columns;
    for unit in 0..units {
        let mut one = || -> Result<(), Lost> {
            if scan.restart > 0 && unit > 0 && unit.is_multiple_of(scan.restart) {
                bits.restart()?;
                run = 0;
            }
            for (index, block) in &blocks {
                match block {
                    Block::Whole(dc, ac) => whole(&mut bits, dc, ac)?,
                    Block::Dc(dc) => first_bits(&mut bits, dc)?,
                    Block::DcBit => drop(bits.take(1)?),
                    Block::Ac(ac) => {
                        if run > 0 {
                            run -= 1;
                            continue;
                        }
                        let nonzero = &mut frame.components[*index].nonzero[unit];
                        band(&mut bits, ac, scan.band, &mut run, nonzero)?;
                    }
                    Block::AcBit(ac) => {
                        let nonzero = &mut frame.components[*index].nonzero[unit];
                        refined(&mut bits, ac, scan.band, &mut run, nonzero)?;
                    }
                }
            }
            Ok(())
        };
        if let Err(why) = one() {
            return Some(Err(Ended {
                why,
                whole: unit,
                units,
            }));
        }
    }
    Some(Ok(()))
}

/// What a scan has of a block.
#[derive(Clone, Copy)]
enum Block<'a> {
    Whole(&'a Codes, &'a Codes),
    Dc(&'a Codes),
    DcBit,
    Ac(&'a Codes),
    AcBit(&'a Codes),
}

#[inline]
fn first_bits(bits: &mut Bits<'_>, dc: &Codes) -> Result<(), Lost> {
    let size = bits.symbol(dc)?;
    if size > 16 {
        return Err(Lost::NoCode);
    }
    bits.pass(u32::from(size))
}

#[inline]
fn whole(bits: &mut Bits<'_>, dc: &Codes, ac: &Codes) -> Result<(), Lost> {
    first_bits(bits, dc)?;
    let mut at = 1;
    while at < 64 {
        match bits.coefficient(ac)? {
            // Sixteen zeros.
            0xf0 => at += 16,
            symbol if symbol & 15 == 0 => break,
            symbol => at += usize::from(symbol >> 4) + 1,
        }
    }
    Ok(())
}

/// The first bits of the coefficients of a band; none of `run` blocks more have any.
fn band(
    bits: &mut Bits<'_>,
    ac: &Codes,
    (first, last): (usize, usize),
    run: &mut u32,
    nonzero: &mut u64,
) -> Result<(), Lost> {
    let mut at = first;
    while at <= last {
        let symbol = bits.symbol(ac)?;
        match (symbol >> 4, symbol & 15) {
            (15, 0) => at += 16,
            (size, 0) => {
                *run = (1 << size) - 1 + bits.take(size)?;
                break;
            }
            (zeros, size) => {
                at += usize::from(zeros);
                bits.take(size)?;
                *nonzero |= 1u64.checked_shl(at as u32).unwrap_or(0);
                at += 1;
            }
        }
    }
    Ok(())
}

/// One bit more of each coefficient of a band that is not 0, and of those that come to be so.
fn refined(
    bits: &mut Bits<'_>,
    ac: &Codes,
    (first, last): (usize, usize),
    run: &mut u32,
    nonzero: &mut u64,
) -> Result<(), Lost> {
    let is_known = |nonzero: u64, at: usize| nonzero >> at & 1 == 1;
    let mut at = first;
    let up_to_last = u64::MAX >> (63 - last);
    if *run == 0 {
        while at <= last {
            let symbol = bits.symbol(ac)?;
            let (mut zeros, size) = (symbol >> 4, symbol & 15);
            if size == 0 && zeros < 15 {
                *run = (1 << zeros) + bits.take(zeros)?;
                break;
            }
            if size > 0 {
                bits.take(1)?;
            }
            while at <= last {
                if is_known(*nonzero, at) {
                    bits.take(1)?;
                } else if zeros == 0 {
                    break;
                } else {
                    zeros -= 1;
                }
                at += 1;
            }
            if size > 0 && at <= last {
                *nonzero |= 1 << at;
            }
            at += 1;
        }
    }
    if *run > 0 {
        let rest = u64::MAX.checked_shl(at as u32).unwrap_or(0) & up_to_last;
        bits.pass((*nonzero & rest).count_ones())?;
        *run -= 1;
    }
    Ok(())
}
