//! MNIST from the network, by way of burn-dataset and its cache folder.

use std::any::Any;
use std::cell::Cell;
use std::panic;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use burn_dataset::Dataset;
use burn_dataset::vision::MnistDataset;

use super::read::{Mnist, SHAPE};
use crate::dataset::error::SourceError;
use crate::sample::LabeledImages;

impl Mnist {
    /// Reads MNIST from the cache folder of burn-dataset, and fetches what is not there (about 11 MB).
    ///
    /// Shows a progress bar on the standard error while it fetches.
    ///
    /// # Errors
    ///
    /// There is no network, the cache folder cannot be written, or a file in it is damaged; burn-dataset panics then,
    /// and its panic becomes the error. With `panic = "abort"` in the build profile that is not possible, and the
    /// process ends.
    ///
    /// ```no_run
    /// use memae_data::dataset::Mnist;
    ///
    /// let mnist = Mnist::download()?;
    /// assert_eq!(mnist.train.len(), 60_000);
    /// # Ok::<(), memae_data::dataset::SourceError>(())
    /// ```
    pub fn download() -> Result<Self, SourceError> {
        let [train, test] = quietly(|| [MnistDataset::train(), MnistDataset::test()].map(collect))
            .map_err(failure)?;
        Ok(Self {
            train: train?,
            test: test?,
        })
    }
}

fn failure(reason: String) -> SourceError {
    SourceError::Download {
        data_set: "MNIST",
        reason,
        cache: "burn-dataset/mnist of the user's cache folder",
    }
}

fn collect(data: MnistDataset) -> Result<LabeledImages, SourceError> {
    let mut pixels = Vec::with_capacity(data.len() * SHAPE.len());
    let mut labels = Vec::with_capacity(data.len());
    for item in data.iter() {
        let item = item.map_err(|error| failure(error.to_string()))?;
        // Values are whole numbers from 0 to 255, which burn-dataset has turned into floats.
        pixels.extend(item.image.iter().flatten().map(|&value| value as u8));
        labels.push(item.label);
    }
    Ok(LabeledImages::new(SHAPE, pixels, labels)?)
}

/// Runs `work` and turns a panic into its message, of which nothing is printed.
///
/// burn-dataset unwraps whatever goes wrong while it fetches and reads, so this is the only way to learn of it. It
/// also starts an async runtime of its own, which panics on a thread that is inside another; hence a new thread.
fn quietly<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T, String> {
    thread_local! {
        static QUIET: Cell<bool> = const { Cell::new(false) };
    }
    // The panic hook belongs to the whole process. Calls take turns, so that each puts back what it found; panics of
    // other threads are reported as before.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let found = Arc::new(panic::take_hook());
    let silenced = Arc::clone(&found);
    panic::set_hook(Box::new(move |panic| {
        if !QUIET.get() {
            silenced(panic);
        }
    }));
    let result = thread::scope(|scope| {
        let worker = thread::Builder::new().spawn_scoped(scope, || {
            QUIET.set(true);
            work()
        });
        match worker {
            Ok(worker) => worker.join().map_err(|panic| reason(panic.as_ref())),
            Err(error) => Err(error.to_string()),
        }
    });
    panic::set_hook(Box::new(move |panic| found(panic)));
    result
}

/// The message of a panic in one line.
fn reason(panic: &(dyn Any + Send)) -> String {
    let message = if let Some(message) = panic.downcast_ref::<String>() {
        message.as_str()
    } else if let Some(message) = panic.downcast_ref::<&str>() {
        message
    } else {
        "unknown reason"
    };
    let message = message
        .strip_prefix("called `Result::unwrap()` on an `Err` value: ")
        .unwrap_or(message);
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_its_message_in_one_line() {
        assert_eq!(quietly(|| 3), Ok(3));
        assert_eq!(
            quietly(|| -> u8 { panic!("no\n  network {}", 1) }),
            Err("no network 1".to_string())
        );
        assert_eq!(
            quietly(|| "x".parse::<u8>().unwrap()),
            Err("ParseIntError { kind: InvalidDigit }".to_string())
        );
        assert_eq!(
            quietly(|| -> u8 { panic::panic_any(7) }),
            Err("unknown reason".to_string())
        );
    }
}
