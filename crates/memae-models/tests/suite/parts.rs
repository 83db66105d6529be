//! Which samples training looks at, and which nothing does.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use burn::data::dataset::DatasetError;
use memae_core::QueryUnit;
use memae_data::protocol::NormalPartsConfig;
use memae_data::sample::{ImageShape, LabeledImages, Vectors};
use memae_models::network::Variant;
use memae_models::samples::{Grouped, Samples, Selection};
use memae_models::train::{ProgressDisplay, TrainConfig, TrainError, Trained, Trainer};

use crate::artefact::{detector, network};
use crate::support::{any_draws, device, digits, small_network};

/// Images that remember which of them were asked for.
#[derive(Clone)]
pub struct Remembering {
    images: LabeledImages,
    pub asked: Arc<Mutex<BTreeSet<usize>>>,
}

impl Samples for Remembering {
    type Shape = ImageShape;

    fn shape(&self) -> ImageShape {
        self.images.shape()
    }

    fn len(&self) -> usize {
        self.images.len()
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        self.asked.lock().expect("no panic").insert(index);
        Samples::values(&self.images, index)
    }
}

fn train(
    samples: &(impl Samples<Shape = ImageShape> + Clone + 'static),
    parts: Option<NormalPartsConfig>,
) -> Result<Trained, TrainError> {
    let config = TrainConfig::new()
        .with_epochs(2)
        .with_warm_up_epochs(1)
        .with_batch_size(8)
        .with_parts(parts);
    Trainer::new(config, device())
        .with_display(ProgressDisplay::Silent)
        .fit(
            &small_network(Variant::MemAe, 10, QueryUnit::Encoding),
            samples,
        )
}

pub fn remembering() -> Remembering {
    Remembering {
        images: digits(3, 40),
        asked: Arc::default(),
    }
}

#[test]
fn nothing_looks_at_what_the_threshold_is_chosen_by() {
    let _draws = any_draws();
    let samples = remembering();
    let trained = train(&samples, Some(NormalPartsConfig::default())).expect("trained");
    let parts = trained.parts;
    let sizes = [parts.train.len(), parts.select.len(), parts.calibrate.len()];
    assert_eq!(sizes, [28, 4, 8]);
    let asked = samples.asked.lock().expect("no panic");
    let expected: BTreeSet<usize> = parts.train.iter().chain(&parts.select).copied().collect();
    assert_eq!(*asked, expected);
}

#[test]
fn groups_are_not_divided() {
    let _draws = any_draws();
    let groups: Vec<usize> = (0..40).map(|index| index / 4).collect();
    let samples = Grouped::new(remembering(), groups.clone());
    let parts = train(&samples, Some(NormalPartsConfig::default())).expect("trained");
    let of =
        |part: &[usize]| -> BTreeSet<usize> { part.iter().map(|&index| groups[index]).collect() };
    let parts = parts.parts;
    let (train, select, calibrate) = (of(&parts.train), of(&parts.select), of(&parts.calibrate));
    assert_eq!((train.len(), select.len(), calibrate.len()), (7, 1, 2));
    assert!(
        train.is_disjoint(&select)
            && train.is_disjoint(&calibrate)
            && select.is_disjoint(&calibrate)
    );
    let two = Grouped::new(
        remembering(),
        (0..40).map(|index| index / 20).collect::<Vec<_>>(),
    );
    let error = self::train(&two, Some(NormalPartsConfig::default())).expect_err("two groups");
    assert!(
        error.to_string().contains("found 40 in 2 groups"),
        "{error}"
    );
    let shares = NormalPartsConfig::default().with_calibrate_share(0.95);
    assert!(self::train(&two, Some(shares)).is_err());
}

#[test]
fn without_parts_nothing_is_kept() {
    let _draws = any_draws();
    let samples = remembering();
    let parts = train(&samples, None).expect("trained").parts;
    assert_eq!(
        (parts.train.len(), parts.select.len(), parts.calibrate.len()),
        (38, 2, 0)
    );
    assert_eq!(samples.asked.lock().expect("no panic").len(), 40);
}

#[test]
fn a_selection_has_the_sequences_and_groups_of_its_samples() {
    let vectors = Vectors::new(1, (0..8).map(|value| value as f32).collect()).expect("finite");
    let grouped = Grouped::new(vectors, [0, 0, 0, 0, 1, 1, 1, 1]);
    let selection = Selection::new(grouped, [1, 2, 3, 5, 6, 0]);
    assert_eq!(selection.groups(), Some(vec![0, 0, 0, 1, 1, 0]));
    assert_eq!(selection.sequences(), [0..3, 3..5, 5..6]);
    assert_eq!(selection.values(4).expect("there"), [6.0]);
}

#[test]
#[should_panic(expected = "selection: found index 8, expected one below 8")]
fn a_selection_of_what_is_not_there_panics() {
    let vectors = Vectors::new(1, vec![0.0; 8]).expect("finite");
    let _ = Selection::new(vectors, [0, 8]);
}

#[test]
#[should_panic(expected = "groups: found 7, expected 8, one for each sample")]
fn groups_must_be_as_many_as_samples() {
    let vectors = Vectors::new(1, vec![0.0; 8]).expect("finite");
    let _ = Grouped::new(vectors, [0; 7]);
}

/// Images whose groups are not as many.
#[derive(Clone)]
struct Misgrouped(LabeledImages, usize);

impl Samples for Misgrouped {
    type Shape = ImageShape;

    fn shape(&self) -> ImageShape {
        self.0.shape()
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        Samples::values(&self.0, index)
    }

    fn groups(&self) -> Option<Vec<usize>> {
        Some((0..self.1).collect())
    }
}

#[test]
fn groups_that_are_not_those_of_the_samples_are_errors() {
    let images = digits(3, 40);
    for count in [0, 3, 39, 41, 400] {
        let samples = Misgrouped(images.clone(), count);
        let error = train(&samples, Some(NormalPartsConfig::default())).expect_err("other groups");
        assert_eq!(
            error.to_string(),
            format!("groups of training images: found {count}, expected 40, one for each image")
        );
        // Part of them is told so where a threshold is chosen by it.
        let part = Selection::new(samples.clone(), [38, 39]);
        let known = [38, 39]
            .into_iter()
            .filter(|&group| group < count)
            .collect::<Vec<_>>();
        assert_eq!(part.groups(), Some(known));
        if count < 40 {
            let calibrated = detector(network()).calibrate(&samples, None, 0.1, &device());
            let error = calibrated.expect_err("too few groups").to_string();
            assert_eq!(
                error,
                format!("groups: found {count}, expected 40, one for each score")
            );
        }
    }
}
