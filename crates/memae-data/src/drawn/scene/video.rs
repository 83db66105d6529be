//! One video, with its labels and masks.

use std::fmt;
use std::ops::Range;

/// An anomaly in a [`DrawnVideo`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnAnomaly<Kind> {
    /// What it is.
    pub kind: Kind,
    /// From the first frame in which it is visible to the one after the last; empty if it never is. Between them it may
    /// be hidden behind somebody for a few frames.
    pub frames: Range<usize>,
}

/// Frames of a drawn scene, each with a label and a pixel mask.
///
/// A pixel belongs to an anomaly if the anomaly fills at least half of it; what is hidden behind somebody does not
/// count, nor does a shadow on the ground. An anomaly is visible in a frame if at least one pixel in 500, rounded up,
/// belongs to it (9 of 64×64). The mask of a frame holds the pixels of the anomalies that are visible in it, and the
/// frame is labelled anomalous if there is one. So a label is true exactly where the mask is not empty.
#[derive(Clone, PartialEq, Eq)]
pub struct DrawnVideo<Kind> {
    pub(super) height: usize,
    pub(super) width: usize,
    pub(super) pixels: Vec<u8>,
    pub(super) masks: Vec<bool>,
    pub(super) labels: Vec<bool>,
    pub(super) anomalies: Vec<DrawnAnomaly<Kind>>,
}

impl<Kind> DrawnVideo<Kind> {
    /// Number of frames.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there are no frames.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Rows of a frame.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Grey levels of all frames, `[frames, height, width]` flattened.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Whether each pixel shows an anomaly, `[frames, height, width]` flattened.
    pub fn masks(&self) -> &[bool] {
        &self.masks
    }

    /// Whether each frame is anomalous, `[frames]`.
    pub fn labels(&self) -> &[bool] {
        &self.labels
    }

    /// The anomalies, in the order in which they come; none in a training video.
    pub fn anomalies(&self) -> &[DrawnAnomaly<Kind>] {
        &self.anomalies
    }

    /// Grey levels of one frame, `[height, width]` flattened.
    ///
    /// # Panics
    ///
    /// `frame` is not below [`len`](Self::len).
    pub fn frame(&self, frame: usize) -> &[u8] {
        &self.pixels[self.span(frame)]
    }

    /// Whether each pixel of one frame shows an anomaly, `[height, width]` flattened.
    ///
    /// # Panics
    ///
    /// `frame` is not below [`len`](Self::len).
    pub fn mask(&self, frame: usize) -> &[bool] {
        &self.masks[self.span(frame)]
    }

    fn span(&self, frame: usize) -> Range<usize> {
        assert!(frame < self.len(), "frame {frame} of {} frames", self.len());
        let size = self.height * self.width;
        frame * size..(frame + 1) * size
    }

    /// Writes the sizes and the anomalies, and leaves out the pixels.
    pub(in crate::drawn) fn write_debug(
        &self,
        name: &str,
        f: &mut fmt::Formatter<'_>,
    ) -> fmt::Result
    where
        Kind: fmt::Debug,
    {
        f.debug_struct(name)
            .field("len", &self.len())
            .field("height", &self.height)
            .field("width", &self.width)
            .field("anomalies", &self.anomalies)
            .finish_non_exhaustive()
    }
}
