use std::ops::Range;

use burn::data::dataset::DatasetError;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use memae_models::samples::{ClipCut, SampleValues, Samples};
use memae_models::train::{Interrupter, ProgressDisplay};

/// Samples that show on a bar how far they have been read, and end with an error when the run is
/// stopped from outside.
pub(super) struct Watched<'a, S> {
    samples: &'a S,
    bar: ProgressBar,
    interrupter: &'a Interrupter,
}

/// The run was stopped while samples were read.
#[derive(Debug, thiserror::Error)]
#[error("stopped")]
struct Stopped;

/// A bar for work of `length` steps.
pub(super) fn progress_bar(label: &str, length: usize, display: ProgressDisplay) -> ProgressBar {
    let target = match display {
        ProgressDisplay::Silent => ProgressDrawTarget::hidden(),
        _ => ProgressDrawTarget::stderr(),
    };
    let style = ProgressStyle::with_template(
        "{prefix:>20} [{bar:30}] {percent:>3} % {elapsed} (left {eta})",
    )
    .unwrap_or_else(|_| ProgressStyle::default_bar())
    .progress_chars("=> ");
    let bar = ProgressBar::with_draw_target(Some(length as u64), target).with_style(style);
    bar.set_prefix(label.to_string());
    bar
}

impl<'a, S: Samples> Watched<'a, S> {
    /// `passes`: how often the samples will be read.
    pub(super) fn new(
        samples: &'a S,
        label: &str,
        passes: usize,
        display: ProgressDisplay,
        interrupter: &'a Interrupter,
    ) -> Self {
        let length = samples.len().saturating_mul(passes);
        let bar = progress_bar(label, length, display);
        Self {
            samples,
            bar,
            interrupter,
        }
    }
}

impl<S> Drop for Watched<'_, S> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl<S: Samples> Samples for Watched<'_, S> {
    type Shape = S::Shape;

    fn shape(&self) -> S::Shape {
        self.samples.shape()
    }

    fn len(&self) -> usize {
        self.samples.len()
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        self.samples.values(index)
    }

    fn clip_cut(&self) -> Option<ClipCut> {
        self.samples.clip_cut()
    }

    fn read(&self, indices: Vec<usize>) -> SampleValues<'_> {
        Box::new(self.samples.read(indices).map(|values| {
            if self.interrupter.should_stop() {
                return Err(DatasetError::new(Stopped));
            }
            self.bar.inc(1);
            values
        }))
    }

    fn sequences(&self) -> Vec<Range<usize>> {
        self.samples.sequences()
    }
}
