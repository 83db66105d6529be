//! Whether raw input becomes what a network takes.

use std::fmt::Debug;

use memae_data::encode::{TablePreprocessing, VideoPreprocessing};
use memae_data::sample::{ClipShape, ImagePreprocessing, ImageShape, VectorShape};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::shape::SampleShape;

/// The way from raw input to samples of a shape, as a detector keeps it.
pub trait Preprocessing<S: SampleShape>:
    Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Why no sample of this shape comes out of it, in one line; `None` if there is no reason.
    fn problem(&self, shape: S) -> Option<String>;

    /// Whether it says which positions of samples have a part in what is anomalous; by default all have.
    fn chooses_positions(&self) -> bool {
        false
    }
}

impl Preprocessing<ImageShape> for ImagePreprocessing {
    fn problem(&self, shape: ImageShape) -> Option<String> {
        let invalid = self.validate().err().map(|error| error.to_string());
        // Without a size of its own it keeps that of an image.
        let found = self.shape_of(shape.height, shape.width);
        let other = invalid.or_else(|| (found != shape).then(|| gives(&found, &shape)));
        let region = self.region.as_ref();
        let covered = region.map(|region| region.covered((shape.height, shape.width)));
        other.or_else(|| {
            let is_empty = !covered?.contains(&true);
            is_empty.then(|| format!("a region that no pixel of {shape} lies in"))
        })
    }

    fn chooses_positions(&self) -> bool {
        self.region.is_some()
    }
}

impl Preprocessing<ClipShape> for VideoPreprocessing {
    fn problem(&self, shape: ClipShape) -> Option<String> {
        let clips = self.clips();
        let found = clips.format.shape_of(shape.height, shape.width);
        let found = ClipShape {
            channels: found.channels,
            frames: clips.layout.length(),
            height: found.height,
            width: found.width,
        };
        (found != shape).then(|| gives(&found, &shape))
    }
}

impl Preprocessing<VectorShape> for TablePreprocessing {
    fn problem(&self, shape: VectorShape) -> Option<String> {
        let found = VectorShape {
            width: self.encoder.width(),
        };
        (found != shape).then(|| gives(&found, &shape))
    }
}

fn gives<S: SampleShape>(found: &S, expected: &S) -> String {
    format!(
        "a preprocessing that gives {}s of {found}, expected {expected}",
        S::NAME
    )
}
