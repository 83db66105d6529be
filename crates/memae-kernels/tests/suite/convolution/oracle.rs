//! Convolutions by their definition, in f64.

/// A convolution, transposed or not, over `S` axes.
#[derive(Debug, Clone)]
pub struct Case<const S: usize> {
    pub transposed: bool,
    pub batch: usize,
    /// Channels of a group on the side of the input and on that of the output.
    pub channels: [usize; 2],
    pub groups: usize,
    pub size: [usize; S],
    pub kernel: [usize; S],
    pub stride: [usize; S],
    /// In front and behind; a transposed convolution has the first on both sides.
    pub padding: [(usize, usize); S],
    /// Of a transposed convolution.
    pub padding_out: [usize; S],
    pub dilation: [usize; S],
    pub bias: bool,
    pub seed: u64,
}

/// What a convolution gives, or its gradients are.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    pub output: Vec<f64>,
    pub input_gradient: Vec<f64>,
    pub weight_gradient: Vec<f64>,
    pub bias_gradient: Vec<f64>,
}

/// Input, weight, bias and the gradient of the output.
pub struct Values {
    pub input: Vec<f64>,
    pub weight: Vec<f64>,
    pub bias: Vec<f64>,
    pub probe: Vec<f64>,
}

impl<const S: usize> Case<S> {
    /// Sizes of the output; `None` if there is none.
    pub fn output_size(&self) -> Option<[usize; S]> {
        let mut sizes = [0; S];
        for (axis, output) in sizes.iter_mut().enumerate() {
            let span = self.dilation[axis] * (self.kernel[axis] - 1) + 1;
            let (before, after) = self.padding[axis];
            *output = match self.transposed {
                false => {
                    let room = self.size[axis] + before + after;
                    room.checked_sub(span)? / self.stride[axis] + 1
                }
                true => {
                    let reach = (self.size[axis] - 1) * self.stride[axis] + span;
                    let size = (reach + self.padding_out[axis]).checked_sub(2 * before)?;
                    Some(size).filter(|size| *size > 0)?
                }
            };
        }
        Some(sizes)
    }

    /// Shape of the input.
    pub fn input_shape(&self) -> Vec<usize> {
        shape(self.batch, self.channels[0] * self.groups, &self.size)
    }

    /// Shape of the weight.
    pub fn weight_shape(&self) -> Vec<usize> {
        let [input, output] = self.channels;
        match self.transposed {
            false => shape(output * self.groups, input, &self.kernel),
            true => shape(input * self.groups, output, &self.kernel),
        }
    }

    /// Shape of the output.
    pub fn output_shape(&self) -> Vec<usize> {
        let size = self.output_size().expect("the case has an output");
        shape(self.batch, self.channels[1] * self.groups, &size)
    }

    /// Calls a function with the places of output, input and weight of every product that is summed.
    fn for_products(&self, mut product: impl FnMut(usize, usize, usize)) {
        let output_size = self.output_size().expect("the case has an output");
        let [inputs, outputs] = self.channels;
        for batch in 0..self.batch {
            for group in 0..self.groups {
                for input in 0..inputs {
                    for output in 0..outputs {
                        let (input_channel, output_channel) =
                            (group * inputs + input, group * outputs + output);
                        let weight_row = match self.transposed {
                            false => output_channel * inputs + input,
                            true => input_channel * outputs + output,
                        };
                        let input_row = batch * inputs * self.groups + input_channel;
                        let output_row = batch * outputs * self.groups + output_channel;
                        for tap in places(&self.kernel) {
                            for near in self.near(&output_size) {
                                let Some(far) = self.far(&near, &tap, &output_size) else {
                                    continue;
                                };
                                let (out, from) = match self.transposed {
                                    false => (near, far),
                                    true => (far, near),
                                };
                                product(
                                    place(output_row, &out, &output_size),
                                    place(input_row, &from, &self.size),
                                    place(weight_row, &tap, &self.kernel),
                                );
                            }
                        }
                    }
                }
            }
        }
    }

    /// Positions of the side with the larger steps.
    fn near(&self, output_size: &[usize; S]) -> Vec<[usize; S]> {
        match self.transposed {
            false => places(output_size),
            true => places(&self.size),
        }
    }

    /// The position of the other side that a tap joins with one.
    fn far(
        &self,
        near: &[usize; S],
        tap: &[usize; S],
        output_size: &[usize; S],
    ) -> Option<[usize; S]> {
        let sizes = match self.transposed {
            false => &self.size,
            true => output_size,
        };
        let mut far = [0; S];
        for axis in 0..S {
            let place = (near[axis] * self.stride[axis] + tap[axis] * self.dilation[axis]) as i64
                - self.padding[axis].0 as i64;
            far[axis] = usize::try_from(place)
                .ok()
                .filter(|place| *place < sizes[axis])?;
        }
        Some(far)
    }

    /// Output and gradients of `Σ output · probe`.
    pub fn run(&self, values: &Values) -> Output {
        let per_channel = |values: &[f64]| -> Vec<f64> {
            let output_size: usize = self.output_size().unwrap().iter().product();
            let channels = self.channels[1] * self.groups;
            let mut sums = vec![0.0; channels];
            for (row, values) in values.chunks(output_size).enumerate() {
                sums[row % channels] += values.iter().sum::<f64>();
            }
            sums
        };
        let size = |shape: Vec<usize>| shape.iter().product::<usize>();
        let mut found = Output {
            output: vec![0.0; size(self.output_shape())],
            input_gradient: vec![0.0; size(self.input_shape())],
            weight_gradient: vec![0.0; size(self.weight_shape())],
            bias_gradient: per_channel(&values.probe),
        };
        if self.bias {
            let positions = found.output.len() / (self.batch * values.bias.len());
            for (place, output) in found.output.iter_mut().enumerate() {
                *output = values.bias[place / positions % values.bias.len()];
            }
        }
        self.for_products(|output, input, weight| {
            found.output[output] += values.input[input] * values.weight[weight];
            found.input_gradient[input] += values.probe[output] * values.weight[weight];
            found.weight_gradient[weight] += values.probe[output] * values.input[input];
        });
        found
    }
}

fn shape(batch: usize, channels: usize, size: &[usize]) -> Vec<usize> {
    [batch, channels]
        .into_iter()
        .chain(size.iter().copied())
        .collect()
}

/// All positions of a grid.
fn places<const S: usize>(size: &[usize; S]) -> Vec<[usize; S]> {
    (0..size.iter().product())
        .map(|mut rest: usize| {
            let mut position = [0; S];
            for axis in (0..S).rev() {
                position[axis] = rest % size[axis];
                rest /= size[axis];
            }
            position
        })
        .collect()
}

fn place<const S: usize>(row: usize, position: &[usize; S], size: &[usize; S]) -> usize {
    position
        .iter()
        .zip(size)
        .fold(row, |place, (position, size)| place * size + position)
}
