//! What was measured, as lines of Markdown.

use std::fmt::Display;

use super::figures::MotionFigures;
use super::rival::Rival;

/// A row for each rival, mean ± standard deviation over seeds; AUC from 0 to 1, what is flagged in per cent of the normal and
/// of the anomalous frames.
pub fn motion_table(rivals: &[(Rival, Vec<MotionFigures>)]) -> String {
    figures_table("score of a place", rivals)
}

/// The same of anything that scores, which stands under `name`.
pub(crate) fn figures_table<R: Display>(name: &str, rivals: &[(R, Vec<MotionFigures>)]) -> String {
    let first = rivals.iter().find_map(|(_, figures)| figures.first());
    let rates = first.map_or(Vec::new(), |figures| {
        let rates = figures.flagged.iter();
        rates.map(|flagged| flagged.asked).collect()
    });
    let mut head = format!("| {name} | raw | odd / even | reference | mean per video | pixels |");
    for rate in &rates {
        head += &format!(" flagged at {} %: normal, anomalous |", 100.0 * rate);
    }
    let columns = head.matches('|').count() - 1;
    let mut lines = vec![head, format!("|{}", "---|".repeat(columns))];
    for (rival, figures) in rivals {
        let of = |value: &dyn Fn(&MotionFigures) -> f64| -> String {
            spread(figures.iter().map(value), auc)
        };
        let optional = |value: &dyn Fn(&MotionFigures) -> Option<f64>| -> String {
            match figures.iter().map(value).collect::<Option<Vec<f64>>>() {
                Some(values) => spread(values.into_iter(), auc),
                None => "–".to_string(),
            }
        };
        let mut line = format!(
            "| {rival} | {} | {} / {} | {} | {} | {} |",
            of(&|figures| figures.raw),
            of(&|figures| figures.halves[0]),
            of(&|figures| figures.halves[1]),
            of(&|figures| figures.reference),
            optional(&|figures| figures.per_video_mean),
            optional(&|figures| figures.pixels),
        );
        for rate in 0..rates.len() {
            let normal = figures.iter().map(|figures| figures.flagged[rate].normal);
            let anomalous = figures
                .iter()
                .map(|figures| figures.flagged[rate].anomalous);
            line += &format!(
                " {}, {} |",
                spread(normal, percent),
                spread(anomalous, percent)
            );
        }
        lines.push(line);
    }
    lines.join("\n")
}

/// Mean ± standard deviation; the mean alone where all are alike.
pub(super) fn spread(values: impl Iterator<Item = f64>, shown: fn(f64) -> String) -> String {
    let values: Vec<f64> = values.collect();
    let count = values.len().max(1) as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares = values
        .iter()
        .map(|value| (value - mean).powi(2))
        .sum::<f64>();
    let deviation = (squares / (count - 1.0).max(1.0)).sqrt();
    match deviation < 5e-5 {
        true => shown(mean),
        false => format!("{} ± {}", shown(mean), shown(deviation)),
    }
}

fn auc(value: f64) -> String {
    let text = format!("{value:.3}");
    text.strip_prefix('0').map(str::to_string).unwrap_or(text)
}

fn percent(share: f64) -> String {
    format!("{:.1} %", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_vary_has_no_spread() {
        assert_eq!(spread([0.5, 0.5].into_iter(), auc), ".500");
        assert_eq!(spread([0.25, 0.75].into_iter(), auc), ".500 ± .354");
        assert_eq!(spread([1.0].into_iter(), auc), "1.000");
        assert_eq!(spread([0.01, 0.03].into_iter(), percent), "2.0 % ± 1.4 %");
    }
}
