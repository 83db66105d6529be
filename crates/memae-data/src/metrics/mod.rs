//! Plain functions over scores and labels; a higher score means more anomalous.
//!
//! What comes in is plain values: scores, labels, which frames a clip has, error maps and masks. What goes out is areas under
//! curves, curves, precision, recall and F1. What has no value is an error, never NaN.
//!
//! A sample is flagged if it scores above a threshold: [what a threshold is](Detection#what-a-threshold-is).

mod cut;
mod normalized;
mod ranking;
mod threshold;
mod video;

pub use cut::threshold_below;
pub use normalized::normalized_score;
pub use ranking::{
    MetricError, PrecisionRecallCurve, RocCurve, average_precision, precision_recall_curve,
    roc_auc, roc_curve,
};
pub use threshold::{Detection, detection_at_best_f1, detection_at_share, detection_at_threshold};
pub use video::{
    FrameAuc, PixelRanking, PixelScores, ScoreRange, VideoMetricError, VideoProtocol, VideoScores,
    frame_auc, split_labels,
};
