//! Pictures: found, decoded and scored at the same time, so that the memory for them does not grow with their number.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};

use burn::tensor::Device;
use memae::data::dataset::visit_images;
use memae::data::format::shown;
use memae::data::sample::{
    ImagePreprocessing, Images, PixelSlice, Pixels, PreparedImage, SampleError,
};
use memae::detect::{Detector, FileVerdictError, Place};
use memae::network::ImageAutoencoderConfig;
use memae::samples::Tiled;

use super::found::{Found, Scored, Sink};
use crate::failure::Failure;
use crate::left_out::{LeftOutFile, PassedOverIn};

/// Batches that decoding may be ahead.
const AHEAD: usize = 2;

type Decoded = Vec<(PathBuf, Result<PreparedImage, SampleError>)>;

/// What the thread that decodes has to say.
enum Step {
    Decoded(Decoded),
    Unreadable(LeftOutFile),
    PassedOver(PassedOverIn),
}

pub(super) fn score(
    detector: &Detector<ImageAutoencoderConfig>,
    paths: &[PathBuf],
    device: &Device,
    sink: Sink<'_>,
) -> Result<(), Failure> {
    let Some(preprocessing) = detector.preprocessing() else {
        let path = paths.first().map(shown);
        return Err(Failure::Verdict(FileVerdictError::NoPreprocessing {
            path: path.unwrap_or_default(),
            kind: "image",
        }));
    };
    let (sender, receiver) = sync_channel(AHEAD);
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    // As many as are scored at once: more would have other batches than when all were scored in one call. Of pictures that are cut
    // into tiles each has batches of its own, and they may be large.
    let batch_size = match preprocessing.tiles {
        Some(_) => workers,
        None => detector.batch_size(),
    };
    std::thread::scope(|scope| {
        scope.spawn(move || decode_all(paths, preprocessing, batch_size, workers, &sender));
        for step in receiver {
            match step {
                Step::Unreadable(file) => sink(Found::LeftOut(file))?,
                Step::PassedOver(what) => sink(Found::PassedOver(what))?,
                Step::Decoded(batch) => score_batch(detector, batch, device, sink)?,
            }
        }
        Ok(())
    })
}

/// Until all is decoded, or nobody listens any more.
fn decode_all(
    paths: &[PathBuf],
    preprocessing: &ImagePreprocessing,
    batch_size: usize,
    workers: usize,
    sender: &SyncSender<Step>,
) {
    let mut batch = Vec::with_capacity(batch_size);
    let send = |batch: &mut Vec<PathBuf>| {
        let files = std::mem::replace(batch, Vec::with_capacity(batch_size));
        let images = preprocessing.read_all(&files, workers);
        sender.send(Step::Decoded(files.into_iter().zip(images).collect()))
    };
    for path in paths {
        let mut listens = true;
        let passed_over = visit_images(path, &mut |image| {
            let sent = match image {
                Ok(file) => {
                    batch.push(file);
                    match batch.len() == batch_size {
                        true => send(&mut batch),
                        false => Ok(()),
                    }
                }
                Err(error) => sender.send(Step::Unreadable(LeftOutFile {
                    path: error.path().to_path_buf(),
                    reason: error.to_string(),
                })),
            };
            listens = sent.is_ok();
            match listens {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        });
        let said = passed_over.is_empty()
            || sender
                .send(Step::PassedOver(PassedOverIn {
                    folder: path.clone(),
                    what: passed_over,
                }))
                .is_ok();
        if !listens || !said {
            return;
        }
    }
    if !batch.is_empty() {
        let _ = send(&mut batch);
    }
}

fn score_batch(
    detector: &Detector<ImageAutoencoderConfig>,
    mut batch: Decoded,
    device: &Device,
    sink: Sink<'_>,
) -> Result<(), Failure> {
    let expected = detector.network.input;
    // Of a detector that keeps the size of pictures, one of another size is no sample.
    let mut others = batch.extract_if(.., |(_, image)| {
        image.as_ref().is_ok_and(|image| image.shape != expected)
    });
    others.try_for_each(|(path, image)| {
        let found = image.map_or(String::new(), |image| image.shape.to_string());
        sink(Found::LeftOut(LeftOutFile {
            reason: format!(
                "{}: found a picture of {found}, expected {expected} as in the training",
                shown(&path)
            ),
            path,
        }))
    })?;
    drop(others);
    let whole: Vec<&PreparedImage> = batch
        .iter()
        .filter_map(|(_, image)| image.as_ref().ok())
        .collect();
    let mut verdicts = match whole.first() {
        Some(first) => {
            let images = Images::new(first.shape, joined(&whole))?;
            let tiles = detector.preprocessing().and_then(|way| way.tiles);
            let grids = tiles.map(|_| whole.iter().map(|image| image.grid.clone()).collect());
            let images = Tiled::new(images, grids);
            detector.detect(&images, device)?.into_iter()
        }
        None => Vec::new().into_iter(),
    };
    for (path, image) in batch {
        sink(match image {
            Ok(_) => match verdicts.next() {
                Some(verdict) => Found::Scored(Scored {
                    path,
                    place: Place::Image,
                    verdict,
                }),
                None => continue,
            },
            Err(error) => Found::LeftOut(LeftOutFile {
                reason: error.to_string(),
                path,
            }),
        })?;
    }
    Ok(())
}

/// The pixels of all images: bytes where all are, else floats, which give the same values.
fn joined(images: &[&PreparedImage]) -> Pixels {
    let bytes: Option<Vec<&[u8]>> = images
        .iter()
        .map(|image| match image.pixels.as_slice() {
            PixelSlice::Bits8(bytes) => Some(bytes),
            PixelSlice::Float(_) => None,
        })
        .collect();
    match bytes {
        Some(bytes) => Pixels::Bits8(bytes.concat()),
        None => Pixels::Float(
            images
                .iter()
                .flat_map(|image| image.pixels.scaled())
                .collect(),
        ),
    }
}
