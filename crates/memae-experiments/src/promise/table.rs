//! What was measured, as lines of Markdown.

use super::splits::{Kept, UnseenScores};

/// A table with a row for each rate of each set of scores.
///
/// ```
/// use memae_experiments::promise::{SplitsConfig, UnseenScores, table};
///
/// let unseen = UnseenScores {
///     name: "numbers".to_string(),
///     scores: (0..40).map(f64::from).collect(),
///     groups: (0..40).collect(),
///     training: vec![20.0],
/// };
/// let kept = SplitsConfig::default().with_rates([0.2]).measure(&unseen)?;
/// let table = table([(&unseen, kept.as_slice())]);
/// assert!(table.lines().last().unwrap().starts_with("| numbers | 20 | 20.00 % | 20.00 % | "), "{table}");
/// # Ok::<(), memae_experiments::ExperimentError>(())
/// ```
pub fn table<'a>(measured: impl IntoIterator<Item = (&'a UnseenScores, &'a [Kept])>) -> String {
    let head = "| normal samples | held out | asked | promised | flagged of fresh ones | most of a split | by training scores |\n\
                |---|---|---|---|---|---|---|";
    let percent = |share: f64| format!("{:.2} %", 100.0 * share);
    let mut lines = vec![head.to_string()];
    for (unseen, kept) in measured {
        lines.extend(kept.iter().map(|kept| {
            let held_out = match kept.calibrated_by {
                [samples, groups] if samples == groups => samples.to_string(),
                [samples, groups] => format!("{samples} in {groups} groups"),
            };
            let promised = kept.promised.map_or("no guarantee".to_string(), percent);
            let [mean, deviation] = kept.flagged;
            format!(
                "| {} | {held_out} | {} | {promised} | {:.2} ± {:.2} % | {} | {} |",
                unseen.name,
                percent(kept.asked),
                100.0 * mean,
                100.0 * deviation,
                percent(kept.most),
                percent(kept.by_training)
            )
        }));
    }
    lines.join("\n")
}
