//! How well the pixels of anomalies are found, by masks.

use std::ops::ControlFlow;
use std::path::PathBuf;

use burn::tensor::Device;
use memae::data::dataset::{MaskFolder, visit_images};
use memae::data::format::read_image_header;
use memae::data::metrics::{PixelRanking, PixelScores};
use memae::detect::AnyDetector;

use super::labelled::Labelled;
use super::options::Options;
use crate::failure::Failure;

/// Figures over all pixels of all pictures that are looked at.
pub(super) struct PixelFigures {
    pub(super) auc: f64,
    pub(super) average_precision: f64,
    pub(super) aupro: f64,
    pub(super) best_f1: f64,
    /// Share of the pixels that are anomalous: the average precision by chance.
    pub(super) anomalous_share: f64,
}

/// Bytes that a pixel takes until all are ranked.
const BYTES_PER_PIXEL: u64 = 8;

/// Checks what is said of masks, before anything is scored: that there are some where it is said, that the detector is one of pictures,
/// and that all pixels together fit the memory.
pub(super) fn check(
    options: &Options,
    detector: &AnyDetector,
    paths: &[&[PathBuf]],
) -> Result<(), Failure> {
    let is_said = match (&options.masks, options.soft_masks) {
        (Some(_), _) => Some("--masks"),
        (None, true) => Some("--soft-masks"),
        (None, false) => None,
    };
    if let (Some(option), false) = (is_said, matches!(detector, AnyDetector::Image(_))) {
        return Err(Failure::Other(format!(
            "{option}: found a detector of kind {}, expected one of pictures",
            detector.kind()
        )));
    }
    let masks = masks(options)?;
    if masks.is_none() && options.soft_masks {
        return Err(Failure::Other(
            "--soft-masks: found no masks, expected a folder with `ground_truth`, or --masks"
                .to_string(),
        ));
    }
    if masks.is_none() || !matches!(detector, AnyDetector::Image(_)) {
        return Ok(());
    }
    let (mut pictures, mut pixels) = (0_u64, 0_u64);
    for path in paths.iter().copied().flatten() {
        visit_images(path, &mut |image| {
            // What can't be read is left out later.
            if let Ok(Ok(header)) = image.map(read_image_header) {
                pictures += 1;
                pixels += (header.height * header.width) as u64;
            }
            ControlFlow::Continue(())
        });
    }
    let mebibytes = pixels.saturating_mul(BYTES_PER_PIXEL).div_ceil(1 << 20);
    match mebibytes <= options.memory {
        true => Ok(()),
        false => Err(Failure::Other(format!(
            "masks: found {pictures} pictures of {pixels} pixels, which take {mebibytes} MiB, expected at most {} MiB; see --memory, \
             or compare fewer pictures or smaller copies",
            options.memory
        ))),
    }
}

/// Figures of the pixels; `None` of what is no picture, and where there are no masks.
pub(super) fn measure(
    options: &Options,
    detector: &AnyDetector,
    labelled: &Labelled,
    device: &Device,
) -> Result<Option<PixelFigures>, Failure> {
    let (AnyDetector::Image(_), Some(masks)) = (detector, masks(options)?) else {
        return Ok(None);
    };
    let mut scores = PixelScores::new();
    for (sample, &anomalous) in labelled.samples.iter().zip(&labelled.anomalous) {
        // The mask is looked for before the network works.
        let mask = match anomalous || options.masks.is_none() {
            true => Some(masks.read(&sample.path, anomalous)?),
            // It lies elsewhere than the anomalous ones, which the masks are laid out like.
            false => None,
        };
        let found = detector.heat_map_file(&sample.path, device)?;
        let inside = found.inside.as_deref();
        match mask {
            Some(mask) => {
                scores.push_within(found.map.values(), mask.anomalous(), mask.size(), inside)?
            }
            None => {
                let normal = vec![false; found.map.values().len()];
                scores.push_within(found.map.values(), &normal, found.map.size(), inside)?;
            }
        }
    }
    let (normal, anomalous) = scores.counts();
    let ranking = scores.rank()?;
    Ok(Some(PixelFigures {
        auc: ranking.auc(),
        average_precision: ranking.average_precision(),
        aupro: ranking.aupro(PixelRanking::AUPRO_LIMIT)?,
        best_f1: ranking.best_f1().0,
        anomalous_share: anomalous as f64 / (normal + anomalous) as f64,
    }))
}

fn masks(options: &Options) -> Result<Option<MaskFolder>, Failure> {
    let masks = match (&options.masks, &options.folder, &options.anomalous[..]) {
        (Some(masks), _, [images]) => MaskFolder::new(masks, images),
        (Some(_), _, images) => {
            return Err(Failure::Other(format!(
                "--masks: found {} paths after --anomalous, expected one folder, which the masks are laid out like",
                images.len()
            )));
        }
        (None, Some(folder), _) if has_masks(folder) => MaskFolder::of_data_set(folder)?,
        _ => return Ok(None),
    };
    Ok(Some(match options.soft_masks {
        true => masks.with_soft_edges(),
        false => masks,
    }))
}

/// Whether a data set has masks at all.
fn has_masks(folder: &std::path::Path) -> bool {
    folder.read_dir().is_ok_and(|mut entries| {
        entries.any(|entry| {
            entry.is_ok_and(|entry| entry.file_name().eq_ignore_ascii_case("ground_truth"))
        })
    })
}
