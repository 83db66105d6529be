//! Rivals on the motion of a small walkway, beside what they are by hand.

use burn::tensor::Device;
use memae_data::drawn::WalkwayConfig;
use memae_data::encode::{MotionConfig, MotionField, MotionPreprocessing};
use memae_data::metrics::roc_auc;
use memae_data::sample::{VideoConfig, VideoSet};
use memae_data::synthetic::MotionChange;
use memae_experiments::ExperimentError;
use memae_experiments::motion::{
    ChoiceConfig, MotionData, MotionExperiment, Rival, choice_table, motion_table,
};

const SIZE: (usize, usize) = (48, 72);

fn walkway() -> VideoSet {
    let config = WalkwayConfig::default()
        .with_size(SIZE.0, SIZE.1)
        .with_train(5, 40)
        .with_test(3, 60);
    config.generate().unwrap().to_video_set().unwrap()
}

fn way() -> MotionPreprocessing {
    let config = MotionConfig::default();
    MotionPreprocessing::new(&VideoConfig::default(), SIZE, 10.0, &config).unwrap()
}

fn norm_of(field: &MotionField) -> f64 {
    let norm = |query: &[f32; 8]| query.iter().map(|value| value * value).sum::<f32>().sqrt();
    f64::from(field.queries().map(norm).fold(0.0, f32::max))
}

#[test]
fn the_norm_is_that_of_the_queries() {
    let (set, device) = (walkway(), Device::flex());
    let data = MotionData::of(&set, &way()).unwrap();
    assert_eq!((data.train.len(), data.test.len()), (5, 3));
    let experiment = MotionExperiment::default()
        .with_rivals([Rival::Norm, Rival::Nearest { items: 5 }])
        .with_seeds([0, 1])
        .with_rates([0.3]);
    let found = experiment.run(&data, &device).unwrap();
    assert_eq!(found.len(), 2);

    let (mut scores, mut labels) = (Vec::new(), Vec::new());
    for video in &data.test {
        let anomalous = video.anomalous.as_ref().unwrap();
        for (field, anomalous) in video.fields.iter().zip(anomalous) {
            if let Some(field) = field {
                scores.push(norm_of(field));
                labels.push(*anomalous);
            }
        }
    }
    let expected = roc_auc(&scores, &labels).unwrap();
    let (rival, figures) = &found[0];
    assert_eq!(*rival, Rival::Norm);
    for figures in figures {
        assert!((figures.raw - expected).abs() < 1e-12, "{figures:?}");
        // Its threshold is one of the scores of the video that was held out.
        let flagged = figures.flagged[0];
        assert_eq!(flagged.asked, 0.3);
        let share = |above: f64, of: bool| {
            let of_kind = scores
                .iter()
                .zip(&labels)
                .filter(|(_, label)| **label == of);
            let all = of_kind.clone().count() as f64;
            of_kind.filter(|(score, _)| **score > above).count() as f64 / all
        };
        let held_out = data
            .train
            .iter()
            .flat_map(|video| video.fields.iter().flatten());
        let is_one = held_out.map(norm_of).any(|above| {
            share(above, false) == flagged.normal && share(above, true) == flagged.anomalous
        });
        assert!(is_one, "{flagged:?}");
        assert!(figures.pixels.is_some_and(|auc| auc > 0.5), "{figures:?}");
    }
    // What is learned of other videos is not the same.
    assert_ne!(found[1].1[0].raw, found[1].1[1].raw);
    let table = motion_table(&found);
    assert_eq!(table.lines().count(), 4);
    assert!(table.contains("| memory, nearest of 5 items |"), "{table}");
}

#[test]
fn settings_are_chosen_by_changed_motion() {
    let (set, device) = (walkway(), Device::flex());
    let config = ChoiceConfig::default()
        .with_settings([0.1, 0.2].map(|window| MotionConfig::default().with_window(window)))
        .with_rivals([Rival::Norm, Rival::Nearest { items: 5 }])
        .with_changes([MotionChange::Faster { factor: 3.0 }, MotionChange::Mirrored]);
    let choices = config.choose(&way(), &set.train, &device).unwrap();
    assert_eq!(choices.len(), 4);
    assert!(
        choices
            .windows(2)
            .all(|pair| pair[0].mean() >= pair[1].mean())
    );
    for choice in &choices {
        assert!(choice.aucs[0] > 0.5, "{choice:?}");
        // The norm does not see a direction.
        if choice.rival == Rival::Norm {
            assert!((choice.aucs[1] - 0.5).abs() < 0.1, "{choice:?}");
        }
    }
    assert_eq!(choice_table(&choices, &config.changes).lines().count(), 6);

    let none = config.with_rivals([]);
    let error = none.choose(&way(), &set.train, &device).unwrap_err();
    assert!(
        matches!(error, ExperimentError::NothingToMeasure),
        "{error}"
    );
}

#[test]
fn sets_without_training_videos_are_errors() {
    let mut set = walkway();
    set.train.clear();
    let error = MotionData::of(&set, &way()).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("found 0 training videos and 3 test videos"),
        "{error}"
    );
}
