//! The whole way from videos to figures, pictures and a detector for a stream.

use burn::tensor::Device;
use memae_data::dataset::VideoLayout;
use memae_data::drawn::WalkwayConfig;
use memae_data::encode::{ClipsConfig, PixelRange};
use memae_data::sample::{FrameFormat, TestVideo};
use memae_data::sample::{Video, VideoSet};
use memae_experiments::ExperimentError;
use memae_experiments::video::{
    VideoData, VideoExperiment, VideoReport, VideoSource, VideoWeights,
};
use memae_models::detect::{GapPolicy, VideoDetector, VideoDetectorConfig};
use memae_models::network::{Variant, VideoAutoencoderConfig};
use memae_models::score::{ClipScoreRule, Smoothing};
use memae_models::train::{Interrupter, ProgressDisplay, TrainConfig, TrainError};

const SIDE: usize = 32;

fn clips() -> ClipsConfig {
    ClipsConfig::default().with_size(SIDE, SIDE)
}

fn walkway() -> WalkwayConfig {
    WalkwayConfig::default()
        .with_size(SIDE, SIDE)
        .with_train(2, 40)
        .with_test(2, 90)
}

fn set() -> VideoSet {
    walkway().generate().unwrap().to_video_set().unwrap()
}

fn experiment() -> VideoExperiment {
    let network = VideoAutoencoderConfig::video(Variant::MemAe)
        .with_frame_size(SIDE, SIDE)
        .with_channels_scale(0.04)
        .unwrap();
    let train = TrainConfig::video()
        .with_epochs(2)
        .with_samples_per_epoch(Some(8))
        .with_batch_size(4);
    VideoExperiment::new(network, train, Device::flex())
        .with_display(ProgressDisplay::Silent)
        .with_detector(VideoDetectorConfig {
            smoothing: Smoothing::Mean { scores: 3 },
            ..VideoDetectorConfig::default()
        })
}

/// Whether a folder, or one below it, is called so.
fn holds(folder: &std::path::Path, name: &str) -> bool {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders = entries.filter(|entry| entry.path().is_dir());
    folders.any(|entry| entry.file_name() == name || holds(&entry.path(), name))
}

/// The share of pairs of an anomalous and a normal frame in which the anomalous one scores more, ties by half.
fn pairs_won(scores: &[f64], anomalous: &[bool]) -> f64 {
    assert_eq!(scores.len(), anomalous.len());
    let of = |kind: bool| {
        let frames = scores.iter().zip(anomalous);
        frames
            .filter(move |frame| *frame.1 == kind)
            .map(|frame| *frame.0)
    };
    let won: f64 = of(true)
        .flat_map(|anomalous| {
            of(false).map(move |normal| match anomalous.total_cmp(&normal) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            })
        })
        .sum();
    won / (of(true).count() * of(false).count()) as f64
}

/// The scores of one video with its lowest at 0 and its highest at 1.
fn normalised(scores: &[f64]) -> Vec<f64> {
    let lowest = scores.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    scores
        .iter()
        .map(|score| (score - lowest) / (highest - lowest))
        .collect()
}

#[test]
fn every_form_is_trained_tested_and_saved() {
    let data = VideoSource::Embedded(walkway()).open(&clips()).unwrap();
    let forms = vec![Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe];
    let outcome = experiment()
        .with_variants(forms.clone())
        .with_curve(true)
        .run(&data)
        .unwrap();

    // Clip s scores frame s + 8.
    let tests = set().test;
    let labels: Vec<bool> = tests
        .iter()
        .flat_map(|video| video.labels().unwrap().unwrap()[8..8 + 90 - 15].to_vec())
        .collect();
    let names: Vec<&str> = outcome.models.iter().map(|m| m.name.as_str()).collect();
    assert_eq!(
        names,
        forms.iter().map(|form| form.name()).collect::<Vec<_>>()
    );
    for (model, form) in outcome.models.iter().zip(&forms) {
        assert_eq!(
            model.detector.network.memory.is_some(),
            *form != Variant::Ae
        );
        // Each rule as it is and smoothed; three more where there is a memory.
        let rules = if *form == Variant::Ae { 11 } else { 14 };
        assert_eq!(model.rules.len(), 2 * rules);
        for rule in model.rules.iter().chain([&model.detected]) {
            assert_eq!(rule.scores.len(), 2 * (90 - 15));
            let auc = rule.auc.unwrap();
            let expected = pairs_won(&rule.scores, &labels);
            assert!((auc.raw - expected).abs() < 1e-9, "{}: {expected}", auc.raw);
            let normalised: Vec<f64> = rule.scores.chunks(90 - 15).flat_map(normalised).collect();
            let expected = pairs_won(&normalised, &labels);
            assert!(
                (auc.reference - expected).abs() < 1e-9,
                "{}: {expected}",
                auc.reference
            );
        }
        assert!(model.pixels.unwrap().regions > 0);
        // The last epoch's curve is the test of the network that comes out.
        assert_eq!(model.curve.len(), 2);
        let mean_error = model.rules[0].auc.unwrap();
        assert!((model.curve[1].auc.raw - mean_error.raw).abs() < 1e-9);
        assert!((model.curve[1].auc.reference - mean_error.reference).abs() < 1e-9);
    }

    let folder = tempfile::tempdir().unwrap();
    outcome.save(folder.path()).unwrap();
    let report = outcome.report("flex");
    report.save(folder.path().join("report.json")).unwrap();
    let text = std::fs::read_to_string(folder.path().join("report.json")).unwrap();
    // JSON keeps all but the last bit of a figure.
    let table = report.table();
    let read: VideoReport = serde_json::from_str(&text).unwrap();
    assert_eq!(read.table(), table);
    assert_eq!(
        (&read.network, &read.training),
        (&report.network, &report.training)
    );
    for name in names {
        assert!(
            table.contains(&format!("{name}: frame-level AUC by")),
            "{table}"
        );
    }
    let mut files: Vec<String> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    assert_eq!(
        files,
        [
            "ae.safetensors",
            "curve.png",
            "memae.safetensors",
            "memae_nonspar.safetensors",
            "report.json",
            "roc.png",
            "scores.png",
            "scores_ae.csv",
            "scores_memae.csv",
            "scores_memae_nonspar.csv",
            "training.png",
            "worst_frames_ae.png",
            "worst_frames_memae.png",
            "worst_frames_memae_nonspar.png",
        ]
    );
    for picture in files.iter().filter(|name| name.ends_with(".png")) {
        let size = image::image_dimensions(folder.path().join(picture)).unwrap();
        assert!(size.0 > 300 && size.1 > 200, "{picture}: {size:?}");
    }

    let mut table = csv::Reader::from_path(folder.path().join("scores_memae.csv")).unwrap();
    assert_eq!(table.headers().unwrap().len(), 4 + 14);
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 2 * (90 - 15));
    assert_eq!((&rows[75][0], &rows[75][1]), ("test-02", "8"));
    for (row, score) in rows.iter().zip(&outcome.models[2].detected.scores) {
        assert_eq!(row[3].parse::<f64>().unwrap(), *score);
    }

    // The saved detector gives a stream the scores that the experiment reported.
    let detector =
        VideoDetector::load(folder.path().join("memae.safetensors"), &Device::flex()).unwrap();
    let video = &set().test[1].video;
    let mut stream = detector.stream(GapPolicy::Refuse, &Device::flex());
    let mut streamed = Vec::new();
    for (number, frame) in video.frames(&FrameFormat::default()).unwrap().enumerate() {
        let frame = frame.unwrap();
        let score = stream
            .push_pixels(number as u64, frame.shape, &frame.pixels)
            .unwrap();
        streamed.extend(score.map(|score| score.score));
    }
    let reported = &outcome.models[2].detected.scores[data.test.clips_of(1)];
    assert_eq!(streamed.len(), reported.len());
    for (streamed, reported) in streamed.iter().zip(reported) {
        assert!((streamed - reported).abs() < 1e-5, "{streamed} {reported}");
    }
}

#[test]
fn given_weights_are_tested_without_training() {
    let data = VideoSource::Embedded(walkway()).open(&clips()).unwrap();
    let trained = experiment().run(&data).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (ours, theirs) = (
        folder.path().join("detector.safetensors"),
        folder.path().join("weights.safetensors"),
    );
    let detector = &trained.models[0].detector;
    detector.save(&ours).unwrap();
    detector.model.save_for_pytorch(&theirs).unwrap();

    for path in [&ours, &theirs] {
        let network = experiment().network;
        let device = Device::flex();
        let weights = match path == &ours {
            true => VideoWeights::detector(path, &device),
            false => VideoWeights::pytorch(path, &network, &device),
        };
        let weights = weights.unwrap();
        assert_eq!(weights.network(), &network);
        let tested = experiment().run_weights(&weights, &data).unwrap();
        let (before, after) = (&trained.models[0], &tested.models[0]);
        assert_eq!(before.detector.threshold(), after.detector.threshold());
        assert_eq!(before.detected.auc, after.detected.auc);
        assert!(after.history.epochs.is_empty());
        let report = tested.report("flex");
        assert_eq!(report.training, None);
        tested.save(folder.path().join("out")).unwrap();
        assert!(!folder.path().join("out/training.png").exists());
    }

    // A detector knows how its pixels were scaled.
    let weights = VideoWeights::detector(&ours, &Device::flex()).unwrap();
    let scaled = clips().with_range(PixelRange::Unit);
    let scaled = VideoSource::Embedded(walkway()).open(&scaled).unwrap();
    let error = experiment().run_weights(&weights, &scaled).unwrap_err();
    assert_eq!(
        error.to_string(),
        "pixels of the clips are Unit, the detector expects SignedUnit"
    );

    std::fs::write(&ours, b"neither").unwrap();
    let error = VideoWeights::detector(&ours, &Device::flex()).unwrap_err();
    assert!(
        error.to_string().starts_with(&ours.display().to_string()),
        "{error}"
    );
}

#[test]
fn videos_without_labels_are_scored() {
    let mut set = set();
    for test in &mut set.test {
        *test = TestVideo::new(test.video.clone());
    }
    let data = VideoData::new("no labels", &set, &clips()).unwrap();
    let outcome = experiment().run(&data).unwrap();
    let model = &outcome.models[0];
    assert!(model.rules.iter().all(|rule| rule.auc.is_none()));
    assert_eq!(model.pixels, None);
    let report = outcome.report("flex");
    assert_eq!(report.models[0].true_positive_rate, None);
    let folder = tempfile::tempdir().unwrap();
    outcome.save(folder.path()).unwrap();
    assert!(!folder.path().join("roc.png").exists());
    assert!(folder.path().join("scores.png").exists());
}

#[test]
fn normal_test_videos_have_no_auc() {
    let mut set = set();
    set.test.truncate(1);
    set.test[0] = TestVideo::new(set.test[0].video.clone()).with_labels(vec![false; 90]);
    let data = VideoData::new("all normal", &set, &clips()).unwrap();
    let report = experiment().run(&data).unwrap().report("flex");
    let model = &report.models[0];
    assert!(model.rules.iter().all(|rule| rule.auc.is_none()));
    assert!(model.false_positive_rate.is_some() && model.true_positive_rate.is_none());
}

#[test]
fn what_cannot_be_run_is_an_error() {
    let data = VideoSource::Embedded(walkway()).open(&clips()).unwrap();
    let message = |result: Result<_, ExperimentError>| result.unwrap_err().to_string();

    let mut plain = experiment();
    plain.network = plain.network.with_memory(None);
    assert!(matches!(plain.run(&data), Err(ExperimentError::NoMemory)));

    let larger = VideoSource::Embedded(walkway())
        .open(&ClipsConfig::default().with_size(48, 48))
        .unwrap();
    assert_eq!(
        message(experiment().run(&larger).map(drop)),
        "training clips are 1x16x48x48, expected 1x16x32x32 as the network's input"
    );

    let twice = experiment().with_variants(vec![Variant::Ae, Variant::Ae]);
    assert_eq!(
        message(twice.run(&data).map(drop)),
        "experiment: the forms to train are AE twice, expected at least one, each once"
    );
    assert_eq!(
        message(experiment().with_variants(vec![]).run(&data).map(drop)),
        "experiment: the forms to train are none, expected at least one, each once"
    );
    let mut reads = experiment().with_variants(vec![Variant::MemAe, Variant::Ae]);
    reads.detector.rule = ClipScoreRule::ReadDistance;
    assert_eq!(
        message(reads.run(&data).map(drop)),
        "score rule: the read distance needs a memory; the network has none"
    );
    let weights = VideoWeights::Network {
        name: "drawn".to_string(),
        model: Box::new(experiment().network.init(&Device::flex())),
        network: experiment().network,
    };
    assert_eq!(
        message(experiment().run_weights(&weights, &larger).map(drop)),
        "training clips are 1x16x48x48, expected 1x16x32x32 as the network's input"
    );

    assert_eq!(
        message(experiment().with_fit_clips(0).run(&data).map(drop)),
        "experiment: score rules are to be fitted on 0 clips, expected at least 1"
    );

    // Stopped once it trains, which would take days.
    let folder = tempfile::tempdir().unwrap();
    let interrupter = Interrupter::new();
    let mut endless = experiment();
    endless.train.epochs = TrainConfig::MAX_EPOCHS;
    let (stop, written) = (interrupter.clone(), folder.path().to_path_buf());
    let waiting = std::thread::spawn(move || {
        while !holds(&written, "epoch-2") {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        stop.stop(None);
    });
    let endless = endless.with_interrupter(interrupter);
    let stopped = endless.with_directory(folder.path()).run(&data);
    assert!(matches!(
        stopped,
        Err(ExperimentError::Train(TrainError::Interrupted { .. }))
    ));
    waiting.join().unwrap();

    let no_test = VideoSource::Embedded(walkway().with_test(0, 90));
    assert_eq!(
        message(no_test.open(&clips()).map(drop)),
        "walkway drawn by memae, seed 0: found 2 training videos and 0 test videos, expected both"
    );

    // A test frame that can't be read shows before anything is trained.
    let folder = tempfile::tempdir().unwrap();
    for (set, frames) in [("training", 20), ("testing", 18)] {
        let frames_folder = folder.path().join(set).join("frames/01");
        std::fs::create_dir_all(&frames_folder).unwrap();
        for number in 0..frames {
            let frame = image::GrayImage::from_pixel(40, 36, image::Luma([number]));
            frame
                .save(frames_folder.join(format!("{number:03}.png")))
                .unwrap();
        }
    }
    let damaged = folder.path().join("testing/frames/01/011.png");
    std::fs::write(&damaged, b"no image").unwrap();
    let source = VideoSource::Folder {
        path: folder.path().to_path_buf(),
        layout: VideoLayout::Folders,
        videos: memae_data::sample::VideoConfig::default(),
    };
    let never_ends = {
        let mut experiment = experiment();
        experiment.train.epochs = TrainConfig::MAX_EPOCHS;
        experiment
    };
    let found = message(never_ends.run(&source.open(&clips()).unwrap()).map(drop));
    assert!(found.starts_with(&damaged.display().to_string()), "{found}");

    let absent = VideoSource::Folder {
        path: "absent/videos".into(),
        layout: VideoLayout::Folders,
        videos: memae_data::sample::VideoConfig::default(),
    };
    assert!(message(absent.open(&clips()).map(drop)).starts_with("absent/videos: "));

    let mut short = set();
    let shape = memae_data::sample::ImageShape {
        channels: 1,
        height: SIDE,
        width: SIDE,
    };
    short.train = vec![Video::in_memory("short", shape, vec![0; 15 * SIDE * SIDE]).unwrap()];
    let error = VideoData::new("short", &short, &clips()).unwrap_err();
    assert!(error.to_string().contains("short"), "{error}");
}
