use std::io::BufReader;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::JoinHandle;

use image::DynamicImage;

use super::error::FfmpegError;
use super::ppm::read_ppm;
use super::program::{Ffmpeg, input, name, start_error};
use super::said::{last_line, tail};

impl Ffmpeg {
    /// Begins to decode a file.
    pub(crate) fn decode(&self, path: &Path) -> Result<Decoder, FfmpegError> {
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
    pub(crate) fn next(&mut self) -> Result<Option<DynamicImage>, FfmpegError> {
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
                Err(FfmpegError::Output {
                    program: self.program.clone(),
                    found,
                    frames: self.frames,
                })
            }
        }
    }

    fn finish(&mut self) -> Result<(), FfmpegError> {
        // Closed first: a program that still writes then ends instead of waiting.
        self.output = None;
        let status = self.child.wait().map_err(|error| FfmpegError::Program {
            program: self.program.clone(),
            reason: error.to_string(),
        })?;
        let said = self.errors.take().and_then(|errors| errors.join().ok());
        let said = said.unwrap_or_default();
        let (program, frames) = (self.program.clone(), self.frames);
        if !status.success() {
            return Err(FfmpegError::Failed {
                program,
                status,
                frames,
                reason: last_line(&said),
            });
        }
        // Of some damage, such as a missing end, it only says so and ends well.
        match said.trim_ascii().is_empty() {
            true => Ok(()),
            false => Err(FfmpegError::Complained {
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
