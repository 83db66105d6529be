use burn::tensor::{DType, Tensor};
use serde::{Deserialize, Serialize};

use crate::addressing::ReadStatistics;

/// How a memory is used, counted over any number of batches.
///
/// In a healthy memory a query reads part of the items, few rows are empty and few items are dead.
/// One active item and almost all items dead means that it collapsed: one item serves every query.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use memae_core::MemoryUsage;
/// use memae_core::addressing::ReadStatistics;
/// use memae_core::loss::entropy;
///
/// let device = Device::flex();
/// let weights = Tensor::<2>::from_floats([[0.5, 0.5, 0.0], [0.0, 1.0, 0.0]], &device);
/// let empty_rows = Tensor::<1>::zeros([2], &device).bool();
///
/// let mut usage = MemoryUsage::new(3);
/// // A `MemoryOutput` has both.
/// usage.update(entropy(weights.clone()), ReadStatistics::of_weights(weights, empty_rows));
/// assert_eq!(usage.queries(), 2);
/// assert_eq!(usage.mean_active_items(), 1.5);
/// assert_eq!(usage.dead_items(), [2]);
/// assert_eq!(usage.read_shares(), [0.25, 0.75, 0.0]);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Counts")]
pub struct MemoryUsage {
    queries: u64,
    entropy: f64,
    empty_rows: u64,
    active: Vec<u64>,
    read: Vec<f64>,
    not_finite: u64,
}

/// What was saved, not checked yet.
#[derive(Deserialize)]
struct Counts {
    queries: u64,
    entropy: f64,
    empty_rows: u64,
    active: Vec<u64>,
    read: Vec<f64>,
    #[serde(default)]
    not_finite: u64,
}

impl TryFrom<Counts> for MemoryUsage {
    type Error = String;

    fn try_from(counts: Counts) -> Result<Self, String> {
        let Counts {
            queries,
            entropy,
            empty_rows,
            active,
            read,
            not_finite,
        } = counts;
        if active.len() != read.len() {
            return Err(format!(
                "usage of a memory counts reads of {} items and sums weights of {}, expected the same",
                active.len(),
                read.len()
            ));
        }
        if let Some(sum) = read.iter().chain([&entropy]).find(|sum| !sum.is_finite()) {
            return Err(format!(
                "usage of a memory has a sum of {sum}, expected finite numbers"
            ));
        }
        let most = active.iter().copied().max().unwrap_or(0).max(empty_rows);
        if most > queries {
            return Err(format!(
                "usage of a memory counts {most} of {queries} queries, expected no more than there are"
            ));
        }
        Ok(Self {
            queries,
            entropy,
            empty_rows,
            active,
            read,
            not_finite,
        })
    }
}

impl MemoryUsage {
    /// Nothing counted yet, for a memory of `num_items` items.
    pub fn new(num_items: usize) -> Self {
        Self {
            queries: 0,
            entropy: 0.0,
            empty_rows: 0,
            active: vec![0; num_items],
            read: vec![0.0; num_items],
            not_finite: 0,
        }
    }

    /// Counts a batch. One number a query and two an item are read back from the device.
    ///
    /// A query whose entropy is NaN, because it held NaN itself, is counted apart, in
    /// [`not_finite`](Self::not_finite), and nowhere else.
    ///
    /// # Shapes
    ///
    /// - `entropy`: `[queries]`, as in [`MemoryOutput`](crate::MemoryOutput)
    /// - `statistics`: of the same queries
    ///
    /// # Panics
    ///
    /// Panics if the number of items is another, or the two differ in their number of queries.
    pub fn update(&mut self, entropy: Tensor<1>, statistics: ReadStatistics) {
        let ([items], [rows], [queries]) = (
            statistics.read_counts.dims(),
            statistics.empty_rows.dims(),
            entropy.dims(),
        );
        assert!(
            items == self.active.len() && queries == rows,
            "statistics are of {rows} queries and {items} items, expected {queries} queries and {} \
             items",
            self.active.len()
        );
        if queries == 0 {
            return;
        }
        let entropy = to_f64(entropy.without_autodiff());
        let finite = entropy.iter().filter(|entropy| entropy.is_finite());
        let (counted, sum) = finite.fold((0u64, 0.0), |(count, sum), entropy| {
            (count + 1, sum + entropy)
        });
        self.queries += counted;
        self.not_finite += queries as u64 - counted;
        self.entropy += sum;
        self.empty_rows += to_f64(statistics.empty_rows.float()).iter().sum::<f64>() as u64;
        let counts = statistics.read_counts.try_into_vec_as::<i64>();
        for (count, new) in self.active.iter_mut().zip(on_host(counts)) {
            *count += new as u64;
        }
        let sums = to_f64(statistics.read_sums.without_autodiff());
        for (sum, new) in self.read.iter_mut().zip(sums) {
            *sum += new;
        }
    }

    /// Adds what another counted of the same memory.
    ///
    /// # Panics
    ///
    /// Panics if the number of items is another.
    pub fn merge(&mut self, other: &MemoryUsage) {
        assert!(
            self.active.len() == other.active.len(),
            "memories differ in items: {} and {}",
            self.active.len(),
            other.active.len()
        );
        self.queries += other.queries;
        self.not_finite += other.not_finite;
        self.entropy += other.entropy;
        self.empty_rows += other.empty_rows;
        for (count, new) in self.active.iter_mut().zip(&other.active) {
            *count += new;
        }
        for (sum, new) in self.read.iter_mut().zip(&other.read) {
            *sum += new;
        }
    }

    /// Number of queries counted.
    pub fn queries(&self) -> u64 {
        self.queries
    }

    /// Number of queries left out because they held NaN.
    pub fn not_finite(&self) -> u64 {
        self.not_finite
    }

    /// Number of items N.
    pub fn num_items(&self) -> usize {
        self.active.len()
    }

    /// Mean number of items that a query reads (ŵ > 0), in `[0, N]`; 0 if nothing was counted.
    pub fn mean_active_items(&self) -> f64 {
        self.per_query(self.active.iter().sum::<u64>() as f64)
    }

    /// Mean entropy of the shrunk weights in nats, in `[0, log N]`; 0 if nothing was counted.
    pub fn mean_entropy(&self) -> f64 {
        self.per_query(self.entropy)
    }

    /// Share of queries whose weights were all at or below the threshold, in `[0, 1]`; 0 if nothing
    /// was counted.
    pub fn empty_row_share(&self) -> f64 {
        self.per_query(self.empty_rows as f64)
    }

    /// Items that no query read, in ascending order.
    pub fn dead_items(&self) -> Vec<usize> {
        (0..self.active.len())
            .filter(|&item| self.active[item] == 0)
            .collect()
    }

    /// How many queries read each item (ŵ > 0).
    pub fn read_counts(&self) -> &[u64] {
        &self.active
    }

    /// Share of all that was read that came from each item: mean shrunk weight, in `[0, 1]`, summing
    /// to 1; all 0 if nothing was read.
    pub fn read_shares(&self) -> Vec<f64> {
        let total: f64 = self.read.iter().sum();
        match total > 0.0 {
            true => self.read.iter().map(|sum| sum / total).collect(),
            false => vec![0.0; self.read.len()],
        }
    }

    /// Items that were read, most read first (by [`read_shares`](Self::read_shares); ties in
    /// ascending order).
    pub fn most_read_items(&self) -> Vec<usize> {
        let mut items: Vec<usize> = (0..self.read.len())
            .filter(|&item| self.active[item] > 0)
            .collect();
        items.sort_by(|&a, &b| self.read[b].total_cmp(&self.read[a]).then(a.cmp(&b)));
        items
    }

    fn per_query(&self, sum: f64) -> f64 {
        match self.queries {
            0 => 0.0,
            queries => sum / queries as f64,
        }
    }
}

fn to_f64(tensor: Tensor<1>) -> Vec<f64> {
    on_host(tensor.cast(DType::F32).try_into_vec_as())
}

fn on_host<T, E: std::fmt::Display>(values: Result<Vec<T>, E>) -> Vec<T> {
    values.unwrap_or_else(|error| panic!("statistics can't be read from their device: {error}"))
}
