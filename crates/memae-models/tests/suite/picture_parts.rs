//! Parts of pictures: regions of interest, and tiles.

use std::path::Path;

use memae_data::protocol::Promise;
use memae_data::sample::{
    FrameColour, ImagePreprocessing, Images, LabeledImages, Mask, Region, TileGrid, Tiling,
};
use memae_models::detect::{
    AnyDetector, Detector, DetectorConfig, DetectorError, PixelThresholdConfig, ThresholdOrigin,
    Verdict,
};
use memae_models::samples::{Samples, Selection, Tiled};
use memae_models::score::{ScoreRule, error_maps, smoothed_map, stitched_map};

use crate::artefact::network;
use crate::support::{assert_line, device, digits, init};

fn grey() -> ImagePreprocessing {
    ImagePreprocessing::default().with_colour(FrameColour::Grey)
}

fn fit(
    preprocessing: ImagePreprocessing,
    rule: ScoreRule,
    training: &impl Samples<Shape = memae_data::sample::ImageShape>,
) -> Result<Detector, DetectorError> {
    let model = init(&network(), &device());
    let config = DetectorConfig {
        rule,
        quantile: 0.9,
    };
    Detector::fit_with_preprocessing(model, network(), preprocessing, config, training, &device())
}

/// A disc, and a stroke beside it.
fn mask() -> Mask {
    let (height, width) = (40, 60);
    let covers = |at: usize| {
        let (y, x) = ((at / width) as f64 - 20.0, (at % width) as f64 - 35.0);
        y * y + x * x < 150.0 || (y.abs() < 2.0 && (10.0..20.0).contains(&-x))
    };
    Mask::new(height, width, (0..height * width).map(covers).collect()).unwrap()
}

/// A grey picture in a file.
fn picture(path: &Path, (height, width): (usize, usize), value: impl Fn(usize) -> u8) {
    let header = format!("P5 {width} {height} 255\n").into_bytes();
    let pixels = (0..height * width).map(value);
    std::fs::write(path, header.into_iter().chain(pixels).collect::<Vec<u8>>()).unwrap();
}

fn texture(at: usize) -> u8 {
    (at * at % 251) as u8
}

#[test]
fn what_lies_outside_a_mask_changes_no_score_and_no_map() {
    let folder = tempfile::tempdir().unwrap();
    let region = Region::of_mask(&mask()).unwrap();
    let whole = grey().with_region(region.clone()).with_size(28, 28);
    let tiles = grey()
        .with_region(region.clone())
        .with_tiles(Tiling::new(28).with_overlap(14));
    for (preprocessing, size) in [(whole, (40, 60)), (tiles, (80, 120))] {
        let covered = region.covered(size);
        let file = |name: &str, outside: u8| {
            let path = folder.path().join(name);
            picture(
                &path,
                size,
                |at| if covered[at] { texture(at) } else { outside },
            );
            path
        };
        let prepared = preprocessing.read(file("a.pgm", 0)).unwrap();
        let images = Images::new(prepared.shape, prepared.pixels).unwrap();
        let grids = preprocessing.tiles.map(|_| vec![prepared.grid]);
        let held_out = Tiled::new(images, grids);
        let pixels = PixelThresholdConfig::default().with_rate(0.6);
        let detector = fit(preprocessing, ScoreRule::SumOfThree, &held_out).unwrap();
        let detector = detector
            .calibrate_pixels(&held_out, None, pixels, &device())
            .unwrap();
        let path = folder.path().join("m.safetensors");
        detector.save(&path).unwrap();
        let loaded = AnyDetector::load(&path, &device()).unwrap();
        let found = |outside: u8| {
            let path = file("b.pgm", outside);
            let verdict = loaded.detect_file(&path, &device()).unwrap()[0].verdict;
            let map = loaded.heat_map_file(&path, &device()).unwrap();
            assert_eq!(map.verdict, verdict);
            map
        };
        let (dark, light) = (found(0), found(200));
        assert_eq!(dark.verdict.score.to_bits(), light.verdict.score.to_bits());
        assert_eq!(dark.map, light.map);
        assert_eq!(light.picture.rgb[0], 200, "people see the whole picture");
        assert_eq!(light.inside.as_deref(), Some(&covered[..]));
        assert_eq!(light.map.size(), size);
        for (value, covered) in dark.map.values().iter().zip(&covered) {
            assert!(if *covered {
                *value > 0.0
            } else {
                *value == 0.0
            });
        }
        let other = file("c.pgm", 0);
        picture(&other, (60, 40), texture);
        let error = loaded
            .detect_file(&other, &device())
            .unwrap_err()
            .to_string();
        assert_line(&error, &["c.pgm: region: found an image of 60x40", "40x60"]);
    }
}

/// The score is that of the pixels inside, whatever the network makes of the others.
#[test]
fn the_reconstruction_error_is_that_of_the_pixels_inside() {
    let images = digits(4, 20);
    let region = Region::of_mask(&mask()).unwrap();
    let preprocessing = grey().with_region(region.clone()).with_size(28, 28);
    let inside = region.inside((28, 28)).unwrap();
    let detector = fit(preprocessing.clone(), ScoreRule::Reconstruction, &images).unwrap();
    let scores = detector.evaluate(&images, &device()).unwrap().scores;
    let errors = error_maps(&detector.model, &images, 16, &device());
    for (map, score) in errors.chunks_exact(784).zip(&scores.reconstruction) {
        let of_inside = map.iter().zip(&inside).filter(|(_, inside)| **inside);
        let expected: f64 = of_inside.map(|(error, _)| f64::from(*error)).sum();
        assert!(
            (score - expected).abs() < 1e-4 * expected,
            "{score} {expected}"
        );
    }
    // With all that a sample has rebuilt outside, its encoding is nearer as well.
    let without = fit(grey().with_size(28, 28), ScoreRule::SumOfThree, &images).unwrap();
    let all = without.evaluate(&images, &device()).unwrap().scores;
    assert_ne!(all.encoding_distance, scores.encoding_distance);
    assert_eq!(all.read_distance, scores.read_distance);

    let error = without.with_preprocessing(preprocessing).unwrap_err();
    let expected = "found a preprocessing with a mask for scores that were fitted without";
    assert_line(
        &error.to_string(),
        &[expected, "`Detector::fit_with_preprocessing`"],
    );
    let same = detector.preprocessing().cloned().unwrap();
    assert!(detector.with_preprocessing(same).is_ok());
    // Between the middles of the pixels of a sample.
    let mut thin = vec![false; 1000];
    (thin[0], thin[1], thin[999]) = (true, true, true);
    let thin = Region::of_mask(&Mask::new(1, 1000, thin).unwrap()).unwrap();
    let error = fit(
        grey().with_region(thin).with_size(28, 28),
        ScoreRule::Sum,
        &images,
    );
    assert_line(
        &error.unwrap_err().to_string(),
        &["a region that no pixel of 1x28x28 lies in"],
    );
}

/// What is cut out by a rectangle is all that there is.
#[test]
fn a_rectangle_is_a_picture_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let region = Region::rectangle(0.25, 0.5, 0.5, 0.25).unwrap();
    let within = grey().with_region(region).with_size(28, 28);
    let of = |preprocessing: ImagePreprocessing, name: &str, size, value: &dyn Fn(usize) -> u8| {
        let detector = fit(preprocessing, ScoreRule::SumOfThree, &digits(4, 8)).unwrap();
        let path = folder.path().join(name);
        picture(&path, size, value);
        AnyDetector::Image(Box::new(detector))
            .heat_map_file(&path, &device())
            .unwrap()
    };
    let part = of(within, "a.pgm", (40, 60), &texture);
    let cut = |at: usize| texture((10 + at / 15) * 60 + 30 + at % 15);
    let alone = of(grey().with_size(28, 28), "b.pgm", (20, 15), &cut);
    assert_eq!(part.verdict, alone.verdict);
    assert_eq!(part.map.size(), (40, 60));
    for (at, value) in part.map.values().iter().enumerate() {
        let (y, x) = (at / 60, at % 60);
        let expected = match (10..30).contains(&y) && (30..45).contains(&x) {
            true => alone.map.values()[(y - 10) * 15 + x - 30],
            false => 0.0,
        };
        assert_eq!(*value, expected);
    }
}

/// Pictures of several sizes in tiles of 28 x 28.
fn tiles(pictures: usize) -> Tiled<LabeledImages> {
    let images = digits(4, 200);
    let tiling = Tiling::new(28).with_overlap(7);
    let sizes = [(28, 28), (40, 60), (30, 28)].into_iter().cycle();
    let grids: Vec<TileGrid> = sizes
        .take(pictures)
        .map(|size| TileGrid::cut(size, tiling).unwrap())
        .collect();
    let count: usize = grids.iter().map(TileGrid::len).sum();
    Tiled::new(images.select(&(0..count).collect::<Vec<_>>()), Some(grids))
}

fn tiled() -> ImagePreprocessing {
    grey().with_tiles(Tiling::new(28).with_overlap(7))
}

#[test]
fn a_picture_has_the_score_of_its_worst_tile() {
    let pictures = tiles(30);
    let grids = pictures.pictures().unwrap();
    let detector = fit(tiled(), ScoreRule::SumOfThree, &pictures).unwrap();
    let found = detector.detect_tiles(&pictures, &device()).unwrap();
    assert_eq!(found.len(), 30);
    let verdicts: Vec<Verdict> = found.iter().map(|found| found.0).collect();
    assert_eq!(verdicts, detector.detect(&pictures, &device()).unwrap());

    // Each tile as a picture of its own.
    let single = TileGrid::cut((28, 28), Tiling::new(28)).unwrap();
    let each = Tiled::new(
        digits(4, 200).select(&(0..pictures.len()).collect::<Vec<_>>()),
        Some(vec![single; pictures.len()]),
    );
    let of_tiles = detector.detect(&each, &device()).unwrap();
    let mut start = 0;
    for (grid, (verdict, worst)) in grids.iter().zip(&found) {
        let scores: Vec<f64> = of_tiles[start..start + grid.len()]
            .iter()
            .map(|verdict| verdict.score)
            .collect();
        start += grid.len();
        let highest = scores.iter().copied().fold(f64::MIN, f64::max);
        assert!((verdict.score - highest).abs() < 1e-5 * highest);
        assert!((scores[*worst] - highest).abs() < 1e-5 * highest);
    }
    // One picture is scored alike to the bit, whatever stands beside it.
    let before: usize = grids[..28].iter().map(TileGrid::len).sum();
    let alone = Selection::new(
        pictures,
        (before..before + grids[28].len()).collect::<Vec<_>>(),
    );
    let alone = detector.detect(&alone, &device()).unwrap();
    assert_eq!(alone, verdicts[28..29]);

    let error = detector
        .detect(&digits(4, 3), &device())
        .unwrap_err()
        .to_string();
    assert_line(&error, &["found samples that are no tiles of pictures"]);
    let error = detector.anomaly_maps(&digits(4, 3), &device());
    assert_eq!(error, Err(DetectorError::NotTiled));
}

#[test]
fn the_promise_is_of_pictures() {
    let pictures = tiles(30);
    let detector = fit(tiled(), ScoreRule::Sum, &pictures).unwrap();
    let detector = detector.calibrate(&pictures, None, 0.2, &device()).unwrap();
    let pixels = PixelThresholdConfig::default().with_rate(0.2);
    let detector = detector
        .calibrate_pixels(&pictures, None, pixels, &device())
        .unwrap();
    let scores = detector.detect(&pictures, &device()).unwrap();
    let mut scores: Vec<f64> = scores.iter().map(|verdict| verdict.score).collect();
    scores.sort_by(f64::total_cmp);
    // ⌈0.8 · 31⌉
    assert_eq!(detector.threshold(), scores[24]);
    let maps = detector.anomaly_maps(&pictures, &device()).unwrap();
    let mut largest: Vec<f64> = maps.iter().map(|map| f64::from(map.largest())).collect();
    largest.sort_by(f64::total_cmp);
    let threshold = detector.pixel_threshold().unwrap();
    assert_eq!(threshold.value(), largest[24]);
    for threshold in [detector.detection_threshold(), threshold.threshold()] {
        let ThresholdOrigin::HeldOut {
            calibrated,
            calibration,
        } = threshold.origin()
        else {
            panic!("{threshold:?}");
        };
        assert_eq!(calibration.num_scores(), 30);
        assert_eq!(calibrated.promise, Promise::Rate { rate: 0.2 });
    }
    let error = detector.calibrate(&pictures, Some(&[0; 31]), 0.2, &device());
    assert_line(
        &error.unwrap_err().to_string(),
        &["groups: found 31, expected 30"],
    );
}

#[test]
fn the_map_of_a_picture_is_stitched_and_then_smoothed() {
    let pictures = tiles(3);
    let detector = fit(tiled(), ScoreRule::Sum, &pictures).unwrap();
    let maps = detector.anomaly_maps(&pictures, &device()).unwrap();
    let images = digits(4, 200).select(&(0..pictures.len()).collect::<Vec<_>>());
    let errors = error_maps(&detector.model, &images, 16, &device());
    let mut start = 0;
    for (map, grid) in maps.iter().zip(pictures.pictures().unwrap()) {
        let end = start + grid.len() * 784;
        assert_eq!(map.size(), grid.size());
        let stitched = stitched_map(&errors[start..end], &grid);
        for (found, expected) in map
            .values()
            .iter()
            .zip(smoothed_map(&stitched, grid.size(), 1.0))
        {
            assert!((found - expected).abs() < 1e-5, "{found} {expected}");
        }
        start = end;
    }
    // Of one tile it is the map of a picture that is one sample.
    let whole = fit(grey().with_size(28, 28), ScoreRule::Sum, &images).unwrap();
    let alone = whole.anomaly_maps(&images.select(&[0]), &device()).unwrap();
    assert_eq!(maps[0], alone[0]);
}

#[test]
fn pictures_in_files_are_cut_as_in_training() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.safetensors");
    let preprocessing = tiled().with_tiles(Tiling::new(28).with_overlap(9).with_scale(0.5));
    let detector = fit(preprocessing.clone(), ScoreRule::SumOfThree, &tiles(30)).unwrap();
    detector.save(&path).unwrap();
    let loaded = AnyDetector::load(&path, &device()).unwrap();
    for size in [(90, 131), (56, 56), (300, 57)] {
        let file = folder.path().join("a.pgm");
        picture(&file, size, texture);
        let prepared = preprocessing.read(&file).unwrap();
        let grid = TileGrid::cut(size, preprocessing.tiles.unwrap()).unwrap();
        assert_eq!(prepared.grid, grid);
        let images = Images::new(prepared.shape, prepared.pixels).unwrap();
        let images = Tiled::new(images, Some(vec![grid.clone()]));
        let expected = detector.detect_tiles(&images, &device()).unwrap();
        let found = loaded.heat_map_file(&file, &device()).unwrap();
        assert_eq!((found.verdict, found.worst_tile), expected[0]);
        assert_eq!(
            loaded.detect_file(&file, &device()).unwrap()[0].verdict,
            expected[0].0
        );
        assert_eq!(
            (found.map.size(), &found.grid, found.inside),
            (size, &grid, None)
        );
        let map = detector.anomaly_maps(&images, &device()).unwrap().remove(0);
        assert_eq!(found.map, map.resized(size));
    }
    let file = folder.path().join("small.pgm");
    picture(&file, (54, 99), texture);
    let error = loaded
        .detect_file(&file, &device())
        .unwrap_err()
        .to_string();
    assert_line(
        &error,
        &["small.pgm: found an image that is 27x50 when it is cut"],
    );
}

#[test]
fn tiles_that_a_network_does_not_take_are_refused() {
    let images = tiles(30);
    for (tiling, message) in [
        (
            Tiling::new(32),
            "a preprocessing that gives images of 1x32x32, expected 1x28x28",
        ),
        (
            Tiling::new(28).with_overlap(15),
            "tiles: found an overlap of 15 of 28",
        ),
        (
            Tiling::new(28).with_scale(-1.0),
            "tiles: found a scale of -1",
        ),
    ] {
        let error = fit(grey().with_tiles(tiling), ScoreRule::Sum, &images).unwrap_err();
        assert_line(&error.to_string(), &["found ", message]);
    }
    // The same of a file that was tampered with: as long as before, so that all else is whole.
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("m.safetensors");
    fit(tiled(), ScoreRule::Sum, &images)
        .unwrap()
        .save(&path)
        .unwrap();
    let whole = std::fs::read(&path).unwrap();
    for (from, to, message) in [
        (
            r#"\"side\":28,"#,
            r#"\"side\":56,"#,
            "a preprocessing that gives images of 1x56x56",
        ),
        (r#"\"overlap\":7,"#, r#"\"overlap\":-,"#, "m.safetensors: "),
        (
            r#"\"scale\":1.0"#,
            r#"\"scale\":9.9"#,
            "tiles: found a scale of 9.9",
        ),
        (r#"\"side\":28,"#, r#"\"size\":28,"#, "unknown field"),
    ] {
        assert_eq!(from.len(), to.len());
        let at = whole
            .windows(from.len())
            .position(|bytes| bytes == from.as_bytes());
        let mut bytes = whole.clone();
        let at = at.unwrap_or_else(|| panic!("no {from}"));
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
        std::fs::write(&path, bytes).unwrap();
        let error = AnyDetector::load(&path, &device()).unwrap_err().to_string();
        assert_line(&error, &["m.safetensors: ", message]);
    }
}
