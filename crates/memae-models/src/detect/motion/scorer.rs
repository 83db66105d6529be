use burn::tensor::{Device, Tensor, TensorData};
use memae_core::loss::reconstruction_errors;
use memae_data::encode::{MotionField, MotionPreprocessing};
use memae_data::sample::PixelRectangle;
#[cfg(feature = "files")]
use memae_data::sample::Video;

use super::error::MotionDetectorError;
use crate::network::{Preprocessing, VectorAutoencoder, VectorAutoencoderConfig};
use crate::score::to_host;

/// How far motion is from normal: the way from videos to queries, and the autoencoder that these go through.
///
/// A [`MotionDetector`](super::MotionDetector) is a scorer with a threshold.
///
/// ```
/// use burn::tensor::Device;
/// use memae_data::drawn::WalkwayConfig;
/// use memae_data::encode::{MotionConfig, MotionPreprocessing};
/// use memae_data::sample::VideoConfig;
/// use memae_models::detect::MotionScorer;
/// use memae_models::train::MotionMemoryConfig;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let device = Device::flex();
/// let videos = WalkwayConfig::default().with_size(60, 90).with_train(1, 20).generate()?.to_video_set()?;
/// let way = MotionPreprocessing::new(&VideoConfig::default(), (60, 90), 10.0, &MotionConfig::default())?;
/// let (model, network) = MotionMemoryConfig::default().fit_videos(&way, &videos.train, &device)?;
/// let scorer = MotionScorer::new(model, network, way)?;
///
/// let scores = scorer.video_scores(&videos.train[0], &device)?;
/// assert_eq!(scores.iter().filter(|score| score.is_none()).count(), 8);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct MotionScorer {
    /// What queries go through, for inference.
    pub model: VectorAutoencoder,
    /// Its settings.
    pub network: VectorAutoencoderConfig,
    preprocessing: MotionPreprocessing,
}

/// How far from normal the motion at each place of a frame is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct MotionDistances {
    /// The largest of them, in heights of the frame a second.
    pub score: f64,
    /// The place it is at, of places that are equally far the first, in pixels of the frame as the way brings it to its size.
    pub place: PixelRectangle,
    /// The distance of each place, `[rows, columns]` flattened, ≥ 0.
    pub distances: Vec<f32>,
}

impl MotionScorer {
    /// A scorer of these parts.
    ///
    /// # Errors
    ///
    /// The way gives no motion, or queries of another width than the network takes; the model is not that of its settings.
    pub fn new(
        model: VectorAutoencoder,
        network: VectorAutoencoderConfig,
        preprocessing: MotionPreprocessing,
    ) -> Result<Self, MotionDetectorError> {
        network.validate()?;
        preprocessing.validate()?;
        let of_model = || {
            let (found, expected) = (model.input_dims(), [network.input.width]);
            (found != expected)
                .then(|| format!("a model for queries of {found:?} values, expected {expected:?}"))
        };
        let problem = preprocessing.problem(network.input).or_else(of_model);
        if let Some(problem) = problem {
            return Err(MotionDetectorError::Mismatch { problem });
        }
        Ok(Self {
            model,
            network,
            preprocessing,
        })
    }

    /// The way from videos to motion.
    pub fn preprocessing(&self) -> &MotionPreprocessing {
        &self.preprocessing
    }

    /// How far from normal the motion in a frame is, as this scorer's [way](Self::preprocessing) gives it: of each place
    /// ‖q − q̂‖, of the frame the largest. An error calls the frame by this number.
    ///
    /// # Errors
    ///
    /// A distance that is no number.
    ///
    /// # Panics
    ///
    /// Panics if the motion has other places than the way's.
    pub fn distances(
        &self,
        frame: u64,
        field: &MotionField,
        device: &Device,
    ) -> Result<MotionDistances, MotionDetectorError> {
        let layout = self.preprocessing.layout()?;
        let width = layout.query_len();
        let queries = layout.queries(field);
        let places = queries.len() / width;
        let queries = TensorData::new(queries, [places, width]);
        let queries = Tensor::<2>::from_data(queries, &device.clone().without_autodiff());
        let rebuilt = self.model.forward(queries.clone()).reconstruction;
        let squares = to_host(reconstruction_errors(rebuilt, queries));
        let distances: Vec<f64> = squares.into_iter().map(f64::sqrt).collect();
        if let Some(&found) = distances.iter().find(|distance| !distance.is_finite()) {
            return Err(MotionDetectorError::Score { frame, found });
        }
        let numbered = distances.iter().copied().enumerate();
        let (worst, score) = numbered.fold((0, 0.0), |worst, next| match next.1 > worst.1 {
            true => next,
            false => worst,
        });
        let columns = layout.columns();
        Ok(MotionDistances {
            score,
            place: layout.rectangle(worst / columns, worst % columns),
            distances: distances.iter().map(|&distance| distance as f32).collect(),
        })
    }

    /// The score of each frame of a video, in order; `None` where no motion is known.
    ///
    /// # Errors
    ///
    /// The video does not go the scorer's way: it can't be decoded, or has too few frames a second; a score that is no number.
    #[cfg(feature = "files")]
    pub fn video_scores(
        &self,
        video: &Video,
        device: &Device,
    ) -> Result<Vec<Option<f64>>, MotionDetectorError> {
        let numbered = (0..).zip(self.preprocessing.frames(video)?);
        numbered
            .map(|(frame, motion)| match motion?.field {
                Some(field) => Ok(Some(self.distances(frame, &field, device)?.score)),
                None => Ok(None),
            })
            .collect()
    }
}
