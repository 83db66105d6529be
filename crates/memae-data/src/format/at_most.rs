use std::io::{self, Read};

/// Bytes of a reader that has no more than so many: with more it fails, where `take` would end as if it were the end.
pub(crate) struct AtMost<R> {
    reader: R,
    most: u64,
    left: u64,
}

impl<R: Read> AtMost<R> {
    pub(crate) fn new(reader: R, most: u64) -> Self {
        Self {
            reader,
            most,
            left: most,
        }
    }
}

impl<R: Read> Read for AtMost<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        match self.left.checked_sub(read as u64) {
            Some(left) => self.left = left,
            None => {
                let most = self.most;
                return Err(io::Error::other(format!(
                    "found more than {most} bytes, expected no more"
                )));
            }
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_more_is_an_error() {
        let read = |most| {
            let mut bytes = Vec::new();
            let read = AtMost::new(&[7; 100_000][..], most).read_to_end(&mut bytes);
            read.map_err(|error| error.to_string())
        };
        assert_eq!(read(100_000), Ok(100_000));
        assert_eq!(
            read(99_999),
            Err("found more than 99999 bytes, expected no more".to_string())
        );
    }
}
