use memae_data::encode::MotionField;

use crate::ExperimentError;

/// What has learned how normal motion is.
pub(crate) trait PlaceScores {
    /// How far from normal each place of a frame is, row by row; finite.
    fn of(&self, field: &MotionField) -> Result<Vec<f32>, ExperimentError>;
}

/// A value of each query alone, with nothing learned.
pub(super) struct OfQuery(pub(super) fn(&[f32]) -> f32);

impl PlaceScores for OfQuery {
    fn of(&self, field: &MotionField) -> Result<Vec<f32>, ExperimentError> {
        Ok(field.queries().map(|query| self.0(query)).collect())
    }
}

pub(super) fn norm(query: &[f32]) -> f32 {
    query.iter().map(|value| value * value).sum::<f32>().sqrt()
}

pub(super) fn mean_speed(query: &[f32]) -> f32 {
    query.iter().sum()
}
