//! What is printed.

use crate::cases::{Memory, Size};
use crate::error::{CHECKED_ROWS, Errors, JUMP_MARGIN};
use crate::run::{Pass, Setup, Way};

/// Seconds of every run of one way and pass, sorted, and the most memory one run held.
pub struct Times {
    pub way: Way,
    pub pass: Pass,
    pub seconds: Vec<f64>,
    pub bytes: usize,
}

/// One size with one memory.
pub struct Row {
    pub memory: Memory,
    pub size: Size,
    /// Share of the items that a query reads.
    pub active_share: f64,
    pub threshold: Option<f64>,
    /// Of sizes that the oracle can be asked about.
    pub errors: Vec<Errors>,
    pub times: Vec<Times>,
}

impl Row {
    fn times(&self, way: Way, pass: Pass) -> Option<&Times> {
        self.times
            .iter()
            .find(|times| times.way == way && times.pass == pass)
    }

    fn median(&self, way: Way, pass: Pass) -> Option<f64> {
        self.times(way, pass).map(|times| median(&times.seconds))
    }
}

/// Median of sorted numbers.
fn median(sorted: &[f64]) -> f64 {
    let middle = sorted.len() / 2;
    match sorted.len() % 2 {
        0 => (sorted[middle - 1] + sorted[middle]) / 2.0,
        _ => sorted[middle],
    }
}

/// Mean share of the items that a query reads.
pub fn active_share(setup: &Setup, num_items: usize) -> f64 {
    let active = setup.forward(Way::Fused).statistics.active_items;
    let active: Vec<i64> = active.try_into_vec_as().expect("counts are whole numbers");
    active.iter().sum::<i64>() as f64 / (active.len() * num_items) as f64
}

pub fn print(device: &str, rows: &[Row]) {
    let measured: Vec<&Row> = rows.iter().filter(|row| !row.times.is_empty()).collect();
    if measured.is_empty() {
        return;
    }
    for pass in Pass::ALL {
        print_times(device, &measured, pass);
    }
    print_errors(device, &measured);
    if std::env::var("MEMAE_BENCH_JSON").is_ok_and(|value| value == "1") {
        for row in measured {
            print_json(device, row);
        }
    }
}

fn print_times(device: &str, rows: &[&Row], pass: Pass) {
    println!(
        "\nMedians of {} on {device}, over all runs, those of the warm-up too",
        pass.name()
    );
    println!(
        "{:17}{:9}{:>8}{:>11}{:>12}{:>9}{:>9}{:>12}{:>8}{:>12}{:>8}",
        "size",
        "memory",
        "active",
        "fused ms",
        "queries/s",
        "GFLOP/s",
        "memory",
        "composed ms",
        "ratio",
        "products ms",
        "ratio"
    );
    for row in rows {
        let Some(fused) = row.times(Way::Fused, pass) else {
            continue;
        };
        let seconds = median(&fused.seconds);
        let flops = 2.0 * pass.products() * row.size.product();
        print!(
            "{:17}{:9}{:>7.1}%{:>11.3}{:>12.0}{:>9.1}{:>9.2}",
            row.size.label(),
            row.memory.name(),
            100.0 * row.active_share,
            1e3 * seconds,
            row.size.dims[0] as f64 / seconds,
            flops / seconds / 1e9,
            1.0 + fused.bytes as f64 / row.size.bytes() as f64 - output_share(row),
        );
        for way in [Way::Composed, Way::Products] {
            match row.median(way, pass) {
                Some(other) => print!("{:>12.3}{:>8.2}", 1e3 * other, seconds / other),
                None => print!("{:>12}{:>8}", "-", "-"),
            }
        }
        println!();
    }
    println!(
        "GFLOP/s: as if all of the {} matrix products of dense addressing had been done. memory: the \
         most held at a time, over queries, items and read{}.",
        pass.products(),
        match pass {
            Pass::Forward => "",
            Pass::ForwardBackward => " (the gradients of all three are held too)",
        }
    );
}

/// The read is among what a run allocates and among what its memory is compared with.
fn output_share(row: &Row) -> f64 {
    let [queries, _, width] = row.size.dims;
    (queries * width * size_of::<f32>()) as f64 / row.size.bytes() as f64
}

fn print_errors(device: &str, rows: &[&Row]) {
    println!(
        "\nDistance to the f64 oracle on {device}: norm of the error over norm of the oracle's"
    );
    println!(
        "{:17}{:9}{:10}{:>6}{:>10}{:>10}{:>12}{:>12}  as in",
        "size", "memory", "way", "rows", "read", "entropy", "∂ queries", "∂ items"
    );
    for row in rows {
        for errors in &row.errors {
            println!(
                "{:17}{:9}{:10}{:>6}{:>10.1e}{:>10.1e}{:>12.1e}{:>12.1e}  {}",
                row.size.label(),
                row.memory.name(),
                errors.way.name(),
                errors.rows,
                errors.read,
                errors.entropy,
                errors.query_gradient,
                errors.item_gradient,
                row.size.name
            );
        }
    }
    println!(
        "rows: queries checked, at most {CHECKED_ROWS}, none with a weight within {JUMP_MARGIN:.0e} · λ \
         of λ; the gradients are of a loss of these rows alone\n"
    );
}

fn print_json(device: &str, row: &Row) {
    let [queries, items, width] = row.size.dims;
    for times in &row.times {
        let [min, .., max] = times.seconds[..] else {
            continue;
        };
        let median = median(&times.seconds);
        let result = serde_json::json!({
            "bench": "addressing",
            "implementation": format!("memae {} {device}, {}", env!("CARGO_PKG_VERSION"), times.way.name()),
            "way": times.way.name(),
            "memory": row.memory.name(),
            "active_share": row.active_share,
            "queries": queries,
            "items": items,
            "width": width,
            "similarity": "cosine",
            "temperature": row.memory.temperature(),
            "threshold": row.threshold,
            "pass": times.pass.name(),
            "runs": times.seconds.len(),
            "median_s": median,
            "min_s": min,
            "max_s": max,
            "queries_per_s": queries as f64 / median,
            "peak_bytes": times.bytes,
        });
        println!("{result}");
    }
}
