use std::io::{BufReader, Read};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::thread::JoinHandle;

use image::DynamicImage;

use super::error::FfmpegError;
use super::kinds::READ;
use super::pnm::read_pnm;
use super::program::{Ffmpeg, input, name, start_error};
use super::runs::Run;
use super::said::{last_line, tail};

/// What comes out.
pub(super) enum Output {
    /// The frames that filters leave, with how transparent each pixel is if `alpha`.
    Frames { filters: Vec<String>, alpha: bool },
    /// Nothing: whether all can be decoded is all that matters.
    Nothing,
}

/// A program that decodes, strictly: whatever it complains of is an error.
pub(super) struct Process {
    program: String,
    /// The program that hands a part of a file on to it.
    feeder: Option<Child>,
    child: Child,
    output: Option<BufReader<ChildStdout>>,
    errors: Option<JoinHandle<Vec<u8>>>,
    frames: usize,
}

impl Process {
    /// Begins to decode a file, or a part of it; `frames` were had of it before.
    pub(super) fn start(
        ffmpeg: &Ffmpeg,
        path: &Path,
        part: Option<&Run>,
        output: Output,
        frames: usize,
    ) -> Result<Self, FfmpegError> {
        let failed = |error| start_error(&ffmpeg.ffmpeg, &error);
        let (filters, format): (_, &[&str]) = match output {
            // Frames that say how large they are, as rotation and cropping may change that.
            Output::Frames {
                filters,
                alpha: false,
            } => (filters, &["-c:v", "ppm", "-pix_fmt", "rgb24"]),
            Output::Frames {
                filters,
                alpha: true,
            } => (filters, &["-c:v", "pam", "-pix_fmt", "rgba"]),
            Output::Nothing => (Vec::new(), &[]),
        };
        let container = match format.is_empty() {
            true => "null",
            false => "image2pipe",
        };
        let once = ffmpeg.each_frame_once(filters)?;
        let mut feeder = part.map(|part| feed(ffmpeg, path, part)).transpose()?;
        let mut command = Command::new(&ffmpeg.ffmpeg);
        // A damaged frame is an error: a guess at it would be scored as if it had been seen.
        command.args(["-nostdin", "-v", "error", "-xerror", "-protocol_whitelist"]);
        match feeder.as_mut().and_then(|feeder| feeder.stdout.take()) {
            Some(packets) => command
                .args(["pipe", "-f", "nut", "-i", "pipe:0"])
                .stdin(Stdio::from(packets)),
            None => command
                .args(["file", "-format_whitelist", READ, "-i"])
                .arg(input(path))
                .stdin(Stdio::null()),
        };
        let child = command
            .args(["-map", "0:V:0"])
            .args(once)
            .args(format)
            .args(["-f", container, "pipe:1"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => {
                end(&mut feeder);
                return Err(failed(error));
            }
        };
        let output = child.stdout.take().map(BufReader::new);
        let errors = child.stderr.take().map(|stderr| {
            // Read all the while, or the program would wait for a reader in the end.
            std::thread::spawn(move || tail(stderr))
        });
        Ok(Self {
            program: name(&ffmpeg.ffmpeg),
            feeder,
            child,
            output,
            errors,
            frames,
        })
    }

    /// The next frame; `None` after the last one, when the program has ended well.
    pub(super) fn next(&mut self) -> Result<Option<DynamicImage>, FfmpegError> {
        let Some(output) = &mut self.output else {
            return Ok(None);
        };
        match read_pnm(output) {
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

    /// Waits for the end of a program that gives nothing; what it complained of, if it did.
    pub(super) fn complaint(mut self) -> Result<Option<String>, FfmpegError> {
        if let Some(output) = &mut self.output {
            let _ = std::io::copy(&mut output.by_ref(), &mut std::io::sink());
        }
        match self.finish() {
            Ok(()) => Ok(None),
            Err(FfmpegError::Failed { reason, .. } | FfmpegError::Complained { reason, .. }) => {
                Ok(Some(reason))
            }
            Err(error) => Err(error),
        }
    }

    fn finish(&mut self) -> Result<(), FfmpegError> {
        // Closed first: a program that still writes then ends instead of waiting.
        self.output = None;
        let status = self.child.wait().map_err(|error| FfmpegError::Program {
            program: self.program.clone(),
            reason: error.to_string(),
        })?;
        let feeder = self.feeder.take();
        let fed = feeder.and_then(|feeder| ended(feeder, status.success()));
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
        if let Some(status) = fed.filter(|status| !status.success()) {
            // Not all packets came over, however well those that did were decoded.
            return Err(FfmpegError::Failed {
                program,
                status,
                frames,
                reason: "it can't hand on packets of this kind of file".to_string(),
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

impl Drop for Process {
    fn drop(&mut self) {
        if self.output.take().is_some() {
            // The rest of the video is not wanted. It may have ended by itself just now.
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        end(&mut self.feeder);
    }
}

/// Hands on some packets of a file as they are. What is wrong with the file besides is not its matter.
fn feed(ffmpeg: &Ffmpeg, path: &Path, part: &Run) -> Result<Child, FfmpegError> {
    Command::new(&ffmpeg.ffmpeg)
        .args(["-nostdin", "-v", "quiet", "-protocol_whitelist", "file"])
        .args(["-format_whitelist", READ])
        // Times that are missing are made up, as those that take packets ask for them.
        .args(["-fflags", "+genpts", "-i"])
        .arg(input(path))
        .args([
            "-map",
            "0:V:0",
            "-c",
            "copy",
            "-copyinkf",
            "-copypriorss",
            "1",
        ])
        .args(["-bsf:v", &part.drop_others()])
        // The rest of the file is not read.
        .args(["-frames:v", &part.len().to_string()])
        .args(["-f", "nut", "pipe:1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| start_error(&ffmpeg.ffmpeg, &error))
}

/// How a program ended whose output was read to its end; one whose output was not is ended.
fn ended(mut feeder: Child, read_to_end: bool) -> Option<ExitStatus> {
    if !read_to_end {
        let _ = feeder.kill();
    }
    feeder.wait().ok()
}

/// Ends a program whose output nobody reads any more.
fn end(feeder: &mut Option<Child>) {
    if let Some(mut feeder) = feeder.take() {
        let _ = feeder.kill();
        let _ = feeder.wait();
    }
}
