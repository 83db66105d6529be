//! A stream that is decoded as it arrives. It can't be looked at before, and may be joined anywhere.
//!
//! One program takes the stream apart and hands on its packets from the first on with which decoding can begin; another decodes
//! them. Each ends at the first thing that it complains of, so that no frame is guessed.

use std::io::BufReader;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use image::DynamicImage;

use super::address::StreamAddress;
use super::error::FfmpegError;
use super::excerpt::Excerpt;
use super::feeder_said::Listening;
use super::kinds::READ;
use super::opened::Opened;
use super::pnm::read_pnm;
use super::program::{Ffmpeg, name, start_error};
use super::said::{last_line, tail};

/// Frames that decoding may be ahead.
const AHEAD: usize = 1;

/// How long the end of a program is waited for that has nothing left to do.
const LAST_WORDS: Duration = Duration::from_millis(300);

/// What is known of the programs that decode streams.
#[derive(Debug, Clone)]
pub(crate) struct LiveFfmpeg {
    ffmpeg: Ffmpeg,
    /// The arguments that give each frame once, as soon as it is decoded.
    each_frame_once: Vec<String>,
}

/// What comes of a wait for a frame.
#[derive(Debug)]
pub(crate) enum LiveStep {
    Frame(DynamicImage),
    /// None came while it was waited for.
    Nothing,
    /// The stream is at its end, and nothing was wrong with it.
    Ended,
}

impl Ffmpeg {
    /// Looks at the programs for streams, of which those frames are taken that an excerpt says.
    pub(crate) fn live(&self, excerpt: &Excerpt) -> Result<LiveFfmpeg, FfmpegError> {
        self.check_picks_packets()?;
        Ok(LiveFfmpeg {
            ffmpeg: self.clone(),
            each_frame_once: self.each_frame_at_once(excerpt.filters(0.0, None))?,
        })
    }
}

impl LiveFfmpeg {
    /// Opens an address; or what is written into the pipe that comes too.
    pub(crate) fn open(
        &self,
        address: Option<&StreamAddress>,
    ) -> Result<(LiveProcess, Option<ChildStdin>), FfmpegError> {
        let mut command = Command::new(&self.ffmpeg.ffmpeg);
        command.args(["-nostdin", "-hide_banner", "-nostats", "-v", "level+info"]);
        // Times are left as they are, so that another recording shows, whose times go back.
        command.args(["-xerror", "-copyts", "-fflags", "+genpts"]);
        match address {
            Some(address) => command
                .args(address.arguments())
                .args(["-i", address.url()])
                .stdin(Stdio::null()),
            None => command
                .args(["-protocol_whitelist", "pipe", "-format_whitelist", READ])
                .args(["-i", "pipe:0"])
                .stdin(Stdio::piped()),
        };
        // From the first key frame on, and without what is shown before it and refers to frames before it.
        command
            .args(["-map", "0:V:0", "-c", "copy", "-copypriorss", "1"])
            .args(["-bsf:v", "noise=drop=lt(pts\\,startpts)"])
            .args(["-f", "nut", "-flush_packets", "1", "pipe:1"]);
        let feeder = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| start_error(&self.ffmpeg.ffmpeg, &error))?;
        let mut feeder = Ended(feeder);
        let input = feeder.0.stdin.take();
        let said = feeder.0.stderr.take().map(Listening::to);
        let process = LiveProcess {
            programs: self.clone(),
            address: address.cloned(),
            feeder,
            said,
            decoder: None,
            frames: 0,
        };
        Ok((process, input))
    }

    fn decode(&self, packets: ChildStdout, alpha: bool) -> Result<Decoding, FfmpegError> {
        let format = match alpha {
            false => ["-c:v", "ppm", "-pix_fmt", "rgb24"],
            true => ["-c:v", "pam", "-pix_fmt", "rgba"],
        };
        let child = Command::new(&self.ffmpeg.ffmpeg)
            .args(["-nostdin", "-v", "error", "-xerror"])
            // Threads that take a frame each would keep back as many frames.
            .args(["-thread_type", "slice", "-protocol_whitelist", "pipe"])
            .args(["-f", "nut", "-i", "pipe:0", "-map", "0:V:0"])
            .args(&self.each_frame_once)
            .args(format)
            .args(["-f", "image2pipe", "-flush_packets", "1", "pipe:1"])
            .stdin(Stdio::from(packets))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| start_error(&self.ffmpeg.ffmpeg, &error))?;
        let mut child = Ended(child);
        let errors = child.0.stderr.take();
        let errors = errors.map(|stderr| std::thread::spawn(move || tail(stderr)));
        let (sender, frames) = sync_channel(AHEAD);
        if let Some(output) = child.0.stdout.take() {
            std::thread::spawn(move || {
                let mut output = BufReader::new(output);
                // Closed at the end, so that a program that still writes ends.
                while let Some(read) = read_pnm(&mut output).transpose() {
                    let failed = read.is_err();
                    // Nobody listens any more once the stream is given up.
                    if sender.send(read).is_err() || failed {
                        return;
                    }
                }
            });
        }
        Ok(Decoding {
            child,
            frames,
            errors,
        })
    }
}

/// A program that does not outlive what it works for.
struct Ended(Child);

impl Ended {
    fn end(&mut self) -> Option<ExitStatus> {
        let _ = self.0.kill();
        self.0.wait().ok()
    }

    /// How it ended by itself, if it does so soon.
    fn ended(&mut self) -> Option<ExitStatus> {
        let until = Instant::now() + LAST_WORDS;
        loop {
            match self.0.try_wait() {
                Ok(None) if Instant::now() < until => {
                    std::thread::sleep(Duration::from_millis(5));
                }
                ended => return ended.ok().flatten(),
            }
        }
    }
}

impl Drop for Ended {
    fn drop(&mut self) {
        self.end();
    }
}

struct Decoding {
    child: Ended,
    frames: Receiver<Result<DynamicImage, String>>,
    errors: Option<JoinHandle<Vec<u8>>>,
}

impl Decoding {
    /// How it ended, and what it complained of.
    fn finish(mut self) -> (Option<ExitStatus>, Vec<u8>) {
        let status = self.child.0.wait().ok();
        let errors = self.errors.take().and_then(|errors| errors.join().ok());
        (status, errors.unwrap_or_default())
    }
}

/// Programs that decode a stream. They end when this is dropped.
pub(crate) struct LiveProcess {
    programs: LiveFfmpeg,
    address: Option<StreamAddress>,
    feeder: Ended,
    said: Option<Listening>,
    /// Begun when it is known what the pixels are.
    decoder: Option<Decoding>,
    frames: usize,
}

impl LiveProcess {
    /// Waits for a frame, for so long at most. Nothing more is to be asked for after an error or the end.
    pub(crate) fn next(&mut self, wait: Duration) -> Result<LiveStep, FfmpegError> {
        let until = Instant::now() + wait;
        let decoder = match &mut self.decoder {
            Some(decoder) => decoder,
            None => {
                let opened = self
                    .said
                    .as_ref()
                    .map(|said| said.opened.recv_timeout(wait));
                let opened = match opened {
                    Some(Ok(opened)) => opened,
                    Some(Err(RecvTimeoutError::Timeout)) => return Ok(LiveStep::Nothing),
                    Some(Err(RecvTimeoutError::Disconnected)) | None => return self.finish(),
                };
                let decoder = self.begin(&opened)?;
                self.decoder.insert(decoder)
            }
        };
        let left = until.saturating_duration_since(Instant::now());
        match decoder.frames.recv_timeout(left) {
            Ok(Ok(image)) => {
                self.frames += 1;
                Ok(LiveStep::Frame(image))
            }
            Ok(Err(found)) => {
                // How the programs ended says more than where their output stopped; what was not read ends it.
                self.finish()?;
                Err(FfmpegError::Output {
                    program: name(&self.programs.ffmpeg.ffmpeg),
                    found,
                    frames: self.frames,
                })
            }
            Err(RecvTimeoutError::Timeout) => Ok(LiveStep::Nothing),
            Err(RecvTimeoutError::Disconnected) => self.finish(),
        }
    }

    fn begin(&mut self, opened: &Opened) -> Result<Decoding, FfmpegError> {
        let alpha = opened.alpha()?;
        let packets = self.feeder.0.stdout.take();
        let packets = packets.ok_or_else(|| FfmpegError::Output {
            program: name(&self.programs.ffmpeg.ffmpeg),
            found: "nothing".to_string(),
            frames: 0,
        })?;
        self.programs.decode(packets, alpha)
    }

    /// How both programs ended. What the decoder gave is at its end.
    fn finish(&mut self) -> Result<LiveStep, FfmpegError> {
        let decoded = self.decoder.take().map(Decoding::finish);
        let failed = |ended: &Option<ExitStatus>| ended.filter(|status| !status.success());
        let decoder_failed = decoded.as_ref().and_then(|(status, _)| failed(status));
        // It ends by itself, soon, where it was at the end first; else it may wait for the stream.
        let fed = match decoder_failed {
            None => self.feeder.0.wait().ok(),
            Some(_) => self.feeder.ended(),
        };
        self.feeder.end();
        let said = self.said.take().map(Listening::said).unwrap_or_default();
        let last = said.last.as_deref().unwrap_or_default();
        let errors = decoded.map(|(_, errors)| errors).unwrap_or_default();
        let (program, frames) = (name(&self.programs.ffmpeg.ffmpeg), self.frames);
        // One that lost whom it wrote to has no fault.
        let feeder_failed =
            failed(&fed).filter(|_| !(decoder_failed.is_some() && last.contains("Broken pipe")));
        if let Some(found) = said.refused {
            return Err(FfmpegError::Kind { found });
        }
        if feeder_failed.is_some() && last.contains("matches no streams") {
            return Err(FfmpegError::NoVideoStream);
        }
        if let Some(status) = feeder_failed.or(decoder_failed) {
            return Err(FfmpegError::Failed {
                program,
                status,
                frames,
                reason: match feeder_failed {
                    Some(_) => self.reason(last.as_bytes()),
                    None => self.reason(&errors),
                },
            });
        }
        let complaint = match errors.trim_ascii().is_empty() {
            false => Some(self.reason(&errors)),
            true => said.complained.then(|| self.reason(last.as_bytes())),
        };
        match complaint {
            None => Ok(LiveStep::Ended),
            Some(reason) => Err(FfmpegError::Complained {
                program,
                frames,
                reason,
            }),
        }
    }

    /// The last thing that was said, without credentials.
    fn reason(&self, said: &[u8]) -> String {
        match &self.address {
            Some(address) => {
                let said = String::from_utf8_lossy(said);
                last_line(address.mask(&said).as_bytes())
            }
            None => last_line(said),
        }
    }
}
