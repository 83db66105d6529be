//! Huffman codes, and the bits that they are read from.

/// Why a scan does not hold what its header promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// Its data end before its last block.
    Short,
    /// Bits that are no code.
    NoCode,
}

/// Bits of codes that are found at once.
const SHORT: u32 = 9;

/// The symbols of codes of up to 16 bits.
#[derive(Debug, Clone)]
pub(super) struct Codes {
    /// Symbol and length of the code that [`SHORT`] bits begin with; a length of 0 for longer ones.
    short: [(u8, u8); 1 << SHORT],
    /// For each length, what sixteen bits must be below to begin with a code of it.
    below: [u32; 17],
    /// For each length, the place of the symbol of code 0.
    place: [i32; 17],
    symbols: Vec<u8>,
}

impl Codes {
    /// From the number of codes of each length, and their symbols in order; `None` where there are no such codes.
    pub(super) fn new(counts: &[u8; 16], symbols: &[u8]) -> Option<Self> {
        let (mut below, mut place) = ([0; 17], [0; 17]);
        let (mut code, mut index) = (0u32, 0);
        for (length, &count) in (1..).zip(counts) {
            place[length] = index - code as i32;
            code += u32::from(count);
            index += i32::from(count);
            if code > 1 << length {
                return None;
            }
            below[length] = code << (16 - length);
            code <<= 1;
        }
        let symbols = symbols.get(..index as usize)?.to_vec();
        let mut codes = Self {
            short: [(0, 0); 1 << SHORT],
            below,
            place,
            symbols,
        };
        let lengths = (1u8..).zip(counts);
        let lengths =
            lengths.flat_map(|(length, &count)| std::iter::repeat_n(length, count.into()));
        let mut begins = 0;
        for (length, &symbol) in lengths.zip(&codes.symbols) {
            let Some(free) = SHORT.checked_sub(u32::from(length)) else {
                break;
            };
            codes.short[begins..begins + (1 << free)].fill((symbol, length));
            begins += 1 << free;
        }
        Some(codes)
    }

    /// The symbol of the code that sixteen bits begin with, and its length, if it is not a short one.
    #[cold]
    fn find(&self, bits: u32) -> Option<(u8, u8)> {
        let beyond_short = SHORT as usize + 1;
        let length = (beyond_short..17).find(|&length| bits < self.below[length])?;
        let code = bits >> (16 - length);
        let symbol = self.symbols[(self.place[length] + code as i32) as usize];
        Some((symbol, length as u8))
    }
}

/// The bits of a scan, up to the next marker.
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
    buffer: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            buffer: 0,
            count: 0,
        }
    }

    fn fill(&mut self) {
        if let Some(&next) = self.bytes[self.at.min(self.bytes.len())..].first_chunk() {
            let next = u64::from_be_bytes(next);
            // A byte of ones is one of zeros in this, which alone borrows where its own highest bit is not set.
            let zeros = !next;
            if zeros.wrapping_sub(0x0101_0101_0101_0101) & !zeros & 0x8080_8080_8080_8080 == 0 {
                let bytes = (63 - self.count.min(63)) / 8;
                if bytes > 0 {
                    self.buffer = self.buffer << (8 * bytes) | next >> (64 - 8 * bytes);
                    self.count += 8 * bytes;
                    self.at += bytes as usize;
                }
                return;
            }
        }
        while self.count <= 56 {
            let Some(&byte) = self.bytes.get(self.at) else {
                return;
            };
            self.at = match byte {
                // A zero behind it says that it is no marker.
                0xff => match self.after_fill() {
                    Some((0, behind)) => behind,
                    _ => return,
                },
                _ => self.at + 1,
            };
            self.buffer = self.buffer << 8 | u64::from(byte);
            self.count += 8;
        }
    }

    /// What comes behind one 0xff or several, and where it goes on from there.
    fn after_fill(&self) -> Option<(u8, usize)> {
        let rest = &self.bytes[self.at..];
        let fill = rest.iter().position(|&byte| byte != 0xff)?;
        Some((rest[fill], self.at + fill + 1))
    }

    /// The number that the next bits make; 16 at most.
    pub(super) fn take(&mut self, bits: u8) -> Result<u32, Lost> {
        let bits = u32::from(bits);
        if self.count < bits {
            self.fill();
        }
        self.count = self.count.checked_sub(bits).ok_or(Lost::Short)?;
        Ok((self.buffer >> self.count) as u32 & ((1 << bits) - 1))
    }

    /// So many bits, whatever they are; 64 at most.
    pub(super) fn pass(&mut self, bits: u32) -> Result<(), Lost> {
        if bits <= self.count {
            self.count -= bits;
            return Ok(());
        }
        for some in [bits.min(32), bits.saturating_sub(32)] {
            if self.count < some {
                self.fill();
            }
            self.count = self.count.checked_sub(some).ok_or(Lost::Short)?;
        }
        Ok(())
    }

    /// The symbol of a coefficient, whose lower four bits say how many bits follow it; they are passed, too.
    #[inline]
    pub(super) fn coefficient(&mut self, codes: &Codes) -> Result<u8, Lost> {
        if self.count < 32 {
            self.fill();
        }
        if self.count < 32 {
            let symbol = self.symbol(codes)?;
            self.pass(u32::from(symbol & 15))?;
            return Ok(symbol);
        }
        let bits = (self.buffer >> (self.count - 16)) as u32 & 0xffff;
        let (symbol, length) = match codes.short[(bits >> (16 - SHORT)) as usize] {
            (_, 0) => codes.find(bits).ok_or(Lost::NoCode)?,
            short => short,
        };
        self.count -= u32::from(length + (symbol & 15));
        Ok(symbol)
    }

    #[inline]
    pub(super) fn symbol(&mut self, codes: &Codes) -> Result<u8, Lost> {
        if self.count < 16 {
            self.fill();
        }
        let bits = match self.count.checked_sub(16) {
            Some(behind) => self.buffer >> behind,
            None => self.buffer << (16 - self.count),
        } as u32
            & 0xffff;
        let found = match codes.short[(bits >> (16 - SHORT)) as usize] {
            (_, 0) => codes.find(bits),
            short => Some(short),
        };
        match found {
            Some((symbol, length)) if u32::from(length) <= self.count => {
                self.count -= u32::from(length);
                Ok(symbol)
            }
            // Bits that are not there were taken for zeros.
            _ if self.count < 16 => Err(Lost::Short),
            _ => Err(Lost::NoCode),
        }
    }

    /// Goes behind the next restart marker.
    pub(super) fn restart(&mut self) -> Result<(), Lost> {
        self.count = 0;
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let next = rest.iter().position(|&byte| byte == 0xff);
            self.at += next.ok_or(Lost::Short)?;
            let (marker, behind) = self.after_fill().ok_or(Lost::Short)?;
            match marker {
                0x00 => self.at = behind,
                0xd0..=0xd7 => {
                    self.at = behind;
                    return Ok(());
                }
                _ => return Err(Lost::Short),
            }
        }
    }
}
