//! Clips decoded ahead, in the order asked for.

use std::io;
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::{Builder, JoinHandle};

use super::error::ClipsError;
use super::window::{ClipItem, Clips};

/// Clips that a worker may be ahead.
const AHEAD: usize = 4;

/// Most workers: more don't make it faster, and each is a thread.
const MAX_WORKERS: usize = 64;

/// Clips in the order asked for, decoded in the background; see [`Clips::stream`].
pub struct ClipStream {
    clips: Clips,
    indices: Vec<usize>,
    next: usize,
    /// Clip k comes from worker k mod n, so that nobody has to put them in order again. Without workers clips are decoded
    /// as they are asked for.
    workers: Vec<Worker>,
}

struct Worker {
    clips: Receiver<Result<ClipItem, ClipsError>>,
    thread: JoinHandle<()>,
}

impl Worker {
    fn spawn(clips: Clips, indices: Vec<usize>) -> io::Result<Self> {
        let (sender, receiver) = sync_channel(AHEAD);
        let work = move || {
            for index in indices {
                let clip = clips.clip(index);
                let failed = clip.is_err();
                // Nobody listens any more once the stream is dropped.
                if sender.send(clip).is_err() || failed {
                    return;
                }
            }
        };
        Ok(Self {
            clips: receiver,
            thread: Builder::new().name("clips".to_string()).spawn(work)?,
        })
    }
}

impl Clips {
    /// Clips in the order of `indices`, decoded in the background by `workers` threads, 64 at most, each a few clips ahead.
    ///
    /// With 0 workers, and without the feature `threads`, clips are decoded as they are asked for. Order and values do not depend on the number of workers.
    /// Items are errors where a frame cannot be decoded; nothing comes after an error.
    ///
    /// # Panics
    ///
    /// An index is not below [`len`](Self::len).
    pub fn stream(&self, indices: Vec<usize>, workers: usize) -> ClipStream {
        for &index in &indices {
            assert!(index < self.len(), "clip {index} of {} clips", self.len());
        }
        ClipStream::new(self, indices, workers)
    }
}

impl ClipStream {
    fn new(clips: &Clips, indices: Vec<usize>, workers: usize) -> Self {
        let count = match cfg!(feature = "threads") {
            true => workers.min(MAX_WORKERS).min(indices.len()),
            false => 0,
        };
        let workers: io::Result<Vec<Worker>> = (0..count)
            .map(|first| {
                let own = indices.iter().copied().skip(first).step_by(count);
                Worker::spawn(clips.clone(), own.collect())
            })
            .collect();
        Self {
            clips: clips.clone(),
            indices,
            next: 0,
            // Where the system gives no threads, the clips come all the same, only not ahead.
            workers: workers.unwrap_or_default(),
        }
    }
}

impl Iterator for ClipStream {
    type Item = Result<ClipItem, ClipsError>;

    fn next(&mut self) -> Option<Self::Item> {
        let &index = self.indices.get(self.next)?;
        let clip = if self.workers.is_empty() {
            self.clips.clip(index)
        } else {
            let worker = self.next % self.workers.len();
            match self.workers[worker].clips.recv() {
                Ok(clip) => clip,
                // Only a panic ends a worker before its last clip, and it is passed on.
                Err(_) => match self.workers.swap_remove(worker).thread.join() {
                    Err(panic) => std::panic::resume_unwind(panic),
                    Ok(()) => unreachable!("a worker ends after its last clip"),
                },
            }
        };
        match clip.is_ok() {
            true => self.next += 1,
            // Nothing comes after an error.
            false => self.next = self.indices.len(),
        }
        Some(clip)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.indices.len() - self.next;
        (left.min(1), Some(left))
    }
}

impl Drop for ClipStream {
    fn drop(&mut self) {
        for Worker { clips, thread } in self.workers.drain(..) {
            // A worker that waits for room ends when there is nobody left to take its clips.
            drop(clips);
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for ClipStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ClipStream")
            .field("clips", &self.indices.len())
            .field("next", &self.next)
            .field("workers", &self.workers.len())
            .finish_non_exhaustive()
    }
}
