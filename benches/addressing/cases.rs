//! What is timed: presets, and what they grow and shrink to.

use memae::addressing::{Addressing, Shrinkage};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::oracle::Case;

/// The memory as it was drawn, or as training leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Memory {
    /// Random queries, τ = 1, λ = 1/N: about half of the weights survive.
    Fresh,
    /// Queries near items, τ = 0.05, λ = 1/N: few weights survive.
    Trained,
}

impl Memory {
    pub const ALL: [Self; 2] = [Self::Fresh, Self::Trained];

    pub fn name(self) -> &'static str {
        match self {
            Self::Fresh => "fresh",
            Self::Trained => "trained",
        }
    }

    pub fn temperature(self) -> f64 {
        match self {
            Self::Fresh => 1.0,
            Self::Trained => 0.05,
        }
    }
}

/// One size: what it stands for; queries, items, width.
#[derive(Debug, Clone)]
pub struct Size {
    pub name: String,
    pub dims: [usize; 3],
}

impl Size {
    /// Multiplications of one matrix product.
    pub fn product(&self) -> f64 {
        self.dims.iter().map(|&side| side as f64).product()
    }

    /// Queries × items × width; plain letters, for it is part of criterion's folder names.
    pub fn label(&self) -> String {
        let [queries, items, width] = self.dims;
        format!("{queries}x{items}x{width}")
    }

    /// Bytes of queries, items and read in f32: what goes in and comes out.
    pub fn bytes(&self) -> usize {
        let [queries, items, width] = self.dims;
        (2 * queries + items) * width * size_of::<f32>()
    }
}

/// The presets, each also with a quarter of and four times the queries, the items and the width, and
/// four times the queries and the items together.
pub fn sizes() -> Vec<Size> {
    let presets = [
        ("MNIST, 64 images", [64, 100, 1024]),
        ("CIFAR-10, 64 images", [64, 500, 1024]),
        ("video, 10 clips", [5120, 2000, 256]),
    ];
    // In quarters.
    let scales = [
        ("", [4, 4, 4]),
        (", queries / 4", [1, 4, 4]),
        (", queries × 4", [16, 4, 4]),
        (", items / 4", [4, 1, 4]),
        (", items × 4", [4, 16, 4]),
        (", width / 4", [4, 4, 1]),
        (", width × 4", [4, 4, 16]),
        (", queries and items × 4", [16, 16, 4]),
    ];
    let scaled = |(name, dims): (&str, [usize; 3])| {
        scales.map(|(change, quarters)| Size {
            name: format!("{name}{change}"),
            dims: std::array::from_fn(|side| dims[side] * quarters[side] / 4),
        })
    };
    presets.into_iter().flat_map(scaled).collect()
}

/// Queries, items and probe of a size.
pub fn case(size: &Size, memory: Memory) -> Case {
    let addressing = Addressing::default()
        .with_temperature(memory.temperature())
        .with_shrinkage(Shrinkage::relative(1.0));
    let case = Case::random(7, size.dims, addressing);
    match memory {
        Memory::Fresh => case,
        Memory::Trained => near_items(case),
    }
}

/// Size of the noise, an item having size 1: so large that a few other items look near by chance.
const NOISE: f64 = 1.8;

/// Each query becomes an item, its neighbour at half the weight, and noise.
fn near_items(mut case: Case) -> Case {
    let mut rng = ChaCha8Rng::seed_from_u64(8);
    let item = |index: usize| {
        let start = index % case.num_items * case.width;
        &case.items[start..start + case.width]
    };
    let mut queries = Vec::with_capacity(case.queries.len());
    for _ in 0..case.num_queries {
        let index = rng.random_range(0..case.num_items);
        for (own, next) in item(index).iter().zip(item(index + 1)) {
            let noise = NOISE * (2.0 * rng.random::<f64>() - 1.0);
            queries.push(f64::from((own + 0.5 * next + noise) as f32));
        }
    }
    case.queries = queries;
    case
}
