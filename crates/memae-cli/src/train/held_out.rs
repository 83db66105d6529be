//! What the samples that were not trained on say of a detector.

use memae::detect::Verdict;

/// How many of the samples at `indices` are flagged, and how many there are.
pub(super) fn flagged(verdicts: &[Verdict], indices: &[usize]) -> (usize, usize) {
    let flagged = indices.iter().filter(|&&index| verdicts[index].anomalous);
    (flagged.count(), indices.len())
}
