use std::io::{BufRead, BufReader, Read};

use image::DynamicImage;

use super::error::{MAX_LINE, Y4mError};
use super::header::Header;
use super::rgb::image;

/// Frames of a stream in YUV4MPEG2, one at a time; no more is read than for the one asked for, but for a small buffer.
#[derive(Debug)]
pub(crate) struct Y4mReader<R> {
    reader: BufReader<R>,
    header: Header,
    frames: usize,
}

impl<R: Read> Y4mReader<R> {
    /// Reads the header.
    pub(crate) fn new(reader: R) -> Result<Self, Y4mError> {
        let mut reader = BufReader::new(reader);
        let header = match line(&mut reader, 0, || "header".to_string())? {
            Line::Whole(line) => Header::parse(&line)?,
            Line::Cut(found) => return Err(Y4mError::CutHeader { found }),
        };
        Ok(Self {
            reader,
            header,
            frames: 0,
        })
    }

    /// Frames a second; `None` where the stream does not say.
    pub(crate) fn rate(&self) -> Option<f64> {
        let (above, below) = self.header.rate?;
        Some(f64::from(above) / f64::from(below))
    }

    /// The next frame; `None` at the end. Nothing more is to be asked for after an error.
    pub(crate) fn next(&mut self) -> Result<Option<DynamicImage>, Y4mError> {
        let (frame, expected) = (self.frames, self.header.frame_bytes());
        let cut = |found| Y4mError::CutFrame {
            frame,
            found,
            expected,
        };
        let place = || format!("frame {frame}, counted from 0");
        let marker = match line(&mut self.reader, frame, place)? {
            Line::Whole(marker) => marker,
            Line::Cut(0) => return Ok(None),
            Line::Cut(_) => return Err(cut(0)),
        };
        // Parameters of single frames say nothing that is of matter here.
        if marker.split(|&byte| byte == b' ').next() != Some(b"FRAME") {
            let found = String::from_utf8_lossy(&marker);
            return Err(Y4mError::Marker {
                frame,
                found: found.chars().take(16).collect(),
            });
        }
        let mut planes = Vec::new();
        let read = self.reader.by_ref().take(expected as u64);
        let read = { read }.read_to_end(&mut planes);
        let found = read.map_err(|error| Y4mError::Read { frame, error })?;
        let image = image(&self.header, planes).filter(|_| found == expected);
        let image = image.ok_or_else(|| cut(found))?;
        self.frames += 1;
        Ok(Some(image))
    }
}

enum Line {
    /// Without its end.
    Whole(Vec<u8>),
    /// The stream ends after so many bytes of it.
    Cut(usize),
}

fn line(
    reader: &mut impl BufRead,
    frame: usize,
    place: impl Fn() -> String,
) -> Result<Line, Y4mError> {
    let mut line = Vec::new();
    let read = reader
        .by_ref()
        .take(MAX_LINE as u64 + 1)
        .read_until(b'\n', &mut line);
    read.map_err(|error| Y4mError::Read { frame, error })?;
    if line.pop_if(|last| *last == b'\n').is_some() {
        return Ok(Line::Whole(line));
    }
    match line.len() > MAX_LINE {
        true => Err(Y4mError::LongLine { place: place() }),
        false => Ok(Line::Cut(line.len())),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn frames(bytes: &[u8]) -> (usize, Option<String>) {
        let mut reader = match Y4mReader::new(bytes) {
            Ok(reader) => reader,
            Err(error) => return (0, Some(error.to_string())),
        };
        let mut frames = 0;
        loop {
            match reader.next() {
                Ok(Some(_)) => frames += 1,
                Ok(None) => return (frames, None),
                Err(error) => return (frames, Some(error.to_string())),
            }
        }
    }

    #[test]
    fn frames_come_one_by_one() {
        let stream = b"YUV4MPEG2 W2 H1 F25:2 Cmono\nFRAME\nabFRAME Ixyz XQ=3\ncd";
        let mut reader = Y4mReader::new(&stream[..]).unwrap();
        assert_eq!(reader.rate(), Some(12.5));
        assert_eq!(reader.next().unwrap().unwrap().as_bytes(), b"ab");
        assert_eq!(reader.next().unwrap().unwrap().as_bytes(), b"cd");
        assert_eq!(reader.next().unwrap(), None);
    }

    #[test]
    fn what_is_damaged_is_named_with_its_frame() {
        let header = "YUV4MPEG2 W2 H1 Cmono\n";
        for (rest, whole, said) in [
            (
                "FRAME\nabFRAMED\ncd",
                1,
                "frame 1, counted from 0: found \"FRAMED\", expected FRAME",
            ),
            ("FRAME\nabcFRAME\ncd", 1, "found \"cFRAME\", expected FRAME"),
            (
                "FRAME\nabFRAME\nc",
                1,
                "frame 1, counted from 0: found 1 bytes, expected 2",
            ),
            (
                "FRAME\nabFRA",
                1,
                "frame 1, counted from 0: found 0 bytes, expected 2",
            ),
            (
                "YUV4MPEG2 W2 H1 Cmono\n",
                0,
                "found \"YUV4MPEG2 W2 H1 \", expected FRAME",
            ),
        ] {
            let (frames, error) = frames(format!("{header}{rest}").as_bytes());
            assert_eq!(frames, whole, "{rest:?}");
            assert!(
                error.as_ref().is_some_and(|error| error.contains(said)),
                "{rest:?}: {error:?}"
            );
        }
        assert_eq!(frames(header.as_bytes()), (0, None));
        let cut = frames(&header.as_bytes()[..10]).1.unwrap();
        assert!(cut.contains("an end after 10 bytes"), "{cut}");
        let endless = format!("YUV4MPEG2 X{}", "x".repeat(1 << 20));
        let long = frames(endless.as_bytes()).1.unwrap();
        assert!(
            long.starts_with("header: found more than 1024 bytes"),
            "{long}"
        );
        let endless = format!("{header}FRAME X{}", "x".repeat(1 << 20));
        let long = frames(endless.as_bytes()).1.unwrap();
        assert!(
            long.starts_with("frame 0, counted from 0: found more than 1024 bytes"),
            "{long}"
        );
    }

    proptest! {
        /// Wherever a stream is cut off, the frames before come, and the one that is cut is an error.
        #[test]
        fn streams_that_end_anywhere_give_their_whole_frames(
            (width, height) in (1usize..9, 1usize..9), count in 0usize..4, seed: u8,
            chroma in prop::sample::select(vec!["420jpeg", "420mpeg2", "422", "411", "444", "mono"]),
            cut in 0.0..1.0f64,
        ) {
            let header = format!("YUV4MPEG2 W{width} H{height} F25:1 C{chroma}\n");
            let bytes = Header::parse(header.trim_end().as_bytes()).unwrap().frame_bytes();
            let mut stream = header.clone().into_bytes();
            for frame in 0..count {
                stream.extend_from_slice(b"FRAME\n");
                stream.extend((0..bytes).map(|at| (at as u8).wrapping_mul(seed).wrapping_add(frame as u8)));
            }
            prop_assert_eq!(frames(&stream), (count, None));
            let length = header.len() + ((stream.len() - header.len()) as f64 * cut) as usize;
            let (whole, rest) = ((length - header.len()) / (bytes + 6), (length - header.len()) % (bytes + 6));
            let (found, error) = frames(&stream[..length]);
            prop_assert_eq!(found, whole);
            prop_assert_eq!(error.is_some(), rest > 0);
        }
    }
}
