use burn::train::checkpoint::{CheckpointingAction, CheckpointingStrategy};
use burn::train::metric::store::{Aggregate, EventStoreClient, Split};

use crate::train::best_so_far::BestSoFar;
use crate::train::report::Figure;

/// Writes a checkpoint after each epoch, and removes those that no account of the run can name any more: the last two stay, and the best.
pub(in crate::train) struct KeptCheckpoints {
    kept: Vec<usize>,
    /// What epochs are compared by, if they are.
    figure: Option<Figure>,
    best: BestSoFar,
}

impl KeptCheckpoints {
    /// Of a phase whose epochs before the first to come are compared already; `kept` are there.
    pub(in crate::train) fn new(figure: Option<Figure>, best: BestSoFar, kept: Vec<usize>) -> Self {
        Self { kept, figure, best }
    }

    fn actions(&mut self, epoch: usize, value: Option<f64>) -> Vec<CheckpointingAction> {
        let before = self.best.epoch();
        if let Some(value) = value {
            self.best.see(epoch, value);
        }
        // While this one is written, the account still names that before it, with its best.
        let named = [Some(epoch), epoch.checked_sub(1), before, self.best.epoch()];
        let kept = self.kept.iter().copied();
        let (kept, others): (Vec<usize>, Vec<usize>) =
            kept.partition(|&kept| named.contains(&Some(kept)));
        self.kept = kept;
        self.kept.push(epoch);
        let deleted = others.into_iter().map(CheckpointingAction::Delete);
        std::iter::once(CheckpointingAction::Save)
            .chain(deleted)
            .collect()
    }
}

impl CheckpointingStrategy for KeptCheckpoints {
    fn checkpointing(
        &mut self,
        epoch: usize,
        store: &EventStoreClient,
    ) -> Vec<CheckpointingAction> {
        let value = self.figure.and_then(|figure| {
            store.find_metric(figure.name(), epoch, Aggregate::Mean, &Split::Valid)
        });
        self.actions(epoch, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left after each epoch.
    fn left(strategy: &mut KeptCheckpoints, values: &[Option<f64>]) -> Vec<Vec<usize>> {
        let mut files = Vec::new();
        let epochs = values.iter().zip(1..);
        let after = epochs.map(|(&value, epoch)| {
            for action in strategy.actions(epoch, value) {
                match action {
                    CheckpointingAction::Save => files.push(epoch),
                    CheckpointingAction::Delete(old) => files.retain(|&file| file != old),
                }
            }
            files.clone()
        });
        after.collect()
    }

    #[test]
    fn the_last_two_stay_and_the_best() {
        let mut last = KeptCheckpoints::new(None, BestSoFar::default(), Vec::new());
        assert_eq!(
            left(&mut last, &[None; 4]),
            [vec![1], vec![1, 2], vec![2, 3], vec![3, 4]]
        );
        let mut best = KeptCheckpoints::new(Some(Figure::Loss), BestSoFar::default(), Vec::new());
        let values = [3.0, 1.0, 2.0, 2.0, 0.5, 0.7, 0.6].map(Some);
        assert_eq!(
            left(&mut best, &values),
            [
                vec![1],
                vec![1, 2],
                vec![2, 3],
                vec![2, 3, 4],
                // The account of epoch 4 names 2 until that of 5 is there.
                vec![2, 4, 5],
                vec![5, 6],
                vec![5, 6, 7],
            ]
        );
    }
}
