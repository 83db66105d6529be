use serde::{Deserialize, Serialize};

use super::error::VideoError;
use crate::format::{DamagePolicy, Excerpt, Ffmpeg, Numbering};

/// How videos are opened: which of their frames are taken, and what becomes of damaged files.
///
/// ```no_run
/// use memae_data::format::DamagePolicy;
/// use memae_data::sample::VideoConfig;
///
/// let config = VideoConfig::default()
///     .with_damage(DamagePolicy::LeaveOut)
///     .with_start(60.0)
///     .with_end(3600.0)
///     .with_rate(5.0);
/// let video = config.open("camera.ts")?;
/// println!("{} frames", video.frame_count()?);
/// for gap in video.gaps()? {
///     println!("after frame {}: {} left out", gap.after, gap.left_out);
/// }
/// # Ok::<(), memae_data::sample::SampleError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct VideoConfig {
    /// What the names of images say of their order; [`Numbering::Consecutive`] by default.
    pub numbering: Numbering,
    /// What becomes of files that are damaged; an error by default.
    pub damage: DamagePolicy,
    /// Where to begin, in seconds after the first frame; 0 by default.
    pub start: f64,
    /// Where to end, in seconds after the first frame: a frame at this time is not taken any more. At the end of the video by
    /// default.
    pub end: Option<f64>,
    /// Most frames a second, evenly spread: of those that a video has more, some are passed over; none is repeated where it
    /// has fewer. All frames by default. Frames to which a file gives one time are spread over the time up to the next.
    pub rate: Option<f64>,
    /// Images a second of folders of images, which say nothing of time; needed for those where a start, an end or a rate is
    /// set.
    pub image_rate: Option<f64>,
    /// FFmpeg's programs, which read video files; those on PATH by default. Not saved.
    #[serde(skip)]
    pub ffmpeg: Ffmpeg,
}

impl Default for VideoConfig {
    fn default() -> Self {
        Self {
            numbering: Numbering::default(),
            damage: DamagePolicy::default(),
            start: 0.0,
            end: None,
            rate: None,
            image_rate: None,
            ffmpeg: Ffmpeg::default(),
        }
    }
}

impl VideoConfig {
    /// Sets what the names of images say of their order.
    pub fn with_numbering(mut self, numbering: Numbering) -> Self {
        self.numbering = numbering;
        self
    }

    /// Sets what becomes of damaged files.
    pub fn with_damage(mut self, damage: DamagePolicy) -> Self {
        self.damage = damage;
        self
    }

    /// Sets where to begin, in seconds after the first frame.
    pub fn with_start(mut self, seconds: f64) -> Self {
        self.start = seconds;
        self
    }

    /// Sets where to end, in seconds after the first frame.
    pub fn with_end(mut self, seconds: f64) -> Self {
        self.end = Some(seconds);
        self
    }

    /// Sets the most frames a second.
    pub fn with_rate(mut self, frames_per_second: f64) -> Self {
        self.rate = Some(frames_per_second);
        self
    }

    /// Sets how many images a second folders of images have.
    pub fn with_image_rate(mut self, images_per_second: f64) -> Self {
        self.image_rate = Some(images_per_second);
        self
    }

    /// Sets where FFmpeg's programs are.
    pub fn with_ffmpeg(mut self, ffmpeg: Ffmpeg) -> Self {
        self.ffmpeg = ffmpeg;
        self
    }

    /// The settings without what belongs to one video or to one machine: start and end, and FFmpeg's programs.
    pub(crate) fn of_any_video(&self) -> Self {
        let anywhere = Self::default();
        Self {
            start: anywhere.start,
            end: anywhere.end,
            ffmpeg: anywhere.ffmpeg,
            ..self.clone()
        }
    }

    /// How many frames a second are taken of those that come at this rate.
    pub(super) fn taken_of(&self, rate: f64) -> f64 {
        self.rate.map_or(rate, |most| rate.min(most))
    }

    pub(super) fn excerpt(&self) -> Excerpt {
        Excerpt {
            start: self.start,
            end: self.end,
            rate: self.rate,
            step: 0.0,
        }
    }

    /// The images that are taken of so many.
    pub(super) fn pick(&self, images: usize) -> Result<Vec<usize>, VideoError> {
        let excerpt = self.excerpt();
        let Some(rate) = self.image_rate else {
            return match excerpt == Excerpt::default() {
                true => Ok((0..images).collect()),
                false => Err(VideoError::Setting {
                    setting: "image_rate",
                    found: "none".to_string(),
                    expected: "images a second, which give the images of a folder the times of start, end and rate",
                }),
            };
        };
        let mut last = None;
        let picked: Vec<usize> = (0..images)
            .filter(|&image| {
                let time = image as f64 / rate;
                let slot = excerpt.slot(time);
                let taken = excerpt.spans(time) && (slot.is_none() || slot != last);
                if taken {
                    last = slot;
                }
                taken
            })
            .collect();
        match picked.is_empty() {
            true => Err(VideoError::NoFrames),
            false => Ok(picked),
        }
    }

    pub(super) fn check(&self) -> Result<(), VideoError> {
        let error = |setting, found: f64, expected| {
            Err(VideoError::Setting {
                setting,
                found: found.to_string(),
                expected,
            })
        };
        if !(0.0..=MOST_SECONDS).contains(&self.start) {
            return error("start", self.start, "0 to 1e9 seconds");
        }
        if let Some(end) = self.end
            && !(end > self.start && end <= MOST_SECONDS)
        {
            return error("end", end, "seconds after the start, at most 1e9");
        }
        for (setting, rate) in [("rate", self.rate), ("image_rate", self.image_rate)] {
            if let Some(rate) = rate
                && !(LEAST_RATE..=MOST_RATE).contains(&rate)
            {
                return error(setting, rate, "1e-6 to 1e6 frames a second");
            }
        }
        Ok(())
    }
}

/// About thirty years.
const MOST_SECONDS: f64 = 1e9;
const LEAST_RATE: f64 = 1e-6;
const MOST_RATE: f64 = 1e6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_picked_by_their_times() {
        let config = VideoConfig::default().with_image_rate(10.0);
        assert_eq!(config.pick(3), Ok(vec![0, 1, 2]));
        let part = config.clone().with_start(0.3).with_end(0.6);
        assert_eq!(part.pick(100), Ok(vec![3, 4, 5]));
        assert_eq!(part.pick(3), Err(VideoError::NoFrames));
        assert_eq!(config.clone().with_rate(5.0).pick(6), Ok(vec![0, 2, 4]));
        // Three of ten: the first at or after each third of a second.
        assert_eq!(config.clone().with_rate(3.0).pick(10), Ok(vec![0, 4, 7]));
        assert_eq!(config.with_rate(50.0).pick(4), Ok(vec![0, 1, 2, 3]));
    }

    #[test]
    fn settings_out_of_range_are_named() {
        let message = |config: VideoConfig| config.check().expect_err("out of range").to_string();
        let config = VideoConfig::default;
        assert_eq!(
            message(config().with_start(-1.0)),
            "start: found -1, expected 0 to 1e9 seconds"
        );
        assert_eq!(
            message(config().with_start(2.0).with_end(2.0)),
            "end: found 2, expected seconds after the start, at most 1e9"
        );
        for rate in [0.0, f64::NAN, -3.0, f64::INFINITY] {
            assert!(config().with_rate(rate).check().is_err(), "{rate}");
            assert!(config().with_image_rate(rate).check().is_err(), "{rate}");
            assert!(config().with_start(rate - 1.0).check().is_err(), "{rate}");
            assert!(config().with_end(rate).check().is_err(), "{rate}");
        }
        let error = config().with_rate(2.0).pick(9).expect_err("no times");
        assert!(
            error.to_string().starts_with("image_rate: found none"),
            "{error}"
        );
    }

    #[test]
    fn text_gives_the_settings_back() {
        let config = VideoConfig::default()
            .with_damage(DamagePolicy::LeaveOut)
            .with_start(1.5)
            .with_end(9.0);
        let text = serde_json::to_string(&config).expect("plain values");
        assert_eq!(
            serde_json::from_str::<VideoConfig>(&text).expect("own text"),
            config
        );
        assert_eq!(
            serde_json::from_str::<VideoConfig>("{}").expect("defaults"),
            VideoConfig::default()
        );
    }
}
