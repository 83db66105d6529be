//! Groups of samples that are given to parts whole.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::random::Random;

/// The samples of each group, in an order drawn at random.
pub(super) struct WholeGroups {
    members: Vec<Vec<usize>>,
    samples: usize,
}

impl WholeGroups {
    /// By the group of each sample.
    pub(super) fn new(groups: &[usize]) -> Self {
        let mut numbers = HashMap::new();
        let mut members: Vec<Vec<usize>> = Vec::new();
        for (sample, group) in groups.iter().enumerate() {
            let number = *numbers.entry(group).or_insert_with(|| {
                members.push(Vec::new());
                members.len() - 1
            });
            members[number].push(sample);
        }
        Self {
            members,
            samples: groups.len(),
        }
    }

    /// Groups that are left.
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    pub(super) fn shuffle(&mut self, seed: u64, stream: u64) {
        Random::new(seed, stream).shuffle(&mut self.members);
    }

    /// Takes groups until they have about this share of all samples, one at least, and leaves `others` groups at least; the samples
    /// in ascending order.
    pub(super) fn take(&mut self, share: f64, others: usize) -> Vec<usize> {
        let wanted = share * self.samples as f64;
        let mut taken: Vec<usize> = Vec::new();
        while self.members.len() > others {
            let next = self.members[self.members.len() - 1].len() as f64;
            // A group that would take the part further above its share than it is below it now stays out.
            let above = taken.len() as f64 + next - wanted;
            if !taken.is_empty() && above >= wanted - taken.len() as f64 {
                break;
            }
            taken.extend(self.members.pop().into_iter().flatten());
        }
        taken.sort_unstable();
        taken
    }

    /// Deals all groups that are left to so many parts of about equal size, each of which has one at least if there are as many; the
    /// samples of each in ascending order.
    pub(super) fn deal(mut self, parts: usize) -> Vec<Vec<usize>> {
        // The largest first, each to the part that is smallest by then; of groups of one size the order is still a random one.
        self.members.sort_by_key(|members| Reverse(members.len()));
        let mut dealt = vec![Vec::new(); parts];
        let mut smallest: BinaryHeap<_> = (0..parts).map(|part| Reverse((0, part))).collect();
        for members in self.members {
            if let Some(mut next) = smallest.peek_mut() {
                let Reverse((size, part)) = &mut *next;
                *size += members.len();
                dealt[*part].extend(members);
            }
        }
        for part in &mut dealt {
            part.sort_unstable();
        }
        dealt
    }
}
