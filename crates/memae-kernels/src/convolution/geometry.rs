use burn::tensor::Shape;
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};

use super::shapes::{conv_size, conv_transpose_size};

/// One axis of a strided convolution, between its fine side and its coarse one.
///
/// A convolution goes from fine to coarse, a transposed convolution from coarse to fine, and so do their
/// gradients. Tap `t` of the kernel joins the coarse position `p` with the fine position
/// `p · stride + t · dilation − padding`, if there is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Axis {
    /// Positions on the fine side.
    pub fine: usize,
    /// Positions on the coarse side.
    pub coarse: usize,
    /// Taps.
    pub kernel: usize,
    /// Fine positions from one coarse position to the next.
    pub stride: usize,
    /// Zeros in front of the fine side.
    pub padding: usize,
    /// Fine positions from one tap to the next.
    pub dilation: usize,
}

impl Axis {
    /// An axis that a tensor of fewer dimensions lacks.
    pub const NONE: Self = Self {
        fine: 1,
        coarse: 1,
        kernel: 1,
        stride: 1,
        padding: 0,
        dilation: 1,
    };
}

/// A strided convolution: samples `[batch, fine_channels, fine…]`, features `[batch, coarse_channels, coarse…]`,
/// weights `[coarse_channels, fine_channels, kernel…]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Geometry {
    /// Samples.
    pub batch: usize,
    /// Channels on the fine side.
    pub fine_channels: usize,
    /// Channels on the coarse side.
    pub coarse_channels: usize,
    /// Time, height and width; [`Axis::NONE`] for those that the tensors lack.
    pub axes: [Axis; 3],
    /// Axes that the tensors have, the last ones of `axes`.
    pub rank: usize,
}

impl Geometry {
    /// That of a convolution whose shapes have been checked.
    pub fn of_conv<const D: usize, const S: usize>(
        input: &[usize; D],
        weight: &[usize; D],
        options: &ConvOptions<S>,
    ) -> Self {
        let mut axes = [Axis::NONE; 3];
        for axis in 0..S {
            let (fine, kernel) = (input[axis + 2], weight[axis + 2]);
            axes[3 - S + axis] = Axis {
                fine,
                coarse: conv_size(fine, kernel, options, axis).unwrap_or_default(),
                kernel,
                stride: options.stride[axis],
                padding: options.padding[axis].0,
                dilation: options.dilation[axis],
            };
        }
        Self {
            batch: input[0],
            fine_channels: input[1],
            coarse_channels: weight[0],
            axes,
            rank: S,
        }
    }

    /// That of a transposed convolution whose shapes have been checked.
    pub fn of_conv_transpose<const D: usize, const S: usize>(
        input: &[usize; D],
        weight: &[usize; D],
        options: &ConvTransposeOptions<S>,
    ) -> Self {
        let mut axes = [Axis::NONE; 3];
        for axis in 0..S {
            let (coarse, kernel) = (input[axis + 2], weight[axis + 2]);
            axes[3 - S + axis] = Axis {
                fine: conv_transpose_size(coarse, kernel, options, axis).unwrap_or_default(),
                coarse,
                kernel,
                stride: options.stride[axis],
                padding: options.padding[axis],
                dilation: options.dilation[axis],
            };
        }
        Self {
            batch: input[0],
            fine_channels: weight[1],
            coarse_channels: input[1],
            axes,
            rank: S,
        }
    }

    /// The same convolution of images side by side, as one sample `[1, channels, height, width, batch]`, where that has
    /// the longer lines.
    pub fn with_samples_last(&self) -> Option<Self> {
        const LONG: usize = 16;
        let [_, height, width] = self.axes;
        let samples = Axis {
            fine: self.batch,
            coarse: self.batch,
            ..Axis::NONE
        };
        let longer = self.batch >= LONG.max(width.coarse);
        (self.rank == 2 && longer).then_some(Self {
            batch: 1,
            axes: [height, width, samples],
            rank: 3,
            ..*self
        })
    }

    /// Positions of a channel on the fine side.
    pub fn fine_positions(&self) -> usize {
        self.axes.iter().map(|axis| axis.fine).product()
    }

    /// Positions of a channel on the coarse side.
    pub fn coarse_positions(&self) -> usize {
        self.axes.iter().map(|axis| axis.coarse).product()
    }

    /// Taps of the kernel of one channel.
    pub fn taps(&self) -> usize {
        self.axes.iter().map(|axis| axis.kernel).product()
    }

    /// Weights of one coarse channel.
    pub fn columns(&self) -> usize {
        self.fine_channels * self.taps()
    }

    /// Shape of the fine side.
    pub fn fine_shape(&self) -> Shape {
        self.shape([self.batch, self.fine_channels], |axis| axis.fine)
    }

    /// Shape of the coarse side.
    pub fn coarse_shape(&self) -> Shape {
        self.shape([self.batch, self.coarse_channels], |axis| axis.coarse)
    }

    /// Shape of the weights.
    pub fn weight_shape(&self) -> Shape {
        let channels = [self.coarse_channels, self.fine_channels];
        self.shape(channels, |axis| axis.kernel)
    }

    fn shape(&self, first: [usize; 2], size: fn(&Axis) -> usize) -> Shape {
        let axes = self.axes[3 - self.rank..].iter().map(size);
        Shape::from(first.into_iter().chain(axes).collect::<Vec<usize>>())
    }
}
