//! Whether raw input becomes what a network takes.

use std::fmt::Debug;

use memae_data::encode::{MotionPreprocessing, TablePreprocessing, VideoPreprocessing};
use memae_data::sample::{ClipShape, ImagePreprocessing, ImageShape, TileGrid, VectorShape};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::shape::SampleShape;

/// The way from raw input to samples of a shape, as a detector keeps it.
pub trait Preprocessing<S: SampleShape>:
    Debug + Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Why no sample of this shape comes out of it, in one line; `None` if there is no reason.
    fn problem(&self, shape: S) -> Option<String>;

    /// Which positions of samples have a part in what is anomalous: `[positions]` of every sample, or `[tiles, positions]` of those
    /// of a picture; by default `None`: all have.
    fn positions_inside(&self, shape: S, picture: Option<&TileGrid>) -> Option<Vec<bool>> {
        let _ = (shape, picture);
        None
    }

    /// Whether samples are tiles of what is scored as one; by default each sample is scored by itself.
    fn cuts_tiles(&self) -> bool {
        false
    }
}

impl Preprocessing<ImageShape> for ImagePreprocessing {
    fn problem(&self, shape: ImageShape) -> Option<String> {
        let size = (shape.height, shape.width);
        let invalid = || self.validate().err().map(|error| error.to_string());
        // Without a size of its own it keeps that of an image.
        let (height, width) = self.sample_size().unwrap_or(size);
        let found = ImageShape {
            channels: self.colour.channels(),
            height,
            width,
        };
        let other = || (found != shape).then(|| gives(&found, &shape));
        let outside = || {
            // Of which size what is cut into tiles will be is not known.
            let inside = match self.tiles {
                Some(_) => None,
                None => self.inside(size),
            };
            let is_empty = !inside?.contains(&true);
            is_empty.then(|| format!("a region that no pixel of {shape} lies in"))
        };
        invalid()
            .or_else(|| too_large(shape, size))
            .or_else(other)
            .or_else(outside)
    }

    fn positions_inside(&self, shape: ImageShape, picture: Option<&TileGrid>) -> Option<Vec<bool>> {
        let Some(grid) = picture else {
            return self.inside((shape.height, shape.width));
        };
        let inside = self.inside(grid.size())?;
        let tiles = (0..grid.len()).flat_map(|tile| grid.part(&inside, tile));
        Some(tiles.copied().collect())
    }

    fn cuts_tiles(&self) -> bool {
        self.tiles.is_some()
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
        let other = || (found != shape).then(|| gives(&found, &shape));
        too_large(shape, (shape.height, shape.width)).or_else(other)
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

impl Preprocessing<VectorShape> for MotionPreprocessing {
    fn problem(&self, shape: VectorShape) -> Option<String> {
        let layout = match self.layout() {
            Ok(layout) => layout,
            Err(error) => return Some(error.to_string()),
        };
        let found = VectorShape {
            width: layout.query_len(),
        };
        (found != shape).then(|| gives(&found, &shape))
    }
}

/// A file may claim any size; larger pictures than these are not read.
fn too_large<S: SampleShape>(shape: S, (height, width): (usize, usize)) -> Option<String> {
    const MOST: usize = ImagePreprocessing::MAX_SIDE;
    (height.max(width) > MOST).then(|| {
        format!(
            "a preprocessing for {}s of {shape}, expected sides of at most {MOST} pixels",
            S::NAME
        )
    })
}

fn gives<S: SampleShape>(found: &S, expected: &S) -> String {
    format!(
        "a preprocessing that gives {}s of {found}, expected {expected}",
        S::NAME
    )
}
