//! What is seen of a frame.

use super::change::MotionChange;
use crate::random::Random;
use crate::sample::{Frame, ImageShape, PixelRectangle, PreprocessingError, ResizeFilter};

/// Random stream of the places, apart from those of other draws.
const STREAM: u64 = 6;

/// How frames of one shape are changed.
pub(super) struct View {
    change: MotionChange,
    /// What is seen of a frame.
    part: PixelRectangle,
    filter: ResizeFilter,
}

impl View {
    pub(super) fn new(
        change: MotionChange,
        shape: ImageShape,
        filter: ResizeFilter,
        seed: u64,
    ) -> Self {
        let ImageShape { height, width, .. } = shape;
        let side = |of: usize, factor: f64, most: usize| {
            ((of as f64 / factor).round().max(1.0) as usize).min(most)
        };
        let (high, wide) = match change {
            MotionChange::Larger { factor } => {
                (side(height, factor, height), side(width, factor, width))
            }
            // When it is turned, its sides are those of the frame, over this.
            MotionChange::QuarterTurned => {
                let factor = height.max(width) as f64 / height.min(width) as f64;
                (side(width, factor, height), side(height, factor, width))
            }
            _ => (height, width),
        };
        let mut random = Random::new(seed, STREAM);
        Self {
            change,
            part: PixelRectangle {
                top: random.below((height - high) as u64 + 1) as usize,
                left: random.below((width - wide) as u64 + 1) as usize,
                height: high,
                width: wide,
            },
            filter,
        }
    }

    /// A frame as it is seen, in its own size.
    pub(super) fn of(&self, frame: Frame) -> Result<Frame, PreprocessingError> {
        let ImageShape { height, width, .. } = frame.shape;
        match self.change {
            MotionChange::Faster { .. } | MotionChange::Reversed => Ok(frame),
            MotionChange::Mirrored => Ok(mirrored(frame)),
            MotionChange::UpsideDown => Ok(upside_down(frame)),
            MotionChange::Larger { .. } => {
                cut(&frame, self.part).resized(height, width, self.filter)
            }
            MotionChange::QuarterTurned => {
                let turned = quarter_turned(&cut(&frame, self.part));
                turned.resized(height, width, self.filter)
            }
        }
    }
}

fn mirrored(mut frame: Frame) -> Frame {
    for row in frame.pixels.chunks_exact_mut(frame.shape.width) {
        row.reverse();
    }
    frame
}

fn upside_down(mut frame: Frame) -> Frame {
    let plane = frame.shape.height * frame.shape.width;
    for plane in frame.pixels.chunks_exact_mut(plane) {
        plane.reverse();
    }
    frame
}

fn cut(frame: &Frame, part: PixelRectangle) -> Frame {
    let ImageShape {
        channels,
        height,
        width,
    } = frame.shape;
    let planes = frame.pixels.chunks_exact(height * width);
    let rows = planes.flat_map(|plane| {
        let rows = plane.chunks_exact(width).skip(part.top);
        rows.take(part.height)
    });
    let pixels = rows.flat_map(|row| &row[part.left..][..part.width]);
    Frame {
        pixels: pixels.copied().collect(),
        shape: ImageShape {
            channels,
            height: part.height,
            width: part.width,
        },
    }
}

/// Clockwise: the first row becomes the last column.
fn quarter_turned(frame: &Frame) -> Frame {
    let ImageShape {
        channels,
        height,
        width,
    } = frame.shape;
    let planes = frame.pixels.chunks_exact(height * width);
    let pixels = planes.flat_map(|plane| {
        (0..width).flat_map(move |column| {
            let upwards = (0..height).rev();
            upwards.map(move |row| plane[row * width + column])
        })
    });
    Frame {
        pixels: pixels.collect(),
        shape: ImageShape {
            channels,
            height: width,
            width: height,
        },
    }
}
