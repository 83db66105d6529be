//! The threshold of pixels, by the same new pictures.

use std::path::PathBuf;

use burn::tensor::Device;
use memae::data::dataset::ImageFiles;
use memae::data::protocol::Calibration;
use memae::detect::{DetectionThreshold, Detector, PixelThreshold};
use memae::network::ImageAutoencoderConfig;
use memae::samples::Tiled;

use crate::failure::Failure;

/// Pictures whose pixels are held at once.
const CHUNK: usize = 256;
/// The same of pictures that are cut into tiles, which are large.
const CHUNK_OF_TILED: usize = 16;
/// Most memory for them.
const MAX_BYTES: u64 = 1 << 32;

/// A new threshold of pixels, where there was one: by the largest error of each picture, with the rate that was asked for or that of
/// the old one.
pub(super) fn recalibrated(
    detector: Detector<ImageAutoencoderConfig>,
    files: &[PathBuf],
    groups: &[usize],
    rate: Option<f64>,
    device: &Device,
) -> Result<Detector<ImageAutoencoderConfig>, Failure> {
    let (Some(old), Some(preprocessing)) = (detector.pixel_threshold(), detector.preprocessing())
    else {
        return Ok(detector);
    };
    let rate = rate.unwrap_or_else(|| rate_of(old.threshold()));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let (mut largest, mut groups_read) = (Vec::new(), Vec::new());
    let chunk = match preprocessing.tiles {
        Some(_) => CHUNK_OF_TILED,
        None => CHUNK,
    };
    for (files, groups) in files.chunks(chunk).zip(groups.chunks(chunk)) {
        let read = ImageFiles::read(files, preprocessing, MAX_BYTES, workers)?;
        for map in detector.anomaly_maps(&Tiled::new(read.images, read.grids), device)? {
            largest.push(f64::from(map.largest()));
        }
        // In the order of the list, if some of them are gone by now.
        let mut of_read = read.files.iter().peekable();
        for (file, &group) in files.iter().zip(groups) {
            if of_read.next_if_eq(&file).is_some() {
                groups_read.push(group);
            }
        }
    }
    let calibration = Calibration::in_groups(&largest, &groups_read)?;
    let threshold = DetectionThreshold::held_out(calibration, rate)?;
    let threshold = PixelThreshold::new(old.sigma(), threshold)?;
    Ok(detector.with_pixel_threshold(threshold))
}

/// The rate that was asked of a threshold.
pub(super) fn rate_of(threshold: &DetectionThreshold) -> f64 {
    threshold.asked_rate().unwrap_or(0.01)
}
