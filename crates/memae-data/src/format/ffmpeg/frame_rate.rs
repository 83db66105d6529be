//! How many frames a second a file has.

use std::path::Path;

use super::error::FfmpegError;
use super::packets::{Listing, MOST};
use super::program::Ffmpeg;

/// Steps this many times as long as usual are gaps, in which the recording stood still.
const GAP: f64 = 10.0;

impl Ffmpeg {
    /// Frames a second of a file, as its packets say; `None` where they don't.
    pub(crate) fn frame_rate(&self, path: &Path) -> Result<Option<f64>, FfmpegError> {
        let mut listing = Listing::start(self, path, false)?;
        let (mut decoded, mut shown) = (Vec::new(), Vec::new());
        while let Some(line) = listing.next() {
            // So many say it for the rest.
            if shown.len() == MOST {
                return Ok(frame_rate(decoded, shown));
            }
            decoded.push(line.decoded());
            shown.push(line.shown());
        }
        listing.end()?;
        Ok(frame_rate(decoded, shown))
    }
}

/// The mean rate outside of gaps: by the times at which frames are decoded, which go back where another recording begins, or else
/// by those at which they are shown.
fn frame_rate(decoded: Vec<Option<f64>>, mut shown: Vec<f64>) -> Option<f64> {
    let times = match decoded.into_iter().collect() {
        Some(times) => times,
        None => {
            shown.retain(|time| time.is_finite());
            shown.sort_by(f64::total_cmp);
            shown
        }
    };
    // Frames of one time are several in a step.
    let steps = times.windows(2).map(|pair| pair[1] - pair[0]);
    let steps: Vec<f64> = steps.filter(|step| *step >= 0.0).collect();
    let mut usual: Vec<f64> = steps.iter().copied().filter(|step| *step > 0.0).collect();
    if usual.is_empty() {
        return None;
    }
    let middle = usual.len() / 2;
    let (_, &mut usual, _) = usual.select_nth_unstable_by(middle, f64::total_cmp);
    let within = steps.iter().filter(|step| **step <= GAP * usual);
    let (count, seconds) = within.fold((0, 0.0), |(count, sum), step| (count + 1, sum + step));
    Some(f64::from(count) / seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_decoded(times: &[f64]) -> Option<f64> {
        frame_rate(times.iter().copied().map(Some).collect(), times.to_vec())
    }

    #[test]
    fn gaps_and_new_recordings_do_not_count() {
        assert_eq!(of_decoded(&[]), None);
        assert_eq!(of_decoded(&[3.0]), None);
        assert_eq!(of_decoded(&[3.0, 3.0]), None);
        assert_eq!(of_decoded(&[0.0, 0.25, 0.5, 0.75]), Some(4.0));
        assert_eq!(of_decoded(&[0.0, 0.25, 0.5, 90.0, 90.25, 90.5]), Some(4.0));
        assert_eq!(of_decoded(&[7.0, 7.25, 7.5, 0.0, 0.25, 0.5]), Some(4.0));
    }

    #[test]
    fn a_rate_that_varies_has_its_mean() {
        assert_eq!(of_decoded(&[0.0, 0.25, 0.75, 1.0]), Some(3.0));
        assert_eq!(of_decoded(&[0.0, 0.0, 0.5, 0.5, 1.0]), Some(4.0));
    }

    #[test]
    fn without_times_of_decoding_those_of_showing_count() {
        let shown = vec![0.0, 0.75, f64::NAN, 0.5, 0.25];
        let decoded = vec![Some(9.0), None, Some(1.0), None, None];
        assert_eq!(frame_rate(decoded, shown), Some(4.0));
        assert_eq!(frame_rate(vec![None], vec![f64::NAN]), None);
    }
}
