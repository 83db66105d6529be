//! The convolutions of the presets, layer by layer, beside Burn's own.
//!
//! ```sh
//! cargo bench --workspace --bench convolution
//! cargo bench --workspace --bench convolution -- 'mnist'
//! ```
//!
//! Two passes: `forward` on a device that records nothing; `forward+backward`, the same, then the sum of the output and
//! its gradients of input (but for a network's first layer), weight and bias. Two ways: `memae`, and `burn`.
//!
//! The floor of a layer is the time of a product of two matrices of 1,024 × 1,024 for as many multiplications, or that
//! of reading and writing its tensors once at the rate at which a tensor is copied, whichever is longer.

#[path = "convolution/layers.rs"]
mod layers;
#[path = "convolution/run.rs"]
mod run;

use std::time::{Duration, Instant};

use burn::tensor::{Device, Distribution, Tensor};
use criterion::{BenchmarkId, Criterion, SamplingMode};
use layers::{Layer, layers};
use run::{Pass, Way, work};

/// A layer in every way and pass that was asked for.
struct Row {
    layer: Layer,
    /// Median seconds by pass and way.
    times: Vec<(Pass, Way, f64)>,
}

fn main() {
    let device = Device::flex();
    let mut criterion = Criterion::default().configure_from_args();
    let mut rows = Vec::new();
    let mut group = criterion.benchmark_group("convolution");
    group
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10);
    for layer in layers() {
        let mut times = Vec::new();
        for pass in Pass::ALL {
            for way in Way::ALL {
                let mut seconds = Vec::new();
                let id = BenchmarkId::new(format!("{}/{}", pass.name(), way.name()), &layer.name);
                group.bench_function(id, |bencher| {
                    let mut work = work(&layer, pass, way, &device);
                    bencher.iter_custom(|runs| {
                        let mut total = Duration::ZERO;
                        for _ in 0..runs {
                            let elapsed = time(&mut work);
                            total += elapsed;
                            seconds.push(elapsed.as_secs_f64());
                        }
                        total
                    });
                });
                // In test mode everything runs just once.
                if seconds.len() > 1 {
                    times.push((pass, way, median(&mut seconds)));
                }
            }
        }
        rows.push(Row { layer, times });
    }
    group.finish();
    criterion.final_summary();
    rows.retain(|row| !row.times.is_empty());
    if !rows.is_empty() {
        print(&rows, &Machine::measure(&device));
    }
}

fn time(work: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(seconds: &mut [f64]) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

/// What the machine can do.
struct Machine {
    flops_per_second: f64,
    bytes_per_second: f64,
}

impl Machine {
    fn measure(device: &Device) -> Self {
        const SIDE: usize = 1024;
        let random = |side| Tensor::<2>::random([SIDE, side], Distribution::Default, device);
        let (a, b, long) = (random(SIDE), random(SIDE), random(16 * SIDE));
        let median_of = |work: &mut dyn FnMut()| {
            let mut seconds: Vec<f64> = (0..15).map(|_| time(work).as_secs_f64()).collect();
            median(&mut seconds)
        };
        let product = median_of(&mut || drop(a.clone().matmul(b.clone())));
        let copy = median_of(&mut || drop(long.clone() + 1.0));
        Self {
            flops_per_second: 2.0 * (SIDE as f64).powi(3) / product,
            bytes_per_second: 2.0 * (16 * SIDE * SIDE * size_of::<f32>()) as f64 / copy,
        }
    }

    /// Seconds that a pass of a layer can't do without.
    fn floor(&self, layer: &Layer, pass: Pass) -> f64 {
        let passes = pass.products(layer);
        let compute = passes * layer.flops() / self.flops_per_second;
        compute.max(passes * layer.bytes() / self.bytes_per_second)
    }
}

fn print(rows: &[Row], machine: &Machine) {
    println!(
        "\nproduct of matrices {:.1} GFLOP/s, copy {:.1} GB/s",
        machine.flops_per_second / 1e9,
        machine.bytes_per_second / 1e9
    );
    println!(
        "{:12}{:18}{:>10}{:>9}{:>11}{:>11}{:>11}{:>9}{:>9}{:>9}",
        "layer",
        "pass",
        "MFLOP",
        "MB",
        "floor ms",
        "memae ms",
        "burn ms",
        "GFLOP/s",
        "floor",
        "burn"
    );
    for row in rows {
        for pass in Pass::ALL {
            let time = |way: Way| {
                let times = row.times.iter();
                let mut own = times.filter(|time| (time.0, time.1) == (pass, way));
                own.next().map(|time| time.2)
            };
            let Some(ours) = time(Way::Memae) else {
                continue;
            };
            let passes = pass.products(&row.layer);
            let (flops, floor) = (passes * row.layer.flops(), machine.floor(&row.layer, pass));
            let burn = time(Way::Burn);
            let or_gap = |value: Option<f64>, digits: usize| {
                value.map_or("-".to_string(), |value| format!("{value:.digits$}"))
            };
            println!(
                "{:12}{:18}{:>10.1}{:>9.2}{:>11.3}{:>11.3}{:>11}{:>9.1}{:>9.2}{:>9}",
                row.layer.name,
                pass.name(),
                flops / 1e6,
                passes * row.layer.bytes() / 1e6,
                1e3 * floor,
                1e3 * ours,
                or_gap(burn.map(|burn| 1e3 * burn), 3),
                flops / ours / 1e9,
                ours / floor,
                or_gap(burn.map(|burn| ours / burn), 2),
            );
        }
    }
    println!(
        "MB: input, weight and output once for each product. floor, burn: memae's time over theirs."
    );
}
