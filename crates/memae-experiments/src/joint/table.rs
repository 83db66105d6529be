use super::rival::JointRival;
use crate::motion::{MotionFigures, figures_table};

/// A row for each rival, mean ± standard deviation over seeds; AUC from 0 to 1, what is flagged in per cent of the normal and
/// of the anomalous frames.
pub fn joint_table(rivals: &[(JointRival, Vec<MotionFigures>)]) -> String {
    figures_table("score of a frame", rivals)
}
