//! Plain functions over scores and labels; a higher score means more anomalous.

mod ranking;
mod threshold;
mod video;

pub use ranking::{
    MetricError, PrecisionRecallCurve, RocCurve, average_precision, precision_recall_curve,
    roc_auc, roc_curve,
};
pub use threshold::{Detection, detection_at_share, detection_at_threshold};
pub use video::{
    FrameAuc, PixelRanking, PixelScores, ScoreRange, VideoMetricError, VideoProtocol, VideoScores,
    frame_auc, split_labels,
};
