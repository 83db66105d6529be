//! The convolutions of the presets.

/// A convolution, transposed or not, over time, height and width; images have a time of 1.
#[derive(Debug, Clone)]
pub struct Layer {
    pub name: String,
    pub transposed: bool,
    /// Whether it is the first of its network, whose input needs no gradient.
    pub is_first: bool,
    pub batch: usize,
    /// Of input and output.
    pub channels: [usize; 2],
    pub input: [usize; 3],
    pub output: [usize; 3],
    pub kernel: [usize; 3],
    pub stride: [usize; 3],
}

impl Layer {
    /// Zeros around the fine side.
    pub fn padding(&self) -> [usize; 3] {
        self.kernel.map(|kernel| (kernel - 1) / 2)
    }

    /// Of a transposed convolution.
    pub fn output_padding(&self) -> [usize; 3] {
        let padding = self.padding();
        std::array::from_fn(|axis| {
            let reach = (self.input[axis] - 1) * self.stride[axis] + self.kernel[axis];
            self.output[axis] + 2 * padding[axis] - reach
        })
    }

    /// Multiplications and additions of one product.
    pub fn flops(&self) -> f64 {
        let coarse = if self.transposed {
            self.input
        } else {
            self.output
        };
        let [inputs, outputs] = self.channels;
        let products = [coarse, self.kernel].iter().flatten().product::<usize>();
        2.0 * (self.batch * inputs * outputs * products) as f64
    }

    /// Bytes of input, weight and output.
    pub fn bytes(&self) -> f64 {
        let [inputs, outputs] = self.channels;
        let volume = |size: [usize; 3]| size.iter().product::<usize>();
        let values = self.batch * (inputs * volume(self.input) + outputs * volume(self.output))
            + inputs * outputs * volume(self.kernel);
        (values * size_of::<f32>()) as f64
    }
}

/// Layers of a network: kernel, stride and channels of each, encoder and decoder.
struct Preset {
    name: &'static str,
    batch: usize,
    channels: usize,
    input: [usize; 3],
    encoder: Vec<([usize; 3], [usize; 3], usize)>,
    /// Channels; kernels and strides are those of the encoder, last to first.
    decoder: Vec<usize>,
    /// Kernels of the decoder where they are others.
    decoder_kernel: Option<[usize; 3]>,
}

fn flat(side: usize) -> [usize; 3] {
    [1, side, side]
}

fn presets() -> Vec<Preset> {
    let image = |kernel, channels| (flat(kernel), flat(2), channels);
    let video = |stride: [usize; 3], channels| ([3; 3], stride, channels);
    let video_preset = |name, side| Preset {
        name,
        batch: 1,
        channels: 1,
        input: [16, side, side],
        encoder: vec![
            video([1, 2, 2], 96),
            video([2; 3], 128),
            video([2; 3], 256),
            video([2; 3], 256),
        ],
        decoder: vec![256, 128, 96, 1],
        decoder_kernel: None,
    };
    vec![
        Preset {
            name: "mnist",
            batch: 64,
            channels: 1,
            input: flat(28),
            encoder: vec![image(1, 16), image(3, 32), image(3, 64)],
            decoder: vec![64, 32, 1],
            decoder_kernel: Some(flat(3)),
        },
        Preset {
            name: "cifar10",
            batch: 64,
            channels: 3,
            input: flat(32),
            encoder: vec![image(3, 64), image(3, 128), image(3, 128), image(3, 256)],
            decoder: vec![256, 128, 128, 3],
            decoder_kernel: None,
        },
        video_preset("video128", 128),
        video_preset("video256", 256),
    ]
}

/// All layers of all presets.
pub fn layers() -> Vec<Layer> {
    presets().iter().flat_map(layers_of).collect()
}

fn layers_of(preset: &Preset) -> Vec<Layer> {
    let mut layers = Vec::new();
    let (mut channels, mut size) = (preset.channels, preset.input);
    for (index, &(kernel, stride, out)) in preset.encoder.iter().enumerate() {
        let output = std::array::from_fn(|axis| {
            let padding = (kernel[axis] - 1) / 2;
            (size[axis] + 2 * padding - kernel[axis]) / stride[axis] + 1
        });
        layers.push(Layer {
            name: format!("{}_e{}", preset.name, index + 1),
            transposed: false,
            is_first: index == 0,
            batch: preset.batch,
            channels: [channels, out],
            input: size,
            output,
            kernel,
            stride,
        });
        (channels, size) = (out, output);
    }
    let encoder = layers.clone();
    for (index, (mirrored, &out)) in encoder.iter().rev().zip(&preset.decoder).enumerate() {
        layers.push(Layer {
            name: format!("{}_d{}", preset.name, index + 1),
            transposed: true,
            is_first: false,
            batch: preset.batch,
            channels: [channels, out],
            input: mirrored.output,
            output: mirrored.input,
            kernel: preset.decoder_kernel.unwrap_or(mirrored.kernel),
            stride: mirrored.stride,
        });
        channels = out;
    }
    layers
}
