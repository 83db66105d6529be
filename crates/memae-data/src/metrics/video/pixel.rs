//! How well error maps find anomalous pixels.

use super::VideoMetricError;
use super::regions::regions;
use crate::metrics::MetricError;

/// Error maps of frames or images and the masks they are judged by, pixel by pixel.
///
/// They are added one at a time and need not be kept, and each may have a size of its own: every pixel counts alike, whichever
/// image it is of. A normal pixel takes 4 bytes, an anomalous one 8.
///
/// ```
/// use memae_data::metrics::PixelScores;
///
/// let mut pixels = PixelScores::new();
/// pixels.push(&[0.1, 0.9, 0.2, 0.3], &[false, true, false, true], (2, 2))?;
/// pixels.push(&[0.1, 0.0, 0.4, 0.2], &[false; 4], (2, 2))?;
/// let ranking = pixels.rank()?;
/// assert_eq!(ranking.auc(), 11.0 / 12.0);
/// assert_eq!(ranking.aupro(1.0)?, 11.0 / 12.0);
/// # Ok::<(), memae_data::metrics::VideoMetricError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct PixelScores {
    normal: Vec<f32>,
    /// Scores of the anomalous pixels, each with its region.
    anomalous: Vec<(f32, u32)>,
    /// Pixels of each region.
    region_sizes: Vec<usize>,
}

impl PixelScores {
    /// No pixels yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a frame or an image: its error map and whether each pixel is anomalous, both `[height, width]` flattened, and this height
    /// and width. Each region of touching anomalous pixels counts as one region of AUPRO.
    ///
    /// # Errors
    ///
    /// The mask has not the size given, or the map not that of the mask; the map has a value that is NaN. Then nothing is
    /// added.
    pub fn push(
        &mut self,
        map: &[f32],
        anomalous: &[bool],
        (height, width): (usize, usize),
    ) -> Result<(), VideoMetricError> {
        self.push_within(map, anomalous, (height, width), None)
    }

    /// As [`push`](Self::push), of the pixels within a region alone, `[height, width]` flattened, such as
    /// [`Region::covered`](crate::sample::Region::covered) gives it; the others take no part.
    ///
    /// # Errors
    ///
    /// As [`push`](Self::push); the region has not as many pixels as the mask.
    ///
    /// ```
    /// use memae_data::metrics::PixelScores;
    ///
    /// let mut pixels = PixelScores::new();
    /// let inside = [true, true, false];
    /// pixels.push_within(&[0.1, 0.9, 0.5], &[false, true, true], (1, 3), Some(&inside))?;
    /// assert_eq!(pixels.counts(), (1, 1));
    /// # Ok::<(), memae_data::metrics::VideoMetricError>(())
    /// ```
    pub fn push_within(
        &mut self,
        map: &[f32],
        anomalous: &[bool],
        (height, width): (usize, usize),
        inside: Option<&[bool]>,
    ) -> Result<(), VideoMetricError> {
        if height.checked_mul(width) != Some(anomalous.len()) {
            return Err(VideoMetricError::MaskSize {
                values: anomalous.len(),
                height,
                width,
            });
        }
        if let Some(inside) = inside.filter(|inside| inside.len() != anomalous.len()) {
            return Err(VideoMetricError::RegionSize {
                values: inside.len(),
                height,
                width,
            });
        }
        if map.len() != anomalous.len() {
            return Err(VideoMetricError::MapSize {
                values: map.len(),
                height,
                width,
            });
        }
        if let Some(index) = map.iter().position(|value| value.is_nan()) {
            return Err(MetricError::NotANumber { index }.into());
        }
        let before = self.region_sizes.len();
        let is_inside = |pixel: usize| inside.is_none_or(|inside| inside[pixel]);
        let numbers = match inside {
            Some(inside) => {
                let within = anomalous.iter().zip(inside);
                let within: Vec<bool> = within.map(|(&here, &inside)| here && inside).collect();
                regions(&within, width)
            }
            None => regions(anomalous, width),
        };
        for (pixel, (&score, region)) in map.iter().zip(numbers).enumerate() {
            if !is_inside(pixel) {
                continue;
            }
            // Adding 0 turns -0 into +0: the two are equal scores, but `total_cmp` would rank them.
            let score = score + 0.0;
            if region == 0 {
                self.normal.push(score);
                continue;
            }
            let region = before + region as usize - 1;
            if region >= self.region_sizes.len() {
                self.region_sizes.resize(region + 1, 0);
            }
            self.region_sizes[region] += 1;
            self.anomalous.push((score, region as u32));
        }
        Ok(())
    }

    /// Normal and anomalous pixels.
    pub fn counts(&self) -> (usize, usize) {
        (self.normal.len(), self.anomalous.len())
    }

    /// Regions of touching anomalous pixels.
    pub fn regions(&self) -> usize {
        self.region_sizes.len()
    }

    /// Ranks the pixels, which takes no further memory.
    ///
    /// # Errors
    ///
    /// No pixels, or pixels of one kind only.
    pub fn rank(mut self) -> Result<PixelRanking, VideoMetricError> {
        match self.counts() {
            (0, 0) => return Err(MetricError::Empty.into()),
            (samples, 0) => return Err(MetricError::NoAnomalies { samples }.into()),
            (0, samples) => return Err(MetricError::NoNormals { samples }.into()),
            _ => {}
        }
        self.normal.sort_unstable_by(|a, b| b.total_cmp(a));
        // By region too, so that sums do not depend on the order in which pixels came.
        self.anomalous
            .sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        Ok(PixelRanking { descending: self })
    }
}

/// The pixels of [`PixelScores`] in the order of their scores; pixels of both kinds.
#[derive(Debug, Clone)]
pub struct PixelRanking {
    descending: PixelScores,
}

impl PixelRanking {
    /// The false positive rate up to which AUPRO is usually taken.
    pub const AUPRO_LIMIT: f64 = 0.3;

    /// Pixel-level AUC: one ROC over the pixels of all frames or images. In [0, 1]; 0.5 is chance.
    pub fn auc(&self) -> f64 {
        let mut half_pairs: u128 = 0;
        let mut above: u128 = 0;
        self.descend(|normal, anomalous| {
            let here = anomalous.len() as u128;
            half_pairs += normal as u128 * (2 * above + here);
            above += here;
        });
        half_pairs as f64 / (2 * above * self.descending.normal.len() as u128) as f64
    }

    /// Average precision over the pixels of all frames or images: the precision at each distinct score, weighted by the recall gained there.
    /// In (0, 1]; chance is the share of anomalous pixels.
    pub fn average_precision(&self) -> f64 {
        let (mut sum, mut found, mut flagged) = (0.0, 0, 0);
        self.descend(|normal, anomalous| {
            found += anomalous.len();
            flagged += normal + anomalous.len();
            sum += anomalous.len() as f64 * (found as f64 / flagged as f64);
        });
        sum / self.descending.anomalous.len() as f64
    }

    /// The highest F1 that a threshold on the pixels has, in (0, 1], and the lowest score that it flags; of several such
    /// thresholds the highest. It is chosen with the masks in sight, so that it is a limit, not what to expect of new frames.
    pub fn best_f1(&self) -> (f64, f32) {
        let all = self.descending.anomalous.len();
        let (mut best, mut found, mut flagged) = ((0.0, f32::INFINITY), 0, 0);
        self.descend(|normal, anomalous| {
            found += anomalous.len();
            flagged += normal + anomalous.len();
            let f1 = 2.0 * found as f64 / (flagged + all) as f64;
            // Precision and recall rise only where an anomalous pixel is flagged.
            if let (Some(&(score, _)), true) = (anomalous.first(), f1 > best.0) {
                best = (f1, score);
            }
        });
        best
    }

    /// AUPRO: the area under the curve of the mean overlap of each region against the false positive rate, from rate
    /// 0 to `limit`, divided by `limit`. In [0, 1].
    ///
    /// The overlap of a region is the share of its pixels that score at least the threshold, so that a small region
    /// counts as much as a large one; the false positive rate is the share of all normal pixels that do. Between the
    /// thresholds the curve is straight, and it is cut at the limit. [`AUPRO_LIMIT`](Self::AUPRO_LIMIT) is the usual
    /// limit.
    ///
    /// Source: P. Bergmann, K. Batzner, M. Fauser, D. Sattlegger, C. Steger, "The MVTec Anomaly Detection Dataset",
    /// IJCV 2021.
    ///
    /// # Errors
    ///
    /// A limit that is not in (0, 1].
    pub fn aupro(&self, limit: f64) -> Result<f64, VideoMetricError> {
        if !(limit > 0.0 && limit <= 1.0) {
            return Err(VideoMetricError::RateLimit { found: limit });
        }
        let normals = self.descending.normal.len() as f64;
        let sizes = &self.descending.region_sizes;
        let mut area = 0.0;
        let (mut passed, mut rate, mut overlap) = (0, 0.0, 0.0);
        self.descend(|normal, anomalous| {
            passed += normal;
            let next_rate = passed as f64 / normals;
            let gained: f64 = anomalous
                .iter()
                .map(|&(_, region)| 1.0 / sizes[region as usize] as f64)
                .sum();
            let next_overlap = overlap + gained / sizes.len() as f64;
            if next_rate <= limit {
                area += (next_rate - rate) * (overlap + next_overlap) / 2.0;
            } else if rate < limit {
                let cut = overlap + (next_overlap - overlap) * (limit - rate) / (next_rate - rate);
                area += (limit - rate) * (overlap + cut) / 2.0;
            }
            rate = next_rate;
            overlap = next_overlap;
        });
        // Shares of a region may add up to a little more than 1.
        Ok((area / limit).min(1.0))
    }

    /// Calls `level` for each distinct score in descending order, with the number of normal pixels of that score and
    /// its anomalous pixels.
    fn descend(&self, mut level: impl FnMut(usize, &[(f32, u32)])) {
        let mut normal = &self.descending.normal[..];
        let mut anomalous = &self.descending.anomalous[..];
        loop {
            let score = match (normal.first(), anomalous.first()) {
                (Some(&n), Some(&(a, _))) => n.max(a),
                (Some(&n), None) => n,
                (None, Some(&(a, _))) => a,
                (None, None) => return,
            };
            let normal_here = normal.iter().take_while(|&&n| n == score).count();
            let anomalous_here = anomalous.iter().take_while(|&&(a, _)| a == score).count();
            level(normal_here, &anomalous[..anomalous_here]);
            normal = &normal[normal_here..];
            anomalous = &anomalous[anomalous_here..];
        }
    }
}
