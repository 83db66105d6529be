//! Memory addressing at the sizes of the presets, and at a quarter and four times of them: how fast
//! it is, what memory it takes, and how far from a scalar f64 oracle.
//!
//! ```sh
//! cargo bench --workspace --bench addressing
//! cargo bench --workspace --bench addressing -- '/5120x2000x256$'
//! ```
//!
//! Each size is timed on a fresh memory and on one as training leaves it, in three ways: fused, which
//! is what `MemoryModule` does, composed of tensor operations, and the bare matrix products that
//! dense addressing can't do without. Two passes, each up to a synchronised device: `forward` on a
//! device that records nothing; `forward+backward`, the same, then `Σ read ∘ probe + α · mean
//! entropy` and its gradients of queries and items.
//!
//! `MEMAE_DEVICE` names the device, one of those compiled in (default: `flex`).
//! `MEMAE_BENCH_JSON=1` adds every result as a line of JSON, for
//! `compare_pytorch.py addressing --ours`.

#[path = "addressing/cases.rs"]
mod cases;
#[path = "addressing/error.rs"]
mod error;
// The tests use parts of it that nothing here does.
#[allow(dead_code)]
#[path = "../crates/memae-core/tests/suite/oracle.rs"]
mod oracle;
#[path = "addressing/report.rs"]
mod report;
#[path = "addressing/run.rs"]
mod run;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use cases::{Memory, Size, case, sizes};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput};
use error::Errors;
use memae::device;
use peak_alloc::PeakAlloc;
use report::{Row, Times};
use run::{Pass, Setup, Way};

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

/// Multiplications of a product beyond which composed addressing takes too long to be timed, and the
/// oracle to be asked.
const SLOW_LIMIT: f64 = 3e9;

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
    for memory in Memory::ALL {
        let mut group = criterion.benchmark_group(format!("addressing/{}", memory.name()));
        for size in sizes() {
            rows.extend(measure(&mut group, memory, size, &device));
        }
        group.finish();
    }
    criterion.final_summary();
    report::print(&name, &rows);
    ExitCode::SUCCESS
}

/// Times one size in every way and pass that was asked for; `None` if none was.
fn measure(
    group: &mut BenchmarkGroup<WallTime>,
    memory: Memory,
    size: Size,
    device: &Device,
) -> Option<Row> {
    group
        .throughput(Throughput::Elements(size.dims[0] as u64))
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(2))
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10);
    // Drawn when first needed: the filter may leave this size out.
    let mut drawn = None;
    let mut times = Vec::new();
    for pass in Pass::ALL {
        for way in Way::ALL {
            if way == Way::Composed && size.product() > SLOW_LIMIT {
                continue;
            }
            let mut seconds = Vec::new();
            let mut bytes = 0;
            let id = BenchmarkId::new(format!("{}/{}", pass.name(), way.name()), size.label());
            group.bench_function(id, |bencher| {
                let case = drawn.get_or_insert_with(|| case(&size, memory));
                let setup = Setup::new(case, &device_of(pass, device));
                bytes = peak_bytes(&setup, way, pass);
                bencher.iter_custom(|runs| {
                    let mut total = Duration::ZERO;
                    for _ in 0..runs {
                        let start = Instant::now();
                        setup.run(way, pass);
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
                times.push(Times {
                    way,
                    pass,
                    seconds,
                    bytes,
                });
            }
        }
    }
    let case = drawn?;
    Some(Row {
        memory,
        active_share: report::active_share(&Setup::new(&case, device), size.dims[1]),
        errors: match size.product() <= SLOW_LIMIT {
            true => [Way::Fused, Way::Composed]
                .map(|way| Errors::of(&case, way, device))
                .into(),
            false => Vec::new(),
        },
        threshold: case.threshold(),
        size,
        times,
    })
}

fn device_of(pass: Pass, device: &Device) -> Device {
    match pass {
        Pass::Forward => device.clone(),
        Pass::ForwardBackward => device.clone().autodiff(),
    }
}

/// The most memory that one run holds beside queries, items and probe. Only of a device that
/// computes in main memory does it say anything.
fn peak_bytes(setup: &Setup, way: Way, pass: Pass) -> usize {
    let before = ALLOCATOR.current_usage();
    ALLOCATOR.reset_peak_usage();
    setup.run(way, pass);
    ALLOCATOR.peak_usage().saturating_sub(before)
}
