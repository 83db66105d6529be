//! `memae score` on a folder of pictures, beside the network alone on the same pictures in memory.
//!
//! ```sh
//! cargo bench --workspace --bench folder
//! MEMAE_BENCH_FOLDER=parts MEMAE_BENCH_DETECTOR=parts.safetensors cargo bench --workspace --bench folder
//! ```
//!
//! Without a folder of one's own: 10,000 drawn digits of 28 × 28 as PNG, by a detector that is trained for one pass.
//! `program` is the whole process, from its start to the last verdict; `network` has the pictures decoded already and the
//! detector loaded; `decode` reads the pictures and makes samples of them, with as many threads as the program.

use std::fs;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use burn::tensor::Device;
use criterion::{Criterion, SamplingMode, Throughput};
use image::GrayImage;
use memae::data::dataset::{ImageFiles, visit_images};
use memae::data::drawn::DigitsConfig;
use memae::detect::AnyDetector;

const PROGRAM: &str = env!("CARGO_BIN_EXE_memae");

fn main() {
    let drawn = tempfile::tempdir().expect("a temporary folder");
    let given = |name| std::env::var_os(name).map(PathBuf::from);
    let folder = given("MEMAE_BENCH_FOLDER").unwrap_or_else(|| drawn.path().join("pictures"));
    let detector = given("MEMAE_BENCH_DETECTOR").unwrap_or_else(|| drawn.path().join("nines"));
    if !folder.exists() {
        draw(&folder);
    }
    if !detector.exists() {
        train(&folder, &detector);
    }

    let device = Device::flex();
    let AnyDetector::Image(loaded) = AnyDetector::load(&detector, &device).expect("a detector")
    else {
        panic!("{}: expected a detector of pictures", detector.display());
    };
    let preprocessing = loaded.preprocessing().expect("made from files");
    assert!(
        preprocessing.tiles.is_none(),
        "expected a detector of whole pictures"
    );
    let files = pictures_in(&folder);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let decode = || ImageFiles::read(&files, preprocessing, u64::MAX, workers).expect("pictures");
    let images = decode().images;

    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("folder");
    group
        .throughput(Throughput::Elements(files.len() as u64))
        .measurement_time(Duration::from_secs(10))
        .sampling_mode(SamplingMode::Flat)
        .sample_size(10);
    group.bench_function("network", |bencher| {
        bencher.iter(|| loaded.detect(&images, &device).expect("scores"));
    });
    group.bench_function("decode", |bencher| bencher.iter(decode));
    group.bench_function("program", |bencher| {
        bencher.iter(|| run(&["score".as_ref(), &detector, &folder, "--quiet".as_ref()]));
    });
    group.finish();
}

/// Runs the program, whose verdicts go nowhere.
fn run(arguments: &[&Path]) {
    let status = Command::new(PROGRAM)
        .args(arguments)
        .env_remove("MEMAE_DEVICE")
        .stdout(Stdio::null())
        .status();
    assert!(status.expect("the program starts").success());
}

fn train(folder: &Path, detector: &Path) {
    let options = ["--epochs", "1", "--quiet", "--out"].map(Path::new);
    run(&[&["train".as_ref(), folder], &options[..], &[detector]].concat());
}

fn draw(folder: &Path) {
    fs::create_dir_all(folder).expect("a folder");
    let digits = DigitsConfig::default()
        .with_train_per_class(1)
        .with_test_per_class(1000)
        .generate();
    let shape = digits.test.shape();
    for index in 0..digits.test.len() {
        let pixels = digits.test.scaled(index).into_iter();
        let pixels = pixels.map(|value| (value * 255.0).round() as u8).collect();
        let image = GrayImage::from_raw(shape.width as u32, shape.height as u32, pixels);
        let path = folder.join(format!("{index:05}.png"));
        image.expect("of its shape").save(path).expect("a picture");
    }
}

fn pictures_in(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    visit_images(folder, &mut |file| {
        files.extend(file.ok());
        ControlFlow::Continue(())
    });
    files
}
