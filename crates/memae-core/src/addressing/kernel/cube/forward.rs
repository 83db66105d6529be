//! From similarities to shrunk weights, and what is counted in them.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::indexable::assert_indexable;
use super::rows::{Rows, dims, floats, integers};
use super::team::{Largest, Smallest, Team, Total, agree, grid};
use crate::addressing::kernel::primitives::ReadSettings;
use crate::addressing::shrinkage::Selection;
use crate::addressing::{EmptyRow, Similarity};

/// Items that a cube counts the reads of, side by side.
const TILE_ITEMS: u32 = 32;
/// Rows that a cube counts at the same time.
const TILE_UNITS: u32 = 8;
/// Rows that a cube counts, one after the other.
const TILE_ROWS: usize = 256;

/// What is found out about the queries.
#[derive(Clone)]
pub(super) struct Findings {
    /// Entropy of the shrunk weights, `[queries]`; NaN marks a query that there is no saying anything
    /// about.
    pub entropy: CubeTensor,
    /// Active items, most read item, and 1 if the row was empty, `[3, queries]`.
    pub rows: CubeTensor,
}

impl Findings {
    /// Room for what is found out about so many queries, on the device of `like`.
    pub fn new(like: &CubeTensor, num_queries: usize) -> Self {
        Self {
            entropy: floats(like, [num_queries]),
            rows: integers(like, [3, num_queries]),
        }
    }
}

/// Norms of the rows on both sides of a similarity: inverse ones for cosine similarity, halves of squared ones for Euclidean;
/// of no use for dot products.
#[derive(Clone)]
pub(super) struct Norms {
    pub queries: CubeTensor,
    pub items: CubeTensor,
}

/// Makes shrunk weights of dot products z·m, `[rows, items]`, in place: softmax, shrinkage and
/// renormalisation.
///
/// The rows of queries with a NaN or an infinity become zeros and are marked in `findings`.
pub(super) fn shrink(
    products: &CubeTensor,
    norms: &Norms,
    first_query: usize,
    findings: &Findings,
    settings: &ReadSettings,
) {
    let [num_rows, num_items] = dims(products);
    let team = Team::new(&products.client, num_items);
    shrink_kernel::launch(
        &products.client,
        grid(num_rows),
        team.cube_dim(),
        products.clone().into_tensor_arg(),
        norms.queries.clone().into_tensor_arg(),
        norms.items.clone().into_tensor_arg(),
        findings.entropy.clone().into_tensor_arg(),
        findings.rows.clone().into_tensor_arg(),
        first_query,
        scale_of_products(settings),
        match settings.selection {
            Selection::Above(threshold) => threshold as f32,
            // What counts is whether a weight is there at all.
            Selection::All | Selection::Largest(_) => 0.0,
        },
        f32::NAN,
        Row {
            similarity: settings.similarity,
            largest: match settings.selection {
                Selection::Largest(k) if k < num_items => k as u32,
                _ => 0,
            },
            reads_best: settings.empty_row == EmptyRow::BestItem,
            team,
        },
    );
}

/// What products, or their distances from half the squared norm of the item, are multiplied with to become logits, beside norms.
pub(super) fn scale_of_products(settings: &ReadSettings) -> f32 {
    let scale = match settings.similarity {
        Similarity::Cosine | Similarity::Dot => 1.0,
        // −‖z − m‖² is 2 (z·m − ‖m‖²/2) but for a number that all items share.
        Similarity::Euclidean => 2.0,
    };
    (scale / settings.temperature) as f32
}

/// What is known about a row before a kernel is compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Row {
    similarity: Similarity,
    /// Number of items that are read; 0 if it is not given.
    largest: u32,
    /// An empty row reads its best item.
    reads_best: bool,
    team: Team,
}

#[cube(launch)]
fn shrink_kernel(
    weights: &mut Tensor<f32>,
    query_norms: &Tensor<f32>,
    item_norms: &Tensor<f32>,
    entropies: &mut Tensor<f32>,
    findings: &mut Tensor<i32>,
    first_query: usize,
    scale: f32,
    threshold: f32,
    nan: f32,
    #[comptime] row: Row,
) {
    let team = comptime!(row.team);
    let index = CUBE_POS;
    if index >= weights.shape(0) {
        terminate!();
    }
    let num_items = weights.shape(1);
    let start = index * weights.stride(0);
    let step = comptime!(team.units());
    let unit = UNIT_POS as usize;
    let mut floats = Shared::<[f32]>::new_slice(comptime!(team.planes as usize));
    let mut integers = Shared::<[u32]>::new_slice(comptime!(team.planes as usize));

    let mut scale = scale;
    if comptime!(row.similarity == Similarity::Cosine) {
        scale *= query_norms[index];
    } else if comptime!(row.similarity == Similarity::Euclidean) {
        scale = select(query_norms[index].is_nan(), nan, scale);
    }

    // First pass: the softmax's largest logit and sum. The sum is that of exp(logit − largest so far).
    let mut largest = f32::min_value();
    let mut best = u32::MAX.runtime();
    let mut sum = 0.0f32;
    let mut broken = 0u32;
    let mut item = unit;
    while item < num_items {
        let logit = logit(
            weights[start + item],
            scale,
            item_norms,
            item,
            row.similarity,
        );
        if comptime!(row.largest > 0) {
            // Compared with one another: each must be the same number every time.
            weights[start + item] = logit;
        }
        if logit.is_nan() || logit.is_inf() {
            broken = 1u32;
        } else if best == u32::MAX {
            largest = logit;
            best = item as u32;
            sum = 1.0f32;
        } else if logit > largest {
            sum = sum * (largest - logit).exp() + 1.0f32;
            largest = logit;
            best = item as u32;
        } else {
            sum += (logit - largest).exp();
        }
        item += step;
    }
    let broken = agree::<u32, Largest>(broken, &mut integers, team) > 0u32;
    let row_largest = agree::<f32, Largest>(largest, &mut floats, team);
    // The first of those that tie.
    let candidate = select(largest == row_largest, best, u32::MAX);
    let best = agree::<u32, Smallest>(candidate, &mut integers, team) as usize;
    // Of units without an item as well, whose sum is zero.
    let of_unit = sum * (largest - row_largest).exp();
    let sum = agree::<f32, Total>(of_unit, &mut floats, team);
    let inverse_sum = 1.0f32 / sum;

    // The last of the largest, one after the other: of those that tie, the first comes first.
    let mut last = row_largest;
    let mut last_item = best as u32;
    if comptime!(row.largest > 1) {
        for _ in 1..row.largest {
            let mut next = f32::min_value();
            let mut next_item = u32::MAX.runtime();
            let mut item = unit;
            while item < num_items {
                let logit = weights[start + item];
                let comes_later = logit < last || (logit == last && item as u32 > last_item);
                if comes_later && (next_item == u32::MAX || logit > next) {
                    next = logit;
                    next_item = item as u32;
                }
                item += step;
            }
            let row_next = agree::<f32, Largest>(next, &mut floats, team);
            let candidate = select(next == row_next, next_item, u32::MAX);
            last_item = agree::<u32, Smallest>(candidate, &mut integers, team);
            last = row_next;
        }
    }

    // Second pass: what is kept.
    let mut kept = 0.0f32;
    let mut weighted_logits = 0.0f32;
    let mut item = unit;
    while item < num_items {
        let logit = logit_again(weights[start + item], scale, item_norms, item, row);
        // Divided and then compared, as the formula has it: a weight of exactly λ is dropped. (Where a
        // device's division is off in its last bit, so is the line between the two.)
        let weight = (logit - row_largest).exp() * inverse_sum;
        if is_kept(weight, threshold, logit, item, last, last_item, row.largest) {
            kept += weight;
            weighted_logits += weight * (logit - row_largest);
        }
        item += step;
    }
    let kept = agree::<f32, Total>(kept, &mut floats, team);
    let weighted_logits = agree::<f32, Total>(weighted_logits, &mut floats, team);

    // Third pass: the weights.
    let empty = !broken && kept == 0.0f32;
    let mut active = 0u32;
    let mut item = unit;
    while item < num_items {
        let mut weight = 0.0f32;
        if empty {
            if comptime!(row.reads_best) {
                weight = select(item == best, 1.0f32, 0.0f32);
            }
        } else if !broken {
            let logit = logit_again(weights[start + item], scale, item_norms, item, row);
            let full = (logit - row_largest).exp() * inverse_sum;
            // Numbers so small that a device may or may not take them for zero have no logarithm that
            // it agrees on.
            if full > f32::new(1e-37)
                && is_kept(full, threshold, logit, item, last, last_item, row.largest)
            {
                weight = full / kept;
            }
        }
        if weight > 0.0f32 {
            active += 1u32;
        }
        weights[start + item] = weight;
        item += step;
    }
    let active = agree::<u32, Total>(active, &mut integers, team);

    if unit == 0 {
        let query = first_query + index;
        // −Σ ŵ log ŵ; rounding must not make it negative.
        let mut entropy = 0.0f32;
        if active > 1u32 {
            entropy = max(sum.ln() + kept.ln() - weighted_logits / kept, 0.0f32);
        }
        entropies[query] = select(broken, nan, entropy);
        findings[query] = active as i32;
        let stride = findings.stride(0);
        findings[stride + query] = select(broken, 0i32, best as i32);
        findings[2 * stride + query] = i32::cast_from(empty);
    }
}

/// `d(z, m)/τ` of the dot product z·m; for Euclidean similarity, but for a number that all items share.
#[cube]
fn logit(
    product: f32,
    scale: f32,
    item_norms: &Tensor<f32>,
    item: usize,
    #[comptime] similarity: Similarity,
) -> f32 {
    if comptime!(similarity == Similarity::Cosine) {
        product * item_norms[item] * scale
    } else if comptime!(similarity == Similarity::Euclidean) {
        (product - item_norms[item]) * scale
    } else {
        product * scale
    }
}

/// The same of what the first pass left.
#[cube]
fn logit_again(
    left: f32,
    scale: f32,
    item_norms: &Tensor<f32>,
    item: usize,
    #[comptime] row: Row,
) -> f32 {
    if comptime!(row.largest > 0) {
        left
    } else {
        logit(left, scale, item_norms, item, row.similarity)
    }
}

/// Whether a weight outlives shrinkage, given the threshold or the last of the largest logits.
#[cube]
fn is_kept(
    weight: f32,
    threshold: f32,
    logit: f32,
    item: usize,
    last: f32,
    last_item: u32,
    #[comptime] largest: u32,
) -> bool {
    if comptime!(largest > 0) {
        logit > last || (logit == last && item as u32 <= last_item)
    } else {
        weight > threshold
    }
}

/// How often and by how much each item is read, in tiles of rows that are still to be added up:
/// `[tiles, items]` each.
pub(super) struct ItemReads {
    pub counts: CubeTensor,
    pub sums: CubeTensor,
}

impl ItemReads {
    /// Room for chunks of so many queries.
    pub fn new(like: &CubeTensor, chunks: &[Rows], num_items: usize) -> Self {
        let tiles = chunks.iter().map(|chunk| tiles(chunk.len())).sum();
        assert_indexable("tiles of counts", [tiles, num_items]);
        Self {
            counts: integers(like, [tiles, num_items]),
            sums: floats(like, [tiles, num_items]),
        }
    }

    /// Counts the reads of a chunk, `[rows, items]`; the number of tiles that it takes.
    pub fn count(&self, weights: &CubeTensor, first_tile: usize) -> usize {
        let [num_rows, num_items] = dims(weights);
        let tiles = tiles(num_rows);
        count_reads_kernel::launch(
            &weights.client,
            grid(tiles * num_items.div_ceil(TILE_ITEMS as usize)),
            CubeDim::new_2d(TILE_ITEMS, TILE_UNITS),
            weights.clone().into_tensor_arg(),
            self.counts.clone().into_tensor_arg(),
            self.sums.clone().into_tensor_arg(),
            first_tile,
        );
        tiles
    }
}

fn tiles(num_rows: usize) -> usize {
    num_rows.div_ceil(TILE_ROWS)
}

#[cube(launch)]
fn count_reads_kernel(
    weights: &Tensor<f32>,
    counts: &mut Tensor<i32>,
    sums: &mut Tensor<f32>,
    first_tile: usize,
) {
    let (num_rows, num_items) = (weights.shape(0), weights.shape(1));
    let cubes_of_tile = num_items.div_ceil(TILE_ITEMS as usize);
    let tile = CUBE_POS / cubes_of_tile;
    let item = CUBE_POS % cubes_of_tile * TILE_ITEMS as usize + UNIT_POS_X as usize;

    let mut count = 0i32;
    let mut sum = 0.0f32;
    if item < num_items {
        let end = min((tile + 1) * TILE_ROWS, num_rows);
        let mut row = tile * TILE_ROWS + UNIT_POS_Y as usize;
        while row < end {
            let weight = weights[row * weights.stride(0) + item];
            count += i32::cast_from(weight > 0.0f32);
            sum += weight;
            row += TILE_UNITS as usize;
        }
    }
    let mut unit_counts = Shared::<[i32]>::new_slice(comptime!((TILE_ITEMS * TILE_UNITS) as usize));
    let mut unit_sums = Shared::<[f32]>::new_slice(comptime!((TILE_ITEMS * TILE_UNITS) as usize));
    let place = UNIT_POS as usize;
    unit_counts[place] = count;
    unit_sums[place] = sum;
    sync_cube();
    if UNIT_POS_Y == 0 && item < num_items && tile * TILE_ROWS < num_rows {
        let mut unit = place + TILE_ITEMS as usize;
        while unit < comptime!((TILE_ITEMS * TILE_UNITS) as usize) {
            count += unit_counts[unit];
            sum += unit_sums[unit];
            unit += TILE_ITEMS as usize;
        }
        let tile = first_tile + tile;
        let (counts_start, sums_start) = (tile * counts.stride(0), tile * sums.stride(0));
        counts[counts_start + item] = count;
        sums[sums_start + item] = sum;
    }
}
