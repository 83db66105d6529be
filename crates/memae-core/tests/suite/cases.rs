//! Random cases, and runs of a check over many of them.

use burn::tensor::DType;
use memae_core::addressing::{Addressing, EmptyRow, Shrinkage, Similarity};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::devices::rounded;
use crate::oracle::Case;

/// How near a query of a small case may come to reading something else, see
/// [`Case::distance_to_jump`].
const MARGIN: f64 = 1e-3;
/// The same for a large case, which has so many weights that some of them are always near.
const RAGGED_MARGIN: f64 = 1e-4;

/// A shape with distinct primes along its axes, or a one: square shapes would hide a transposition.
fn dims() -> impl Strategy<Value = [usize; 3]> {
    let side = || select(vec![1usize, 2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37]);
    [side(), side(), side()].prop_filter("distinct sides", |[a, b, c]| a != b && b != c && a != c)
}

fn addressing(
    temperatures: Vec<f64>,
    shrinkages: Vec<Shrinkage>,
) -> impl Strategy<Value = Addressing> {
    let similarity = select(vec![
        Similarity::Cosine,
        Similarity::Dot,
        Similarity::Euclidean,
    ]);
    let empty_row = select(vec![EmptyRow::BestItem, EmptyRow::Zeros]);
    let settings = (
        similarity,
        select(temperatures),
        select(shrinkages),
        empty_row,
    );
    settings.prop_map(|(similarity, temperature, shrinkage, empty_row)| {
        Addressing::default()
            .with_similarity(similarity)
            .with_temperature(temperature)
            .with_shrinkage(shrinkage)
            .with_empty_row(empty_row)
    })
}

/// Small cases.
pub fn cases() -> impl Strategy<Value = Case> {
    cases_rounded_to(DType::F32)
}

/// Small cases whose values a float type has.
pub fn cases_rounded_to(dtype: DType) -> impl Strategy<Value = Case> {
    let shrinkages = vec![
        Shrinkage::Off,
        Shrinkage::relative(0.5),
        Shrinkage::relative(1.1),
        Shrinkage::relative(2.0),
        Shrinkage::absolute(0.06),
        Shrinkage::TopK(1),
        Shrinkage::TopK(3),
    ];
    let addressing = addressing(vec![1.0, 0.5, 0.1, 2.0], shrinkages);
    (any::<u64>(), dims(), addressing)
        .prop_filter(
            "settings that validate",
            |(_, [_, num_items, _], addressing)| addressing.validate(*num_items).is_ok(),
        )
        .prop_map(move |(seed, dims, addressing)| {
            let case = Case::random(seed, dims, addressing);
            Case {
                queries: rounded(&case.queries, dtype),
                items: rounded(&case.items, dtype),
                probe: rounded(&case.probe, dtype),
                ..case
            }
        })
        .prop_filter("a query near a jump", |case| {
            case.distance_to_jump() > MARGIN
        })
}

/// Large cases of ragged shapes, cut into several blocks and worth several threads; from almost all
/// weights surviving to about one in a row.
pub fn ragged_cases() -> impl Strategy<Value = Case> {
    let many_queries = (
        select(vec![3usize, 31, 131, 523, 701, 1201]),
        select(vec![2usize, 61, 211, 397]),
        select(vec![1usize, 5, 33, 67]),
    );
    let many_items = (
        select(vec![1usize, 7, 31]),
        select(vec![1021usize, 1499]),
        select(vec![37usize, 67]),
    );
    let shrinkages = vec![
        Shrinkage::Off,
        Shrinkage::relative(0.5),
        Shrinkage::relative(1.0),
        Shrinkage::relative(1.9),
        Shrinkage::absolute(0.3),
        Shrinkage::TopK(2),
        Shrinkage::TopK(40),
    ];
    let addressing = addressing(vec![1.0, 0.2, 0.05], shrinkages);
    // With dot products, a longer query has sparser weights.
    let length = select(vec![1.0, 4.0]);
    let dims = prop_oneof![3 => many_queries, 1 => many_items];
    (any::<u64>(), dims, addressing, length)
        .prop_filter(
            "settings that validate",
            |(_, (_, num_items, _), addressing, _)| addressing.validate(*num_items).is_ok(),
        )
        .prop_map(
            |(seed, (num_queries, num_items, width), addressing, length)| {
                let mut case = Case::random(seed, [num_queries, num_items, width], addressing);
                case.queries.iter_mut().for_each(|value| *value *= length);
                case.with_queries(|case, q| case.distance_to_jump_of(q) > RAGGED_MARGIN)
            },
        )
        .prop_filter("no query away from every jump", |case| case.num_queries > 0)
}

/// Runs `check` on random cases: `number` where they are cheap; a fifth of them on ndarray, which is slow; where each launches GPU
/// kernels, maybe in software, as many as `MEMAE_GPU_CASES` says, else 40.
pub fn for_cases<C: std::fmt::Debug>(
    name: &str,
    number: u32,
    cases: impl Strategy<Value = C>,
    check: impl Fn(&C),
) {
    let config = Config {
        cases: match name.split([' ', ',']).next() {
            Some("flex") => number,
            Some("ndarray") => number / 5,
            _ => gpu_cases().min(number),
        },
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(7),
        ..Config::default()
    };
    TestRunner::new(config)
        .run(&cases, |case| {
            check(&case);
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{name}: {failure}"));
}

fn gpu_cases() -> u32 {
    let wanted = std::env::var("MEMAE_GPU_CASES").ok();
    wanted.map_or(40, |number| {
        number.parse().expect("MEMAE_GPU_CASES is a number")
    })
}
