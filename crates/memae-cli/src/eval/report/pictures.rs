//! Pictures of samples, and of the memory.

use std::path::{Path, PathBuf};

use burn::tensor::{Device, Tensor};
use memae::MemoryUsage;
use memae::data::dataset::ImageFiles;
use memae::data::sample::{ImageShape, Images, ShownImage, TileGrid};
use memae::detect::{AnyDetector, Detector, FileHeatMap};
use memae::network::ImageAutoencoderConfig;
use memae::samples::Tiled;
use memae::score::stitched_map;
use memae_pictures::{HeatMapPicture, ShownPixels};
use memae_report::{MemoryHealth, MemoryItem, Picture, ReadItem, Sample};

use super::health::memory_health;
use crate::eval::labelled::Labelled;
use crate::failure::Failure;

/// Items that are shown with a sample.
const READS: usize = 4;
/// Samples that the use of the memory is counted on.
const COUNTED: usize = 2000;
/// The same of pictures in tiles.
const COUNTED_IN_TILES: usize = 50;
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
    let samples = Images::new(shape, prepared.pixels)?;
    let (mut rebuilt, mut reads) = (Vec::new(), Reads::default());
    let all: Vec<usize> = (0..samples.len()).collect();
    for indices in all.chunks(images.batch_size()) {
        let values: Vec<f32> = indices
            .iter()
            .flat_map(|&index| samples.scaled(index))
            .collect();
        let batch = Tensor::<1>::from_floats(&values[..], device);
        let batch = batch.reshape([indices.len(), shape.channels, shape.height, shape.width]);
        let output = images.model.forward(batch);
        rebuilt.extend(host(output.reconstruction));
        if let (Some(memory), Some(read)) = (&images.model.memory, output.memory) {
            reads.add(
                &host(memory.address(read.queries).shrunk),
                memory.num_items(),
            );
        }
    }
    let (height, width) = found.grid.size();
    let whole = ImageShape {
        height,
        width,
        ..shape
    };
    let rebuilt = stitched(&rebuilt, shape, &found.grid);
    let mut sample = sample
        .with_input(rgb(&found.picture)?)
        .with_reconstruction(picture(&rebuilt, whole)?)
        .with_heat_map(heat(path, &found)?);
    let Reads { sums, queries } = reads;
    if queries > 0 {
        let items = sums.len();
        let queries = queries as f32;
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

/// How often the items of a memory are read: the sum of their weights, over so many queries.
#[derive(Default)]
struct Reads {
    sums: Vec<f32>,
    queries: usize,
}

impl Reads {
    /// Adds weights, `[queries, items]`.
    fn add(&mut self, weights: &[f32], items: usize) {
        self.sums.resize(items, 0.0);
        for row in weights.chunks_exact(items) {
            self.queries += 1;
            for (sum, weight) in self.sums.iter_mut().zip(row) {
                *sum += weight;
            }
        }
    }
}

/// The picture that its samples are of, `[channels, height, width]`.
fn stitched(samples: &[f32], shape: ImageShape, grid: &TileGrid) -> Vec<f32> {
    let plane = shape.height * shape.width;
    let channel = |channel: usize| {
        let planes = samples.chunks_exact(plane).skip(channel);
        let tiles: Vec<f32> = planes.step_by(shape.channels).flatten().copied().collect();
        stitched_map(&tiles, grid)
    };
    (0..shape.channels).flat_map(channel).collect()
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
    // Tiles of pictures are read a picture at a time. Where pictures are large, fewer, so that they fit.
    let bytes = 4 * detector.network.input.len() as u64;
    let (most, at_once) = match preprocessing.tiles {
        Some(_) => (COUNTED_IN_TILES, 1),
        None => {
            let counted = COUNTED.min((MAX_BYTES / bytes.max(1)) as usize).max(1);
            (counted, counted)
        }
    };
    let step = labelled.samples.len().div_ceil(most).max(1);
    let files: Vec<PathBuf> = labelled
        .samples
        .iter()
        .step_by(step)
        .map(|sample| sample.path.clone())
        .collect();
    let Some(memory) = &detector.model.memory else {
        return Ok(None);
    };
    let mut usage = MemoryUsage::new(memory.num_items());
    for files in files.chunks(at_once) {
        let read = ImageFiles::read(files, preprocessing, MAX_BYTES, 2)?;
        let samples = Tiled::new(read.images, read.grids);
        if let Some(more) = detector.evaluate(&samples, device)?.usage {
            usage.merge(&more);
        }
    }
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

fn heat(path: &Path, found: &FileHeatMap) -> Result<Picture, Failure> {
    let (shown, map) = (&found.picture, &found.map);
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
        inside: found.inside.as_deref(),
    }
    .overlay(path)?;
    Ok(Picture::rgb(
        shown.width as u32,
        shown.height as u32,
        &drawn,
    )?)
}
