use burn::config::Config;
use burn::module::{Module, Param, ParamId};
use burn::tensor::{Bool, Device, Distribution, Int, Tensor};
use serde::{Deserialize, Serialize};

use super::grouping::{Groups, finite_rows};
use crate::MemoryConfigError;
use crate::addressing::ReadStatistics;
use crate::memory::MemoryModule;
use crate::precision::{in_single, in_type};

/// How the items learn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ItemUpdateRule {
    /// By gradient descent with the rest of the network, as in the paper.
    Gradient,
    /// By moving averages: each item is the running mean of the queries that read it most.
    ///
    /// Items stay where encodings are, so that each decodes to a pattern one can look at.
    MovingAverage,
}

/// Settings of an [`ItemUpdate`].
#[derive(Config, Debug, PartialEq)]
#[non_exhaustive]
pub struct ItemUpdateConfig {
    /// How the items learn. Default: by gradient.
    #[config(default = "ItemUpdateRule::Gradient")]
    pub rule: ItemUpdateRule,
    /// Decay γ of the moving averages, above 0 and below 1. Default: 0.99.
    #[config(default = 0.99)]
    pub decay: f64,
    /// An item is dead once the moving average n of its reads falls below this share of what every
    /// item would have if all were read alike; an encoding of the batch then takes its place. 0 turns
    /// revival off. Default: 0.
    #[config(default = 0.0)]
    pub revival_share: f64,
}

impl ItemUpdateConfig {
    /// Whether items move apart from gradients at all.
    pub fn is_active(&self) -> bool {
        self.rule == ItemUpdateRule::MovingAverage || self.revival_share > 0.0
    }

    /// Checks every setting.
    ///
    /// # Errors
    ///
    /// A decay outside (0, 1), a revival share outside [0, 1).
    pub fn validate(&self) -> Result<(), MemoryConfigError> {
        if !(self.decay > 0.0 && self.decay < 1.0) {
            return Err(MemoryConfigError::OutOfRange {
                name: "decay of the item update",
                found: self.decay,
                expected: "a number above 0 and below 1",
            });
        }
        if !(0.0..1.0).contains(&self.revival_share) {
            return Err(MemoryConfigError::OutOfRange {
                name: "revival share",
                found: self.revival_share,
                expected: "0 (off) or a number below 1",
            });
        }
        Ok(())
    }

    /// Starts the moving averages from the present items of `memory`, as if all had been read alike
    /// by batches of `queries_per_batch` queries. Under [`ItemUpdateRule::MovingAverage`] the items
    /// take no more gradients.
    ///
    /// # Errors
    ///
    /// A setting is out of range.
    pub fn init(
        &self,
        memory: MemoryModule,
        queries_per_batch: usize,
    ) -> Result<(ItemUpdate, MemoryModule), MemoryConfigError> {
        self.validate()?;
        // In half precision an average near its limit would not move any more.
        let items = in_single(memory.items.val().detach());
        let even_reads = queries_per_batch.max(1) as f64 / memory.num_items() as f64;
        let reads = Tensor::<1>::full(
            [memory.num_items()],
            even_reads,
            (&items.device(), items.dtype()),
        );
        let update = ItemUpdate {
            sums: no_grad(items.mul_scalar(even_reads)),
            reads: no_grad(reads),
            even_reads,
            config: self.clone(),
        };
        let memory = match self.rule {
            ItemUpdateRule::Gradient => memory,
            ItemUpdateRule::MovingAverage => memory.no_grad(),
        };
        Ok((update, memory))
    }
}

/// Averages below this say nothing of where an item should be.
const MIN_READS: f64 = 1e-6;

/// How a batch of queries read the memory: what [`ItemUpdate::step`] needs of it.
#[derive(Debug, Clone)]
pub struct BatchReads {
    /// Queries that read each item most, and their sum.
    groups: Groups,
    /// The queries, `[queries, item_dim]`.
    queries: Tensor<2>,
    /// Queries without NaN and infinity, `[queries]`.
    finite: Tensor<1, Bool>,
}

impl BatchReads {
    /// Assigns each query to the item that it reads most; a query that reads nothing, or holds NaN or infinity, to none.
    ///
    /// # Shapes
    ///
    /// - `queries`: `[queries, item_dim]`
    /// - `statistics`: of these queries, as in [`MemoryOutput`](crate::MemoryOutput)
    ///
    /// # Panics
    ///
    /// Panics if the two differ in their number of queries.
    pub fn new(queries: Tensor<2>, statistics: &ReadStatistics) -> Self {
        let ([rows, _], [counted]) = (queries.dims(), statistics.most_read.dims());
        assert!(
            rows == counted,
            "queries and statistics differ in queries: {rows} and {counted}"
        );
        let [num_items] = statistics.read_counts.dims();
        let queries = queries.detach();
        let finite = finite_rows(queries.clone());
        let reads = statistics.active_items.clone().greater_elem(0);
        let groups = Groups::of(
            queries.clone(),
            statistics.most_read.clone(),
            reads.bool_and(finite.clone()),
            num_items,
        );
        Self {
            groups,
            queries,
            finite,
        }
    }

    /// How many queries were left out because they hold NaN or infinity, `[1]`.
    pub fn left_out(&self) -> Tensor<1, Int> {
        self.finite.clone().bool_not().int().sum()
    }
}

/// Moves items apart from gradients: moving averages and revival of dead items.
///
/// ```text
/// n_i ← γ n_i + (1 − γ) |{z : z reads item i most}|
/// s_i ← γ s_i + (1 − γ) Σ {z : z reads item i most}
/// m_i = s_i / n_i
/// ```
///
/// Source of the averages: A. van den Oord et al., "Neural Discrete Representation Learning",
/// NeurIPS 2017, appendix A.1.
///
/// # Example
///
/// ```
/// use burn::tensor::{Device, Distribution, Tensor};
/// use memae_core::MemoryModuleConfig;
/// use memae_core::items::{BatchReads, ItemUpdateConfig, ItemUpdateRule};
///
/// # fn main() -> Result<(), memae_core::MemoryConfigError> {
/// let device = Device::flex();
/// let memory = MemoryModuleConfig::new(5, 3).try_init(&device)?;
/// let config = ItemUpdateConfig::new().with_rule(ItemUpdateRule::MovingAverage);
/// let (update, memory) = config.init(memory, 16)?;
///
/// let queries = Tensor::<2>::random([16, 3], Distribution::Default, &device);
/// let output = memory.forward(queries);
/// let (update, memory) = update.step(memory, BatchReads::new(output.queries, &output.statistics));
/// # let _ = (update, memory);
/// # Ok(())
/// # }
/// ```
#[derive(Module, Debug)]
pub struct ItemUpdate {
    /// Moving average n of how many queries of a batch read each item most, `[items]`.
    reads: Param<Tensor<1>>,
    /// Moving average s of the sum of those queries, `[items, item_dim]`.
    sums: Param<Tensor<2>>,
    /// Reads of each item by a batch if all were read alike.
    #[module(skip)]
    even_reads: f64,
    #[module(skip)]
    config: ItemUpdateConfig,
}

impl ItemUpdate {
    /// One step, after the optimizer's if there is one.
    ///
    /// Dead items are replaced by queries of the batch, drawn from the generator of the device. A batch without queries
    /// changes nothing, and a query that holds NaN or infinity changes no item: where such a one is drawn, the item stays
    /// dead for one more step.
    ///
    /// # Panics
    ///
    /// Panics if the batch was read from a memory of another shape.
    pub fn step(self, memory: MemoryModule, batch: BatchReads) -> (Self, MemoryModule) {
        let [rows, _] = batch.queries.dims();
        if rows == 0 {
            return (self, memory);
        }
        let decay = self.config.decay;
        let blend = 1.0 - decay;
        let mut reads = self.reads.val() * decay + batch.groups.counts * blend;
        let mut sums = self.sums.val() * decay + batch.groups.sums * blend;
        let present = memory.items.val().detach();
        let (dtype, present) = (present.dtype(), in_single(present));
        let mut items = match self.config.rule {
            ItemUpdateRule::Gradient => present,
            ItemUpdateRule::MovingAverage => {
                // An item that has not been read for long has averages too small to divide: it stays.
                let dims = sums.dims();
                let reads = reads.clone().unsqueeze_dim::<2>(1);
                let unread = reads.clone().lower_elem(MIN_READS);
                (sums.clone() / reads.clamp_min(MIN_READS)).mask_where(unread.expand(dims), present)
            }
        };
        if self.config.revival_share > 0.0 {
            let dims = items.dims();
            let drawn = draw_rows(rows, dims[0], &items.device());
            let dead = reads
                .clone()
                .lower_elem(self.config.revival_share * self.even_reads)
                .bool_and(batch.finite.int().select(0, drawn.clone()).bool());
            let dead_rows = dead.clone().unsqueeze_dim::<2>(1).expand(dims);
            let candidates = in_single(batch.queries.select(0, drawn));
            items = items.mask_where(dead_rows.clone(), candidates);
            reads = reads.mask_fill(dead, self.even_reads);
            sums = sums.mask_where(dead_rows, items.clone() * self.even_reads);
        }
        let update = Self {
            reads: self.reads.map(|_| reads.detach()),
            sums: self.sums.map(|_| sums.detach()),
            ..self
        };
        (update, memory.with_items(in_type(items, dtype)))
    }
}

/// `count` of `available` rows, drawn with replacement, `[count]`.
fn draw_rows(available: usize, count: usize, device: &Device) -> Tensor<1, Int> {
    let uniform = Tensor::<1>::random([count], Distribution::Uniform(0.0, 1.0), device);
    (uniform * available as f64)
        .int()
        .clamp(0, available as i64 - 1)
}

fn no_grad<const D: usize>(tensor: Tensor<D>) -> Param<Tensor<D>> {
    Param::initialized(ParamId::new(), tensor.detach())
}
