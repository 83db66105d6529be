//! Which parts of pictures are looked at, and as what.

use std::path::PathBuf;

use clap::Args;
use memae::data::format::shown;
use memae::data::sample::{Mask, Region, Tiling};

use crate::failure::Failure;

#[derive(Args)]
pub(crate) struct PartOptions {
    /// Pictures: the rectangle that is looked at, in shares of the width and the height: left, top, width, height, as
    /// 0.25,0,0.5,1 for the middle half
    #[arg(long, value_name = "X,Y,W,H", value_parser = rectangle, conflicts_with = "region_mask")]
    region: Option<Region>,
    /// Pictures: what is looked at, a picture that is white there and black elsewhere
    #[arg(long, value_name = "FILE")]
    pub(crate) region_mask: Option<PathBuf>,
    /// Pictures: cut them into tiles of so many pixels a side, each as large as the network takes
    #[arg(long, value_name = "PIXELS", conflicts_with = "size")]
    tiles: Option<usize>,
    /// Pictures: pixels that neighbouring tiles share [default: a quarter of a side]
    #[arg(long, value_name = "PIXELS", requires = "tiles")]
    tile_overlap: Option<usize>,
    /// Pictures: what their sides are multiplied by before they are cut into tiles, up to 1
    #[arg(long, value_name = "FACTOR", requires = "tiles")]
    tile_scale: Option<f64>,
}

impl PartOptions {
    /// The first of these options that was given.
    pub(crate) fn given(&self) -> Option<&'static str> {
        [
            (self.region.is_some(), "--region"),
            (self.region_mask.is_some(), "--region-mask"),
            (self.tiles.is_some(), "--tiles"),
        ]
        .into_iter()
        .find_map(|(given, name)| given.then_some(name))
    }

    /// The part that is looked at, if it is not all.
    pub(crate) fn region(&self) -> Result<Option<Region>, Failure> {
        let Some(path) = &self.region_mask else {
            return Ok(self.region.clone());
        };
        let region = Region::of_mask(&Mask::read(path)?);
        let region = region.map_err(|error| Failure::Other(format!("{}: {error}", shown(path))))?;
        Ok(Some(region))
    }

    /// How pictures are cut, if they are.
    pub(crate) fn tiling(&self) -> Option<Tiling> {
        let mut tiling = Tiling::new(self.tiles?);
        if let Some(overlap) = self.tile_overlap {
            tiling = tiling.with_overlap(overlap);
        }
        if let Some(scale) = self.tile_scale {
            tiling = tiling.with_scale(scale);
        }
        Some(tiling)
    }
}

/// A rectangle as an argument.
fn rectangle(text: &str) -> Result<Region, String> {
    let shares: Option<Vec<f64>> = text
        .split(',')
        .map(|share| share.trim().parse().ok())
        .collect();
    match shares.as_deref() {
        Some(&[left, top, width, height]) => {
            Region::rectangle(top, left, height, width).map_err(|error| error.to_string())
        }
        _ => Err("expected four numbers from 0 to 1: left, top, width, height".to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rectangles_are_left_top_width_height() {
        let expected = Region::rectangle(0.25, 0.0, 0.125, 0.5);
        assert_eq!(rectangle("0, 0.25,0.5,0.125").ok(), expected.ok());
        for (text, message) in [
            ("0,0,1", "expected four numbers"),
            ("0,0,1,x", "expected four numbers"),
            ("0,0,0,1", "region: found a rectangle of 1 x 0 at 0, 0"),
            ("0.5,0,1,1", "region: found a rectangle of 1 x 1 at 0, 0.5"),
            ("0,0,64,64", "in shares of the height and width"),
            ("0,0,NaN,1", "region: found a rectangle"),
        ] {
            let error = rectangle(text).expect_err(text);
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
