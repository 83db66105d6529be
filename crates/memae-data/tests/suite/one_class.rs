//! The one-class protocol keeps its word on every division.

use std::collections::HashSet;

use memae_data::protocol::{OneClassConfig, ProtocolError, Split};
use memae_data::sample::{ImageShape, LabeledImages};
use proptest::prelude::*;

const SHAPE: ImageShape = ImageShape {
    channels: 1,
    height: 1,
    width: 3,
};

/// Images of the given classes whose pixels tell them apart: the set, then the index in two bytes.
fn images(set: u8, labels: &[u8]) -> LabeledImages {
    let pixels = (0..labels.len())
        .flat_map(|index| [set, (index / 256) as u8, (index % 256) as u8])
        .collect();
    LabeledImages::new(SHAPE, pixels, labels.to_vec()).expect("sizes agree")
}

fn identities(images: &LabeledImages) -> Vec<Vec<u8>> {
    (0..images.len())
        .map(|index| images.pixels(index).to_vec())
        .collect()
}

/// `count` images of each class from 0 to 9, in turn.
fn balanced(set: u8, count: usize) -> LabeledImages {
    let labels: Vec<u8> = (0..count * 10).map(|index| (index % 10) as u8).collect();
    images(set, &labels)
}

#[test]
fn official_split_keeps_the_sets_apart() {
    let data = OneClassConfig::new(3)
        .apply(&balanced(0, 6), &balanced(1, 2))
        .expect("all classes present");
    assert_eq!(data.normal_class, 3);
    assert_eq!(data.train.labels(), [3; 6]);
    assert!(identities(&data.train).iter().all(|id| id[0] == 0));
    assert_eq!(data.test.len(), 20);
    assert_eq!((data.normal(), data.anomalies()), (2, 18));
    assert!(identities(&data.test).iter().all(|id| id[0] == 1));
    assert!(identities(&data.test).is_sorted(), "order is kept");
}

#[test]
fn two_to_one_divides_the_pooled_class() {
    let data = OneClassConfig::new(3)
        .with_split(Split::two_to_one(5))
        .with_anomaly_share(0.3)
        .apply(&balanced(0, 50), &balanced(1, 10))
        .expect("all classes present");
    assert_eq!(data.train.len(), 40);
    assert_eq!(data.normal(), 20);
    assert_eq!(data.anomalies(), 9); // 20 · 0.3 / 0.7 = 8.57
    let sets: HashSet<u8> = identities(&data.train).iter().map(|id| id[0]).collect();
    assert_eq!(sets.len(), 2, "both sets are pooled");
}

#[test]
fn seeds_choose_images() {
    let (train, test) = (balanced(0, 50), balanced(1, 10));
    let apply = |split_seed, seed| {
        let data = OneClassConfig::new(3)
            .with_split(Split::two_to_one(split_seed))
            .with_anomaly_share(0.3)
            .with_seed(seed)
            .apply(&train, &test)
            .expect("all classes present");
        (identities(&data.train), identities(&data.test))
    };
    assert_eq!(apply(1, 1), apply(1, 1));
    assert_ne!(apply(1, 1).0, apply(2, 1).0);
    assert_eq!(apply(1, 1).0, apply(1, 2).0);
    assert_ne!(apply(1, 1).1, apply(1, 2).1);
}

/// One for each part.
#[test]
fn two_normal_images_can_be_divided() {
    let (train, test) = (images(0, &[1, 7]), images(1, &[1, 7]));
    let pooled = OneClassConfig::new(1).with_split(Split::two_to_one(0));
    let data = pooled.apply(&train, &test).expect("one for each part");
    let normal = data.anomalous.iter().filter(|anomalous| !**anomalous);
    assert_eq!((data.train.len(), normal.count()), (1, 1));
    let (train, test) = (images(0, &[1, 7]), images(1, &[7, 7]));
    assert!(pooled.apply(&train, &test).is_err());
}

/// However small or large the share to train on.
#[test]
fn neither_part_of_a_small_class_is_empty() {
    let (train, test) = (images(0, &[1, 1, 7]), images(1, &[1, 7]));
    for (train_share, trained) in [(0.01, 1), (0.99, 2)] {
        let split = Split::Random {
            train_share,
            seed: 0,
        };
        let data = OneClassConfig::new(1)
            .with_split(split)
            .apply(&train, &test)
            .expect("one for each part");
        assert_eq!((data.train.len(), data.normal()), (trained, 3 - trained));
    }
}

fn message(result: Result<memae_data::protocol::OneClass, ProtocolError>) -> String {
    let message = result.expect_err("cannot be divided").to_string();
    assert!(!message.contains('\n'), "{message}");
    message
}

#[test]
fn an_unknown_class_names_those_present() {
    let (train, test) = (images(0, &[1, 7, 1]), images(1, &[2, 7]));
    assert_eq!(
        message(OneClassConfig::new(4).apply(&train, &test)),
        "normal class 4: not among the training images, expected one of [1, 7]"
    );
    assert_eq!(
        message(OneClassConfig::new(1).apply(&train, &test)),
        "normal class 1: not among the test images, expected one of [2, 7]"
    );
    let pooled = OneClassConfig::new(4).with_split(Split::two_to_one(0));
    assert_eq!(
        message(pooled.apply(&train, &test)),
        "normal class 4: not among the training and test images, expected one of [1, 2, 7]"
    );
}

#[test]
fn shares_outside_zero_to_one_are_errors() {
    let (train, test) = (balanced(0, 3), balanced(1, 3));
    for share in [0.0, 1.0, -0.1, 1.5, f64::NAN, f64::INFINITY] {
        let expected = format!("found {share}, expected a number between 0 and 1, both excluded");
        let anomalies = OneClassConfig::new(1).with_anomaly_share(share);
        assert_eq!(
            message(anomalies.apply(&train, &test)),
            format!("anomaly share: {expected}")
        );
        let split = OneClassConfig::new(1).with_split(Split::Random {
            train_share: share,
            seed: 0,
        });
        assert_eq!(
            message(split.apply(&train, &test)),
            format!("training share: {expected}")
        );
    }
}

#[test]
fn a_share_out_of_reach_says_what_is_possible() {
    let (train, test) = (balanced(0, 3), balanced(1, 2));
    let expected =
        "expected 0.3333 to 0.9000: the test set has 2 normal images and up to 18 anomalies";
    for share in [0.1, 0.95] {
        let config = OneClassConfig::new(1).with_anomaly_share(share);
        assert_eq!(
            message(config.apply(&train, &test)),
            format!("anomaly share: found {share}, {expected}")
        );
    }
    for share in [1.0 / 3.0, 0.9] {
        let config = OneClassConfig::new(1).with_anomaly_share(share);
        assert!(
            config.apply(&train, &test).is_ok(),
            "the ends named are possible"
        );
    }
}

#[test]
fn data_without_two_parts_is_an_error() {
    let split = OneClassConfig::new(1).with_split(Split::two_to_one(0));
    assert_eq!(
        message(split.apply(&images(0, &[1]), &images(1, &[2]))),
        "normal class 1: found 1 image, expected at least 2 to divide"
    );
    assert_eq!(
        message(OneClassConfig::new(1).apply(&images(0, &[1, 2]), &images(1, &[1, 1]))),
        "test images: found only class 1, expected another class too, as anomalies"
    );
    let other = LabeledImages::new(ImageShape { width: 1, ..SHAPE }, vec![0], vec![1]);
    assert_eq!(
        message(OneClassConfig::new(1).apply(&images(0, &[1]), &other.expect("sizes agree"))),
        "test images: found shape 1x1x1, expected 1x1x3 as in training"
    );
}

#[test]
fn settings_survive_serialisation() {
    let config = OneClassConfig::new(9)
        .with_split(Split::two_to_one(3))
        .with_anomaly_share(0.3)
        .with_seed(7);
    let text = serde_json::to_string(&config).expect("plain data");
    assert_eq!(
        serde_json::from_str::<OneClassConfig>(&text).expect("own text"),
        config
    );
    let short: OneClassConfig = serde_json::from_str(r#"{"normal_class": 9}"#).expect("defaults");
    assert_eq!(short, OneClassConfig::new(9));
}

proptest! {
    #[test]
    fn every_division_is_sound(
        train in proptest::collection::vec(0u8..4, 1..80),
        test in proptest::collection::vec(0u8..4, 1..80),
        normal_class in 0u8..4,
        train_share in proptest::option::of(0.01..0.99),
        anomaly_share in proptest::option::of(0.01..0.99),
        seed: u64,
    ) {
        let (train, test) = (images(0, &train), images(1, &test));
        let split = match train_share {
            Some(train_share) => Split::Random { train_share, seed },
            None => Split::Official,
        };
        let config = OneClassConfig::new(normal_class)
            .with_split(split)
            .with_anomaly_share(anomaly_share)
            .with_seed(seed);
        let Ok(data) = config.apply(&train, &test) else {
            return Ok(());
        };

        prop_assert!(!data.train.is_empty());
        prop_assert!(data.train.labels().iter().all(|&label| label == normal_class));
        prop_assert_eq!(data.anomalous.len(), data.test.len());
        for (label, anomalous) in data.test.labels().iter().zip(&data.anomalous) {
            prop_assert_eq!(*label != normal_class, *anomalous);
        }
        prop_assert!(data.normal() > 0 && data.anomalies() > 0);

        let all = [identities(&data.train), identities(&data.test)].concat();
        let distinct: HashSet<_> = all.iter().collect();
        prop_assert_eq!(distinct.len(), all.len(), "no image is used twice");

        let given = [identities(&train), identities(&test)].concat();
        for (images, indices) in [(&data.train, &data.train_indices), (&data.test, &data.test_indices)] {
            let traced: Vec<_> = indices.iter().map(|&index| given[index].clone()).collect();
            prop_assert_eq!(identities(images), traced);
        }

        match anomaly_share {
            // One anomaly more or less would not come closer.
            Some(share) => {
                let wanted = data.normal() as f64 * share / (1.0 - share);
                prop_assert!((data.anomalies() as f64 - wanted).abs() <= 0.5);
            }
            None => {
                let pool = if train_share.is_some() { train.concat(&test).unwrap() } else { test };
                let others = pool.labels().iter().filter(|&&label| label != normal_class).count();
                prop_assert_eq!(data.anomalies(), others);
            }
        }
    }
}
