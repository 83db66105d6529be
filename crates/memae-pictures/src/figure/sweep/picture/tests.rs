use image::RgbImage;
use proptest::prelude::*;

use super::*;
use crate::chart::colour::{CURVES, Colour, PAPER};
use crate::chart::page::SMALL;
use crate::chart::text;
use crate::figure::SweepReference;

fn point(x: f64, mean: f64, deviation: f64) -> SweepPoint {
    SweepPoint { x, mean, deviation }
}

fn series<'a>(label: &'a str, points: &'a [SweepPoint]) -> SweepSeries<'a> {
    SweepSeries { label, points }
}

fn panel<'a>(
    series: &'a [SweepSeries<'a>],
    references: &'a [SweepReference<'a>],
) -> SweepPanel<'a> {
    SweepPanel {
        y_label: "AUC",
        series,
        references,
    }
}

fn picture<'a>(x: SweepAxis<'a>, panels: &'a [SweepPanel<'a>]) -> SweepPicture<'a> {
    SweepPicture {
        title: "memory size",
        note: "mean and standard deviation over 3 seeds",
        x_label: "N",
        x,
        panels,
    }
}

fn save(x: SweepAxis, panels: &[SweepPanel]) -> Result<RgbImage, PictureError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sweep.png");
    let saved = picture(x, panels).save(&file);
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, usize::from(saved.is_ok()));
    saved.map(|()| image::open(&file).unwrap().to_rgb8())
}

/// A page with one panel of series that have one point each.
fn points_page(x: SweepAxis, points: &[SweepPoint], references: &[SweepReference]) -> RgbImage {
    let labels = ["a", "b", "c"];
    let series: Vec<SweepSeries> = points
        .chunks(1)
        .zip(labels)
        .map(|(points, label)| series(label, points))
        .collect();
    save(x, &[panel(&series, references)]).unwrap()
}

/// The rows of the x axes, from top to bottom.
fn axis_rows(page: &RgbImage) -> Vec<u32> {
    let ink = |y: u32| (0..page.width()).filter(move |&x| page.get_pixel(x, y).0 == FAINT_INK);
    (0..page.height())
        .filter(|&y| ink(y).count() > WIDTH as usize * 2 / 3)
        .collect()
}

/// The height of a panel down to its x axis, without ticks and numbers.
const INSIDE: u32 = HEIGHT - 25;
const SHARED_INSIDE: u32 = SHARED_HEIGHT - 25;

/// The pixels of about this colour in the panel over the x axis at `row`, which is `height` high.
fn pixels(page: &RgbImage, colour: Colour, row: u32, height: u32) -> Vec<(u32, u32)> {
    (row - height..row)
        .flat_map(|y| (0..page.width()).map(move |x| (x, y)))
        .filter(|&(x, y)| {
            let found = page.get_pixel(x, y).0;
            (0..3).all(|channel| found[channel].abs_diff(colour[channel]) < 30)
        })
        .collect()
}

/// The middle of the pixels of a colour in the only panel.
fn centre(page: &RgbImage, colour: Colour) -> (f64, f64) {
    let found = pixels(page, colour, axis_rows(page)[0], INSIDE);
    assert!(!found.is_empty());
    let middle = |values: Vec<u32>| {
        let (least, most) = (values.iter().min().unwrap(), values.iter().max().unwrap());
        f64::from(least + most) / 2.0
    };
    (
        middle(found.iter().map(|at| at.0).collect()),
        middle(found.iter().map(|at| at.1).collect()),
    )
}

fn columns<const N: usize>(page: &RgbImage) -> [f64; N] {
    std::array::from_fn(|at| centre(page, CURVES[at]).0)
}

#[test]
fn points_stand_where_the_scale_of_the_axis_puts_them() {
    let at = |xs: [f64; 3]| xs.map(|x| point(x, 0.5 + x * 1e-4, 0.0));
    for (axis, expected) in [
        (SweepAxis::Logarithmic, (2.0f64).log10() / 2.0),
        (SweepAxis::LogarithmicFromZero, (2.0f64).log10() / 2.0),
        (SweepAxis::Linear, 10.0 / 990.0),
    ] {
        let page = points_page(axis, &at([1000.0, 10.0, 20.0]), &[]);
        let [last, first, between] = columns(&page);
        let share = (between - first) / (last - first);
        assert!((share - expected).abs() < 0.003, "{axis:?}: {share}");
    }
}

#[test]
fn a_linear_axis_takes_zero_and_negative_settings() {
    let points = [-4.0, 0.0, 2.0].map(|x| point(x, 0.5 + x, 0.0));
    let [first, zero, last] = columns(&points_page(SweepAxis::Linear, &points, &[]));
    assert!(((zero - first) / (last - first) - 4.0 / 6.0).abs() < 0.003);
}

#[test]
fn zero_stands_left_of_a_break_and_is_joined_by_dashes() {
    let points = [0.0, 0.001, 1.0].map(|x| point(x, 0.5, 0.0));
    let series = [series("MemAE", &points)];
    let page = save(SweepAxis::LogarithmicFromZero, &[panel(&series, &[])]).unwrap();
    let row = axis_rows(&page)[0];
    let mut found = pixels(&page, CURVES[0], row, INSIDE);
    found.sort_unstable();
    let (zero, last) = (found[0].0 + 4, found[found.len() - 1].0 - 4);
    let broken: Vec<u32> = (zero..last)
        .filter(|&x| page.get_pixel(x, row).0 == PAPER)
        .collect();
    assert_eq!(broken.len(), 5, "{broken:?}");
    let middle = broken[2];
    // The part of the line's columns that are drawn, in the middle of the gap and beyond it.
    let drawn = |columns: Range<u32>| {
        let count = columns.len() as f64;
        let drawn = columns.filter(|x| found.binary_search_by_key(x, |at| at.0).is_ok());
        drawn.count() as f64 / count
    };
    let dashes = drawn(middle - 22..middle + 22);
    assert!((0.3..0.8).contains(&dashes), "{dashes}");
    assert_eq!(drawn(middle + 100..last - 20), 1.0);
    // Where there is no 0, nothing is broken.
    let page = points_page(SweepAxis::LogarithmicFromZero, &points[1..], &[]);
    let row = axis_rows(&page)[0];
    assert!((zero..last).all(|x| page.get_pixel(x, row).0 == FAINT_INK));
}

/// The least and the greatest row of the first series' point, with its bar.
fn upright(deviation: f64) -> (u32, u32) {
    // Reference lines give every page the same y axis.
    let ends = [0.0, 1.0].map(|value| SweepReference { label: "", value });
    let page = points_page(SweepAxis::Linear, &[point(3.0, 0.5, deviation)], &ends);
    let found = pixels(&page, CURVES[0], axis_rows(&page)[0], INSIDE);
    let rows = || found.iter().map(|at| at.1);
    (rows().min().unwrap(), rows().max().unwrap())
}

#[test]
fn error_bars_are_as_long_as_the_deviation() {
    let [none, one, two, four] = [0.0, 0.1, 0.2, 0.4].map(upright);
    let length = |(top, bottom): (u32, u32)| f64::from(bottom - top);
    assert!(length(none) < 10.0, "{none:?}");
    assert!(
        (length(two) / length(one) - 2.0).abs() < 0.06,
        "{one:?} {two:?}"
    );
    assert!(
        (length(four) / length(two) - 2.0).abs() < 0.03,
        "{two:?} {four:?}"
    );
    for (top, bottom) in [one, two, four] {
        assert!(
            (top + bottom).abs_diff(none.0 + none.1) <= 2,
            "{top} {bottom}"
        );
    }
}

#[test]
fn points_at_the_ends_are_drawn_whole() {
    let points = [
        point(1.0, 9.0, 0.0),
        point(7.0, 5.0, 0.0),
        point(50.0, 0.0, 0.0),
    ];
    for axis in [SweepAxis::Linear, SweepAxis::Logarithmic] {
        let page = points_page(axis, &points, &[]);
        let row = axis_rows(&page)[0] + 8;
        let counts = [0, 1, 2].map(|at| pixels(&page, CURVES[at], row, INSIDE + 8).len());
        assert!(counts.iter().all(|count| *count > 30), "{counts:?}");
    }
}

#[test]
fn every_series_has_its_colour_and_marker() {
    let labels: Vec<String> = (0..14).map(|at| format!("series {at}")).collect();
    let points: Vec<[SweepPoint; 2]> = (0..14)
        .map(|at| [1.0, 3.0].map(|x| point(x, f64::from(at), 0.2)))
        .collect();
    let series: Vec<SweepSeries> = labels
        .iter()
        .zip(&points)
        .map(|(label, points)| series(label, points))
        .collect();
    let panels = [panel(&series, &[])];
    let page = save(SweepAxis::Linear, &panels).unwrap();
    let row = axis_rows(&page)[0];
    for colour in CURVES {
        let found = pixels(&page, colour, row, INSIDE);
        // Right of the numbers, which are black too.
        let drawn = found.iter().filter(|at| at.0 > MARGIN + 80).count();
        assert!(drawn > 200, "{colour:?}: {drawn}");
    }
    let picture = picture(SweepAxis::Linear, &panels);
    let mut swatches = Vec::new();
    for entry in picture.entries() {
        let looks = (entry.colour, entry.swatch);
        assert!(!swatches.contains(&looks), "{looks:?}");
        swatches.push(looks);
    }
    assert_eq!(swatches.len(), 14);
}

#[test]
fn panels_share_their_settings_and_the_look_of_a_series() {
    let small = [point(10.0, 0.91, 0.0), point(1000.0, 0.97, 0.01)];
    let large = [point(10.0, 1.0, 0.0), point(1000.0, 123_456.0, 0.0)];
    let other = [point(10.0, 0.95, 0.0)];
    let above = [series("MemAE", &small), series("AE", &other)];
    let other = other.map(|point| SweepPoint {
        mean: 50_000.0,
        ..point
    });
    let below = [series("AE", &other), series("MemAE", &large)];
    let reference = [SweepReference {
        label: "published",
        value: 0.94,
    }];
    let panels = [panel(&above, &reference), panel(&below, &[])];
    let page = save(SweepAxis::Logarithmic, &panels).unwrap();
    let rows = axis_rows(&page);
    assert_eq!(rows.len(), 2, "{rows:?}");
    let ends = |row, colour| {
        let found = pixels(&page, colour, row, SHARED_INSIDE);
        let columns = || found.iter().map(|at| at.0);
        (columns().min().unwrap(), columns().max().unwrap())
    };
    assert_eq!(ends(rows[0], CURVES[0]), ends(rows[1], CURVES[0]));
    assert_eq!(ends(rows[0], CURVES[1]), ends(rows[1], CURVES[1]));
    let labels = picture(SweepAxis::Logarithmic, &panels).entries();
    let labels: Vec<&str> = labels.iter().map(|entry| entry.text.as_str()).collect();
    assert_eq!(labels, ["MemAE", "AE"]);
}

#[test]
fn reference_lines_cross_at_their_value_and_are_labelled_there() {
    let points = [point(1.0, 0.0, 0.0), point(2.0, 1.0, 0.0)];
    let reference = |value| {
        [SweepReference {
            label: "published",
            value,
        }]
    };
    for value in [0.25, 0.8] {
        let page = points_page(SweepAxis::Linear, &points, &reference(value));
        let (low, high) = (centre(&page, CURVES[0]).1, centre(&page, CURVES[1]).1);
        let row = (low + (high - low) * value).round() as u32;
        let dark = |x: u32, y: u32| page.get_pixel(x, y).0[0] < 170;
        let share = |columns: Range<u32>| {
            let count = columns.len() as f64;
            columns
                .filter(|&x| (row - 1..=row + 1).any(|y| dark(x, y)))
                .count() as f64
                / count
        };
        let dashes = share(200..600);
        assert!((0.4..0.8).contains(&dashes), "{dashes}");
        // Letters stand beside the end of the line, and nowhere else in the right margin.
        let label = page.width() - MARGIN - text::width("published", SMALL)..page.width();
        let rows: Vec<u32> = (MARGIN + HEADER..page.height())
            .filter(|&y| label.clone().any(|x| dark(x, y)))
            .collect();
        let (first, last) = (rows[0], rows[rows.len() - 1]);
        assert!(
            first + 3 < row && row + 2 < last,
            "{row}: {first} to {last}"
        );
        assert!(last - first < SMALL + 4, "{first} to {last}");
    }
}

#[test]
fn names_have_the_series_side_by_side_and_nothing_between() {
    let names = ["encoding", "position"];
    let points: Vec<[SweepPoint; 2]> = (0..3)
        .map(|at| [0.0, 1.0].map(|x| point(x, 0.5 + x / 7.0, 0.01 * f64::from(at))))
        .collect();
    let series: Vec<SweepSeries> = ["AE", "MemAE-nonSpar", "MemAE"]
        .into_iter()
        .zip(&points)
        .map(|(label, points)| series(label, points))
        .collect();
    let page = save(SweepAxis::Names(&names), &[panel(&series, &[])]).unwrap();
    let row = axis_rows(&page)[0];
    let middle = MARGIN + 60 + (WIDTH - 60) / 2;
    let spans: Vec<[u32; 4]> = (0..3)
        .map(|at| {
            let found = pixels(&page, CURVES[at], row, INSIDE);
            let (left, right): (Vec<u32>, Vec<u32>) =
                found.iter().map(|at| at.0).partition(|&x| x < middle);
            [left, right]
                .map(|side| [*side.iter().min().unwrap(), *side.iter().max().unwrap()])
                .concat()
                .try_into()
                .unwrap()
        })
        .collect();
    for pair in spans.windows(2) {
        assert!(pair[0][1] + 10 < pair[1][0], "{spans:?}");
        assert!(pair[0][3] + 10 < pair[1][2], "{spans:?}");
    }
    assert!(spans[2][1] + 100 < spans[0][2], "{spans:?}");
}

#[test]
fn what_cannot_be_drawn_is_an_error() {
    let message = |x: SweepAxis, panels: &[SweepPanel]| {
        let message = save(x, panels).unwrap_err().to_string();
        let (_, message) = message.split_once("sweep.png: ").unwrap();
        message.to_string()
    };
    let with_point = |x: SweepAxis, wrong: SweepPoint| {
        let points = [point(1.0, 0.5, 0.1), wrong];
        message(x, &[panel(&[series("MemAE", &points)], &[])])
    };
    let some = [point(1.0, 0.5, 0.1)];
    let one = [series("MemAE", &some)];
    let whole = panel(&one, &[]);

    assert_eq!(
        message(SweepAxis::Linear, &[]),
        "nothing to draw: found no panels, expected at least one"
    );
    assert_eq!(
        message(SweepAxis::Linear, &[whole; 5]),
        "panels: found 5, expected at most 4 (more cannot be told apart)"
    );
    assert_eq!(
        message(SweepAxis::Linear, &[whole, panel(&[], &[])]),
        "series of panel 1 (\"AUC\"): found none, expected at least one"
    );
    assert_eq!(
        message(
            SweepAxis::Linear,
            &[panel(&[one[0], series("AE", &[])], &[])]
        ),
        "points of \"AE\" in panel 0 (\"AUC\"): found none, expected at least one"
    );
    assert_eq!(
        message(SweepAxis::Linear, &[panel(&[one[0], one[0]], &[])]),
        "series of panel 0 (\"AUC\"): found \"MemAE\" twice, expected a label of its own for each"
    );
    let labels: Vec<String> = (0..15).map(|at| at.to_string()).collect();
    let many: Vec<SweepSeries> = labels.iter().map(|label| series(label, &some)).collect();
    assert_eq!(
        message(SweepAxis::Linear, &[panel(&many, &[])]),
        "series: found 15, expected at most 14 (more cannot be told apart)"
    );

    assert_eq!(
        with_point(SweepAxis::Linear, point(f64::NAN, 0.5, 0.0)),
        "x of point 1 of \"MemAE\" in panel 0 (\"AUC\"): found NaN, expected a finite number (up to 1e299 in size)"
    );
    assert_eq!(
        with_point(SweepAxis::Linear, point(2.0, f64::NEG_INFINITY, 0.0)),
        "mean of point 1 of \"MemAE\" in panel 0 (\"AUC\"): found -inf, expected a finite number (up to 1e299 in size)"
    );
    assert_eq!(
        with_point(SweepAxis::Linear, point(2.0, 0.5, 2e299)),
        "deviation of point 1 of \"MemAE\" in panel 0 (\"AUC\"): found 2e299, expected a finite number (up to 1e299 in size)"
    );
    assert_eq!(
        with_point(SweepAxis::Linear, point(2.0, 0.5, -0.25)),
        "deviation of point 1 of \"MemAE\" in panel 0 (\"AUC\"): found -0.25, expected 0 or more"
    );
    assert_eq!(
        with_point(SweepAxis::Logarithmic, point(0.0, 0.5, 0.0)),
        "x of point 1 of \"MemAE\" in panel 0 (\"AUC\"): found 0.0, expected a number above 0 (the axis is logarithmic)"
    );
    assert_eq!(
        with_point(SweepAxis::LogarithmicFromZero, point(-0.5, 0.5, 0.0)),
        "x of point 1 of \"MemAE\" in panel 0 (\"AUC\"): found -0.5, expected 0 or more (the axis is logarithmic)"
    );

    let names = SweepAxis::Names(&["encoding", "position"]);
    for wrong in [2.0, 0.5, -1.0] {
        assert_eq!(
            with_point(names, point(wrong, 0.5, 0.0)),
            format!(
                "x of point 1 of \"MemAE\" in panel 0 (\"AUC\"): found {wrong:?}, expected a whole number from 0 to 1"
            )
        );
    }
    assert_eq!(
        message(SweepAxis::Names(&[]), &[whole]),
        "nothing to draw: found no names, expected at least one"
    );
    assert_eq!(
        message(SweepAxis::Names(&["name"; 21]), &[whole]),
        "names: found 21, expected at most 20 (more cannot be told apart)"
    );

    let line = |value| SweepReference {
        label: "published",
        value,
    };
    assert_eq!(
        message(SweepAxis::Linear, &[panel(&one, &[line(f64::NAN)])]),
        "value of reference line \"published\" in panel 0 (\"AUC\"): found NaN, expected a finite number (up to 1e299 in size)"
    );
    assert_eq!(
        message(SweepAxis::Linear, &[panel(&one, &[line(0.5); 9])]),
        "reference lines of panel 0 (\"AUC\"): found 9, expected at most 8 (more cannot be told apart)"
    );
}

/// Numbers of every size that can be drawn.
fn number() -> impl Strategy<Value = f64> {
    prop_oneof![
        4 => -2.0f64..2.0,
        // Rounding errors would lift the power 299 above the largest number.
        1 => (-299i32..=298).prop_map(|power| 10f64.powi(power)),
        1 => (-299i32..=298).prop_map(|power| -10f64.powi(power)),
        1 => prop_oneof![Just(1e299), Just(-1e299)],
        1 => Just(0.0),
        1 => Just(5e-324),
    ]
}

#[test]
fn a_long_number_at_the_end_of_an_axis_stays_on_the_page() {
    let points = [point(-1.0000000000000002e103, 0.0, 0.0)];
    let page = save(
        SweepAxis::Linear,
        &[panel(&[series("MemAE", &points)], &[])],
    )
    .unwrap();
    let right = page.width() - MARGIN / 2;
    let pixels = page.enumerate_pixels();
    assert!(
        pixels
            .filter(|(x, _, _)| *x >= right)
            .all(|(_, _, pixel)| pixel.0 == PAPER)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn whatever_can_be_drawn_leaves_the_edge_of_the_page_white(
        points in prop::collection::vec((number(), number(), number()), 1..11),
        references in prop::collection::vec(number(), 0..8),
        panels in 1usize..=4,
        axis in 0usize..4,
    ) {
        let names = ["a name that is far too long for its slot"; 13];
        let axis = [
            SweepAxis::Linear,
            SweepAxis::Logarithmic,
            SweepAxis::LogarithmicFromZero,
            SweepAxis::Names(&names),
        ][axis];
        let x = |at: usize, x: f64| match axis {
            SweepAxis::Linear => x,
            SweepAxis::Logarithmic => x.abs().max(1e-310),
            SweepAxis::LogarithmicFromZero => x.abs(),
            SweepAxis::Names(_) => at as f64,
        };
        let points: Vec<SweepPoint> = points
            .into_iter()
            .enumerate()
            .map(|(at, (setting, mean, deviation))| point(x(at, setting), mean, deviation.abs()))
            .collect();
        let references: Vec<SweepReference> = references
            .into_iter()
            .map(|value| SweepReference { label: "a figure that somebody once published", value })
            .collect();
        let series = [series("MemAE", &points)];
        let page = save(axis, &vec![panel(&series, &references); panels]).unwrap();
        prop_assert_eq!(page.width(), WIDTH + 2 * MARGIN);
        let edge = MARGIN / 2;
        let (right, bottom) = (page.width() - edge, page.height() - edge);
        for (x, y, pixel) in page.enumerate_pixels() {
            if x < edge || y < edge || x >= right || y >= bottom {
                prop_assert_eq!(pixel.0, PAPER, "{} {}", x, y);
            }
        }
        prop_assert!(axis_rows(&page).len() >= panels);
    }
}
