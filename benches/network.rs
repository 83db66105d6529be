//! Whole networks: inference and training steps, beside the same network on Burn's own layers.
//!
//! ```sh
//! cargo bench --workspace --bench network
//! cargo bench --workspace --bench network -- '/mnist$'
//! ```
//!
//! Two passes, each up to a synchronised device: `inference` rebuilds a batch without a record for gradients; `step`
//! rebuilds it, takes the paper's loss and its gradients, and lets Adam change the weights. Two ways: `memae`, and
//! `burn`, the same layers by Burn's modules and steps by Burn's Adam.
//!
//! `MEMAE_DEVICE` names the device, one of those compiled in (default: `flex`). `MEMAE_BENCH_JSON=1` adds every result
//! as a line of JSON, for `compare_pytorch.py network --ours`.

#[path = "network/burn_layers.rs"]
mod burn_layers;
#[path = "network/cases.rs"]
mod cases;
#[path = "network/run.rs"]
mod run;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use cases::Case;
use criterion::{BenchmarkId, Criterion, SamplingMode};
use memae::device;
use peak_alloc::PeakAlloc;
use run::{Pass, Way};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// One case in one way.
struct Row {
    case: Case,
    pass: Pass,
    way: Way,
    flops: f64,
    /// Of every run, sorted.
    seconds: Vec<f64>,
    /// The most that was held beside weights, batch and the optimizer's averages. Only of a device that computes in
    /// main memory, and of a case that is alone in its process, does it say what a run takes.
    peak_bytes: usize,
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
    let mut rows = Vec::new();
    for pass in Pass::ALL {
        let mut group = criterion.benchmark_group(format!("network/{}", pass.name()));
        group
            .warm_up_time(Duration::from_millis(500))
            .measurement_time(Duration::from_secs(3))
            .sampling_mode(SamplingMode::Flat)
            .sample_size(10);
        for case in Case::ALL {
            for way in Way::ALL {
                let mut seconds = Vec::new();
                let (mut peak_bytes, mut flops) = (0, 0.0);
                group.bench_function(BenchmarkId::new(way.name(), case.name()), |bencher| {
                    let before = ALLOCATOR.current_usage();
                    ALLOCATOR.reset_peak_usage();
                    let mut work = case.work(way, &device_of(pass, &device));
                    // The second run finds what the first one left.
                    for _ in 0..2 {
                        work.run(pass);
                    }
                    let held = (ALLOCATOR.peak_usage() - before).saturating_sub(work.bytes(pass));
                    // Criterion comes more than once, and later finds memory that the kernels have kept.
                    peak_bytes = peak_bytes.max(held);
                    flops = work.flops(pass);
                    bencher.iter_custom(|runs| {
                        let mut total = Duration::ZERO;
                        for _ in 0..runs {
                            let start = Instant::now();
                            work.run(pass);
                            let elapsed = start.elapsed();
                            total += elapsed;
                            seconds.push(elapsed.as_secs_f64());
                        }
                        total
                    });
                });
                // In test mode everything runs just once.
                if seconds.len() > 1 {
                    seconds.sort_by(f64::total_cmp);
                    rows.push(Row {
                        case,
                        pass,
                        way,
                        flops,
                        seconds,
                        peak_bytes,
                    });
                }
            }
        }
        group.finish();
    }
    criterion.final_summary();
    print(&name, &rows);
    ExitCode::SUCCESS
}

fn device_of(pass: Pass, device: &Device) -> Device {
    match pass {
        Pass::Inference => device.clone(),
        Pass::Step => device.clone().autodiff(),
    }
}

fn print(device: &str, rows: &[Row]) {
    if rows.is_empty() {
        return;
    }
    println!("\nMedians on {device}, over all runs, those of the warm-up too");
    println!(
        "{:12}{:12}{:8}{:>11}{:>10}{:>10}{:>9}",
        "network", "pass", "way", "ms", "GFLOP/s", "peak MB", "ratio"
    );
    for row in rows {
        let seconds = row.seconds[row.seconds.len() / 2];
        let beside = rows
            .iter()
            .find(|other| other.case == row.case && other.pass == row.pass && other.way != row.way);
        let ratio = beside.map_or("-".to_string(), |other| {
            format!("{:.2}", seconds / other.seconds[other.seconds.len() / 2])
        });
        println!(
            "{:12}{:12}{:8}{:>11.2}{:>10.1}{:>10.1}{:>9}",
            row.case.name(),
            row.pass.name(),
            row.way.name(),
            1e3 * seconds,
            row.flops / seconds / 1e9,
            row.peak_bytes as f64 / 1e6,
            ratio,
        );
    }
    println!(
        "GFLOP/s: of the convolutions alone. peak MB: held beside weights, averages and batch."
    );
    if std::env::var("MEMAE_BENCH_JSON").is_ok_and(|value| value == "1") {
        for row in rows {
            let result = serde_json::json!({
                "bench": "network",
                "implementation": format!("memae {} {device}, {}", env!("CARGO_PKG_VERSION"), row.way.name()),
                "network": row.case.name(),
                "pass": row.pass.name(),
                "way": row.way.name(),
                "runs": row.seconds.len(),
                "median_s": row.seconds[row.seconds.len() / 2],
                "min_s": row.seconds[0],
                "max_s": row.seconds[row.seconds.len() - 1],
                "flops": row.flops,
                "peak_bytes": row.peak_bytes,
            });
            println!("{result}");
        }
    }
}
