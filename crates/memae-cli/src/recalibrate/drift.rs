//! How far new samples have drifted from those that the old threshold comes from.

use memae::detect::{DetectionThreshold, ThresholdOrigin};

use crate::failure::Failure;
use crate::print::line;

/// A chance of this or more that an old and a new sample are in either order is no drift to speak of.
const DRIFT: f64 = 0.1;

/// How the new samples compare with those that the old threshold comes from.
pub(super) fn report_drift(old: &DetectionThreshold, new: &[f64]) -> Result<(), Failure> {
    let above = new.iter().filter(|&&score| score > old.value()).count();
    line(format_args!(
        "new normal samples: {}, {above} of them above the old threshold ({:.2} %)",
        new.len(),
        100.0 * above as f64 / new.len() as f64
    ))?;
    let Some(calibration) = old.calibration() else {
        return line("drift: not known, the old threshold does not come from held-out samples");
    };
    let shares = new.iter().map(|&score| calibration.share_below(score));
    let higher = shares.sum::<f64>() / new.len() as f64;
    line(format_args!(
        "drift: a new sample scores higher than an old one with a chance of {:.1} %{}{}",
        100.0 * higher,
        match (higher - 0.5).abs() < DRIFT {
            true => ", as good as no drift",
            false => "; where nothing has changed it is 50 %",
        },
        match old.origin() {
            ThresholdOrigin::Folds { folds, .. } => format!(
                "; the old ones were scored by {folds} other networks, which had seen less, so that it may be a little lower"
            ),
            _ => String::new(),
        }
    ))
}
