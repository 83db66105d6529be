//! Which pixels of images are anomalous.

use std::ops::Range;

use burn::tensor::Device;
use memae_data::protocol::Calibration;
use memae_data::sample::ImageShape;

use super::batches::{batch_size, check_shape};
use super::detector::Detector;
use super::error::DetectorError;
use super::held_out::{grouped, single};
use super::pixel_threshold::{PixelThreshold, PixelThresholdConfig, check_sigma};
use super::threshold::DetectionThreshold;
use crate::network::SampleShape;
use crate::samples::Samples;
use crate::score::{AnomalyMap, Stitching, smoothed_map, smoothed_within, visit_error_maps};

impl Detector {
    /// The error above which a pixel is anomalous, if there is one.
    pub fn pixel_threshold(&self) -> Option<&PixelThreshold> {
        self.fitted.pixels.as_ref()
    }

    /// The same detector with a pixel threshold, which its file keeps.
    pub fn with_pixel_threshold(mut self, threshold: PixelThreshold) -> Self {
        self.fitted.pixels = Some(threshold);
        self
    }

    /// The same detector with a pixel threshold that no more than `rate` of normal images have any pixel above, by images
    /// that nothing has looked at before: what is calibrated ([`Calibration`](memae_data::protocol::Calibration)) is the largest error of
    /// each image's smoothed map. `groups` names the group of each, as in [`calibrate`](Self::calibrate). Of samples that are tiles it
    /// is the map of each picture that counts.
    ///
    /// # Errors
    ///
    /// As [`anomaly_maps`](Self::anomaly_maps); no images, or not one group for each; a rate that is not in (0, 1); a sigma
    /// that is not in [0, 100].
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use memae_data::drawn::DigitsConfig;
    /// use memae_models::detect::{Detector, DetectorConfig, PixelThresholdConfig};
    /// use memae_models::network::{ImageAutoencoderConfig, Variant};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let device = Device::flex();
    /// # let digits = DigitsConfig::default().with_train_per_class(4).with_test_per_class(2).generate();
    /// # let network = ImageAutoencoderConfig::mnist(Variant::MemAe);
    /// # let model = network.init(&device);
    /// let detector = Detector::fit(model, network, DetectorConfig::default(), &digits.train, &device)?;
    /// let config = PixelThresholdConfig::default().with_rate(0.05).with_sigma(1.5);
    /// let detector = detector.calibrate_pixels(&digits.test, None, config, &device)?;
    ///
    /// for map in detector.anomaly_maps(&digits.test, &device)? {
    ///     assert_eq!(map.size(), (28, 28));
    ///     println!("{} anomalous pixels", map.mask().unwrap().anomalous().iter().filter(|&&pixel| pixel).count());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn calibrate_pixels(
        self,
        held_out: &impl Samples<Shape = ImageShape>,
        groups: Option<&[usize]>,
        config: PixelThresholdConfig,
        device: &Device,
    ) -> Result<Self, DetectorError> {
        let calibration = self.pixel_calibration(held_out, groups, config.sigma, device)?;
        let threshold = DetectionThreshold::held_out(calibration, config.rate)?;
        Ok(self.with_pixel_threshold(PixelThreshold::new(config.sigma, threshold)?))
    }

    /// The largest errors of images that nothing has looked at before, smoothed with a standard deviation of `sigma` pixels, as
    /// [`calibrate_pixels`](Self::calibrate_pixels) chooses a threshold by: those of a fold, to be pooled with those of other detectors
    /// by [`DetectionThreshold::of_folds`].
    ///
    /// # Errors
    ///
    /// As [`anomaly_maps`](Self::anomaly_maps); no images, or not one group for each; a sigma that is not in [0, 100].
    pub fn pixel_calibration(
        &self,
        held_out: &impl Samples<Shape = ImageShape>,
        groups: Option<&[usize]>,
        sigma: f64,
        device: &Device,
    ) -> Result<Calibration, DetectorError> {
        check_sigma(sigma)?;
        let mut largest = Vec::with_capacity(held_out.len());
        self.visit_maps(held_out, sigma, device, |map| {
            largest.push(f64::from(map.largest()));
        })?;
        Ok(grouped(&largest, groups, held_out, || {
            single(largest.len())
        })?)
    }

    /// How anomalous each pixel of images is, `[height, width]` of the samples: squared errors summed over channels, smoothed
    /// as for the pixel threshold, and which of them are above it. Without a pixel threshold they are smoothed as by
    /// [`PixelThresholdConfig::default`], and none is said to be anomalous. What lies outside the mask of the preprocessing has
    /// an error of 0 and no part in the smoothing.
    ///
    /// Of samples that are tiles ([`Samples::pictures`]) there is one map for each picture, at the size that tiles were cut out of
    /// ([`TileGrid::size`](memae_data::sample::TileGrid::size)). It is stitched before it is smoothed ([`stitched_map`]).
    ///
    /// [`stitched_map`]: crate::score::stitched_map
    ///
    /// # Errors
    ///
    /// Images of another shape than those trained on, or one that can't be read; images that are no tiles, where the preprocessing
    /// cuts some; weights so large that an error is no number.
    pub fn anomaly_maps(
        &self,
        images: &impl Samples<Shape = ImageShape>,
        device: &Device,
    ) -> Result<Vec<AnomalyMap>, DetectorError> {
        let threshold = self.pixel_threshold();
        let sigma = match threshold {
            Some(threshold) => threshold.sigma(),
            None => PixelThresholdConfig::default().sigma,
        };
        let mut maps = Vec::with_capacity(images.len());
        self.visit_maps(images, sigma, device, |map| {
            maps.push(match threshold {
                Some(threshold) => map.with_threshold(threshold.value()),
                None => map,
            });
        })?;
        Ok(maps)
    }

    fn visit_maps(
        &self,
        images: &impl Samples<Shape = ImageShape>,
        sigma: f64,
        device: &Device,
        mut visit: impl FnMut(AnomalyMap),
    ) -> Result<(), DetectorError> {
        let shape = self.network.input;
        check_shape(images, shape)?;
        let way = self.preprocessing();
        let smoothed = |errors: &[f32], size| {
            let smooth = match way.and_then(|way| way.inside(size)) {
                Some(inside) => smoothed_within(errors, size, sigma, &inside),
                None => smoothed_map(errors, size, sigma),
            };
            AnomalyMap::new(size, smooth)
        };
        let Some(pictures) = images.pictures() else {
            if way.is_some_and(|way| way.tiles.is_some()) {
                return Err(DetectorError::NotTiled);
            }
            let size = (shape.height, shape.width);
            return self.visit_errors(images, 0..images.len(), device, |errors| {
                visit(smoothed(errors, size));
            });
        };
        let mut start = 0;
        for picture in &pictures {
            let tiles = start..start + picture.len();
            start = tiles.end;
            let mut stitching = Stitching::new(picture);
            self.visit_errors(images, tiles, device, |errors| stitching.add(errors))?;
            visit(smoothed(&stitching.finish(), picture.size()));
        }
        Ok(())
    }

    /// Calls `visit` with the errors of each of some images, up to one that has no number.
    fn visit_errors(
        &self,
        images: &impl Samples<Shape = ImageShape>,
        range: Range<usize>,
        device: &Device,
        mut visit: impl FnMut(&[f32]),
    ) -> Result<(), DetectorError> {
        let (mut index, mut problem) = (range.start, None);
        let size = batch_size(self.network.input);
        visit_error_maps(&self.model, images, range, size, device, |errors| {
            match errors.iter().find(|error| !error.is_finite()) {
                _ if problem.is_some() => {}
                Some(&found) => {
                    problem = Some(DetectorError::Score {
                        name: ImageShape::NAME,
                        index,
                        found: f64::from(found),
                    });
                }
                None => visit(&errors),
            }
            index += 1;
        })?;
        problem.map_or(Ok(()), Err)
    }
}
