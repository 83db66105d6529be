use std::collections::BTreeMap;

use crate::cell::Cell;
use crate::record::{Record, Results};

/// Mean and standard deviation over seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub mean: f64,
    /// Of the sample; `None` of one value.
    pub deviation: Option<f64>,
}

impl Spread {
    /// `None` without values.
    pub fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean).powi(2));
        let variance = squares.sum::<f64>() / (count - 1.0);
        (!values.is_empty()).then(|| Self {
            mean,
            deviation: (values.len() > 1).then(|| variance.sqrt()),
        })
    }

    /// For tables, with so many decimals.
    pub fn text(self, decimals: usize) -> String {
        match self.deviation {
            Some(deviation) => format!("{:.decimals$} ± {deviation:.decimals$}", self.mean),
            None => format!("{:.decimals$}", self.mean),
        }
    }
}

/// Spread over the seeds of a figure's mean over the classes; `None` if a run has no such figure.
pub fn spread(
    cells: &[&Cell],
    results: &Results,
    figure: impl Fn(&Record) -> Option<f64>,
) -> Option<Spread> {
    let mut by_seed: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
    for cell in cells {
        let value = results.of(cell).and_then(&figure)?;
        by_seed.entry(cell.seed).or_default().push(value);
    }
    let means: Vec<f64> = by_seed
        .values()
        .map(|values| values.iter().sum::<f64>() / values.len() as f64)
        .collect();
    Spread::of(&means)
}

/// Seconds that the runs left will take one after the other, judged by the runs of the same method, or
/// by all where there are none.
pub fn seconds_left(left: &[&Cell], cells: &[Cell], results: &Results) -> f64 {
    let mean = |wanted: &dyn Fn(&Cell) -> bool| {
        let there = cells.iter().filter(|cell| wanted(cell));
        let seconds = there.filter_map(|cell| Some(results.of(cell)?.seconds));
        Spread::of(&seconds.collect::<Vec<_>>()).map(|spread| spread.mean)
    };
    let all = mean(&|_| true).unwrap_or_default();
    left.iter()
        .map(|cell| mean(&|other| other.method == cell.method).unwrap_or(all))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreads() {
        assert_eq!(Spread::of(&[]), None);
        let one = Spread::of(&[2.0]).unwrap();
        assert_eq!(one.text(2), "2.00");
        let three = Spread::of(&[1.0, 2.0, 3.0]).unwrap();
        assert_eq!(three.text(1), "2.0 ± 1.0");
    }
}
