use memae_data::dataset::read_cifar10_batch;
use memae_data::sample::{Frame, FrameColour, FrameFormat, Mask, ResizeFilter};

use crate::file::in_file;

/// The first byte holds colour and filter, the next two the height and width to resize to, 0 for the image's own.
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
    let mut format = FrameFormat::default()
        .with_colour(colour)
        .with_filter(filter);
    if height > 0 && width > 0 {
        format = format.with_size(height.into(), width.into());
    }
    if let Ok(frame) = Frame::decode(bytes, &format) {
        assert_eq!(frame.pixels.len(), frame.shape.len());
    }
}

pub fn mask(bytes: &[u8]) {
    let _ = Mask::decode(bytes);
}

pub fn cifar10(bytes: &[u8]) {
    let _ = in_file("data_batch_1.bin", bytes, |path| read_cifar10_batch(path));
}
