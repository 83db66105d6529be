//! Heat maps of pictures as they lie in files.

use std::path::Path;

use burn::tensor::Device;
use memae_data::format::shown;
use memae_data::sample::{Images, ShownImage, TileGrid};

use super::any::{AnyDetector, FileVerdictError, of_samples};
use super::threshold::Verdict;
use crate::samples::Tiled;
use crate::score::AnomalyMap;

/// A picture, what a detector says of it, and where it is anomalous.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct FileHeatMap {
    /// What the detector says of the whole picture.
    pub verdict: Verdict,
    /// The picture as a viewer shows it, at its own size.
    pub picture: ShownImage,
    /// How anomalous each of its pixels is, at the size of the picture; 0 outside the region of interest.
    pub map: AnomalyMap,
    /// Which of its pixels lie in the region of interest, row by row; `None` without one.
    pub inside: Option<Vec<bool>>,
    /// Where the samples that were made of it lie.
    pub grid: TileGrid,
    /// The tile that has the score; 0 where the picture is one sample.
    pub worst_tile: usize,
}

impl AnyDetector {
    /// Scores a picture in a file and says where it is anomalous; the file is decoded once.
    ///
    /// The map is that of the sample, or of all tiles of the picture ([`Detector::anomaly_maps`](super::Detector::anomaly_maps)),
    /// brought back to the size of the picture as it is turned, so that it lies over the picture whatever size and shape samples
    /// have.
    ///
    /// # Errors
    ///
    /// As [`detect_file`](Self::detect_file); the detector is none of images.
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use memae_data::drawn::DigitsConfig;
    /// use memae_data::sample::{FrameColour, ImagePreprocessing};
    /// use memae_models::detect::{AnyDetector, Detector, DetectorConfig, PixelThresholdConfig};
    /// use memae_models::network::{ImageAutoencoderConfig, Variant};
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let folder = tempfile::tempdir()?;
    /// # let picture = folder.path().join("picture.pgm");
    /// # std::fs::write(&picture, [&b"P5 60 40 255\n"[..], &[9; 2400]].concat())?;
    /// # let device = Device::flex();
    /// # let digits = DigitsConfig::default().with_train_per_class(5).with_test_per_class(1).generate();
    /// # let network = ImageAutoencoderConfig::mnist(Variant::MemAe);
    /// # let model = network.init(&device);
    /// let preprocessing = ImagePreprocessing::default().with_colour(FrameColour::Grey).with_size(28, 28);
    /// let detector = Detector::fit(model, network, DetectorConfig::default(), &digits.train, &device)?
    ///     .with_preprocessing(preprocessing)?
    ///     .calibrate_pixels(&digits.test, None, PixelThresholdConfig::default(), &device)?;
    ///
    /// let found = AnyDetector::Image(Box::new(detector)).heat_map_file(&picture, &device)?;
    /// assert_eq!((found.picture.height, found.picture.width), (40, 60));
    /// assert_eq!(found.map.size(), (40, 60));
    /// println!("{:.2}, largest error {:.3}", found.verdict.score, found.map.largest());
    /// # Ok(())
    /// # }
    /// ```
    pub fn heat_map_file(
        &self,
        path: impl AsRef<Path>,
        device: &Device,
    ) -> Result<FileHeatMap, FileVerdictError> {
        let path = path.as_ref();
        let Self::Image(detector) = self else {
            return Err(FileVerdictError::NoImages {
                path: shown(path),
                kind: self.kind(),
            });
        };
        let preprocessing = detector.preprocessing();
        let preprocessing = preprocessing.ok_or_else(|| FileVerdictError::NoPreprocessing {
            path: shown(path),
            kind: self.kind(),
        })?;
        let (prepared, picture) = preprocessing.read_shown(path)?;
        let images = Images::new(prepared.shape, prepared.pixels);
        let images = images.map_err(|error| FileVerdictError::Images {
            path: shown(path),
            error,
        })?;
        let grid = prepared.grid;
        let grids = preprocessing.tiles.map(|_| vec![grid.clone()]);
        let images = Tiled::new(images, grids);
        let verdicts = of_samples(detector.detect_tiles(&images, device), path)?;
        let maps = of_samples(detector.anomaly_maps(&images, device), path)?;
        let (verdict, map) = (verdicts.into_iter().next(), maps.into_iter().next());
        let (Some((verdict, worst_tile)), Some(map)) = (verdict, map) else {
            unreachable!("one image has one verdict and one map");
        };
        let size = grid.picture();
        let map = map.resized(grid.crop().size());
        let map = map.in_picture(grid.crop(), size);
        let region = preprocessing.region.as_ref();
        let inside = region.map(|region| region.covered(size));
        Ok(FileHeatMap {
            verdict,
            map: match &inside {
                Some(inside) => map.within(inside),
                None => map,
            },
            inside,
            grid,
            worst_tile,
            picture,
        })
    }
}
