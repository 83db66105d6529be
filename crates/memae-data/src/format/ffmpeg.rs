//! Frames of video files, through FFmpeg's programs.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use image::{DynamicImage, RgbImage};

use crate::source::{FrameFormat, VideoError};

/// The last bytes of what a program says that are kept.
const TAIL: usize = 1 << 12;

/// FFmpeg's programs.
///
/// ```
/// use memae_data::source::Ffmpeg;
///
/// let on_path = Ffmpeg::default();
/// assert_eq!(on_path.ffmpeg.to_str(), Some("ffmpeg"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ffmpeg {
    /// The program that decodes; `ffmpeg` on PATH by default.
    pub ffmpeg: PathBuf,
    /// The program that looks at files; `ffprobe` on PATH by default.
    pub ffprobe: PathBuf,
}

impl Default for Ffmpeg {
    fn default() -> Self {
        Self {
            ffmpeg: "ffmpeg".into(),
            ffprobe: "ffprobe".into(),
        }
    }
}

impl Ffmpeg {
    /// Checks that a file has a video stream.
    pub(crate) fn check(&self, path: &Path) -> Result<(), VideoError> {
        let output = Command::new(&self.ffprobe)
            .args([
                "-v",
                "error",
                "-protocol_whitelist",
                "file",
                "-select_streams",
                "V:0",
            ])
            .args(["-show_entries", "stream=codec_type", "-of", "csv=p=0"])
            .arg(input(path))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| start_error(&self.ffprobe, &error))?;
        if !output.status.success() {
            return Err(VideoError::Failed {
                program: name(&self.ffprobe),
                status: output.status,
                frames: 0,
                reason: last_line(&output.stderr),
            });
        }
        if !output.stdout.trim_ascii().is_empty() {
            return Ok(());
        }
        match output.stderr.trim_ascii().is_empty() {
            true => Err(VideoError::NoVideoStream),
            false => Err(VideoError::Complained {
                program: name(&self.ffprobe),
                frames: 0,
                reason: last_line(&output.stderr),
            }),
        }
    }

    /// Begins to decode a file.
    pub(crate) fn decode(&self, path: &Path) -> Result<Decoder, VideoError> {
        // Each frame of the file once, none repeated or dropped to keep a rate; older versions know another word.
        let passthrough = match self.knows_fps_mode()? {
            true => "-fps_mode",
            false => "-vsync",
        };
        let mut child = Command::new(&self.ffmpeg)
            // A damaged frame is an error: a guess at it would be scored as if it had been seen.
            .args([
                "-nostdin",
                "-v",
                "error",
                "-xerror",
                "-protocol_whitelist",
                "file",
            ])
            .arg("-i")
            .arg(input(path))
            .args(["-map", "0:V:0", passthrough, "passthrough"])
            // Frames that say how large they are, as rotation and cropping may change that.
            .args([
                "-f",
                "image2pipe",
                "-c:v",
                "ppm",
                "-pix_fmt",
                "rgb24",
                "pipe:1",
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| start_error(&self.ffmpeg, &error))?;
        let output = child.stdout.take().map(BufReader::new);
        let errors = child.stderr.take().map(|stderr| {
            // Read all the while, or the program would wait for a reader in the end.
            std::thread::spawn(move || tail(stderr))
        });
        Ok(Decoder {
            program: name(&self.ffmpeg),
            child,
            output,
            errors,
            frames: 0,
        })
    }

    fn knows_fps_mode(&self) -> Result<bool, VideoError> {
        let help = Command::new(&self.ffmpeg)
            .args(["-hide_banner", "-h", "long"])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| start_error(&self.ffmpeg, &error))?;
        let word = b"fps_mode";
        Ok(help.stdout.windows(word.len()).any(|window| window == word))
    }
}

/// A path that is never taken for an option or another protocol.
fn input(path: &Path) -> OsString {
    let mut input = OsString::from("file:");
    input.push(path);
    input
}

fn name(program: &Path) -> String {
    program
        .file_name()
        .unwrap_or(OsStr::new("ffmpeg"))
        .to_string_lossy()
        .into_owned()
}

fn start_error(program: &Path, error: &io::Error) -> VideoError {
    VideoError::Program {
        program: name(program),
        reason: error.to_string(),
    }
}

/// The last line that is not empty, as it may stand in a message.
fn last_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let line = text.lines().map(str::trim).rfind(|line| !line.is_empty());
    let line = line.unwrap_or("it said nothing");
    line.chars()
        .flat_map(char::escape_debug)
        .take(300)
        .collect()
}

/// Reads to the end and keeps the last bytes.
fn tail(mut reader: impl Read) -> Vec<u8> {
    let mut kept = Vec::new();
    let mut buffer = [0; TAIL];
    loop {
        match reader.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => {
                kept.extend_from_slice(&buffer[..count]);
                kept.drain(..kept.len().saturating_sub(TAIL));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    kept
}

/// Frames as the program decodes them, one at a time.
pub(crate) struct Decoder {
    program: String,
    child: Child,
    output: Option<BufReader<ChildStdout>>,
    errors: Option<JoinHandle<Vec<u8>>>,
    frames: usize,
}

impl Decoder {
    /// The next frame; `None` after the last one, when the program has ended well.
    pub(crate) fn next(&mut self) -> Result<Option<DynamicImage>, VideoError> {
        let Some(output) = &mut self.output else {
            return Ok(None);
        };
        match read_ppm(output) {
            Ok(Some(image)) => {
                self.frames += 1;
                Ok(Some(image))
            }
            // How the program ended says more than where its output stopped.
            Ok(None) => self.finish().map(|()| None),
            Err(found) => {
                self.finish()?;
                Err(VideoError::Output {
                    program: self.program.clone(),
                    found,
                    frames: self.frames,
                })
            }
        }
    }

    fn finish(&mut self) -> Result<(), VideoError> {
        // Closed first: a program that still writes then ends instead of waiting.
        self.output = None;
        let status = self.child.wait().map_err(|error| VideoError::Program {
            program: self.program.clone(),
            reason: error.to_string(),
        })?;
        let said = self.errors.take().and_then(|errors| errors.join().ok());
        let said = said.unwrap_or_default();
        let (program, frames) = (self.program.clone(), self.frames);
        if !status.success() {
            return Err(VideoError::Failed {
                program,
                status,
                frames,
                reason: last_line(&said),
            });
        }
        // Of some damage, such as a missing end, it only says so and ends well.
        match said.trim_ascii().is_empty() {
            true => Ok(()),
            false => Err(VideoError::Complained {
                program,
                frames,
                reason: last_line(&said),
            }),
        }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        if self.output.take().is_some() {
            // The rest of the video is not wanted. It may have ended by itself just now.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Reads an image as `ffmpeg` writes it: `P6`, width, height, 255, pixels. `None` at the end; what is wrong otherwise.
fn read_ppm(reader: &mut impl BufRead) -> Result<Option<DynamicImage>, String> {
    let cut = |_| "a part of a frame".to_string();
    let mut magic = Vec::new();
    reader
        .by_ref()
        .take(3)
        .read_to_end(&mut magic)
        .map_err(cut)?;
    match &magic[..] {
        b"" => return Ok(None),
        b"P6\n" => {}
        other => return Err(format!("the bytes {other:02x?}")),
    }
    let mut header = Vec::new();
    for _ in 0..2 {
        reader
            .by_ref()
            .take(32)
            .read_until(b'\n', &mut header)
            .map_err(cut)?;
    }
    let text = String::from_utf8_lossy(&header).into_owned();
    let numbers: Vec<usize> = text.split_whitespace().flat_map(str::parse).collect();
    let sides = 1..=FrameFormat::MAX_SIDE;
    let &[width, height, 255] = &numbers[..] else {
        return Err("a part of a frame".to_string());
    };
    if !sides.contains(&width) || !sides.contains(&height) {
        return Err(format!("a frame of {height}x{width}"));
    }
    let size = 3 * width * height;
    let mut pixels = Vec::new();
    reader
        .by_ref()
        .take(size as u64)
        .read_to_end(&mut pixels)
        .map_err(cut)?;
    let image = RgbImage::from_raw(width as u32, height as u32, pixels);
    image
        .map(|image| Some(image.into()))
        .ok_or("a part of a frame".to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_of_a_stream_are_read_one_by_one() {
        let mut stream = &b"P6\n2 1\n255\nabcdefP6\n1 1\n255\nghi"[..];
        let image = read_ppm(&mut stream).unwrap().unwrap();
        assert_eq!((image.width(), image.height()), (2, 1));
        assert_eq!(image.as_bytes(), b"abcdef");
        assert_eq!(read_ppm(&mut stream).unwrap().unwrap().as_bytes(), b"ghi");
        assert_eq!(read_ppm(&mut stream), Ok(None));
    }

    #[test]
    fn streams_that_end_anywhere_are_errors() {
        let whole = b"P6\n2 1\n255\nabcdef";
        for end in 1..whole.len() {
            assert!(read_ppm(&mut &whole[..end]).is_err(), "{end}");
        }
        for stream in [
            "P5\n2 1\n255\nab",
            "P6\n0 1\n255\n",
            "P6\n99999 99999\n255\n",
            "P6\n2 1\n65535\nabcdef",
        ] {
            assert!(read_ppm(&mut stream.as_bytes()).is_err(), "{stream:?}");
        }
        let endless = vec![b'1'; 1 << 20];
        assert!(read_ppm(&mut &[b"P6\n", &endless[..]].concat()[..]).is_err());
    }

    #[test]
    fn the_end_of_what_was_said_is_kept() {
        let text: Vec<u8> = (0..100_000u32)
            .flat_map(|n| n.to_string().into_bytes())
            .collect();
        assert_eq!(tail(&text[..]), text[text.len() - TAIL..]);
        assert_eq!(last_line(b"one\ntwo \x07\n\n"), "two \\u{7}");
        assert_eq!(last_line(b"\n"), "it said nothing");
    }
}
