//! What is usual at each place, where that is several things.

use burn::tensor::{Device, Tensor, TensorData};
use memae_core::items::KMeansConfig;
use memae_data::encode::MotionField;

use super::data::MotionVideo;
use super::place_scores::PlaceScores;
use crate::ExperimentError;

const DIRECTIONS: usize = MotionField::DIRECTIONS;
/// Steps of expectation and maximization, which have converged by then but for a last digit.
const STEPS: usize = 20;
/// Frames of which centres are found that these steps begin with.
const CLUSTERED: usize = 1000;

type Query = [f64; DIRECTIONS];

/// A mixture of normal distributions for each place, the values of each independent of each other.
///
/// The score of a query is √(2 (l − log p)), where p is its density and l the log of the most that a density can be, the sum of the
/// weighted densities at the means: of one distribution that is the distance to its mean, in standard deviations.
pub(super) struct MixturePerPlace {
    places: Vec<Mixture>,
}

/// The distributions of one place.
struct Mixture {
    components: Vec<Component>,
    /// Log of the most that the density can be.
    most: f64,
}

struct Component {
    mean: Query,
    variance: Query,
    /// Log of the weighted density at the mean.
    peak: f64,
}

impl MixturePerPlace {
    /// So many distributions for each place.
    pub(super) fn fit(
        train: &[&MotionVideo],
        components: usize,
        seed: u64,
        device: &Device,
    ) -> Result<Self, ExperimentError> {
        let fields: Vec<&MotionField> = train.iter().flat_map(|video| video.known()).collect();
        let places = fields.first().map_or(0, |field| field.queries().len());
        let at = |place: usize| -> Vec<Query> {
            let queries = fields
                .iter()
                .map(|field| &field.values().as_chunks::<DIRECTIONS>().0[place]);
            queries.map(|query| query.map(f64::from)).collect()
        };
        // Where nothing ever moved the least motion would be infinitely far: a tenth of what is usual all over is added.
        let usual = (0..places).map(|place| {
            let queries = at(place);
            let variance = Component::of(&queries, &vec![1.0; queries.len()], 0.0).variance;
            variance.iter().sum::<f64>()
        });
        let count = (places * DIRECTIONS).max(1) as f64;
        let least = (0.01 * usual.sum::<f64>() / count).max(f64::MIN_POSITIVE);
        let mixtures = (0..places).map(|place| {
            let queries = at(place);
            let centers = centers(&queries, components, seed, device)?;
            Ok(Mixture::fit(&queries, &centers, least))
        });
        Ok(Self {
            places: mixtures.collect::<Result<_, ExperimentError>>()?,
        })
    }
}

impl PlaceScores for MixturePerPlace {
    fn of(&self, field: &MotionField) -> Result<Vec<f32>, ExperimentError> {
        let places = field.queries().zip(&self.places);
        let scores = places.map(|(query, mixture)| {
            let query = query.map(f64::from);
            let below = mixture.most - log_of_sum(mixture.log_densities(&query));
            (2.0 * below.max(0.0)).sqrt() as f32
        });
        Ok(scores.collect())
    }
}

impl Mixture {
    fn fit(queries: &[Query], centers: &[Query], least: f64) -> Self {
        let squares = |query: &Query, center: &Query| -> f64 {
            let pairs = query.iter().zip(center);
            pairs.map(|(a, b)| (a - b).powi(2)).sum()
        };
        // Each query belongs to its nearest centre at first.
        let mut shares = vec![vec![0.0; queries.len()]; centers.len()];
        for (at, query) in queries.iter().enumerate() {
            let distances = centers.iter().map(|center| squares(query, center));
            let nearest = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
            if let Some((nearest, _)) = nearest {
                shares[nearest][at] = 1.0;
            }
        }
        let mut mixture = Self::of(queries, &shares, least);
        for _ in 0..STEPS {
            for (at, query) in queries.iter().enumerate() {
                let whole = log_of_sum(mixture.log_densities(query));
                for (shares, density) in shares.iter_mut().zip(mixture.log_densities(query)) {
                    shares[at] = (density - whole).exp();
                }
            }
            mixture = Self::of(queries, &shares, least);
            // A distribution of nothing is gone.
            shares.resize(mixture.components.len(), vec![0.0; queries.len()]);
        }
        mixture
    }

    fn of(queries: &[Query], shares: &[Vec<f64>], least: f64) -> Self {
        let weight = |shares: &[f64]| shares.iter().sum::<f64>();
        let held = shares.iter().filter(|shares| weight(shares) > 1e-6);
        let components: Vec<Component> = held
            .map(|shares| Component::of(queries, shares, least))
            .collect();
        Self {
            most: log_of_sum(components.iter().map(|component| component.peak)),
            components,
        }
    }

    /// Of each distribution the log of its weighted density.
    fn log_densities(&self, query: &Query) -> impl Iterator<Item = f64> + Clone {
        self.components
            .iter()
            .map(|component| component.log_density(query))
    }
}

impl Component {
    /// The distribution of so much of each query, with `least` added to its variances.
    fn of(queries: &[Query], shares: &[f64], least: f64) -> Self {
        let weight: f64 = shares.iter().sum();
        let (mut mean, mut variance) = ([0.0; DIRECTIONS], [0.0; DIRECTIONS]);
        for (query, share) in queries.iter().zip(shares) {
            for (mean, value) in mean.iter_mut().zip(query) {
                *mean += share * value / weight;
            }
        }
        for (query, share) in queries.iter().zip(shares) {
            for (at, variance) in variance.iter_mut().enumerate() {
                *variance += share * (query[at] - mean[at]).powi(2) / weight;
            }
        }
        let variance = variance.map(|value| value + least);
        let spread = variance
            .iter()
            .map(|value| (std::f64::consts::TAU * value).ln());
        Self {
            peak: (weight / queries.len() as f64).ln() - 0.5 * spread.sum::<f64>(),
            mean,
            variance,
        }
    }

    fn log_density(&self, query: &Query) -> f64 {
        let values = query.iter().zip(&self.mean).zip(&self.variance);
        let squares = values.map(|((value, mean), variance)| (value - mean).powi(2) / variance);
        self.peak - 0.5 * squares.sum::<f64>()
    }
}

/// log Σ exp; −∞ of nothing.
fn log_of_sum(logs: impl Iterator<Item = f64> + Clone) -> f64 {
    let highest = logs.clone().fold(f64::NEG_INFINITY, f64::max);
    match highest.is_finite() {
        true => highest + logs.map(|log| (log - highest).exp()).sum::<f64>().ln(),
        false => highest,
    }
}

/// So many centres of some of these, or as many as there are.
fn centers(
    queries: &[Query],
    most: usize,
    seed: u64,
    device: &Device,
) -> Result<Vec<Query>, ExperimentError> {
    let some = queries
        .iter()
        .step_by(queries.len().div_ceil(CLUSTERED).max(1));
    let values: Vec<f32> = some.flatten().map(|value| *value as f32).collect();
    let count = values.len() / DIRECTIONS;
    let data = Tensor::<2>::from_data(TensorData::new(values, [count, DIRECTIONS]), device);
    let centers = KMeansConfig::new()
        .with_seed(seed)
        .centers(data, most.min(count))
        .map_err(memae_models::train::TrainError::from)?;
    let centers = centers.into_data().convert::<f64>();
    let values = centers.as_slice::<f64>().unwrap_or_default();
    Ok(values.as_chunks::<DIRECTIONS>().0.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(first: f64) -> Query {
        let mut query = [0.0; DIRECTIONS];
        query[0] = first;
        query
    }

    fn score(mixture: &Mixture, query: &Query) -> f64 {
        let below = mixture.most - log_of_sum(mixture.log_densities(query));
        (2.0 * below).sqrt()
    }

    #[test]
    fn of_one_distribution_the_score_is_a_distance_in_deviations() {
        let queries = [1.0, 3.0, 5.0, 7.0].map(query);
        let mixture = Mixture::fit(&queries, &queries[..1], 0.25);
        // Mean 4, variance 5 + 0.25.
        let expected = 3.0 / 5.25_f64.sqrt();
        assert!((score(&mixture, &query(7.0)) - expected).abs() < 1e-12);
        assert!(score(&mixture, &query(4.0)).abs() < 1e-6);
    }

    #[test]
    fn what_lies_between_two_usual_things_is_not_usual() {
        let usual = [-1.1, -1.0, -0.9, 0.9, 1.0, 1.1];
        let queries: Vec<Query> = usual.map(query).repeat(20);
        let two = Mixture::fit(&queries, &[query(-1.0), query(1.0)], 1e-3);
        assert_eq!(two.components.len(), 2);
        assert!(score(&two, &query(0.0)) > 5.0 * score(&two, &query(1.1)));
        let one = Mixture::fit(&queries, &[query(0.3)], 1e-3);
        assert!(score(&one, &query(0.0)) < score(&one, &query(1.1)));
    }

    #[test]
    fn places_where_nothing_moves_have_finite_scores() {
        let still = vec![query(0.0); 9];
        let mixture = Mixture::fit(&still, &[query(0.0), query(0.0)], 1e-4);
        assert!(score(&mixture, &query(0.0)).abs() < 1e-6);
        let found = score(&mixture, &query(0.5));
        assert!((found - 0.5 / 1e-2).abs() < 1e-6, "{found}");
    }
}
