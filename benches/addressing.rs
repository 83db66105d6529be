//! Memory addressing at the sizes of the presets: how fast it is, and how far from a scalar f64
//! oracle.
//!
//! ```sh
//! cargo bench --workspace --bench addressing
//! ```
//!
//! `MEMAE_DEVICE` names the device, one of those compiled in (default: `flex`).
//! `MEMAE_BENCH_JSON=1` adds every result as a line of JSON, for
//! `compare_pytorch.py addressing --ours`.
//!
//! Two passes are timed, each up to a synchronised device: `forward`, weights and read on a device
//! that records nothing; `forward+backward`, the same, then `Σ read ∘ probe + α · mean entropy` and
//! its gradients of queries and items.

#[path = "addressing/error.rs"]
mod error;
// The tests use parts of it that nothing here does.
#[allow(dead_code)]
#[path = "../crates/memae-core/tests/suite/oracle.rs"]
mod oracle;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use burn::tensor::{Device, Tensor, TensorData};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput};
use error::{CHECKED_ROWS, Errors, KINK_MARGIN};
use memae::addressing::{Addressing, Shrinkage};
use memae::loss::{MemAeLossConfig, entropy};
use memae::{MemoryModule, MemoryModuleConfig, MemoryOutput, device};
use oracle::Case;

/// What it stands for; queries, items, width.
const SIZES: [(&str, [usize; 3]); 4] = [
    ("MNIST, 16 images", [16, 100, 1024]),
    ("MNIST, 64 images", [64, 100, 1024]),
    ("CIFAR-10, 64 images", [64, 500, 1024]),
    ("video, 10 clips", [5120, 2000, 256]),
];

/// Cosine similarity, temperature 1.
fn addressing() -> Addressing {
    Addressing {
        shrinkage: Shrinkage::relative(1.0),
        ..Addressing::default()
    }
}

fn main() -> ExitCode {
    let name = std::env::var("MEMAE_DEVICE").unwrap_or_else(|_| "flex".to_string());
    let device = match device::by_name(&name) {
        Ok(device) => device,
        Err(error) => {
            eprintln!("MEMAE_DEVICE: {error}");
            return ExitCode::FAILURE;
        }
    };
    let mut criterion = Criterion::default().configure_from_args();
    // Programs read the list.
    let quiet = std::env::args().any(|argument| argument == "--list");

    let cases = SIZES.map(|(_, dims)| Case::random(7, dims, addressing()));
    let mut errors = Vec::new();
    if !quiet {
        errors.extend(cases.iter().map(|case| Errors::of(case, &device)));
        print_errors(&name, &errors);
    }

    let mut group = criterion.benchmark_group("addressing");
    let mut timings = Vec::new();
    for case in &cases {
        timings.push(Timing::of(&mut group, case, &device));
    }
    group.finish();
    criterion.final_summary();

    if timings.iter().any(Timing::measured) {
        print_timings(&name, &timings, &errors);
    }
    if std::env::var("MEMAE_BENCH_JSON").is_ok_and(|value| value == "1") {
        for (timing, case) in timings.iter().zip(&cases) {
            print_json(&name, timing, case);
        }
    }
    ExitCode::SUCCESS
}

// --- what is run ----------------------------------------------------------------------------------

/// A memory and its queries on a device.
struct Setup {
    memory: MemoryModule,
    queries: Tensor<2>,
    probe: Tensor<2>,
}

impl Setup {
    fn new(case: &Case, device: &Device) -> Self {
        let query_dims = [case.num_queries, case.width];
        let items = matrix(&case.items, [case.num_items, case.width], device);
        let memory = MemoryModuleConfig::new(case.num_items, case.width)
            .with_similarity(case.addressing.similarity)
            .with_temperature(case.addressing.temperature)
            .with_shrinkage(case.addressing.shrinkage)
            .with_empty_row(case.addressing.empty_row)
            .init_with_items(items)
            .expect("settings and shape are those of the case");
        Self {
            memory,
            queries: matrix(&case.queries, query_dims, device),
            probe: matrix(&case.probe, query_dims, device),
        }
    }

    fn forward(&self) -> MemoryOutput<2> {
        self.memory.forward(self.queries.clone())
    }

    /// Gradients of queries and items of `Σ read ∘ probe`, which stands for the decoder, plus a term
    /// for the weights.
    fn gradients(&self, of_weights: impl FnOnce(Tensor<2>) -> Tensor<1>) -> [Tensor<2>; 2] {
        let queries = self.queries.clone().require_grad();
        let output = self.memory.forward(queries.clone());
        let loss = (output.read * self.probe.clone()).sum() + of_weights(output.weights);
        let gradients = loss.backward();
        [queries, self.memory.items.val()].map(|tensor| {
            tensor
                .grad(&gradients)
                .expect("queries and items take gradients")
        })
    }
}

fn matrix(values: &[f64], dims: [usize; 2], device: &Device) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    Tensor::from_data(TensorData::new(values, dims), device)
}

// --- how fast -------------------------------------------------------------------------------------

/// Seconds of every run of one size; none of a pass that was not asked for.
struct Timing {
    dims: [usize; 3],
    forward: Vec<f64>,
    backward: Vec<f64>,
}

impl Timing {
    fn of(group: &mut BenchmarkGroup<WallTime>, case: &Case, device: &Device) -> Self {
        let dims = [case.num_queries, case.num_items, case.width];
        let large = dims.iter().product::<usize>() > 100_000_000;
        group
            .throughput(Throughput::Elements(case.num_queries as u64))
            .warm_up_time(Duration::from_secs(1))
            .measurement_time(Duration::from_secs(if large { 10 } else { 5 }))
            .sample_size(if large { 10 } else { 25 });
        let sync = || device.sync().expect("the device runs what it was given");

        let setup = Setup::new(case, device);
        let forward = time(group, "forward", dims, || {
            black_box(setup.forward());
            sync();
        });
        let setup = Setup::new(case, &device.clone().autodiff());
        let entropy_weight = MemAeLossConfig::paper().entropy_weight;
        let backward = time(group, "forward+backward", dims, || {
            black_box(setup.gradients(|weights| entropy(weights).mean() * entropy_weight));
            sync();
        });
        Self {
            dims,
            forward,
            backward,
        }
    }

    fn measured(&self) -> bool {
        // In test mode everything runs just once.
        self.forward.len() > 1 || self.backward.len() > 1
    }

    /// Seconds of both passes, with the floating-point operations of one run: two matrix products
    /// forward; backward, two for each of them.
    fn passes(&self) -> [(&'static str, &[f64], f64); 2] {
        let product = 2.0 * self.dims.iter().map(|&side| side as f64).product::<f64>();
        [
            ("forward", &self.forward, 2.0 * product),
            ("forward+backward", &self.backward, 6.0 * product),
        ]
    }
}

/// Has criterion measure `run`, and keeps the seconds of each run (those of the warm-up too, which
/// can't be told apart) for the medians of the last table.
fn time(
    group: &mut BenchmarkGroup<WallTime>,
    pass: &str,
    dims: [usize; 3],
    run: impl Fn(),
) -> Vec<f64> {
    let mut seconds = Vec::new();
    group.bench_function(BenchmarkId::new(pass, label(dims)), |bencher| {
        bencher.iter_custom(|runs| {
            let mut total = Duration::ZERO;
            for _ in 0..runs {
                let start = Instant::now();
                run();
                let elapsed = start.elapsed();
                total += elapsed;
                seconds.push(elapsed.as_secs_f64());
            }
            total
        });
    });
    seconds.sort_by(f64::total_cmp);
    seconds
}

/// Median of sorted numbers.
fn median(sorted: &[f64]) -> Option<f64> {
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        _ if sorted.is_empty() => None,
        0 => Some((sorted[middle - 1] + sorted[middle]) / 2.0),
        _ => Some(sorted[middle]),
    }
}

// --- what is printed ------------------------------------------------------------------------------

/// Queries × items × width; plain letters, for it is part of criterion's folder names.
fn label([queries, items, width]: [usize; 3]) -> String {
    format!("{queries}x{items}x{width}")
}

fn print_errors(device: &str, errors: &[Errors]) {
    println!(
        "\nDistance to the f64 oracle on {device}: largest |ŵ − oracle|; of the rest, norm of the \
         error over norm of the oracle's"
    );
    println!(
        "{:15}{:21}{:>6}{:>10}{:>10}{:>12}{:>12}",
        "size", "as in", "rows", "ŵ", "read", "∂ queries", "∂ items"
    );
    for ((name, dims), error) in SIZES.iter().zip(errors) {
        println!(
            "{:15}{name:21}{:>6}{:>10.1e}{:>10.1e}{:>12.1e}{:>12.1e}",
            label(*dims),
            error.rows,
            error.weights,
            error.read,
            error.query_gradient,
            error.item_gradient
        );
    }
    println!(
        "rows: queries checked, at most {CHECKED_ROWS}, none with a weight within {KINK_MARGIN:.0e} · λ \
         of λ; the gradients are of a loss of these rows alone\n"
    );
}

fn print_timings(device: &str, timings: &[Timing], errors: &[Errors]) {
    println!("\nMedians on {device} over the runs that criterion measured, its warm-up included");
    let columns = format!("{:>11}{:>12}{:>9}", "ms", "queries/s", "GFLOP/s");
    println!("{:15}{:>32}{:>32}", "", "forward", "forward+backward");
    println!("{:15}{columns}{columns}{:>10}", "size", "error");
    for (timing, error) in timings.iter().zip(errors) {
        print!("{:15}", label(timing.dims));
        for (_, seconds, flops) in timing.passes() {
            match median(seconds) {
                Some(median) => print!(
                    "{:>11.3}{:>12.0}{:>9.1}",
                    1e3 * median,
                    timing.dims[0] as f64 / median,
                    flops / median / 1e9
                ),
                None => print!("{:>11}{:>12}{:>9}", "-", "-", "-"),
            }
        }
        println!("{:>10.1e}", error.worst_relative());
    }
    println!("error: the worst of the relative errors of read and gradients above\n");
}

fn print_json(device: &str, timing: &Timing, case: &Case) {
    for (pass, seconds, _) in timing.passes() {
        let (Some(median), [min, .., max]) = (median(seconds), seconds) else {
            continue;
        };
        let result = serde_json::json!({
            "bench": "addressing",
            "implementation": format!("memae {} {device}", env!("CARGO_PKG_VERSION")),
            "queries": case.num_queries,
            "items": case.num_items,
            "width": case.width,
            "similarity": "cosine",
            "threshold": case.threshold(),
            "pass": pass,
            "runs": seconds.len(),
            "median_s": median,
            "min_s": min,
            "max_s": max,
            "queries_per_s": case.num_queries as f64 / median,
        });
        println!("{result}");
    }
}
