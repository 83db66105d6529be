//! What a network needs to know of the shape of its samples.

use std::fmt::{Debug, Display};

use memae_data::sample::{ClipShape, ImageShape, VectorShape};

/// Shape of a sample.
pub trait SampleShape: Copy + PartialEq + Debug + Display + Send + Sync + 'static {
    /// What one such sample is called.
    const NAME: &'static str;

    /// Size along each axis, `[channels, …]`; the number of values for vectors.
    fn dims(self) -> Vec<usize>;

    /// Values in one sample; `usize::MAX` where there are more.
    fn num_values(self) -> usize {
        self.dims().into_iter().fold(1, usize::saturating_mul)
    }
}

impl SampleShape for ImageShape {
    const NAME: &'static str = "image";

    fn dims(self) -> Vec<usize> {
        vec![self.channels, self.height, self.width]
    }
}

impl SampleShape for ClipShape {
    const NAME: &'static str = "clip";

    fn dims(self) -> Vec<usize> {
        vec![self.channels, self.frames, self.height, self.width]
    }
}

impl SampleShape for VectorShape {
    const NAME: &'static str = "vector";

    fn dims(self) -> Vec<usize> {
        vec![self.width]
    }
}
