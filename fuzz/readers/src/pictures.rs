use memae_data::dataset::read_cifar10_batch;
use memae_data::sample::{
    Frame, FrameColour, FrameFormat, ImagePreprocessing, Mask, ResizeFilter, StoredRange,
    VideoConfig,
};

use crate::file::in_file;

/// The first byte holds colour, filter, range and background, the next two the height and width to resize to, 0 for the
/// image's own.
pub fn image(bytes: &[u8]) {
    let Some((&[settings, height, width], bytes)) = bytes.split_first_chunk() else {
        return;
    };
    let colour = match settings & 1 {
        0 => FrameColour::Grey,
        _ => FrameColour::Rgb,
    };
    let filter = [
        ResizeFilter::Nearest,
        ResizeFilter::Triangle,
        ResizeFilter::CatmullRom,
        ResizeFilter::Lanczos3,
    ][usize::from(settings >> 1 & 3)];
    let range = match settings & 8 {
        0 => StoredRange::Full,
        _ => StoredRange::given(-3.0, 4095.0),
    };
    let mut preprocessing = ImagePreprocessing::default()
        .with_colour(colour)
        .with_filter(filter)
        .with_range(range)
        .with_background([settings & 16; 3]);
    if height > 0 && width > 0 {
        preprocessing = preprocessing.with_size(height.into(), width.into());
    }
    if let Ok(prepared) = preprocessing.decode(bytes) {
        let values = prepared.pixels.scaled();
        assert_eq!(values.len(), prepared.shape.len());
        assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
    }
    let _ = Frame::decode(bytes, &FrameFormat::default());
}

pub fn mask(bytes: &[u8]) {
    let _ = Mask::decode(bytes);
}

pub fn cifar10(bytes: &[u8]) {
    let _ = in_file("data_batch_1.bin", bytes, |path| read_cifar10_batch(path));
}

/// The first byte holds colour and rate, the rest is a stream of frames.
pub fn y4m(bytes: &[u8]) {
    let Some((&settings, stream)) = bytes.split_first() else {
        return;
    };
    let format = match settings & 1 {
        0 => FrameFormat::default(),
        _ => FrameFormat::default().with_colour(FrameColour::Rgb),
    };
    let opening = match settings & 2 {
        0 => VideoConfig::default(),
        _ => VideoConfig::default().with_rate(f64::from(settings / 4 + 1)),
    };
    let Ok(frames) = opening.read_y4m("stream", stream, &format) else {
        return;
    };
    let mut bytes = 0;
    for frame in frames.map_while(Result::ok) {
        assert_eq!(frame.pixels.len(), frame.shape.len());
        // Each came with its mark, and with a byte for every pixel at least.
        bytes += 6 + frame.shape.height * frame.shape.width;
        assert!(bytes <= stream.len());
    }
}
