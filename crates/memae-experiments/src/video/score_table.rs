use std::path::Path;

use memae_models::score::Smoothing;

use super::outcome::VideoModelOutcome;
use super::source::VideoData;
use crate::ExperimentError;
use crate::output::replace_file;

/// Writes the score of every scored frame by every rule as CSV: video, frame, label (empty where there
/// is none), the detector's score, and one column a rule, not smoothed.
pub(super) fn save_scores(
    data: &VideoData,
    model: &VideoModelOutcome,
    path: &Path,
) -> Result<(), ExperimentError> {
    let rules: Vec<_> = model
        .rules
        .iter()
        .filter(|outcome| outcome.smoothing == Smoothing::Off)
        .collect();
    replace_file(path, |file| {
        let mut table = csv::Writer::from_writer(file);
        let names = ["video", "frame", "anomalous", "detector"];
        let header = names.iter().map(ToString::to_string);
        table.write_record(header.chain(rules.iter().map(|outcome| outcome.rule.name())))?;
        for video in 0..data.test.videos() {
            for index in data.test.clips_of(video) {
                let frame = data.test.scored_by(index);
                let label = data.labels[video].as_ref().map(|labels| labels[frame]);
                let about = [
                    data.test.video(video).name().to_string(),
                    frame.to_string(),
                    label.map_or(String::new(), |label| u8::from(label).to_string()),
                    model.detected.scores[index].to_string(),
                ];
                let scores = rules
                    .iter()
                    .map(|outcome| outcome.scores[index].to_string());
                table.write_record(about.into_iter().chain(scores))?;
            }
        }
        table.flush()
    })
    .map_err(|error| ExperimentError::write(path, error))
}
