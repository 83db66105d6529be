//! Plain functions over scores and labels; a higher score means more anomalous.

mod ranking;

pub use ranking::{
    MetricError, PrecisionRecallCurve, RocCurve, average_precision, precision_recall_curve,
    roc_auc, roc_curve,
};
