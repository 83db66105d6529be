use memae_data::dataset::read_cifar10_batch;
use memae_data::sample::{
    Frame, FrameColour, FrameFormat, ImagePreprocessing, Mask, ResizeFilter, StoredRange,
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
