//! A stream at an address.

use std::time::{Duration, Instant};

use super::super::error::VideoError;
use super::super::form::Form;
use super::arrival::Step;
use super::config::LiveConfig;
use crate::format::{FfmpegError, FileError, LiveFfmpeg, LiveProcess, LiveStep, StreamAddress};
use crate::sample::error::SampleError;

pub(super) struct AddressStream {
    programs: LiveFfmpeg,
    address: StreamAddress,
    config: LiveConfig,
    form: Form,
    state: State,
    /// Attempts in a row that gave no frame.
    failed: usize,
    /// Whether any attempt gave one.
    reached: bool,
}

enum State {
    /// Opened, with whether a frame has come, and when the last one did, or the attempt began.
    Open {
        process: Box<LiveProcess>,
        came: bool,
        last: Instant,
    },
    /// Opened again then.
    Closed {
        until: Instant,
    },
    Ended,
}

impl AddressStream {
    pub(super) fn new(
        address: &StreamAddress,
        config: &LiveConfig,
        form: Form,
    ) -> Result<Self, SampleError> {
        let programs = config.opening.ffmpeg.live(&config.opening.excerpt());
        Ok(Self {
            programs: programs.map_err(FileError::in_video_file(&form.path))?,
            address: address.clone(),
            config: config.clone(),
            form,
            state: State::Closed {
                until: Instant::now(),
            },
            failed: 0,
            reached: false,
        })
    }

    pub(super) fn next(&mut self, wait: Duration) -> Result<Step, SampleError> {
        match &mut self.state {
            State::Ended => Ok(Step::Ended),
            State::Closed { until } => {
                let left = until.saturating_duration_since(Instant::now());
                std::thread::sleep(left.min(wait));
                if left <= wait {
                    let opened = self.programs.open(Some(&self.address));
                    let (process, _) = opened.map_err(FileError::in_video_file(&self.form.path))?;
                    self.state = State::Open {
                        process: Box::new(process),
                        came: false,
                        last: Instant::now(),
                    };
                }
                Ok(Step::Nothing)
            }
            State::Open {
                process,
                came,
                last,
            } => match process.next(wait) {
                Ok(LiveStep::Frame(image)) => {
                    (*came, *last) = (true, Instant::now());
                    (self.reached, self.failed) = (true, 0);
                    self.form.frame(image).map(Step::Frame)
                }
                Ok(LiveStep::Nothing) if last.elapsed() < self.config.patience() => {
                    Ok(Step::Nothing)
                }
                Ok(LiveStep::Nothing) => {
                    let came = *came;
                    let seconds = self.config.patience().as_secs();
                    self.lost(came, Some(FfmpegError::Silent { seconds }))
                }
                Ok(LiveStep::Ended) => {
                    let came = *came;
                    self.lost(came, None)
                }
                Err(error) => {
                    let came = *came;
                    self.lost(came, Some(error))
                }
            },
        }
    }

    /// What comes after an attempt, which gave frames or not, and ended well or not.
    fn lost(&mut self, came: bool, error: Option<FfmpegError>) -> Result<Step, SampleError> {
        self.state = State::Ended;
        let reason = match &error {
            Some(error) => error.to_string(),
            None => "the stream ended".to_string(),
        };
        let fails = |error: Option<FfmpegError>| match error {
            Some(error) => FileError::in_video_file(&self.form.path)(error).into(),
            None => SampleError::in_video(&self.form.path)(VideoError::NoFrames),
        };
        // Nothing of this will be otherwise the next time.
        let lasting = matches!(
            error,
            Some(
                FfmpegError::Kind { .. }
                    | FfmpegError::Depth { .. }
                    | FfmpegError::Program { .. }
                    | FfmpegError::NoVideoStream
            )
        );
        if lasting {
            return Err(fails(error));
        }
        self.failed += usize::from(!came);
        let ends = self.config.attempts.is_some_and(|most| self.failed >= most);
        let pause = self.config.pause(self.failed.saturating_sub(1));
        let pause = pause.filter(|_| came || !ends);
        if let Some(pause) = pause {
            self.state = State::Closed {
                until: Instant::now() + pause,
            };
        }
        match (came, pause, &error) {
            (true, None, None) => Ok(Step::Ended),
            (true, ..) => Ok(Step::Break {
                left_out: None,
                reason,
            }),
            (false, Some(again_after), _) => Ok(Step::Unreachable {
                reason,
                again_after,
            }),
            (false, None, _) if self.reached => Ok(Step::Ended),
            (false, None, _) => Err(fails(error)),
        }
    }
}
