use std::time::Duration;

use super::super::config::VideoConfig;
use super::super::error::VideoError;

/// The longest time between two attempts to reach a stream, unless a longer one is asked for.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How streams are opened, and what becomes of those that break off.
///
/// What of a stream is damaged is left out, whatever [`VideoConfig::damage`] says: there is nobody to send it again. A stream
/// has no start and no end to count from.
///
/// ```no_run
/// use std::time::Duration;
///
/// use memae_data::sample::{Arrival, FrameFormat, LiveConfig};
///
/// let config = LiveConfig::default()
///     .with_timeout(Duration::from_secs(20))
///     .with_reconnect(Duration::from_secs(1));
/// let address = "rtsp://camera:554/gate".parse()?;
/// let mut video = config.open_address(&address, &FrameFormat::default())?;
/// loop {
///     match video.next(Duration::from_millis(200))? {
///         Arrival::Frame(frame) => println!("{}", frame.shape),
///         Arrival::Break(found) => println!("after {} frames: {}", found.after, found.reason),
///         Arrival::Ended => break,
///         _ => {}
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LiveConfig {
    /// How frames are taken: rate, and FFmpeg's programs.
    pub opening: VideoConfig,
    /// The time without a frame after which an address is taken to be silent; 10 s by default.
    pub timeout: Duration,
    /// How long to wait before an address is opened again where its stream has ended or broken off; twice as long before each
    /// further attempt without a frame, up to a minute. Not at all by default.
    pub reconnect: Option<Duration>,
    /// The most attempts in a row without a frame; any number by default.
    pub attempts: Option<usize>,
}

impl Default for LiveConfig {
    fn default() -> Self {
        Self {
            opening: VideoConfig::default(),
            timeout: Duration::from_secs(10),
            reconnect: None,
            attempts: None,
        }
    }
}

impl LiveConfig {
    /// Sets how frames are taken.
    pub fn with_opening(mut self, opening: VideoConfig) -> Self {
        self.opening = opening;
        self
    }

    /// Sets the time without a frame after which an address is taken to be silent.
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Opens an address again where its stream has ended or broken off, after so long.
    pub fn with_reconnect(mut self, pause: Duration) -> Self {
        self.reconnect = Some(pause);
        self
    }

    /// Sets the most attempts in a row without a frame.
    pub fn with_attempts(mut self, attempts: usize) -> Self {
        self.attempts = Some(attempts);
        self
    }

    pub(super) fn check(&self) -> Result<(), VideoError> {
        self.opening.check()?;
        for (setting, found) in [
            ("start", Some(self.opening.start)),
            ("end", self.opening.end),
        ] {
            if let Some(found) = found.filter(|seconds| *seconds > 0.0) {
                return Err(VideoError::Setting {
                    setting,
                    found: found.to_string(),
                    expected: "none for a stream, which is joined where it is",
                });
            }
        }
        Ok(())
    }

    /// The pause before the attempt that follows so many without a frame.
    pub(super) fn pause(&self, failed: usize) -> Option<Duration> {
        let first = self.reconnect?;
        let times = 1_u32.checked_shl(u32::try_from(failed).unwrap_or(u32::MAX));
        let pause = first
            .checked_mul(times.unwrap_or(u32::MAX))
            .unwrap_or(Duration::MAX);
        Some(pause.min(first.max(LONGEST_PAUSE)))
    }

    /// The time without a frame after which an address is silent: frames that are taken a few an hour take their time.
    pub(super) fn patience(&self) -> Duration {
        let usual = self.opening.rate.map_or(0.0, |rate| 3.0 / rate);
        self.timeout
            .max(Duration::try_from_secs_f64(usual).unwrap_or(Duration::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let config = |seconds| LiveConfig::default().with_reconnect(Duration::from_secs(seconds));
        let pauses = |config: LiveConfig| {
            let pauses = [0, 1, 2, 3, 40, usize::MAX].map(|failed| config.pause(failed));
            pauses.map(|pause| pause.unwrap().as_secs())
        };
        assert_eq!(pauses(config(5)), [5, 10, 20, 40, 60, 60]);
        assert_eq!(pauses(config(100)), [100; 6]);
        assert_eq!(LiveConfig::default().pause(0), None);
    }

    #[test]
    fn rare_frames_are_waited_for() {
        let config = LiveConfig::default();
        assert_eq!(config.patience().as_secs(), 10);
        let rare = config.with_opening(VideoConfig::default().with_rate(0.1));
        assert_eq!(rare.patience().as_secs(), 30);
    }

    #[test]
    fn streams_have_no_start_and_no_end() {
        let said = |opening: VideoConfig| {
            let config = LiveConfig::default().with_opening(opening);
            config.check().map_err(|error| error.to_string())
        };
        let opening = VideoConfig::default;
        assert_eq!(said(opening().with_rate(5.0)), Ok(()));
        for opening in [opening().with_start(2.0), opening().with_end(2.0)] {
            let error = said(opening).unwrap_err();
            assert!(
                error.ends_with("found 2, expected none for a stream, which is joined where it is"),
                "{error}"
            );
        }
        assert!(said(opening().with_rate(0.0)).is_err());
    }
}
