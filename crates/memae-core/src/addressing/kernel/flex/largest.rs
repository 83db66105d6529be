//! The largest logits of a row, taken out of it and put back as weights.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use memae_kernels::simd::real::Real;

use super::item_reads::ItemReads;

/// Numbers looked at before the next decision.
const CHUNK: usize = 64;

/// An item that is among the largest so far.
#[derive(Debug, Clone, Copy)]
struct Place<R> {
    item: u32,
    logit: R,
}

/// The place to give up first is the greatest: that of the smallest logit, the last of those that tie.
impl<R: Real> Ord for Place<R> {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_logit = other.logit.partial_cmp(&self.logit);
        let by_logit = by_logit.unwrap_or(Ordering::Equal);
        by_logit.then(self.item.cmp(&other.item))
    }
}

impl<R: Real> PartialOrd for Place<R> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<R: Real> PartialEq for Place<R> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<R: Real> Eq for Place<R> {}

/// The largest logits of a row in the order of their items, as if they were all the memory.
#[derive(Debug, Clone, Default)]
pub(super) struct Largest<R> {
    places: Vec<Place<R>>,
    pub logits: Vec<R>,
    pub weights: Vec<R>,
    pub reads: ItemReads<R>,
}

impl<R: Real> Largest<R> {
    /// Takes out the `k` largest, the first of those that tie; all of them if there are no more. None of the logits is NaN.
    #[inline(always)]
    pub fn take(&mut self, logits: &[R], k: usize) {
        let place = |(item, &logit): (usize, &R)| Place {
            item: item as u32,
            logit,
        };
        let mut first = std::mem::take(&mut self.places);
        first.clear();
        first.extend(logits.iter().enumerate().take(k).map(place));
        let mut heap = BinaryHeap::from(first);
        let mut start = heap.len();
        for chunk in logits[start..].chunks(CHUNK) {
            let bound = heap.peek().map_or(R::NEG_INFINITY, |place| place.logit);
            if chunk
                .iter()
                .fold(false, |any, &logit| any | (logit > bound))
            {
                for (item, logit) in chunk.iter().enumerate() {
                    match heap.peek_mut() {
                        Some(mut last) if *logit > last.logit => {
                            *last = place((start + item, logit))
                        }
                        _ => {}
                    }
                }
            }
            start += chunk.len();
        }
        self.places = heap.into_vec();
        self.places.sort_unstable_by_key(|place| place.item);

        self.logits.clear();
        self.logits
            .extend(self.places.iter().map(|place| place.logit));
        let zeros = [
            &mut self.weights,
            &mut self.reads.counts,
            &mut self.reads.sums,
        ];
        for values in zeros {
            values.clear();
            values.resize(self.logits.len(), R::ZERO);
        }
    }

    /// Puts the weights back into their row, which is zero elsewhere, and the reads to those of all items.
    #[inline(always)]
    pub fn put_back(&self, weights: &mut [R], reads: &mut ItemReads<R>) {
        weights.fill(R::ZERO);
        for (index, place) in self.places.iter().enumerate() {
            let item = place.item as usize;
            weights[item] = self.weights[index];
            reads.counts[item] += self.reads.counts[index];
            reads.sums[item] += self.reads.sums[index];
        }
    }

    /// The item that one of the logits is of.
    pub fn item(&self, index: u32) -> u32 {
        self.places[index as usize].item
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_largest_are_those_of_a_stable_sort(
            // Few values, so that many tie.
            logits in proptest::collection::vec((-4i8..4).prop_map(f32::from), 1..300),
            k in 1usize..310,
        ) {
            let mut items: Vec<usize> = (0..logits.len()).collect();
            items.sort_by(|&a, &b| logits[b].total_cmp(&logits[a]));
            items.truncate(k);
            items.sort();

            let mut largest = Largest::default();
            // What an earlier row left there is gone.
            largest.take(&[7.0; 100], 90);
            largest.take(&logits, k);
            let found: Vec<usize> = (0..largest.logits.len()).map(|index| largest.item(index as u32) as usize).collect();
            prop_assert_eq!(&found, &items);
            let expected: Vec<f32> = items.iter().map(|&item| logits[item]).collect();
            prop_assert_eq!(&largest.logits, &expected);

            largest.weights.fill(0.5);
            largest.reads.counts.fill(1.0);
            largest.reads.sums.fill(0.5);
            let mut weights = vec![9.0; logits.len()];
            let mut reads = ItemReads { counts: vec![2.0; logits.len()], sums: vec![3.0; logits.len()] };
            largest.put_back(&mut weights, &mut reads);
            let found = weights.iter().zip(&reads.counts).zip(&reads.sums);
            for (item, ((&weight, &count), &sum)) in found.enumerate() {
                let expected = if items.contains(&item) { [0.5, 3.0, 3.5] } else { [0.0, 2.0, 3.0] };
                prop_assert_eq!([weight, count, sum], expected);
            }
        }
    }
}
