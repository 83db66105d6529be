use std::ops::Range;

use memae_kernels::simd::real::Real;
use pulp::Arch;

use super::row::Row;
use super::vector::Exponentials;

/// Weights that are passed over at once if all of them are zero.
const CHUNK: usize = 16;

/// The active items of some rows: shrunk weights without their zeros.
#[derive(Debug, Clone, Default)]
pub(super) struct Survivors<R> {
    /// Where each row ends.
    row_ends: Vec<usize>,
    items: Vec<u32>,
    log_weights: Vec<R>,
    /// `log_sum` of each row, see [`Row`].
    log_sums: Vec<R>,
}

impl<R: Real> Survivors<R> {
    pub fn clear(&mut self) {
        self.row_ends.clear();
        self.items.clear();
        self.log_weights.clear();
        self.log_sums.clear();
    }

    /// Number of active items, all rows together.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Bytes of one survivor.
    pub const BYTES: usize = size_of::<u32>() + size_of::<R>();

    /// Adds a row, given what [`Address`](super::row::Address) made of it.
    pub fn push_row(&mut self, weights: &[R], logits: &[R], row: &Row<R>) {
        let start = self.items.len();
        let end = start + row.active as usize;
        // One place more than needed: a place is written before it is known to be one.
        self.items.resize(end + 1, 0);
        self.log_weights.resize(end + 1, R::ZERO);
        let (items, log_weights) = (&mut self.items[start..], &mut self.log_weights[start..]);
        let last = items.len() - 1;
        let mut next = 0;
        for (chunk, weights) in weights.chunks(CHUNK).enumerate() {
            if weights
                .iter()
                .fold(true, |zero, &weight| zero & (weight == R::ZERO))
            {
                continue;
            }
            for (lane, &weight) in weights.iter().enumerate() {
                let item = chunk * CHUNK + lane;
                items[next] = item as u32;
                log_weights[next] = logits[item] - row.log_sum;
                next = (next + usize::from(weight > R::ZERO)).min(last);
            }
        }
        self.items.truncate(end);
        self.log_weights.truncate(end);
        self.row_ends.push(end);
        self.log_sums.push(row.log_sum);
    }

    /// The items of a row, with `log ŵ` of each, and the row's `log_sum`.
    pub fn row(&self, row: usize) -> (&[u32], &[R], R) {
        let start = row.checked_sub(1).map_or(0, |before| self.row_ends[before]);
        let span = start..self.row_ends[row];
        (
            &self.items[span.clone()],
            &self.log_weights[span],
            self.log_sums[row],
        )
    }

    /// ŵ of every survivor of a row.
    pub fn weights_of_row(&self, arch: Arch, row: usize, weights: &mut Vec<R>) {
        weights.clear();
        weights.extend_from_slice(self.row(row).1);
        arch.dispatch(Exponentials { values: weights });
    }
}

/// A block of queries, and its survivors if there were so few that keeping them paid.
#[derive(Debug)]
pub(super) struct KeptBlock<R> {
    pub queries: Range<usize>,
    pub survivors: Option<Survivors<R>>,
}

/// The blocks of a forward pass, in the order of the queries, one list for each part of the work.
#[derive(Debug)]
pub(super) struct KeptBlocks<R>(pub Vec<Vec<KeptBlock<R>>>);
