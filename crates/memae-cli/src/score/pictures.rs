//! Pictures: found, decoded and scored at the same time, so that the memory for them does not grow with their number.

use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use burn::tensor::Device;
use memae::data::dataset::visit_images;
use memae::data::format::shown;
use memae::data::sample::{
    ImagePreprocessing, Images, PixelSlice, Pixels, PreparedImage, SampleError,
};
use memae::detect::{Detector, FileVerdictError, Place};
use memae::device::computes_on_host;
use memae::network::ImageAutoencoderConfig;
use memae::samples::Tiled;

use super::found::{Counts, Found, Scored, Sink};
use crate::failure::Failure;
use crate::left_out::{LeftOutFile, PassedOverIn};

/// Batches that wait to be scored.
const AHEAD: usize = 1;

type Decoded = Vec<(PathBuf, Result<PreparedImage, SampleError>)>;

/// Batches that are scored at once: more take more memory and no less time.
const MAX_SCORERS: usize = 2;

/// What was found in a batch, in its order.
type Answer = Result<Vec<Found>, Failure>;

/// A batch, and whom to tell what was found in it.
type Task = (Decoded, SyncSender<Answer>);

/// Where the thread that decodes puts batches, and where their answers will come from: in the order in which files were found,
/// whichever is scored first.
struct Line {
    tasks: SyncSender<Task>,
    answers: SyncSender<Receiver<Answer>>,
}

/// Nobody listens any more.
struct Unheard;

impl Line {
    fn score(&self, batch: Decoded) -> Result<(), Unheard> {
        let (sender, answer) = sync_channel(1);
        self.answers.send(answer).map_err(|_| Unheard)?;
        self.tasks.send((batch, sender)).map_err(|_| Unheard)
    }

    fn say(&self, found: Found) -> Result<(), Unheard> {
        self.answer(Ok(vec![found]))
    }

    fn answer(&self, answer: Answer) -> Result<(), Unheard> {
        let (sender, receiver) = sync_channel(1);
        self.answers.send(receiver).map_err(|_| Unheard)?;
        sender.send(answer).map_err(|_| Unheard)
    }
}

pub(super) fn score(
    detector: &Detector<ImageAutoencoderConfig>,
    paths: &[PathBuf],
    device: &Device,
    counts: Counts<'_>,
    sink: Sink<'_>,
) -> Result<(), Failure> {
    let Some(preprocessing) = detector.preprocessing() else {
        let path = paths.first().map(shown);
        return Err(Failure::Verdict(FileVerdictError::NoPreprocessing {
            path: path.unwrap_or_default(),
            kind: "image",
        }));
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    // As many as are scored at once: more would have other batches than when all were scored in one call. Of pictures that are cut
    // into tiles each has batches of its own, and they may be large.
    let batch_size = match preprocessing.tiles {
        Some(_) => workers,
        None => detector.batch_size(),
    };
    // A batch keeps the threads of the processor busy for a part of its time only.
    let scorers = match computes_on_host(device) {
        true => MAX_SCORERS.min(workers),
        false => 1,
    };
    let (task_sender, tasks) = sync_channel(AHEAD);
    let (answer_sender, answers) = sync_channel(AHEAD + scorers);
    let line = Line {
        tasks: task_sender,
        answers: answer_sender,
    };
    let tasks = Arc::new(Mutex::new(tasks));
    std::thread::scope(|scope| {
        scope.spawn(move || decode_all(paths, counts, preprocessing, batch_size, workers, &line));
        for _ in 0..scorers {
            let tasks = tasks.clone();
            scope.spawn(move || score_all(detector, &tasks, device));
        }
        // With the last thread that scores, the other end of the line is gone.
        drop(tasks);
        for answer in answers {
            // Without an answer a thread has panicked, which ends the scope too.
            let Ok(found) = answer.recv() else { break };
            found?.into_iter().try_for_each(&mut *sink)?;
        }
        Ok(())
    })
}

/// Until all is decoded, or nobody listens any more.
fn decode_all(
    paths: &[PathBuf],
    counts: Counts<'_>,
    preprocessing: &ImagePreprocessing,
    batch_size: usize,
    workers: usize,
    line: &Line,
) {
    let mut batch = Vec::with_capacity(batch_size);
    let send = |batch: &mut Vec<PathBuf>| {
        let files = std::mem::replace(batch, Vec::with_capacity(batch_size));
        let images = preprocessing.read_all(&files, workers);
        line.score(files.into_iter().zip(images).collect())
    };
    for path in paths {
        let mut listens = true;
        let passed_over = visit_images(path, &mut |image| {
            let sent = match image {
                Ok(file) => match counts(&file) {
                    Ok(true) => {
                        batch.push(file);
                        match batch.len() == batch_size {
                            true => send(&mut batch),
                            false => Ok(()),
                        }
                    }
                    Ok(false) => Ok(()),
                    Err(failure) => line.answer(Err(failure)).and(Err(Unheard)),
                },
                Err(error) => line.say(Found::LeftOut(LeftOutFile {
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
            || line
                .say(Found::PassedOver(PassedOverIn {
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

/// Until no batches come any more.
fn score_all(
    detector: &Detector<ImageAutoencoderConfig>,
    tasks: &Mutex<Receiver<Task>>,
    device: &Device,
) {
    let next = || tasks.lock().ok()?.recv().ok();
    while let Some((batch, sender)) = next() {
        let _ = sender.send(score_batch(detector, batch, device));
    }
}

fn score_batch(
    detector: &Detector<ImageAutoencoderConfig>,
    mut batch: Decoded,
    device: &Device,
) -> Answer {
    let expected = detector.network.input;
    // Of a detector that keeps the size of pictures, one of another size is no sample.
    let others = batch.extract_if(.., |(_, image)| {
        image.as_ref().is_ok_and(|image| image.shape != expected)
    });
    let others = others.map(|(path, image)| {
        let found = image.map_or(String::new(), |image| image.shape.to_string());
        Found::LeftOut(LeftOutFile {
            reason: format!(
                "{}: found a picture of {found}, expected {expected} as in the training",
                shown(&path)
            ),
            path,
        })
    });
    let mut found: Vec<Found> = others.collect();
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
        found.push(match image {
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
        });
    }
    Ok(found)
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
