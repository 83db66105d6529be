//! A stream that is handed over byte by byte, as standard input is.

use std::io::{self, Read};
use std::process::ChildStdin;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel};
use std::time::Duration;

use super::super::config::VideoConfig;
use super::super::error::VideoError;
use super::super::form::Form;
use super::super::frame::Frame;
use super::super::frame_format::FrameFormat;
use super::arrival::Step;
use super::config::LiveConfig;
use super::pump::{ReaderEnd, pump};
use crate::format::{FfmpegError, FileError, LiveFfmpeg, LiveProcess, LiveStep, Y4mError};
use crate::sample::error::SampleError;

/// What a stream in YUV4MPEG2 begins with.
const Y4M: &[u8] = b"YUV4MPEG2";

/// Frames that reading may be ahead.
const AHEAD: usize = 1;

/// Attempts in a row to find a frame in what follows a damaged part.
const ATTEMPTS: usize = 5;

/// What the thread that reads has to say.
enum Told {
    Frame(Frame),
    Failed(SampleError),
    /// It is not YUV4MPEG2, and is handed on to a program.
    Container,
}

pub(super) struct ReaderStream {
    opening: VideoConfig,
    form: Form,
    told: Receiver<Told>,
    inputs: Sender<ChildStdin>,
    end: ReaderEnd,
    frames: usize,
    decoding: Option<Decoding>,
    ended: bool,
}

struct Decoding {
    programs: LiveFfmpeg,
    process: LiveProcess,
    /// Whether this process has given a frame; how many before it have not.
    came: bool,
    failed: usize,
}

impl ReaderStream {
    pub(super) fn new(
        reader: impl Read + Send + 'static,
        config: &LiveConfig,
        form: Form,
        format: &FrameFormat,
    ) -> Self {
        let (sender, told) = sync_channel(AHEAD);
        let (inputs, programs) = channel();
        let end = ReaderEnd::default();
        let (opening, format, path) = (config.opening.clone(), format.clone(), form.path.clone());
        let reached = end.clone();
        // It ends with the reader, or at the next byte that nobody wants.
        std::thread::spawn(move || {
            let read = |reader, sender: &SyncSender<Told>| -> Result<(), SampleError> {
                for frame in opening.read_y4m(&path, reader, &format)? {
                    if sender.send(Told::Frame(frame?)).is_err() {
                        break;
                    }
                }
                Ok(())
            };
            let (start, reader) = match start(reader) {
                Ok(start) => start,
                Err(error) => {
                    let failed = FileError::reading(&path)(error);
                    let _ = sender.send(Told::Failed(failed.into()));
                    return;
                }
            };
            if start.is_empty() {
                return;
            }
            let is_y4m = start == Y4M;
            let reader = io::Cursor::new(start).chain(reader);
            if !is_y4m {
                if sender.send(Told::Container).is_ok() {
                    pump(reader, &programs, &reached);
                }
            } else if let Err(error) = read(reader, &sender) {
                // Nobody may want to know it any more.
                let _ = sender.send(Told::Failed(error));
            }
        });
        Self {
            opening: config.opening.clone(),
            form,
            told,
            inputs,
            end,
            frames: 0,
            decoding: None,
            ended: false,
        }
    }

    pub(super) fn next(&mut self, wait: Duration) -> Result<Step, SampleError> {
        if self.ended {
            return Ok(Step::Ended);
        }
        let Some(decoding) = &mut self.decoding else {
            return self.next_told(wait);
        };
        match decoding.process.next(wait) {
            Ok(LiveStep::Frame(image)) => {
                self.frames += 1;
                (decoding.came, decoding.failed) = (true, 0);
                self.form.frame(image).map(Step::Frame)
            }
            Ok(LiveStep::Nothing) => Ok(Step::Nothing),
            Ok(LiveStep::Ended) => self.lost(None),
            Err(error) => self.lost(Some(error)),
        }
    }

    fn next_told(&mut self, wait: Duration) -> Result<Step, SampleError> {
        match self.told.recv_timeout(wait) {
            Ok(Told::Frame(frame)) => {
                self.frames += 1;
                Ok(Step::Frame(frame))
            }
            Ok(Told::Failed(error)) => {
                self.ended = true;
                match &error {
                    SampleError::File(FileError::Y4m { error: damage, .. }) if self.frames > 0 => {
                        Ok(Step::Break {
                            left_out: match damage {
                                Y4mError::CutFrame { .. } | Y4mError::Marker { .. } => Some(1),
                                _ => None,
                            },
                            reason: damage.to_string(),
                        })
                    }
                    _ => Err(error),
                }
            }
            Ok(Told::Container) => {
                let failed = FileError::in_video_file(&self.form.path);
                let programs = self.opening.ffmpeg.live(&self.opening.excerpt());
                self.open(programs.map_err(failed)?, 0)?;
                Ok(Step::Nothing)
            }
            Err(RecvTimeoutError::Timeout) => Ok(Step::Nothing),
            Err(RecvTimeoutError::Disconnected) => {
                self.ended = true;
                match self.frames {
                    0 => Err(SampleError::in_video(&self.form.path)(VideoError::NoFrames)),
                    _ => Ok(Step::Ended),
                }
            }
        }
    }

    fn open(&mut self, programs: LiveFfmpeg, failed: usize) -> Result<(), SampleError> {
        let (process, input) = programs
            .open(None)
            .map_err(FileError::in_video_file(&self.form.path))?;
        if let Some(input) = input {
            // Nobody takes it where the reader is at its end, and the program ends with its input.
            let _ = self.inputs.send(input);
        }
        self.decoding = Some(Decoding {
            programs,
            process,
            came: false,
            failed,
        });
        Ok(())
    }

    /// What comes after the end of a program, which ended well or not: the rest of what there is to read goes to another.
    fn lost(&mut self, error: Option<FfmpegError>) -> Result<Step, SampleError> {
        self.ended = true;
        let Some(Decoding {
            programs,
            came,
            failed,
            ..
        }) = self.decoding.take()
        else {
            return Ok(Step::Ended);
        };
        if self.frames == 0 {
            return Err(match error {
                Some(error) => FileError::in_video_file(&self.form.path)(error).into(),
                None => SampleError::in_video(&self.form.path)(VideoError::NoFrames),
            });
        }
        let at_end = self.end.is_reached();
        let fault = self.end.take_fault();
        let failed = failed + usize::from(!came);
        if !at_end && failed < ATTEMPTS {
            self.open(programs, failed)?;
            self.ended = false;
        }
        let reason = match (error, fault) {
            (_, Some(fault)) => format!("cannot be read: {fault}"),
            (Some(error), None) => error.to_string(),
            (None, None) if at_end => return Ok(Step::Ended),
            (None, None) => "the stream ended before what was given did".to_string(),
        };
        match (came, self.ended) {
            (true, _) => Ok(Step::Break {
                left_out: None,
                reason,
            }),
            (false, true) => Ok(Step::Ended),
            (false, false) => Ok(Step::Nothing),
        }
    }
}

/// The first bytes, as many as tell what it is, and the rest.
fn start<R: Read>(mut reader: R) -> io::Result<(Vec<u8>, R)> {
    let mut start = Vec::new();
    reader
        .by_ref()
        .take(Y4M.len() as u64)
        .read_to_end(&mut start)?;
    Ok((start, reader))
}
