//! What is usual at each place.

use memae_data::encode::MotionField;

use super::data::MotionVideo;
use super::place_scores::{PlaceScores, norm};
use crate::ExperimentError;

/// A normal distribution for each place, its values independent of each other: the distance of a query to its mean, in standard
/// deviations of the place.
pub(super) struct GaussianPerPlace {
    values: fn(&[f32]) -> Vec<f32>,
    /// For each place, mean and standard deviation of each value.
    places: Vec<Vec<[f64; 2]>>,
}

impl GaussianPerPlace {
    /// Of the norm of a query.
    pub(super) fn of_norm(train: &[&MotionVideo]) -> Self {
        Self::fit(train, |query| vec![norm(query)])
    }

    /// Of each of its values.
    pub(super) fn of_values(train: &[&MotionVideo]) -> Self {
        Self::fit(train, <[f32]>::to_vec)
    }

    fn fit(train: &[&MotionVideo], values: fn(&[f32]) -> Vec<f32>) -> Self {
        let fields = || train.iter().flat_map(|video| video.known());
        let mut sums: Vec<Vec<[f64; 2]>> = Vec::new();
        let mut frames = 0.0_f64;
        for field in fields() {
            frames += 1.0;
            sums.resize(field.queries().len(), Vec::new());
            for (sums, query) in sums.iter_mut().zip(field.queries()) {
                let values = values(query);
                sums.resize(values.len(), [0.0; 2]);
                for ([sum, squares], value) in sums.iter_mut().zip(values) {
                    let value = f64::from(value);
                    *sum += value;
                    *squares += value * value;
                }
            }
        }
        let frames = frames.max(1.0);
        let variance =
            |[sum, squares]: [f64; 2]| (squares / frames - (sum / frames).powi(2)).max(0.0);
        // Where nothing ever moved the least motion would be infinitely far: a tenth of what is usual all over is added.
        let count = sums.iter().flatten().count().max(1) as f64;
        let usual = sums.iter().flatten().map(|&of| variance(of)).sum::<f64>() / count;
        let least = (0.01 * usual).max(f64::MIN_POSITIVE);
        let place = |of: [f64; 2]| [of[0] / frames, (variance(of) + least).sqrt()];
        Self {
            values,
            places: sums
                .into_iter()
                .map(|sums| sums.into_iter().map(place).collect())
                .collect(),
        }
    }
}

impl PlaceScores for GaussianPerPlace {
    fn of(&self, field: &MotionField) -> Result<Vec<f32>, ExperimentError> {
        let places = field.queries().zip(&self.places);
        let scores = places.map(|(query, place)| {
            let values = (self.values)(query).into_iter().zip(place);
            let squares =
                values.map(|(value, [mean, spread])| ((f64::from(value) - mean) / spread).powi(2));
            squares.sum::<f64>().sqrt() as f32
        });
        Ok(scores.collect())
    }
}
