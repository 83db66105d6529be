/// The epoch of the lowest value so far; the first of those that tie, and none that is no number.
#[derive(Debug, Clone, Default)]
pub(super) struct BestSoFar(Option<(usize, f64)>);

impl BestSoFar {
    /// Of epochs from 1.
    pub(super) fn of(values: impl Iterator<Item = Option<f64>>) -> Self {
        let mut best = Self::default();
        for (value, epoch) in values.zip(1..) {
            if let Some(value) = value {
                best.see(epoch, value);
            }
        }
        best
    }

    /// Whether this epoch is better than all before.
    pub(super) fn see(&mut self, epoch: usize, value: f64) -> bool {
        let is_better = value.is_finite() && self.0.is_none_or(|(_, best)| value < best);
        if is_better {
            self.0 = Some((epoch, value));
        }
        is_better
    }

    pub(super) fn epoch(&self) -> Option<usize> {
        self.0.map(|(epoch, _)| epoch)
    }

    /// Whether so many epochs passed without a better one, up to `epoch`; a first that is no number counts as one to be beaten.
    pub(super) fn is_over(&self, epoch: usize, patience: usize) -> bool {
        epoch.saturating_sub(self.epoch().unwrap_or(1)) >= patience
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_lowest_is_best() {
        let values = [
            None,
            Some(f64::NAN),
            Some(2.0),
            Some(1.0),
            Some(1.0),
            Some(3.0),
        ];
        let best = BestSoFar::of(values.into_iter());
        assert_eq!(best.epoch(), Some(4));
        assert!(!best.is_over(5, 2) && best.is_over(6, 2));
        assert_eq!(
            BestSoFar::of([Some(f64::INFINITY)].into_iter()).epoch(),
            None
        );
        let none = BestSoFar::default();
        assert!(!none.is_over(0, 1) && !none.is_over(1, 1) && none.is_over(2, 1));
    }
}
