//! Bytes that may be compressed by gzip.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::GzDecoder;

const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Reads bytes that are plain or compressed by gzip, which the first ones tell, uncompressed. There is no limit to what may come
/// out: take no more than is needed.
///
/// # Errors
///
/// The first bytes cannot be read.
///
/// ```
/// use std::io::Read;
///
/// let mut text = String::new();
/// memae_data::format::uncompressed(&b"plain"[..])?.take(3).read_to_string(&mut text)?;
/// assert_eq!(text, "pla");
/// # Ok::<(), std::io::Error>(())
/// ```
pub fn uncompressed<'a>(reader: impl Read + 'a) -> io::Result<Box<dyn Read + 'a>> {
    let mut reader = BufReader::with_capacity(1 << 16, reader);
    Ok(match reader.fill_buf()?.starts_with(&MAGIC) {
        true => Box::new(Members(Some(GzDecoder::new(reader)))),
        false => Box::new(reader),
    })
}

/// The members of a gzip file, one after the other. Zeros may fill up the rest of the file, as those of a tape or of a
/// download that was given its size beforehand.
struct Members<R>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.0 {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let reader = self.0.take().map(GzDecoder::into_inner);
            if let Some(mut reader) = reader
                && !only_zeros_follow(&mut reader)?
            {
                self.0 = Some(GzDecoder::new(reader));
            }
        }
        Ok(0)
    }
}

/// Whether there is nothing more but zeros; an error if something follows them.
fn only_zeros_follow(reader: &mut impl BufRead) -> io::Result<bool> {
    let mut padded = false;
    loop {
        let bytes = match reader.fill_buf() {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            bytes => bytes?,
        };
        let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
        match (bytes.len(), zeros) {
            (0, _) => return Ok(true),
            (_, 0) if padded => {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    "found bytes after the zeros that follow the compressed data, expected nothing",
                ));
            }
            (_, 0) => return Ok(false),
            _ => {
                padded = true;
                reader.consume(zeros);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn member(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).expect("in memory");
        encoder.finish().expect("in memory")
    }

    fn read(bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut text = Vec::new();
        let mut reader = uncompressed(bytes).map_err(|error| error.to_string())?;
        let read = reader.read_to_end(&mut text);
        read.map(|_| text).map_err(|error| error.to_string())
    }

    #[test]
    fn members_follow_each_other_and_zeros_the_last() {
        let (first, second) = (member(b"one "), member(b"two"));
        for zeros in [0, 1, 511, 200_000] {
            let padding = vec![0; zeros];
            assert_eq!(read(&[&first[..], &padding].concat()), Ok(b"one ".to_vec()));
            let both = [&first[..], &member(b""), &second, &padding].concat();
            assert_eq!(read(&both), Ok(b"one two".to_vec()), "{zeros}");
        }
        assert_eq!(
            read(&[&first[..], &[0; 70_000], &second].concat()),
            Err(
                "found bytes after the zeros that follow the compressed data, expected nothing"
                    .to_string()
            )
        );
        assert_eq!(
            read(&[&first[..], b"more than the header of a member"].concat()),
            Err("invalid gzip header".to_string())
        );
        // A file cut short is no padded one.
        for end in 2..first.len() {
            assert!(read(&first[..end]).is_err(), "{end}");
        }
        // Its last three bytes are zeros themselves.
        for end in 2..first.len() - 3 {
            assert!(read(&[&first[..end], &[0; 20]].concat()).is_err(), "{end}");
        }
    }
}
