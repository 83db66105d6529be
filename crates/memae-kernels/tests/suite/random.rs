//! Runs of a check over many random cases.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed, TestRunner};

/// Runs `check` on random cases: `number` where they are cheap; where each launches GPU kernels, maybe
/// in software, as many as `MEMAE_GPU_CASES` says, else 40.
pub fn for_cases<C: std::fmt::Debug>(
    name: &str,
    number: u32,
    cases: impl Strategy<Value = C>,
    check: impl Fn(&C),
) {
    let config = Config {
        cases: match ["flex", "ndarray"].iter().any(|cpu| name.starts_with(cpu)) {
            true => number,
            false => gpu_cases().min(number),
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
