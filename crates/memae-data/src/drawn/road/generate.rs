use serde::{Deserialize, Serialize};

use super::camera::Camera;
use super::error::RoadError;
use super::event::Planned;
use super::kind::RoadKind;
use super::layout::{FRAME, Layout};
use super::play::Play;
use super::scene::Scene;
use super::video::RoadVideo;
use super::{background, limits};
use crate::drawn::scene::film::Exposure;
use crate::drawn::scene::light::Light;
use crate::random::Random;

/// Random streams: the scene, the order of the anomalies' kinds, and the two sets. A test video never repeats a
/// training video.
const STREAM_SCENE: u64 = 0;
const STREAM_KINDS: u64 = 1;
const STREAM_TRAIN: u64 = 2;
const STREAM_TEST: u64 = 3;

/// Settings of the embedded road: how many videos of which length and size, and which.
///
/// ```
/// use memae_data::drawn::{RoadConfig, RoadKind};
///
/// let road = RoadConfig::default()
///     .with_train(2, 30)
///     .with_test(2, 160)
///     .with_kinds([RoadKind::WrongWay, RoadKind::Crossing])
///     .generate()?;
/// assert_eq!((road.train.len(), road.test.len()), (2, 2));
/// assert_eq!(road.train[0].frame(29).len(), 64 * 96);
///
/// for video in &road.test {
///     for anomaly in video.anomalies() {
///         println!("{} in frames {:?}", anomaly.kind, anomaly.frames);
///     }
///     assert!(video.labels().contains(&true) && video.labels().contains(&false));
/// }
/// # Ok::<(), memae_data::drawn::RoadError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RoadConfig {
    /// Rows of a frame, 48 to 819; 64 by default.
    pub height: usize,
    /// Pixels in a row, from 5/4 of the height to three times the height, at most 1024; 96 by default. A wider frame shows
    /// more of the road.
    pub width: usize,
    /// Number of training videos; 10 by default.
    pub train_videos: usize,
    /// Frames of a training video; 200 by default.
    pub train_frames: usize,
    /// Number of test videos; 12 by default.
    pub test_videos: usize,
    /// Frames of a test video; 240 by default.
    pub test_frames: usize,
    /// Anomalies in a test video, at most one for every 160 frames; 1 by default. With 0, test videos are normal.
    pub anomalies_per_video: usize,
    /// Kinds of the anomalies, each at most once; all by default. Their order does not matter.
    pub kinds: Vec<RoadKind>,
    /// Standard deviation of the sensor's noise in grey levels, 0 to 64; 1 by default.
    pub noise: f64,
    /// Which road; 0 by default. Every seed gives another camera, other traffic and other anomalies.
    pub seed: u64,
}

impl Default for RoadConfig {
    fn default() -> Self {
        Self {
            height: 64,
            width: 96,
            train_videos: 10,
            train_frames: 200,
            test_videos: 12,
            test_frames: 240,
            anomalies_per_video: 1,
            kinds: RoadKind::ALL.to_vec(),
            noise: 1.0,
            seed: 0,
        }
    }
}

impl RoadConfig {
    /// Frames a second. Speeds are those of a town at this rate, that of UCSD Ped2.
    pub const FRAMES_PER_SECOND: f64 = 1.0 / FRAME;
    /// Smallest height of a frame.
    pub const SMALLEST: usize = limits::SMALLEST;
    /// Largest width of a frame.
    pub const LARGEST: usize = limits::LARGEST;
    /// Frames that a test video must have for each of its anomalies.
    pub const FRAMES_PER_ANOMALY: usize = limits::FRAMES_PER_ANOMALY;
    /// Strongest noise, in grey levels.
    pub const STRONGEST_NOISE: f64 = limits::STRONGEST_NOISE;
    /// Most bytes that all frames and masks of a road may take together.
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

    /// Sets the kinds of the anomalies.
    pub fn with_kinds(mut self, kinds: impl IntoIterator<Item = RoadKind>) -> Self {
        self.kinds = kinds.into_iter().collect();
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
    /// their length, the number of anomalies per video and the kinds; asking for more videos leaves the first ones as they
    /// were, and so does asking for longer training videos with their first frames.
    ///
    /// Anomalies come one after the other, evenly spread over a test video; each begins when the one before is over. The
    /// kinds take turns in random order over all test videos: with all four, of the first four anomalies from the first
    /// video on each has another kind, and so have the next four.
    ///
    /// Takes 2 bytes of memory a pixel, one for the frame and one for the mask.
    ///
    /// # Errors
    ///
    /// A setting is out of its range, a test video is too short for its anomalies, anomalies are asked for but no kind of
    /// them, a kind is given twice, or all videos together would take more than [`MOST_BYTES`](Self::MOST_BYTES).
    pub fn generate(&self) -> Result<Road, RoadError> {
        self.check()?;
        let random = &mut self.random(STREAM_SCENE, 0, 0);
        let layout = Layout::new(Camera::new(self.height, self.width, random), random);
        let backdrop = background::empty(&layout, random);
        let scene = Scene { layout, backdrop };
        Ok(Road {
            train: (0..self.train_videos)
                .map(|video| self.film(&scene, STREAM_TRAIN, video, self.train_frames))
                .collect(),
            test: (0..self.test_videos)
                .map(|video| self.film(&scene, STREAM_TEST, video, self.test_frames))
                .collect(),
        })
    }

    fn check(&self) -> Result<(), RoadError> {
        let &Self {
            height,
            width,
            noise,
            anomalies_per_video: anomalies,
            ..
        } = self;
        if !(Self::SMALLEST..=Self::LARGEST * 4 / 5).contains(&height) {
            return Err(RoadError::Height { height, width });
        }
        if !limits::widths(height).contains(&width) {
            return Err(RoadError::Width { height, width });
        }
        if !(0.0..=Self::STRONGEST_NOISE).contains(&noise) {
            return Err(RoadError::Noise { noise });
        }
        if anomalies > self.test_frames / Self::FRAMES_PER_ANOMALY {
            return Err(RoadError::Anomalies {
                anomalies,
                frames: self.test_frames,
            });
        }
        if anomalies > 0 && self.kinds.is_empty() {
            return Err(RoadError::NoKind { anomalies });
        }
        let mut kinds = self.kinds.iter().enumerate();
        if let Some((_, &kind)) = kinds.find(|&(at, kind)| self.kinds[..at].contains(kind)) {
            return Err(RoadError::KindTwice { kind });
        }
        // A video without frames takes a little memory too: it counts as one frame.
        let train = self.train_videos.saturating_mul(self.train_frames.max(1));
        let test = self.test_videos.saturating_mul(self.test_frames.max(1));
        let frames = train.saturating_add(test);
        if frames > Self::MOST_BYTES / (2 * height * width) {
            return Err(RoadError::Memory {
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

    fn film(&self, scene: &Scene, set: u64, video: usize, frames: usize) -> RoadVideo {
        let exposure = Exposure {
            light: Light::new(&mut self.random(set, video, 0)),
            noise: self.noise,
        };
        let mut random = self.random(set, video, 2);
        let planned = self.planned(set, video, frames, &mut random);
        let kinds: Vec<RoadKind> = planned.iter().map(|planned| planned.kind).collect();
        let traffic = self.random(set, video, 1);
        let mut play = Play::new(&scene.layout, planned.into_iter(), traffic, random);
        scene.film(
            &mut play,
            &exposure,
            frames,
            &kinds,
            &mut self.random(set, video, 3),
        )
    }

    /// The anomalies of a video, in the order in which they come.
    fn planned(&self, set: u64, video: usize, frames: usize, random: &mut Random) -> Vec<Planned> {
        if set != STREAM_TEST {
            return Vec::new();
        }
        let count = self.anomalies_per_video;
        let span = frames as f64 / count as f64;
        let plan = |number| Planned {
            kind: self.kind(video * count + number),
            number,
            from: (span * (number as f64 + random.uniform(0.06, 0.25))) as i64,
        };
        (0..count).map(plan).collect()
    }

    /// The kind of the anomaly that comes after `before` others, over all test videos.
    fn kind(&self, before: usize) -> RoadKind {
        let mut kinds = RoadKind::ALL.to_vec();
        kinds.retain(|kind| self.kinds.contains(kind));
        let (round, turn) = (before / kinds.len(), before % kinds.len());
        self.random(STREAM_KINDS, round, 0).shuffle(&mut kinds);
        kinds[turn]
    }
}

/// Videos of a road, drawn by [`RoadConfig::generate`].
///
/// Beside the [`Walkway`](crate::drawn::Walkway), where what is normal is slow, they stand in for surveillance videos in which
/// what is normal is fast. All show one place from one camera, which looks down across a road from a mast.
///
/// In training videos vehicles drive in three lanes, one to the right and two to the left: cars, vans, pickups with cartons on
/// their beds, and lorries. Each lane has its usual speed (about 7.5, 9.5 and 7.5 metres a second), and each driver one of
/// their own near it. Whoever is faster slows down behind the one ahead and keeps a distance, so that vehicles never touch.
/// In the lane furthest from the camera some slow down and turn off into a side street, round a bend and out of the picture at
/// its upper edge. Cyclists ride in a lane of their own on the near side, and people walk along the pavement before it. How
/// busy the road is changes from video to video and within each. Test videos are the same, and now and then comes something
/// else; [`RoadKind`] tells what, and from when to when it is labelled.
///
/// There are [`FRAMES_PER_SECOND`](RoadConfig::FRAMES_PER_SECOND) = 10 frames a second. In a frame of 64×96 cars are about 26
/// pixels long and make 3 to 6 in a frame: they cross the picture in 1.5 to 4 seconds. People are about 10 pixels high and make
/// less than 1. The light changes slowly, clouds make shadows weaker and stronger, and the sensor is noisy.
///
/// Drivers make room for what is anomalous: they wait behind a vehicle that stands, and let those on foot pass. They brake,
/// stand and start again as nobody does in a training video, also in some frames before and after the anomaly, but neither
/// masks nor labels are theirs.
///
/// Everything is drawn by this crate and not taken from any data set; results on it say nothing about published results
/// on real videos.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Road {
    /// Training videos, without anomalies.
    pub train: Vec<RoadVideo>,
    /// Test videos.
    pub test: Vec<RoadVideo>,
}
