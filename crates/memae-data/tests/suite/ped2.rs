//! UCSD Ped2 and the scores that the authors' network gives it, where they are at hand.

use std::path::{Path, PathBuf};

use memae_data::dataset::{VideoLayout, read_frame_labels, read_mask_labels};
use memae_data::encode::{ClipItem, ClipLayout, ClipsConfig};
use memae_data::format::{NpyLimits, read_npy_vector};
use memae_data::metrics::{VideoProtocol, VideoScores, frame_auc, split_labels};
use memae_data::sample::{Video, VideoSet};

/// A folder of the shared data, if it is there.
fn shared(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data")
        .join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is absent", folder.display());
    None
}

fn labels(ped2: &Path) -> Vec<bool> {
    let labels = read_frame_labels(ped2.join("frame_labels_ped2.npy")).expect("whole");
    labels.of_videos(&[2010]).expect("2010 frames").remove(0)
}

#[test]
fn the_authors_scores_give_their_auc_to_the_last_digit() {
    let (Some(ped2), Some(scores)) = (shared("ped2"), shared("ped2_memae_scores")) else {
        return;
    };
    let layout = ClipLayout::reference();
    let scores: Vec<Vec<f64>> = (1..=12)
        .map(|video| scores.join(format!("Test{video:03}.npy")))
        .map(|path| read_npy_vector(path, NpyLimits::default()).expect("whole"))
        .collect();
    let frames: Vec<usize> = scores
        .iter()
        .map(|scores| layout.frames_for(scores.len()))
        .collect();
    let labels = labels(&ped2);
    let labels = split_labels(&labels, &frames).expect("as many as frames");
    let videos: Vec<VideoScores> = scores
        .iter()
        .zip(labels)
        .map(|(scores, labels)| {
            let scored = layout.scored_frames(labels.len());
            VideoScores::from_clips(scores, labels, scored).expect("agree")
        })
        .collect();

    let result = |protocol| frame_auc(&videos, protocol, None).expect("both kinds");
    let reference = result(VideoProtocol::Reference);
    assert!(
        (reference.auc - 0.904_031_868_662_481_9).abs() < 1e-12,
        "{}",
        reference.auc
    );
    assert_eq!((reference.videos, reference.frames), (12, 2010 - 12 * 15));
    let raw = result(VideoProtocol::Raw).auc;
    assert!((raw - 0.687).abs() < 5e-4, "{raw}");
    let mean = result(VideoProtocol::PerVideoMean);
    assert!((mean.auc - 0.950).abs() < 5e-4, "{}", mean.auc);
    println!("reference {}, raw {raw}, mean {mean:?}", reference.auc);
}

#[test]
fn masks_give_the_frame_labels() {
    let Some(ped2) = shared("ped2") else {
        return;
    };
    let of_masks: Vec<bool> = (1..=12)
        .flat_map(|video| {
            read_mask_labels(ped2.join(format!("testing/masks/{video:02}"))).expect("whole")
        })
        .collect();
    assert_eq!(of_masks.len(), 2010);
    assert_eq!(of_masks, labels(&ped2));
}

#[test]
fn the_data_set_opens_with_frames_labels_and_masks() {
    let Some(ped2) = shared("ped2") else {
        return;
    };
    let set = VideoSet::open(&ped2, VideoLayout::Ucsd).expect("whole");
    assert_eq!((set.train.len(), set.test.len()), (16, 12));
    let frames = |video: &Video| video.frame_count().expect("listed");
    assert_eq!(set.train.iter().map(frames).sum::<usize>(), 2550);
    assert_eq!(
        set.test
            .iter()
            .map(|test| frames(&test.video))
            .sum::<usize>(),
        2010
    );
    for test in &set.test {
        let labels = test.labels().expect("as many as frames").expect("there");
        let masks = test.masks(None).expect("whole").expect("there");
        assert_eq!((masks[0].height(), masks[0].width()), (240, 360));
        let of_masks: Vec<bool> = masks.iter().map(|mask| mask.is_anomalous()).collect();
        assert_eq!(of_masks, labels, "{}", test.video.name());
    }

    let tests: Vec<Video> = set.test.iter().map(|test| test.video.clone()).collect();
    let config = ClipsConfig::default()
        .with_size(64, 64)
        .with_cache_bytes(1 << 20);
    let clips = config.open(&tests[..2]).expect("whole");
    assert_eq!(clips.len(), 2 * 165);
    let order: Vec<usize> = (0..40).chain([300, 2, 170]).collect();
    let alone: Vec<ClipItem> = clips
        .stream(order.clone(), 0)
        .collect::<Result<_, _>>()
        .expect("whole");
    let ahead: Vec<ClipItem> = clips
        .stream(order, 3)
        .collect::<Result<_, _>>()
        .expect("whole");
    assert_eq!(alone, ahead);
    assert!(alone.iter().all(|clip| clip.values.len() == 16 * 64 * 64));
    assert!(
        alone[0]
            .values
            .iter()
            .all(|value| (-1.0..=1.0).contains(value))
    );
}
