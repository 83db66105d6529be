//! The values of an image as its file has them.

use image::DynamicImage;

use super::depth::PixelDepth;

/// The pixels of an image as its file has them.
pub(in crate::sample) struct Stored<'a> {
    /// In the byte order of this machine.
    bytes: &'a [u8],
    /// Channels of colour: 1 or 3.
    pub(in crate::sample) colours: usize,
    channels: usize,
    pub(in crate::sample) depth: PixelDepth,
}

/// One pixel.
pub(in crate::sample) struct StoredPixel {
    /// Red, green and blue; three times the same where the image is grey.
    pub(in crate::sample) colour: [f64; 3],
    /// From 0, transparent, to 1.
    pub(in crate::sample) alpha: f64,
}

impl<'a> Stored<'a> {
    pub(in crate::sample) fn of(image: &'a DynamicImage) -> Self {
        let color = image.color();
        let channels = usize::from(color.channel_count());
        Self {
            bytes: image.as_bytes(),
            colours: channels - usize::from(color.has_alpha()),
            channels,
            depth: PixelDepth::of(image),
        }
    }

    pub(in crate::sample) fn pixels(&self) -> impl Iterator<Item = StoredPixel> + Clone {
        let bytes = self.depth.bytes();
        let (depth, channels, colours) = (self.depth, self.channels, self.colours);
        self.bytes.chunks_exact(bytes * channels).map(move |pixel| {
            let value = |channel: usize| depth.value(&pixel[channel * bytes..][..bytes]);
            let colour = match colours {
                1 => [value(0); 3],
                _ => [value(0), value(1), value(2)],
            };
            let alpha = match channels > colours {
                true => value(channels - 1) / depth.full().unwrap_or(1.0),
                false => 1.0,
            };
            StoredPixel { colour, alpha }
        })
    }
}
