use proptest::prelude::*;

use super::*;
use crate::random::Random;

fn rank(scores: &[f64], rate: f64) -> f64 {
    let n = scores.len() as f64;
    // Rates of whole percents, in whole numbers.
    let percent = (rate * 100.0).round() as usize;
    let rank = ((100 - percent) * (n as usize + 1)).div_ceil(100);
    scores[rank - 1]
}

proptest! {
    /// The definition, for rates that have whole ranks too.
    #[test]
    fn the_threshold_has_the_rank_of_its_definition(
        mut scores in proptest::collection::vec(prop_oneof![-9.0..9.0, (-3i8..3).prop_map(f64::from)], 1..300),
        percent in 1usize..100,
    ) {
        let rate = percent as f64 / 100.0;
        let found = Calibration::new(&scores).unwrap().threshold(rate).unwrap();
        scores.sort_by(f64::total_cmp);
        let n = scores.len();
        if (100 - percent) * (n + 1) > 100 * n {
            prop_assert_eq!(found.threshold, scores[n - 1]);
            prop_assert_eq!(found.promise, Promise::Rate { rate: 1.0 / (n as f64 + 1.0) });
        } else {
            prop_assert_eq!(found.threshold, rank(&scores, rate));
            prop_assert_eq!(found.promise, Promise::Rate { rate });
        }
        prop_assert_eq!(found.typical, scores[n.div_ceil(2) - 1]);
    }

    #[test]
    fn p_values_are_shares_of_what_scores_as_much(
        scores in proptest::collection::vec((-3i8..3).prop_map(f64::from), 1..60), score in (-4i8..4).prop_map(f64::from),
    ) {
        let calibration = Calibration::new(&scores).unwrap();
        let as_high = scores.iter().filter(|&&other| other >= score).count() as f64;
        prop_assert_eq!(calibration.p_value(score), (as_high + 1.0) / (scores.len() as f64 + 1.0));
        // What is flagged has a p-value of no more than the promise.
        let threshold = calibration.threshold(0.3).unwrap();
        if let Promise::Rate { rate } = threshold.promise && score > threshold.threshold {
            prop_assert!(calibration.p_value(score) <= rate + 1e-12);
        }
    }

    /// Groups of equal size and with scores of their own: what the threshold leaves above it.
    #[test]
    fn groups_count_alike_whatever_their_size(sizes in proptest::collection::vec(1usize..9, 1..40), percent in 1usize..100) {
        let groups: Vec<usize> = sizes.iter().enumerate().flat_map(|(group, &size)| vec![7 * group; size]).collect();
        let scores: Vec<f64> = groups.iter().map(|&group| group as f64).collect();
        let calibration = Calibration::in_groups(&scores, &groups).unwrap();
        prop_assert_eq!(calibration.num_groups(), sizes.len());
        let rate = percent as f64 / 100.0;
        let found = calibration.threshold(rate).unwrap();
        let all = sizes.len() + 1;
        if (100 - percent) * all > 100 * sizes.len() && sizes.iter().any(|&size| size > 1) {
            let needed = (100 - percent).div_ceil(percent);
            let is_empirical = matches!(found.promise, Promise::Empirical { groups, needed: found, .. }
                if groups == sizes.len() && found == needed);
            prop_assert!(is_empirical, "{:?}, {needed}", found.promise);
        } else if (100 - percent) * all <= 100 * sizes.len() {
            // All scores of a group are equal, so that the threshold is the rank among groups.
            let rank = ((100 - percent) * all).div_ceil(100);
            prop_assert_eq!(found.threshold, 7.0 * (rank as f64 - 1.0));
        }
    }
}

/// The share of new normal samples that is flagged, over many draws of what is held out.
fn flagged(
    rate: f64,
    draws: u64,
    draw: impl Fn(&mut Random) -> (Vec<f64>, Vec<usize>, f64),
) -> f64 {
    let flagged = (0..draws).filter(|&seed| {
        let (scores, groups, new) = draw(&mut Random::new(seed, 0));
        let calibration = Calibration::in_groups(&scores, &groups).unwrap();
        new > calibration.threshold(rate).unwrap().threshold
    });
    flagged.count() as f64 / draws as f64
}

#[test]
fn two_groups_are_measured_by_each_other() {
    // The highest of one is below two of three of the other.
    let calibration =
        Calibration::in_groups(&[1.0, 2.0, 3.0, 2.5, 3.5, 4.5], &[0, 0, 0, 1, 1, 1]).unwrap();
    let found = calibration.threshold(0.1).unwrap();
    let expected = Promise::Empirical {
        groups: 2,
        needed: 9,
        measured: Some((1.0 - 1.0 / 3.0) / 2.0),
    };
    assert_eq!(found.promise, expected);
    let one = Calibration::in_groups(&[1.0, 2.0], &[0, 0]).unwrap();
    let Promise::Empirical { measured, .. } = one.threshold(0.1).unwrap().promise else {
        panic!("one group promises nothing");
    };
    assert_eq!(measured, None);
}

#[test]
fn the_promise_is_kept_by_single_samples() {
    for (n, rate) in [(19, 0.05), (50, 0.1), (99, 0.01), (30, 0.5), (10, 0.01)] {
        let found = flagged(rate, 20_000, |random| {
            let scores: Vec<f64> = (0..=n).map(|_| random.bell()).collect();
            (scores[..n].to_vec(), (0..n).collect(), scores[n])
        });
        // What is expected of distinct scores, exactly.
        let rank = ((1.0 - rate) * (n as f64 + 1.0) - 1e-9)
            .ceil()
            .min(n as f64);
        let expected = 1.0 - rank / (n as f64 + 1.0);
        assert!(expected <= rate.max(1.0 / (n as f64 + 1.0)) + 1e-9);
        assert!(
            (found - expected).abs() < 0.008,
            "{n}, {rate}: {found} for {expected}"
        );
    }
}

/// Scores within a group are nearly alike; by their number alone far more would be flagged than asked for.
#[test]
fn the_promise_is_kept_by_groups() {
    let draw = |random: &mut Random| {
        let of_group = |random: &mut Random| {
            let level = 3.0 * random.bell();
            (0..20)
                .map(|_| level + 0.1 * random.bell())
                .collect::<Vec<f64>>()
        };
        let scores: Vec<f64> = (0..30).flat_map(|_| of_group(random)).collect();
        let groups = (0..600).map(|index| index / 20).collect();
        (scores, groups, of_group(random)[0])
    };
    let found = flagged(0.1, 4_000, draw);
    assert!((0.05..0.105).contains(&found), "{found}");
}

#[test]
fn too_few_groups_promise_nothing_and_say_what_was_measured() {
    let scores: Vec<f64> = (0..40).map(|index| f64::from(index % 10)).collect();
    let groups: Vec<usize> = (0..40).map(|index| index / 10).collect();
    let found = Calibration::in_groups(&scores, &groups)
        .unwrap()
        .threshold(0.1)
        .unwrap();
    assert_eq!(found.threshold, 8.0);
    // Each group is like the others: of each the 9 is above.
    let Promise::Empirical {
        groups,
        needed,
        measured: Some(measured),
    } = found.promise
    else {
        panic!("{:?}", found.promise);
    };
    assert_eq!((groups, needed), (4, 9));
    assert!((measured - 0.1).abs() < 1e-12, "{measured}");
    let single = Calibration::in_groups(&scores, &[3; 40])
        .unwrap()
        .threshold(0.1)
        .unwrap();
    assert_eq!(
        single.promise,
        Promise::Empirical {
            groups: 1,
            needed: 9,
            measured: None
        }
    );
}

/// Of three that were held out and a new one, each is the highest as often as the others.
#[test]
fn too_few_single_samples_promise_what_so_many_can() {
    let calibration = Calibration::new(&[2.0, 3.0, 1.0]).unwrap();
    let found = calibration.threshold(0.1).unwrap();
    assert_eq!(found.threshold, 3.0);
    assert_eq!(found.promise, Promise::Rate { rate: 0.25 });
}

#[test]
fn a_calibration_survives_saving_and_loading() {
    let scores = [0.1 + 0.2, 1.0 / 3.0, -0.0, 1e-300, 0.3];
    let calibration = Calibration::in_groups(&scores, &[5, 9, 5, 2, 9]).unwrap();
    let json = serde_json::to_string(&calibration).unwrap();
    let loaded: Calibration = serde_json::from_str(&json).unwrap();
    assert_eq!(loaded, calibration);
    let HeldOutScores::All(all) = &loaded.held_out else {
        panic!("{loaded:?}");
    };
    assert_eq!(all.scores[4].to_bits(), (1.0f64 / 3.0).to_bits());
    // Single scores need no groups.
    let single = Calibration::new(&scores).unwrap();
    let json = serde_json::to_string(&single).unwrap();
    assert!(!json.contains("groups"), "{json}");
    assert_eq!(serde_json::from_str::<Calibration>(&json).unwrap(), single);

    for (json, message) in [
        (r#"{"scores":"1 x"}"#, "found `x`, expected a finite number"),
        (r#"{"scores":"1 NaN"}"#, "calibration score 1: found NaN"),
        (r#"{"scores":""}"#, "calibration scores: found none"),
        (
            r#"{"scores":"1 2","groups":"1"}"#,
            "groups: found 1, expected 2",
        ),
        (
            r#"{"scores":"1 2","groups":"1 -1"}"#,
            "found `-1`, expected a number of a group",
        ),
        (
            r#"{"scores":"1 2","counts":"3"}"#,
            "found 1 and 1, expected 2, one for each score",
        ),
        (
            r#"{"scores":"1 2","counts":"3 x"}"#,
            "found `x`, expected a number of scores",
        ),
        (r#"{"scores":"1 2","counts":"3 0"}"#, "in ascending order"),
        (r#"{"scores":"2 1","counts":"3 1"}"#, "in ascending order"),
        (r#"{"scores":"1 1","counts":"3 1"}"#, "in ascending order"),
        (
            r#"{"scores":"1 2","counts":"0 2","of_groups":{"count":2,"draws":"1 2"}}"#,
            "in ascending order",
        ),
        (
            r#"{"scores":"1 2","counts":"1 1","of_groups":{"count":2,"draws":"0 2"}}"#,
            "in ascending order",
        ),
        (r#"{"scores":"1 inf","counts":"3 1"}"#, "expected finite"),
        (
            r#"{"scores":"1 2","counts":"1 9007199254740992"}"#,
            "more scores than can be counted",
        ),
        (r#"{"scores":"","counts":""}"#, "scores: found none"),
        (
            r#"{"scores":"1 2","counts":"1 1","groups":"1 2"}"#,
            "found `groups` beside `counts`",
        ),
        (
            r#"{"scores":"1 2","of_groups":{"count":2,"draws":"1 2"}}"#,
            "found `of_groups` without `counts`",
        ),
        (
            r#"{"scores":"1 2","counts":"1 3","of_groups":{"count":3,"draws":"1 2"}}"#,
            "found 3 of 4 scores and 2 draws",
        ),
        (
            r#"{"scores":"1 2","counts":"1 3","of_groups":{"count":2,"draws":"1 2","measured":"0.5 2"}}"#,
            "a measured share of 2 at a rate of 0.5",
        ),
        (
            r#"{"scores":"1 2","counts":"1 3","of_groups":{"count":2,"draws":"1 2","measured":"0.5"}}"#,
            "expected a rate and a share",
        ),
    ] {
        let error = serde_json::from_str::<Calibration>(json)
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{error}");
    }
}

/// Draws are sums of shares of groups, which rounding leaves a little off.
#[test]
fn saved_draws_may_be_off_by_their_rounding_and_no_more() {
    let saved = |draws: &str| {
        format!(
            r#"{{"scores":"1 2","counts":"1000 1000","of_groups":{{"count":1000,"draws":"500 {draws}"}}}}"#
        )
    };
    let loads = |draws| serde_json::from_str::<Calibration>(&saved(draws)).is_ok();
    assert!(loads("1000.0005") && loads("999.9995"));
    assert!(!loads("1000.002") && !loads("999.998"));
}

#[test]
fn what_scores_alike_is_below_by_half() {
    let calibration = Calibration::new(&[1.0, 2.0, 2.0, 4.0]).unwrap();
    let few = r#"{"scores":"1 2 4","counts":"1 2 1"}"#;
    let few: Calibration = serde_json::from_str(few).unwrap();
    let expected = [
        (0.5, 0.0),
        (1.0, 0.125),
        (2.0, 0.5),
        (3.0, 0.75),
        (4.0, 0.875),
        (9.0, 1.0),
    ];
    for (score, share) in expected {
        assert_eq!(calibration.share_below(score), share, "{score}");
        assert_eq!(few.share_below(score), share, "{score}, of few");
    }
    assert_eq!(calibration.share_below(f64::NAN), 1.0);
}

#[test]
fn what_cannot_be_compared_is_an_error() {
    let message = |scores: &[f64]| Calibration::new(scores).unwrap_err().to_string();
    assert_eq!(
        message(&[]),
        "calibration scores: found none, expected at least one"
    );
    assert_eq!(
        message(&[1.0, f64::NAN]),
        "calibration score 1: found NaN, expected a finite number"
    );
    let calibration = Calibration::new(&[1.0]).unwrap();
    for rate in [0.0, 1.0, f64::NAN, -0.1] {
        assert_eq!(
            calibration.threshold(rate).unwrap_err().to_string(),
            format!(
                "false alarm rate: found {rate}, expected a number between 0 and 1, both excluded"
            )
        );
    }
    assert_eq!(
        Calibration::in_groups(&[1.0], &[]).unwrap_err().to_string(),
        "groups: found 0, expected 1, one for each score"
    );
    assert_eq!(calibration.p_value(f64::NAN), 0.5);
}

/// A rate such as 0.05 of 19 scores asks for a whole rank, which products of floats miss by their last bits.
#[test]
fn a_rate_that_asks_for_a_whole_rank_gets_it() {
    for scores in 1..100 {
        let ranks: Vec<f64> = (1..=scores).map(f64::from).collect();
        let calibration = Calibration::new(&ranks).unwrap();
        for above in 1..=scores {
            let rate = f64::from(above) / f64::from(scores + 1);
            let found = calibration.threshold(rate).unwrap().threshold;
            assert_eq!(found, f64::from(scores + 1 - above), "{above} of {scores}");
        }
    }
}

#[test]
fn zeros_of_both_signs_are_one_score() {
    let of = |scores: &[f64]| Calibration::in_groups(scores, &[0, 1, 0]).unwrap();
    assert_eq!(of(&[0.0, -0.0, 1.0]), of(&[0.0, 0.0, 1.0]));
    assert_eq!(of(&[-0.0, 0.0, 1.0]), of(&[0.0, 0.0, 1.0]));
}

/// The definition, group by group.
fn left_out_share(scores: &[f64], groups: &[usize], share: f64) -> f64 {
    let mut names = groups.to_vec();
    names.sort_unstable();
    names.dedup();
    let of_group = |name: &usize| {
        let (own, mut others): (Vec<_>, Vec<_>) = scores
            .iter()
            .zip(groups)
            .partition(|(_, group)| *group == name);
        others.sort_by(|a, b| a.0.total_cmp(b.0));
        let rank = (share * others.len() as f64 - 1e-6).ceil().max(1.0) as usize;
        let threshold = *others[rank - 1].0;
        own.iter().filter(|(score, _)| **score > threshold).count() as f64 / own.len() as f64
    };
    names.iter().map(of_group).sum::<f64>() / names.len() as f64
}

/// Scores in groups, some of them equal.
fn grouped() -> impl Strategy<Value = (Vec<f64>, Vec<usize>)> {
    let score = prop_oneof![-9.0..9.0, (-3i8..3).prop_map(f64::from)];
    let pairs = proptest::collection::vec((score, 0usize..12), 2..300);
    pairs.prop_map(|pairs| pairs.into_iter().unzip())
}

proptest! {
    #[test]
    fn what_is_measured_of_groups_left_out_is_its_definition((scores, groups) in grouped(), percent in 1usize..100) {
        let share = 1.0 - percent as f64 / 100.0;
        let all = GroupedScores::new(&scores, &groups).unwrap();
        let found = all.left_out_share(share);
        prop_assert_eq!(found.is_some(), all.num_groups() > 1);
        if let Some(found) = found {
            let expected = left_out_share(&scores, &groups, share);
            prop_assert!((found - expected).abs() < 1e-9, "{} for {}", found, expected);
        }
    }

    /// Whether few scores say what all of them do, as far as they are to.
    #[test]
    fn few_scores_promise_what_all_do(
        (scores, groups) in grouped(), single: bool, percent in 1usize..100, other in 1usize..100, score in -9.5f64..9.5,
    ) {
        const MOST: usize = 80;
        let groups = if single { (0..scores.len()).collect() } else { groups };
        let calibration = Calibration::in_groups(&scores, &groups).unwrap();
        let HeldOutScores::All(all) = &calibration.held_out else {
            unreachable!("it was not condensed")
        };
        let rate = percent as f64 / 100.0;
        let threshold = calibration.threshold(rate).unwrap();
        let measured = match threshold.promise {
            Promise::Empirical { measured, .. } => measured.map(|share| Measured { rate, share }),
            Promise::Rate { .. } => None,
        };
        let few = CondensedScores::new(all, MOST, &[threshold.threshold, threshold.typical], measured);
        prop_assert!(few.levels().len() <= MOST, "{}", few.levels().len());
        let few = Calibration { held_out: HeldOutScores::Condensed(few) };
        let loaded: Calibration = serde_json::from_str(&serde_json::to_string(&few).unwrap()).unwrap();
        prop_assert_eq!(&loaded, &few);
        prop_assert_eq!(few.num_scores(), calibration.num_scores());
        prop_assert_eq!(few.num_groups(), calibration.num_groups());
        prop_assert_eq!(few.threshold(rate).unwrap(), threshold);

        let step = 4.0 / (MOST as f64 / 2.0 - 8.0);
        for score in [score, score.round(), scores[0], scores[scores.len() / 2]] {
            let (exact, found) = (calibration.p_value(score), few.p_value(score));
            prop_assert!((exact - 1e-12..exact + step).contains(&found), "{}: {} for {}", score, found, exact);
        }
        // What another rate flags, of what was held out: no more, and not much less.
        let rate = other as f64 / 100.0;
        let [exact, found] = [&calibration, &few].map(|calibration| calibration.threshold(rate).unwrap().threshold);
        prop_assert!(found >= exact);
        let draws_above = |threshold: f64| all.shares().filter(|pair| pair.0 > threshold).map(|pair| pair.1).sum::<f64>();
        let draws = all.num_groups() as f64;
        prop_assert!(draws_above(exact) - draws_above(found) <= step * (draws + 1.0) + 1e-9);
    }
}

/// The scores that are kept of these, each of which is a group of its own, where 80 may be.
fn kept(scores: &[f64]) -> Vec<f64> {
    let groups: Vec<usize> = (0..scores.len()).collect();
    let all = GroupedScores::new(scores, &groups).unwrap();
    let few = CondensedScores::new(&all, 80, &[], None);
    few.levels().iter().map(|level| level.score).collect()
}

/// Small rates ask for the highest scores.
#[test]
fn the_highest_half_of_few_scores_is_kept_one_by_one() {
    let scores: Vec<f64> = (0..1_000).map(f64::from).collect();
    let kept = kept(&scores);
    assert!(kept.ends_with(&scores[960..]), "{kept:?}");
}

/// Every other score is so frequent that it takes most of a step, and two of them more than one.
#[test]
fn few_scores_are_never_more_than_may_be_kept() {
    for pairs in 1..60 {
        let lower = (0..2 * pairs).flat_map(|at| vec![at; if at % 2 == 0 { 1 } else { 20 }]);
        let scores = lower.chain(2 * pairs..2 * pairs + 40).map(f64::from);
        let kept = kept(&scores.collect::<Vec<_>>());
        assert!(kept.len() <= 80, "{} of {pairs} pairs", kept.len());
    }
}

/// Otherwise a threshold between the rare ones would be the frequent one, with all of its share below.
#[test]
fn the_score_before_a_frequent_one_is_kept() {
    let rare = (0..50).map(f64::from);
    let frequent = std::iter::repeat_n(50.0, 400);
    let highest = (51..91).map(f64::from);
    let kept = kept(&rare.chain(frequent).chain(highest).collect::<Vec<_>>());
    assert!(kept.contains(&49.0), "{kept:?}");
}

#[test]
fn many_scores_are_saved_as_few() {
    let count = 3 * Calibration::MAX_SAVED;
    let scores: Vec<f64> = (0..count).map(|index| (index as f64 + 0.5).ln()).collect();
    for groups in [1, 2] {
        let groups: Vec<usize> = (0..count).map(|index| index / groups).collect();
        let calibration = Calibration::in_groups(&scores, &groups).unwrap();
        let loaded = |calibration: &Calibration| -> Calibration {
            let json = serde_json::to_string(calibration).unwrap();
            assert!(json.len() < 4 << 20, "{}", json.len());
            serde_json::from_str(&json).unwrap()
        };
        for rate in [1e-3, 0.437, 1e-9] {
            let condensed = calibration.condensed(rate).unwrap();
            let loaded = loaded(&condensed);
            assert_eq!(loaded, condensed);
            assert_eq!(loaded.threshold(rate), calibration.threshold(rate));
        }
        // Without a rate in mind.
        let loaded = loaded(&calibration);
        for rate in [1e-3, 0.437] {
            let [all, few] = [&calibration, &loaded].map(|calibration| {
                let threshold = calibration.threshold(rate).unwrap();
                (threshold.threshold, threshold.promise)
            });
            assert_eq!(few.1, all.1);
            assert!(few.0 >= all.0 && calibration.p_value(few.0) > rate - 1.0 / 8_000.0);
        }
    }
}

/// A million scores, of which nearly each is a group of its own.
#[test]
fn many_groups_are_measured_in_no_time() {
    let count = 1_000_000;
    let scores: Vec<f64> = (0..count)
        .map(|index| f64::from(index * 7 % 1_000))
        .collect();
    let groups: Vec<usize> = (0..count as usize).map(|index| index.max(1)).collect();
    let calibration = Calibration::in_groups(&scores, &groups).unwrap();
    let Promise::Empirical {
        measured: Some(measured),
        ..
    } = calibration.threshold(1e-7).unwrap().promise
    else {
        panic!("too few groups promise nothing");
    };
    assert_eq!(measured, 0.0);
}

#[test]
fn shares_below_are_ranks() {
    let calibration = Calibration::new(&[1.0, 2.0, 2.0, 4.0]).unwrap();
    for (score, share) in [
        (0.0, 0.0),
        (1.0, 0.125),
        (2.0, 0.5),
        (3.0, 0.75),
        (4.0, 0.875),
        (f64::INFINITY, 1.0),
        (f64::NAN, 1.0),
    ] {
        assert_eq!(calibration.share_below(score), share, "{score}");
    }
}
