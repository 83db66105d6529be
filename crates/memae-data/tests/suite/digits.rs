//! The embedded digits are the same everywhere, look like digits, and are neither trivial nor impossible.

use memae_data::drawn::{Digits, DigitsConfig};
use memae_data::sample::LabeledImages;

fn digits(per_class: usize, seed: u64) -> Digits {
    DigitsConfig::default()
        .with_train_per_class(per_class)
        .with_test_per_class(per_class)
        .with_seed(seed)
        .generate()
}

/// FNV-1a over all pixels and labels.
fn checksum(images: &LabeledImages) -> u64 {
    (0..images.len())
        .flat_map(|index| images.pixels(index).iter().chain([&images.labels()[index]]))
        .fold(0xcbf2_9ce4_8422_2325, |hash: u64, &byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
}

/// The bytes are a promise across platforms and releases.
#[test]
fn seed_0_is_pinned() {
    let digits = digits(20, 0);
    assert_eq!(checksum(&digits.train), 1_071_412_917_210_336_743);
    assert_eq!(checksum(&digits.test), 4_649_991_138_860_527_861);
}

#[test]
fn classes_come_in_turn_and_as_many_as_asked() {
    let digits = DigitsConfig::default()
        .with_train_per_class(3)
        .with_test_per_class(0)
        .generate();
    assert_eq!(digits.train.len(), 30);
    assert_eq!(
        digits.train.labels()[..12],
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    );
    assert!(digits.test.is_empty());
    let default = DigitsConfig::default();
    assert_eq!(
        (
            default.train_per_class,
            default.test_per_class,
            default.seed
        ),
        (600, 100, 0)
    );
}

#[test]
fn more_images_leave_the_first_as_they_were() {
    let (few, many) = (digits(3, 5), digits(8, 5));
    for index in 0..few.train.len() {
        assert_eq!(few.train.pixels(index), many.train.pixels(index));
        assert_eq!(few.test.pixels(index), many.test.pixels(index));
    }
}

#[test]
fn no_two_images_are_equal() {
    let (a, b) = (digits(30, 0), digits(30, 1));
    let mut images: Vec<Vec<u8>> = [&a.train, &a.test, &b.train, &b.test]
        .iter()
        .flat_map(|set| (0..set.len()).map(|index| set.pixels(index).to_vec()))
        .collect();
    let count = images.len();
    images.sort();
    images.dedup();
    assert_eq!(images.len(), count);
}

#[test]
fn every_digit_fills_its_box_around_the_middle() {
    let digits = digits(60, 2);
    for index in 0..digits.train.len() {
        let pixels = digits.train.pixels(index);
        let ink: Vec<(usize, usize, f64)> = (0..784)
            .filter(|&at| pixels[at] > 0)
            .map(|at| (at / 28, at % 28, f64::from(pixels[at])))
            .collect();
        let mass: f64 = ink.iter().map(|(_, _, value)| value).sum();
        let row: f64 = ink
            .iter()
            .map(|&(row, _, value)| (row as f64 + 0.5) * value)
            .sum::<f64>()
            / mass;
        let column: f64 = ink
            .iter()
            .map(|&(_, column, value)| (column as f64 + 0.5) * value)
            .sum::<f64>()
            / mass;
        assert!(
            (13.8..15.2).contains(&row) && (13.8..15.2).contains(&column),
            "image {index}: {row} {column}"
        );

        let rows = || ink.iter().map(|&(row, _, _)| row);
        let columns = || ink.iter().map(|&(_, column, _)| column);
        let height = rows().max().unwrap() - rows().min().unwrap() + 1;
        let width = columns().max().unwrap() - columns().min().unwrap() + 1;
        assert!(
            (17..=23).contains(&height.max(width)),
            "image {index}: {height}x{width}"
        );
    }
}

fn squared_distance(a: &[u8], b: &[u8]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(&a, &b)| (f64::from(a) - f64::from(b)) / 255.0)
        .map(|difference| difference * difference)
        .sum()
}

/// Bounds around what the same measurement gives on MNIST, 600 images a class: 24.8 to the nearest image of the same
/// class, 44.3 to the nearest of another, and 5 % of images nearer to another class than to their own.
#[test]
fn variety_is_that_of_handwriting() {
    let images = digits(600, 0).train;
    // Every 37th image is measured against all of them.
    let (mut within, mut between, mut confused, mut count) = (0.0, 0.0, 0, 0);
    for index in (0..images.len()).step_by(37) {
        let (mut same, mut other) = (f64::INFINITY, f64::INFINITY);
        for candidate in (0..images.len()).filter(|&candidate| candidate != index) {
            let nearest = if images.label(candidate) == images.label(index) {
                &mut same
            } else {
                &mut other
            };
            *nearest = nearest.min(squared_distance(
                images.pixels(index),
                images.pixels(candidate),
            ));
        }
        within += same;
        between += other;
        confused += usize::from(other < same);
        count += 1;
    }
    let (within, between) = (within / f64::from(count), between / f64::from(count));
    let confused = confused as f64 / f64::from(count);
    assert!((20.0..30.0).contains(&within), "{within}");
    assert!((36.0..48.0).contains(&between), "{between}");
    assert!((0.03..0.12).contains(&confused), "{confused}");
}

#[test]
fn settings_survive_serialisation() {
    let config = DigitsConfig::default().with_seed(7);
    let text = serde_json::to_string(&config).expect("plain data");
    assert_eq!(
        serde_json::from_str::<DigitsConfig>(&text).expect("own text"),
        config
    );
    assert_eq!(
        serde_json::from_str::<DigitsConfig>("{}").expect("defaults"),
        DigitsConfig::default()
    );
}

#[test]
fn endless_settings_are_errors_that_say_the_most() {
    let endless = 1_000_000_000_000_000_000;
    let message = |config: DigitsConfig| config.try_generate().expect_err("endless").to_string();
    assert_eq!(
        message(DigitsConfig::default().with_train_per_class(endless)),
        "digits: train_per_class is 1000000000000000000, expected at most 100000"
    );
    assert_eq!(
        message(DigitsConfig::default().with_test_per_class(DigitsConfig::MAX_PER_CLASS + 1)),
        "digits: test_per_class is 100001, expected at most 100000"
    );
    let most = DigitsConfig::default()
        .with_train_per_class(DigitsConfig::MAX_PER_CLASS)
        .with_test_per_class(DigitsConfig::MAX_PER_CLASS);
    assert_eq!(most.validate(), Ok(()));
    let few = DigitsConfig::default()
        .with_train_per_class(2)
        .with_test_per_class(1);
    assert_eq!(few.try_generate(), Ok(few.generate()));
}

#[test]
#[should_panic(expected = "digits: train_per_class is 100001, expected at most 100000")]
fn endless_digits_panic_where_there_is_no_error() {
    DigitsConfig::default()
        .with_train_per_class(100_001)
        .generate();
}
