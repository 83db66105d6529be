//! The bytes of a text file, whatever encoding they are in, as UTF-8.

use std::io::{self, BufRead, BufReader, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_8, UTF_16LE, WINDOWS_1252};
use serde::{Deserialize, Serialize};

/// How the bytes of a file make text.
///
/// A byte order mark at the beginning is taken off. But for [`Utf8`](Self::Utf8) it goes before the setting: a file that
/// says that it is UTF-8 or UTF-16 is read as that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TextEncoding {
    /// UTF-8. Bytes that are not UTF-8 are an error wherever they are read.
    #[default]
    Utf8,
    /// UTF-8. Bytes that are not UTF-8 are replaced by U+FFFD, and counted.
    Utf8Lossy,
    /// Windows-1252, what programs on Windows in western Europe and America mean by ANSI; ISO 8859-1 is read by it too.
    /// Every byte has a meaning in it, so that nothing tells a file in another encoding of one byte a character.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// UTF-16, its byte order as the byte order mark says, little-endian without one.
    Utf16,
}

/// Why there are no further bytes of text.
pub(super) enum Stopped {
    /// The reader failed.
    Io(io::Error),
    /// The bytes have no meaning in the encoding.
    Malformed,
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Bytes as they are, or as UTF-8.
pub(super) enum Text<R> {
    AsIs(BufReader<R>),
    Decoded(Box<Decoding<R>>),
}

const BUFFER: usize = 1 << 16;

impl<R: Read> Text<R> {
    pub(super) fn new(reader: R, encoding: TextEncoding) -> Self {
        let reader = BufReader::with_capacity(BUFFER, reader);
        let (decoder, lossy) = match encoding {
            TextEncoding::Utf8 => return Self::AsIs(reader),
            TextEncoding::Utf8Lossy => (UTF_8.new_decoder(), true),
            TextEncoding::Windows1252 => (WINDOWS_1252.new_decoder(), false),
            TextEncoding::Utf16 => (UTF_16LE.new_decoder(), false),
        };
        Self::Decoded(Box::new(Decoding {
            reader,
            decoder,
            lossy,
            replaced: 0,
            output: vec![0; BUFFER],
            start: 0,
            end: 0,
            state: State::Reading,
        }))
    }

    /// The bytes that come next, none at the end.
    pub(super) fn fill_buf(&mut self) -> Result<&[u8], Stopped> {
        match self {
            Self::AsIs(reader) => Ok(read_on(reader)?),
            Self::Decoded(decoding) => decoding.fill_buf(),
        }
    }

    /// Takes bytes off that [`fill_buf`](Self::fill_buf) gave.
    pub(super) fn consume(&mut self, bytes: usize) {
        match self {
            Self::AsIs(reader) => reader.consume(bytes),
            Self::Decoded(decoding) => decoding.start += bytes,
        }
    }

    /// How many times U+FFFD stands for bytes without a meaning.
    pub(super) fn replaced(&self) -> u64 {
        match self {
            Self::AsIs(_) => 0,
            Self::Decoded(decoding) => decoding.replaced,
        }
    }
}

fn read_on<R: Read>(reader: &mut BufReader<R>) -> io::Result<&[u8]> {
    loop {
        match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
            Ok(_) => break,
        }
    }
    Ok(reader.buffer())
}

enum State {
    Reading,
    Malformed,
    Ended,
}

pub(super) struct Decoding<R> {
    reader: BufReader<R>,
    decoder: Decoder,
    lossy: bool,
    replaced: u64,
    output: Vec<u8>,
    start: usize,
    end: usize,
    state: State,
}

impl<R: Read> Decoding<R> {
    fn fill_buf(&mut self) -> Result<&[u8], Stopped> {
        const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();
        while self.start == self.end {
            match self.state {
                State::Reading => {}
                State::Malformed => return Err(Stopped::Malformed),
                State::Ended => break,
            }
            let input = read_on(&mut self.reader)?;
            let last = input.is_empty();
            let room = self.output.len() - REPLACEMENT.len();
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                input,
                &mut self.output[..room],
                last,
            );
            self.reader.consume(read);
            (self.start, self.end) = (0, written);
            match result {
                DecoderResult::InputEmpty if last => self.state = State::Ended,
                DecoderResult::InputEmpty | DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) if self.lossy => {
                    self.output[written..][..REPLACEMENT.len()].copy_from_slice(REPLACEMENT);
                    self.end += REPLACEMENT.len();
                    self.replaced += 1;
                }
                DecoderResult::Malformed(..) => self.state = State::Malformed,
            }
        }
        Ok(&self.output[self.start..self.end])
    }
}
