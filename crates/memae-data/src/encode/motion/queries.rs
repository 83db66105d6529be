use super::field::MotionField;
use super::layout::{DIRECTIONS, MotionLayout};
use crate::sample::Vectors;

impl MotionLayout {
    /// The queries of all places of a frame, `[places, values]` flattened, row by row: how fast what is there moves in each
    /// direction, then, where its [position](super::MotionConfig::position) counts, that times how far down and how far right the
    /// place begins, in heights of the frame.
    ///
    /// # Panics
    ///
    /// The motion is of other places.
    pub fn queries(&self, field: &MotionField) -> Vec<f32> {
        let places = 0..self.places(field);
        let mut queries = vec![0.0; places.len() * self.query_len()];
        for (place, query) in places.zip(queries.chunks_exact_mut(self.query_len())) {
            self.write_query(field, place, query);
        }
        queries
    }

    /// The queries of a frame in which nothing moves, `[places, values]`: of all its places where their position counts, and else
    /// of one, as they are all alike.
    pub fn still_queries(&self) -> Vectors {
        let nothing = MotionField::still(self);
        let mut queries = self.queries(&nothing);
        if self.query_len() == DIRECTIONS {
            queries.truncate(DIRECTIONS);
        }
        Vectors::from_checked(self.query_len(), queries)
    }

    /// Writes the query of one place, counted row by row.
    pub(super) fn write_query(&self, field: &MotionField, place: usize, query: &mut [f32]) {
        let (motion, position) = query.split_at_mut(DIRECTIONS);
        motion.copy_from_slice(&field.values()[place * DIRECTIONS..][..DIRECTIONS]);
        if let [down, right] = position {
            *down = (place / self.columns()) as f32 * self.position;
            *right = (place % self.columns()) as f32 * self.position;
        }
    }

    /// How many places there are, which are those of this motion.
    ///
    /// # Panics
    ///
    /// The motion is of other places.
    pub(super) fn places(&self, field: &MotionField) -> usize {
        let [found, expected] = [
            (field.rows(), field.columns()),
            (self.rows(), self.columns()),
        ];
        assert!(
            found == expected,
            "motion of {found:?} places, expected {expected:?}"
        );
        found.0 * found.1
    }
}
