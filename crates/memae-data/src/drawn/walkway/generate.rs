use serde::{Deserialize, Serialize};

use super::error::WalkwayError;
use super::ground::Ground;
use super::kind::WalkwayKind;
use super::video::{Scene, Script, WalkwayVideo};
use super::{background, limits, traffic};
use crate::drawn::scene::film::Exposure;
use crate::drawn::scene::light::Light;
use crate::random::Random;

/// Random streams: the scene, the order of the anomalies' kinds, and the two sets. A test video never repeats a
/// training video.
const STREAM_SCENE: u64 = 0;
const STREAM_KINDS: u64 = 1;
const STREAM_TRAIN: u64 = 2;
const STREAM_TEST: u64 = 3;

/// Settings of the embedded walkway: how many videos of which length and size, and which.
///
/// ```
/// use memae_data::drawn::WalkwayConfig;
///
/// let walkway = WalkwayConfig::default()
///     .with_train(3, 50)
///     .with_test(2, 120)
///     .generate()?;
/// assert_eq!((walkway.train.len(), walkway.test.len()), (3, 2));
/// assert_eq!(walkway.train[0].frame(49).len(), 64 * 64);
///
/// let video = &walkway.test[1];
/// for anomaly in video.anomalies() {
///     println!("{} in frames {:?}", anomaly.kind, anomaly.frames);
/// }
/// let anomalous = video.mask(100).iter().any(|&pixel| pixel);
/// assert_eq!(video.labels()[100], anomalous);
/// # Ok::<(), memae_data::drawn::WalkwayError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WalkwayConfig {
    /// Rows of a frame, 32 to 1024; 64 by default.
    pub height: usize,
    /// Pixels in a row, 32 to 1024; 64 by default. A wider frame shows more of the path.
    pub width: usize,
    /// Number of training videos; 10 by default.
    pub train_videos: usize,
    /// Frames of a training video; 200 by default.
    pub train_frames: usize,
    /// Number of test videos; 10 by default.
    pub test_videos: usize,
    /// Frames of a test video; 240 by default.
    pub test_frames: usize,
    /// Anomalies in a test video, at most one for every 40 frames; 1 by default. With 0, test videos are normal.
    pub anomalies_per_video: usize,
    /// Standard deviation of the sensor's noise in grey levels, 0 to 64; 1 by default.
    pub noise: f64,
    /// Which walkway; 0 by default. Every seed gives another place, other people and other anomalies.
    pub seed: u64,
}

impl Default for WalkwayConfig {
    fn default() -> Self {
        Self {
            height: 64,
            width: 64,
            train_videos: 10,
            train_frames: 200,
            test_videos: 10,
            test_frames: 240,
            anomalies_per_video: 1,
            noise: 1.0,
            seed: 0,
        }
    }
}

impl WalkwayConfig {
    /// Smallest height and width of a frame.
    pub const SMALLEST: usize = limits::SMALLEST;
    /// Largest height and width of a frame.
    pub const LARGEST: usize = limits::LARGEST;
    /// Frames that a test video must have for each of its anomalies.
    pub const FRAMES_PER_ANOMALY: usize = limits::FRAMES_PER_ANOMALY;
    /// Strongest noise, in grey levels.
    pub const STRONGEST_NOISE: f64 = limits::STRONGEST_NOISE;
    /// Most bytes that all frames and masks of a walkway may take together.
    pub const MOST_BYTES: usize = limits::MOST_BYTES;

    /// Sets height and width of a frame.
    pub fn with_size(mut self, height: usize, width: usize) -> Self {
        self.height = height;
        self.width = width;
        self
    }

    /// Sets the number of training videos and the frames of each.
    pub fn with_train(mut self, videos: usize, frames: usize) -> Self {
        self.train_videos = videos;
        self.train_frames = frames;
        self
    }

    /// Sets the number of test videos and the frames of each.
    pub fn with_test(mut self, videos: usize, frames: usize) -> Self {
        self.test_videos = videos;
        self.test_frames = frames;
        self
    }

    /// Sets the number of anomalies in a test video.
    pub fn with_anomalies_per_video(mut self, anomalies: usize) -> Self {
        self.anomalies_per_video = anomalies;
        self
    }

    /// Sets the standard deviation of the noise, in grey levels.
    pub fn with_noise(mut self, noise: f64) -> Self {
        self.noise = noise;
        self
    }

    /// Sets the seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Draws the videos.
    ///
    /// The same settings give the same bytes on every platform whose floating point follows IEEE 754, which leaves
    /// out only x86 without SSE2: nothing but operations that are rounded exactly is used, and a random stream that is
    /// specified bit for bit. A video depends on the seed, the size, the noise, its set, its index and, for test videos,
    /// their length and the number of anomalies per video; asking for more videos leaves the first ones as they were, and so does
    /// asking for longer training videos with their first frames.
    ///
    /// Anomalies come one after the other, evenly spread over a test video. The kinds take turns in random order over all
    /// test videos: of the first five anomalies from the first video on each has another kind, and so have the next five. So
    /// the kinds in a video depend on the seed and on its index times the anomalies per video; with another number of those
    /// a video may have other kinds.
    ///
    /// Takes 2 bytes of memory a pixel, one for the frame and one for the mask.
    ///
    /// # Errors
    ///
    /// A setting is out of its range, a test video is too short for its anomalies, or all videos together would take more
    /// than [`MOST_BYTES`](Self::MOST_BYTES).
    pub fn generate(&self) -> Result<Walkway, WalkwayError> {
        self.check()?;
        let random = &mut self.random(STREAM_SCENE, 0, 0);
        let ground = Ground::new(self.height, self.width, random);
        let background = background::empty(&ground, random);
        let scene = Scene { ground, background };
        Ok(Walkway {
            train: (0..self.train_videos)
                .map(|video| self.film(&scene, STREAM_TRAIN, video, self.train_frames))
                .collect(),
            test: (0..self.test_videos)
                .map(|video| self.film(&scene, STREAM_TEST, video, self.test_frames))
                .collect(),
        })
    }

    fn check(&self) -> Result<(), WalkwayError> {
        let &Self {
            height,
            width,
            noise,
            ..
        } = self;
        let sizes = Self::SMALLEST..=Self::LARGEST;
        if !sizes.contains(&height) || !sizes.contains(&width) {
            return Err(WalkwayError::Size { height, width });
        }
        if !(0.0..=Self::STRONGEST_NOISE).contains(&noise) {
            return Err(WalkwayError::Noise { noise });
        }
        if self.anomalies_per_video > self.test_frames / Self::FRAMES_PER_ANOMALY {
            return Err(WalkwayError::Anomalies {
                anomalies: self.anomalies_per_video,
                frames: self.test_frames,
            });
        }
        // A video without frames takes a little memory too: it counts as one frame.
        let train = self.train_videos.saturating_mul(self.train_frames.max(1));
        let test = self.test_videos.saturating_mul(self.test_frames.max(1));
        let frames = train.saturating_add(test);
        if frames > Self::MOST_BYTES / (2 * height * width) {
            return Err(WalkwayError::Memory {
                frames,
                height,
                width,
            });
        }
        Ok(())
    }

    /// The random stream for one purpose in one video of a set.
    fn random(&self, set: u64, video: usize, purpose: u64) -> Random {
        Random::new(self.seed, set << 62 | (video as u64) << 8 | purpose)
    }

    fn film(&self, scene: &Scene, set: u64, video: usize, frames: usize) -> WalkwayVideo {
        let light = Light::new(&mut self.random(set, video, 0));
        let mut actors = traffic::walkers(&scene.ground, frames, &mut self.random(set, video, 1));
        let mut kinds = Vec::new();
        if set == STREAM_TEST {
            let random = &mut self.random(set, video, 2);
            for number in 0..self.anomalies_per_video {
                let kind = self.kind(video * self.anomalies_per_video + number);
                let span = frames as f64 / self.anomalies_per_video as f64;
                let entered = span * (number as f64 + random.uniform(0.05, 0.3));
                actors.push(traffic::anomaly(
                    kind,
                    number,
                    entered as i64,
                    &scene.ground,
                    random,
                ));
                kinds.push(kind);
            }
            actors.sort_by_key(|actor| actor.entered);
        }
        let script = Script {
            actors,
            kinds,
            exposure: Exposure {
                light,
                noise: self.noise,
            },
        };
        scene.film(&script, frames, &mut self.random(set, video, 3))
    }

    /// The kind of the anomaly that comes after `before` others, over all test videos.
    fn kind(&self, before: usize) -> WalkwayKind {
        let (round, turn) = (
            before / WalkwayKind::ALL.len(),
            before % WalkwayKind::ALL.len(),
        );
        let mut kinds = WalkwayKind::ALL;
        self.random(STREAM_KINDS, round, 0).shuffle(&mut kinds);
        kinds[turn]
    }
}

/// Videos of a walkway, drawn by [`WalkwayConfig::generate`].
///
/// They stand in for surveillance videos where there is no data at hand: in examples, tests and first steps. All show
/// one place from one camera. In training videos people walk along the path, in both directions; in test videos people
/// like them walk as densely, and now and then comes something else (see [`WalkwayKind`]). People differ in size,
/// clothes, speed and gait, hide each other, and are smaller further away. The light changes slowly, and the sensor is
/// noisy. What is anomalous is also lighter or darker than people who walk, which helps a detector beside its speed, size
/// and direction. In a frame of 64×64 people are 11 to 18 pixels high and walk about 1 pixel in a frame; cyclists and
/// skaters make 2 to 4.
///
/// How busy the path is changes from video to video and within each, so that neither motion nor the difference to the
/// empty scene tells all anomalies. Over the default settings of seeds 0 to 4 these scores have a frame-level AUC of, from
/// the lowest seed to the highest:
///
/// | score | `VideoProtocol::Raw` | `VideoProtocol::Reference` |
/// |---|---|---|
/// | mean absolute difference to the frame before | .86 to .95, mean .90 | .84 to .94, mean .89 |
/// | mean squared difference to the mean training frame | .87 to .94, mean .90 | .76 to .88, mean .85 |
///
/// On average, means of either score over 16 frames do no better.
///
/// Everything is drawn by this crate and not taken from any data set; results on it say nothing about published results
/// on real videos.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Walkway {
    /// Training videos, without anomalies.
    pub train: Vec<WalkwayVideo>,
    /// Test videos.
    pub test: Vec<WalkwayVideo>,
}
