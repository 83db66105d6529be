//! Reports made for the tests.

use memae_report::{
    Columns, Confusion, Contribution, Curve, Facts, Figure, Head, LeftOut, MemoryHealth,
    MemoryItem, Picture, ReadItem, Report, Sample, SampleGroup, Scores, Threshold, Verdicts, Video,
};

/// A report with every part, with `text` wherever text from outside may stand and `number` wherever a number that may be
/// anything may.
pub fn full(text: &str, number: f64) -> Report {
    let picture = |side: u32| Picture::grey(side, side, &vec![90; (side * side) as usize]).unwrap();
    let contributions = || {
        [
            Contribution::new(text, number),
            Contribution::new(text, 0.25),
        ]
    };
    let head = Head::new(text)
        .with_scored(text)
        .with_made(text)
        .with_command(text)
        .with_version(text);
    let verdicts = Verdicts::new(3, 2)
        .with_unit(text, text)
        .with_left_out(25, (0..20).map(|_| LeftOut::new(text, text)));
    let detailed = Sample::new(text, number, true)
        .with_normalized(number)
        .with_p_value(number)
        .with_class(text, false)
        .with_input(picture(200))
        .with_reconstruction(picture(28))
        .with_heat_map(picture(28))
        .with_reads([ReadItem::new(3, number)
            .with_picture(picture(8))
            .with_words(text)])
        .with_contributions(contributions());
    let short = Sample::new(text, number, false)
        .with_normalized(number)
        .with_p_value(number)
        .with_class(text, true);
    let scores = Scores::new()
        .with_normal([0.1, 0.2, 0.3, number])
        .with_anomalous([0.8, 0.9, number])
        .with_unlabelled([0.5, number]);
    let roc = Curve::roc(&[0.0, 0.5, 1.0], &[0.0, 1.0, 1.0], number)
        .unwrap()
        .with_point(0.5, 1.0);
    let recall = Curve::precision_recall(&[0.0, 0.5, 1.0], &[1.0, 0.75, 0.5], number)
        .unwrap()
        .with_anomalous_share(0.4);
    let video = Video::new(text, [0.1, 0.2, number, 0.9, 0.8, f64::NAN, 0.2])
        .with_first_frame(8)
        .with_flagged(Some(11..13))
        .with_labelled(Some(10..13))
        .with_gaps(Some(13..14));
    let memory = MemoryHealth::new(100)
        .with_active_items(number)
        .with_dead_items(60)
        .with_entropy(number)
        .with_empty_rows(5, 100)
        .with_items([MemoryItem::new(7, picture(8)).with_read_share(number)])
        .with_finding(true, text);
    Report::new(head, verdicts)
        .with_threshold(
            Threshold::new(number, text)
                .with_promised_rate(number)
                .with_measured(3, 76)
                .with_note(text),
        )
        .with_scores(scores)
        .with_figure(Figure::new(text, text).with_explanation(text))
        .with_figure(Figure::number(text, number))
        .with_curve(roc)
        .with_curve(recall)
        .with_confusion(Confusion::new(1, 2, 3, 4))
        .with_video(video)
        .with_samples(SampleGroup::worst([detailed]))
        .with_samples(SampleGroup::new(text, [short]).with_explanation(text))
        .with_columns(Columns::new(contributions()).with_explanation(text))
        .with_memory(memory)
        .with_facts(Facts::new(text).with(text, text))
}
