//! The passes that are timed, and the ways to do them.

use std::hint::black_box;

use burn::tensor::ops::{ConvOptions, ConvTransposeOptions};
use burn::tensor::{Device, Distribution, Tensor, module};
use memae_kernels::convolution::{conv_transpose3d, conv3d};

use crate::layers::Layer;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    Forward,
    ForwardBackward,
}

impl Pass {
    pub const ALL: [Self; 2] = [Self::Forward, Self::ForwardBackward];

    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::ForwardBackward => "forward+backward",
        }
    }

    /// Products of the size of the forward pass.
    pub fn products(self, layer: &Layer) -> f64 {
        match self {
            Self::Forward => 1.0,
            Self::ForwardBackward if layer.is_first => 2.0,
            Self::ForwardBackward => 3.0,
        }
    }
}

/// How a layer is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// As this project does.
    Memae,
    /// By Burn's own functions.
    Burn,
}

impl Way {
    pub const ALL: [Self; 2] = [Self::Memae, Self::Burn];

    pub fn name(self) -> &'static str {
        match self {
            Self::Memae => "memae",
            Self::Burn => "burn",
        }
    }
}

/// A pass of a layer, to be run again and again.
pub fn work(layer: &Layer, pass: Pass, way: Way, device: &Device) -> Box<dyn FnMut()> {
    let device = match pass {
        Pass::Forward => device.clone(),
        Pass::ForwardBackward => device.clone().autodiff(),
    };
    let layer = layer.clone();
    let [inputs, outputs] = layer.channels;
    let random = |first: usize, second: usize, [time, height, width]: [usize; 3]| {
        let dims = [first, second, time, height, width];
        Tensor::<5>::random(dims, Distribution::Default, &device)
    };
    let input = random(layer.batch, inputs, layer.input);
    let weight = match layer.transposed {
        false => random(outputs, inputs, layer.kernel),
        true => random(inputs, outputs, layer.kernel),
    };
    let bias = Tensor::<1>::random([outputs], Distribution::Default, &device);
    match pass {
        Pass::Forward => Box::new(move || {
            black_box(forward(&layer, way, &input, &weight, &bias));
        }),
        Pass::ForwardBackward => {
            let input = if layer.is_first {
                input
            } else {
                input.require_grad()
            };
            let (weight, bias) = (weight.require_grad(), bias.require_grad());
            Box::new(move || {
                let output = forward(&layer, way, &input, &weight, &bias);
                black_box(output.sum().backward());
            })
        }
    }
}

fn forward(
    layer: &Layer,
    way: Way,
    input: &Tensor<5>,
    weight: &Tensor<5>,
    bias: &Tensor<1>,
) -> Tensor<5> {
    let (input, weight, bias) = (input.clone(), weight.clone(), Some(bias.clone()));
    let dilation = [1; 3];
    match layer.transposed {
        false => {
            let options = ConvOptions::new(layer.stride, layer.padding(), dilation, 1);
            match way {
                Way::Memae => conv3d(input, weight, bias, options),
                Way::Burn => module::conv3d(input, weight, bias, options),
            }
        }
        true => {
            let (padding, out) = (layer.padding(), layer.output_padding());
            let options = ConvTransposeOptions::new(layer.stride, padding, out, dilation, 1);
            match way {
                Way::Memae => conv_transpose3d(input, weight, bias, options),
                Way::Burn => module::conv_transpose3d(input, weight, bias, options),
            }
        }
    }
}
