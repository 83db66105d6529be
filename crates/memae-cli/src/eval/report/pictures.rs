//! Pictures of samples, and of the memory.

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor};
use memae::data::dataset::ImageFiles;
use memae::data::sample::{ImageShape, Images, ShownImage};
use memae::detect::{AnyDetector, Detector};
use memae::network::ImageAutoencoderConfig;
use memae::score::AnomalyMap;
use memae_pictures::{HeatMapPicture, ShownPixels};
use memae_report::{MemoryHealth, MemoryItem, Picture, ReadItem, Sample};

use super::health::memory_health;
use crate::eval::labelled::Labelled;
use crate::failure::Failure;

/// Items that are shown with a sample.
const READS: usize = 4;
/// Samples that the use of the memory is counted on.
const COUNTED: usize = 2000;
/// Memory for their pixels.
const MAX_BYTES: u64 = 1 << 30;

/// The sample with its picture, what became of it, where it is anomalous, and the items that were read.
pub(super) fn shown_with(
    sample: Sample,
    detector: &AnyDetector,
    images: &Detector<ImageAutoencoderConfig>,
    path: &Path,
    device: &Device,
) -> Result<Sample, Failure> {
    let found = detector.heat_map_file(path, device)?;
    let Some(preprocessing) = images.preprocessing() else {
        return Ok(sample);
    };
    let prepared = preprocessing.read(path)?;
    let shape = prepared.shape;
    let values = Images::new(shape, prepared.pixels)?.scaled(0);
    let batch = Tensor::<1>::from_floats(&values[..], device);
    let batch = batch.reshape([1, shape.channels, shape.height, shape.width]);
    let output = images.model.forward(batch);
    let mut sample = sample
        .with_input(rgb(&found.picture)?)
        .with_reconstruction(picture(&host(output.reconstruction), shape)?)
        .with_heat_map(heat(path, &found.picture, &found.map)?);
    if let (Some(memory), Some(read)) = (&images.model.memory, output.memory) {
        let weights = host(memory.address(read.queries).shrunk);
        let items = memory.num_items();
        let mut sums = vec![0.0_f32; items];
        for row in weights.chunks_exact(items) {
            for (sum, weight) in sums.iter_mut().zip(row) {
                *sum += weight;
            }
        }
        let queries = (weights.len() / items).max(1) as f32;
        let mut order: Vec<usize> = (0..items).filter(|&item| sums[item] > 0.0).collect();
        order.sort_by(|&a, &b| sums[b].total_cmp(&sums[a]).then(a.cmp(&b)));
        let decoded = decoded_items(images)?;
        let reads = order.into_iter().take(READS);
        sample = sample.with_reads(reads.map(|item| {
            ReadItem::new(item, f64::from(sums[item] / queries)).with_picture(decoded[item].clone())
        }));
    }
    Ok(sample)
}

/// How the memory is used by the samples that were scored; `None` of a network without.
pub(super) fn memory(
    detector: &Detector<ImageAutoencoderConfig>,
    labelled: &Labelled,
    device: &Device,
) -> Result<Option<MemoryHealth>, Failure> {
    let Some(preprocessing) = detector.preprocessing() else {
        return Ok(None);
    };
    // Where pictures are large, fewer, so that they fit.
    let bytes = 4 * detector.network.input.len() as u64;
    let counted = COUNTED.min((MAX_BYTES / bytes.max(1)) as usize).max(1);
    let step = labelled.samples.len().div_ceil(counted).max(1);
    let files: Vec<PathBuf> = labelled
        .samples
        .iter()
        .step_by(step)
        .map(|sample| sample.path.clone())
        .collect();
    let read = ImageFiles::read(&files, preprocessing, MAX_BYTES, 2)?;
    let Some(usage) = detector.evaluate(&read.images, device)?.usage else {
        return Ok(None);
    };
    let shares = usage.read_shares();
    let pictures = decoded_items(detector)?.into_iter().enumerate();
    let pictures = pictures.map(|(item, picture)| {
        MemoryItem::new(item, picture).with_read_share(shares.get(item).copied().unwrap_or(0.0))
    });
    Ok(Some(memory_health(&usage).with_items(pictures)))
}

/// Every item decoded alone; of memories whose queries are positions, the item at all of them.
fn decoded_items(detector: &Detector<ImageAutoencoderConfig>) -> Result<Vec<Picture>, Failure> {
    let Some(memory) = &detector.model.memory else {
        return Ok(Vec::new());
    };
    let shape = detector.network.input;
    let values = host(detector.model.decode_items(memory.items.val()));
    values
        .chunks_exact(shape.len())
        .map(|values| picture(values, shape))
        .collect()
}

fn host<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

fn picture(values: &[f32], shape: ImageShape) -> Result<Picture, Failure> {
    let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
    let (width, height) = (shape.width as u32, shape.height as u32);
    let pixels = shape.height * shape.width;
    Ok(match shape.channels {
        1 => {
            let bytes: Vec<u8> = values.iter().map(|&value| byte(value)).collect();
            Picture::grey(width, height, &bytes)?
        }
        _ => {
            let bytes: Vec<u8> = (0..pixels)
                .flat_map(|pixel| [0, 1, 2].map(|channel| byte(values[channel * pixels + pixel])))
                .collect();
            Picture::rgb(width, height, &bytes)?
        }
    })
}

fn rgb(shown: &ShownImage) -> Result<Picture, Failure> {
    Ok(Picture::rgb(
        shown.width as u32,
        shown.height as u32,
        &shown.rgb,
    )?)
}

fn heat(path: &Path, shown: &ShownImage, map: &AnomalyMap) -> Result<Picture, Failure> {
    let size = [shown.height, shown.width];
    let drawn = HeatMapPicture {
        title: "",
        image: ShownPixels::Rgb8 {
            values: &shown.rgb,
            size,
        },
        map: map.values(),
        map_size: size,
        threshold: map.threshold(),
        top: None,
    }
    .overlay(path)?;
    Ok(Picture::rgb(
        shown.width as u32,
        shown.height as u32,
        &drawn,
    )?)
}
