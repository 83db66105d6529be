use std::collections::BTreeMap;

use memae_pictures::SweepPoint;

use crate::paper_tables::plan::Cell;
use crate::paper_tables::results::{Record, Results};

/// Mean and standard deviation over seeds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub(crate) mean: f64,
    /// Of the sample; `None` of one value.
    pub(crate) deviation: Option<f64>,
}

impl Spread {
    /// `None` without values.
    pub(crate) fn of(values: &[f64]) -> Option<Self> {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares = values.iter().map(|value| (value - mean).powi(2));
        let variance = squares.sum::<f64>() / (count - 1.0);
        (!values.is_empty()).then(|| Self {
            mean,
            deviation: (values.len() > 1).then(|| variance.sqrt()),
        })
    }

    /// For pictures.
    pub(crate) fn point(self, x: f64) -> SweepPoint {
        SweepPoint {
            x,
            mean: self.mean,
            deviation: self.deviation.unwrap_or_default(),
        }
    }

    /// For tables, with so many decimals.
    pub(crate) fn text(self, decimals: usize) -> String {
        match self.deviation {
            Some(deviation) => format!("{:.decimals$} ± {deviation:.decimals$}", self.mean),
            None => format!("{:.decimals$}", self.mean),
        }
    }
}

/// Spread over the seeds of a figure's mean over the classes; `None` if a run has no such figure.
pub(crate) fn spread(
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
pub(crate) fn seconds_left(left: &[&Cell], cells: &[Cell], results: &Results) -> f64 {
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
    use crate::baselines::Baseline;
    use crate::paper_tables::plan::Work;
    use crate::paper_tables::results::Place;
    use crate::paper_tables::work::{Figures, Found};

    /// Results on two classes and three seeds, of which `made` runs have been made: the figure of class c
    /// and seed s is `figures[s][c]`.
    fn spread_of(figures: [[f64; 2]; 3], made: usize) -> Option<Spread> {
        let folder = tempfile::tempdir().unwrap();
        let place = Place {
            data: "numbers".to_string(),
            digest: String::new(),
            device: "head".to_string(),
        };
        let cell = |seed: usize, class: usize| Cell {
            method: "guess".to_string(),
            setting: None,
            class: Some(class.to_string()),
            seed: seed as u64,
            work: Work::image_baseline(class as u8, Baseline::Pca, seed as u64),
        };
        let cells: Vec<Cell> = (0..3)
            .flat_map(|seed| [cell(seed, 0), cell(seed, 1)])
            .collect();
        let path = folder.path().join("results.jsonl");
        let mut results = Results::open(&path, &place, &cells).unwrap();
        for (index, cell) in cells.iter().enumerate().take(made) {
            let figure = figures[index / 2][index % 2];
            let found = Found {
                memory: Figures::from([("figure".to_string(), figure)]),
                ..Found::default()
            };
            let record = Record::new(cell, String::new(), &place, 1.0, found);
            results.add(record).unwrap();
        }
        let cells: Vec<&Cell> = cells.iter().collect();
        spread(&cells, &results, |record| {
            record.memory.get("figure").copied()
        })
    }

    #[test]
    fn the_spread_is_of_the_means_over_classes() {
        // Means 2, 3 and 4, however far the classes are apart.
        let figures = [[1.0, 3.0], [0.0, 6.0], [4.0, 4.0]];
        let spread = spread_of(figures, 6).unwrap();
        assert_eq!((spread.mean, spread.deviation), (3.0, Some(1.0)));
        assert_eq!(spread_of(figures, 5), None);
    }

    #[test]
    fn spreads() {
        assert_eq!(Spread::of(&[]), None);
        let one = Spread::of(&[2.0]).unwrap();
        assert_eq!(one.text(2), "2.00");
        let three = Spread::of(&[1.0, 2.0, 3.0]).unwrap();
        assert_eq!(three.text(1), "2.0 ± 1.0");
    }
}
