//! How well the pixels of anomalies are found, by masks.

use burn::tensor::Device;
use memae::data::dataset::MaskFolder;
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
        let mask = masks.read(&sample.path, anomalous)?;
        let found = detector.heat_map_file(&sample.path, device)?;
        let inside = found.inside.as_deref();
        scores.push_within(found.map.values(), mask.anomalous(), mask.size(), inside)?;
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
