use super::super::MetricError;

/// Why a video metric has no value.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum VideoMetricError {
    /// There are no videos.
    #[error("videos: found none, expected at least one")]
    NoVideos,
    /// There are no scores.
    #[error("scores: found none, expected at least one")]
    NoScores,
    /// Frames and labels of a video are not as many.
    #[error("labels: found {labels}, expected {frames}, one for each frame")]
    LabelCount {
        /// Number of labels.
        labels: usize,
        /// Number of frames.
        frames: usize,
    },
    /// The labels of all videos together are not as many as their frames.
    #[error("labels: found {labels}, expected {frames}, one for each frame of {videos} videos")]
    TotalLabelCount {
        /// Number of labels.
        labels: usize,
        /// Number of frames.
        frames: usize,
        /// Number of videos.
        videos: usize,
    },
    /// The scores are not as many as a video of this length has clips.
    #[error("scores: found {scores}, expected {clips}, one for each clip of {frames} frames")]
    ClipCount {
        /// Number of scores.
        scores: usize,
        /// Number of clips.
        clips: usize,
        /// Frames of the video.
        frames: usize,
    },
    /// A score cannot be normalised or averaged.
    #[error("score {index}: found {found}, expected a finite number")]
    NotFinite {
        /// Its index.
        index: usize,
        /// The score.
        found: f64,
    },
    /// Scores are to be normalised by training scores, and there are none.
    #[error("training scores: found none, expected some to normalise the test scores with")]
    NoTrainingScores,
    /// There is not one range of training scores for each video.
    #[error("ranges of training scores: found {ranges}, expected {videos}, one for each video")]
    RangeCount {
        /// Number of ranges.
        ranges: usize,
        /// Number of videos.
        videos: usize,
    },
    /// No video has an AUC of its own.
    #[error(
        "labels: each of {videos} videos is all normal or all anomalous, expected one with frames of both kinds"
    )]
    NoMixedVideo {
        /// Number of videos.
        videos: usize,
    },
    /// The name of a protocol is unknown.
    #[error("protocol: found `{found}`, expected one of: reference, raw, train, per-video-mean")]
    UnknownProtocol {
        /// The name found.
        found: String,
    },
    /// The frames of a clip lie not in the video, or not after those of the clip before.
    #[error(
        "clip {clip}: found frames {first} up to {end}, expected frames within 0 to {frames} that follow those of the clip before"
    )]
    ClipFrames {
        /// Index of the clip.
        clip: usize,
        /// Its first frame.
        first: usize,
        /// The frame after its last one.
        end: usize,
        /// Frames of the video.
        frames: usize,
    },
    /// A mask has not the size that was given with it.
    #[error("mask: found {values} values, expected {height}x{width}")]
    MaskSize {
        /// Values of the mask.
        values: usize,
        /// Height given.
        height: usize,
        /// Width given.
        width: usize,
    },
    /// An error map is not as large as its mask.
    #[error("error map: found {values} values, expected {height}x{width} as in the mask")]
    MapSize {
        /// Values of the map.
        values: usize,
        /// Height of the mask.
        height: usize,
        /// Width of the mask.
        width: usize,
    },
    /// The region that is looked at has not the size of the mask.
    #[error("region: found {values} values, expected {height}x{width} as in the mask")]
    RegionSize {
        /// Values of the region.
        values: usize,
        /// Height of the mask.
        height: usize,
        /// Width of the mask.
        width: usize,
    },
    /// The limit of a partial area is no rate.
    #[error("false positive rate limit: found {found}, expected a number above 0 and up to 1")]
    RateLimit {
        /// The limit.
        found: f64,
    },
    /// The scores of the frames or pixels cannot be ranked.
    #[error(transparent)]
    Metric(#[from] MetricError),
}
