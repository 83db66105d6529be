use image::RgbImage;

use super::*;
use crate::chart::colour::NOT_FINITE;

const HEIGHT: usize = 7;
const WIDTH: usize = 11;
const PIXELS: usize = HEIGHT * WIDTH;

fn frame(score: f64, anomalous: Option<bool>) -> WorstFrame<'static> {
    WorstFrame {
        video: "Test001",
        frame: 63,
        score,
        anomalous,
    }
}

fn grey(frames: usize) -> ImageStack {
    ImageStack::new(1, HEIGHT, WIDTH, vec![0.5; frames * PIXELS]).unwrap()
}

fn picture<'a>(
    frames: &'a [WorstFrame<'a>],
    images: &'a ImageStack,
    error_maps: &'a [f32],
) -> WorstFramesPicture<'a> {
    WorstFramesPicture {
        title: "worst frames",
        frames,
        images,
        reconstructions: None,
        error_maps,
        masks: &[],
    }
}

fn save(picture: WorstFramesPicture) -> Result<RgbImage, PictureError> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("worst_frames.png");
    let saved = picture.save(&file);
    let files = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(files, usize::from(saved.is_ok()));
    saved.map(|()| image::open(&file).unwrap().to_rgb8())
}

/// The middle of pixel (x, y) of the frame in `column` and `row` of the first band.
fn pixel(
    picture: &WorstFramesPicture,
    page: &RgbImage,
    (column, row): (u32, u32),
    (x, y): (u32, u32),
) -> Colour {
    let layout = picture.layout(&picture.ranking(), 1.0);
    let scale = layout.tile.0 / picture.images.width() as u32;
    let left = MARGIN + layout.label_width + 14 + column * (layout.column + COLUMN_GAP);
    let top = layout.row_top(MARGIN + HEADER, row);
    page.get_pixel(left + x * scale + scale / 2, top + y * scale + scale / 2)
        .0
}

fn light(colour: Colour) -> u32 {
    colour.iter().map(|&value| u32::from(value)).sum()
}

#[test]
fn the_worst_frame_comes_first_its_errors_laid_over_it() {
    let frames = [frame(0.2, Some(false)), frame(0.9, Some(true))];
    let images = grey(2);
    let mut maps = vec![0.0; 2 * PIXELS];
    // The second frame, row 3, column 5.
    maps[PIXELS + 3 * WIDTH + 5] = 1.0;
    let rebuilt = ImageStack::new(1, HEIGHT, WIDTH, vec![0.25; 2 * PIXELS]).unwrap();
    let picture = WorstFramesPicture {
        reconstructions: Some(&rebuilt),
        ..picture(&frames, &images, &maps)
    };
    let page = save(picture).unwrap();
    let at = |column, row, place| pixel(&picture, &page, (column, row), place);
    let error = (5, 3);
    for column in 0..2 {
        assert_eq!(at(column, 0, error), [128; 3]);
        assert_eq!(at(column, 1, error), [64; 3]);
        assert!(light(at(column, 2, (1, 1))) < light([128; 3]));
    }
    assert!(light(at(0, 2, error)) > light([128; 3]) + 100);
    assert_eq!(at(1, 2, error), at(1, 2, (1, 1)));
    for colour in [ANOMALOUS, NORMAL] {
        assert!(page.pixels().any(|pixel| pixel.0 == colour));
    }
}

#[test]
fn labelled_pixels_are_outlined_on_the_overlay_alone() {
    let frames = [frame(0.9, Some(true))];
    let images = grey(1);
    let mut masks = vec![false; PIXELS];
    masks[3 * WIDTH + 5] = true;
    let plain = picture(&frames, &images, &[0.1; PIXELS]);
    let outlined = WorstFramesPicture {
        masks: &masks,
        ..plain
    };
    let page = save(outlined).unwrap();
    let top = outlined.layout(&[0], 1.0).row_top(MARGIN + HEADER, 1);
    let lines: Vec<u32> = page
        .enumerate_pixels()
        .filter(|(_, _, pixel)| pixel.0 == OUTLINE)
        .map(|(_, y, _)| y)
        .collect();
    // Around a square of 23 x 23 pixels, two pixels wide, the corners rounded.
    assert!(
        (4 * 2 * 23..4 * 2 * 25).contains(&lines.len()),
        "{}",
        lines.len()
    );
    assert!(
        lines
            .iter()
            .all(|&y| y >= top + 3 * 23 - 2 && y < top + 4 * 23 + 2)
    );
    let without = save(plain).unwrap();
    assert!(without.pixels().all(|pixel| pixel.0 != OUTLINE));
}

#[test]
fn frames_are_ranked_by_score() {
    let scores = [0.3, f64::NAN, 0.9, -1.0, f64::INFINITY, 0.5];
    let frames = scores.map(|score| frame(score, None));
    let images = grey(6);
    let ranked = picture(&frames, &images, &[0.1; 6 * PIXELS]);
    assert_eq!(ranked.ranking(), [2, 5, 0, 3, 1, 4]);
    let frames: Vec<WorstFrame> = (0..29).map(|at| frame(f64::from(at), None)).collect();
    let (images, maps) = (grey(29), vec![0.1; 29 * PIXELS]);
    let many = picture(&frames, &images, &maps);
    let ranking = many.ranking();
    assert_eq!(ranking, (5..29).rev().collect::<Vec<_>>());
    assert_eq!(
        many.note(&ranking, many.top_error(&ranking)),
        "the 24 highest scores of 29 frames · all error maps on one scale"
    );
    assert!(save(many).is_ok());
}

#[test]
fn frames_of_any_size_and_number_make_a_page() {
    for (channels, height, width) in [
        (1, 1, 1),
        (3, 1, 5003),
        (1, 5003, 1),
        (3, 24, 36),
        (1, 240, 360),
        (1, 256, 256),
    ] {
        for frames in [1usize, 2, 7, 24] {
            let pixels = height * width;
            let values = vec![0.5; frames * channels * pixels];
            let images = ImageStack::new(channels, height, width, values).unwrap();
            let maps = vec![0.1; frames * pixels];
            let masks = vec![true; frames * pixels];
            let frames = vec![frame(0.5, Some(true)); frames];
            let page = save(WorstFramesPicture {
                masks: &masks,
                ..picture(&frames, &images, &maps)
            })
            .unwrap();
            assert!(page.width() < 1400, "{}", page.width());
            assert!(page.height() < 5000, "{}", page.height());
        }
    }
}

#[test]
fn values_that_are_not_finite_are_marked_and_counted() {
    let frames = [frame(0.9, None)];
    let mut values = vec![0.5; PIXELS];
    values[7] = f32::NAN;
    let images = ImageStack::new(1, HEIGHT, WIDTH, values).unwrap();
    let mut maps = vec![0.1; PIXELS];
    maps[30] = f32::INFINITY;
    let marked = picture(&frames, &images, &maps);
    assert_eq!(marked.top_error(&[0]), 0.1);
    assert_eq!(
        marked.note(&[0], 0.1),
        "all error maps on one scale · turquoise: 2 values that are not finite"
    );
    let page = save(marked).unwrap();
    let turquoise = page.pixels().filter(|pixel| pixel.0 == NOT_FINITE).count();
    assert_eq!(turquoise, 3 * 23 * 23);
    assert!(save(picture(&frames, &images, &[f32::NAN; PIXELS])).is_ok());
}

#[test]
fn a_few_large_errors_do_not_hide_the_others() {
    let frames = vec![frame(0.9, None); 29];
    let images = grey(29);
    let mut maps = vec![0.5; 29 * PIXELS];
    let top = |maps: &[f32]| {
        let ranking: Vec<usize> = (0..29).collect();
        picture(&frames, &images, maps).top_error(&ranking)
    };
    maps[3] = 0.6;
    assert_eq!(top(&maps), 0.6);
    maps[3] = 1.6;
    assert_eq!(top(&maps), 0.5);
    maps[3] = 400.0;
    assert_eq!(top(&maps), 100.0);
    assert_eq!(top(&[0.0; 29 * PIXELS]), 1.0);
    let ranking: Vec<usize> = (0..29).collect();
    assert_eq!(
        picture(&frames, &images, &maps).note(&ranking, 100.0),
        "all error maps on one scale, cut at 100 (largest error 400)"
    );
}

#[test]
fn what_does_not_fit_is_an_error() {
    let message = |picture: WorstFramesPicture| {
        let message = save(picture).unwrap_err().to_string();
        message
            .split_once("worst_frames.png: ")
            .unwrap()
            .1
            .to_string()
    };
    let frames = [frame(0.9, None); 2];
    let (images, other) = (grey(2), grey(3));
    let maps = [0.1; 2 * PIXELS];
    let fitting = picture(&frames, &images, &maps);
    assert_eq!(
        message(WorstFramesPicture {
            frames: &[],
            ..fitting
        }),
        "nothing to draw: found no frames, expected at least one"
    );
    assert_eq!(
        message(picture(&frames, &other, &maps)),
        "images: found length 3, expected 2 (one per frame)"
    );
    assert_eq!(
        message(WorstFramesPicture {
            reconstructions: Some(&other),
            ..fitting
        }),
        "reconstructions: found shape [3, 1, 7, 11], expected [2, 1, 7, 11] (the shape of the images)"
    );
    assert_eq!(
        message(picture(&frames, &images, &maps[1..])),
        "error maps: found length 153, expected 154 (frames x height x width)"
    );
    assert_eq!(
        message(WorstFramesPicture {
            masks: &[true],
            ..fitting
        }),
        "masks: found length 1, expected 154 (frames x height x width)"
    );
    assert_eq!(
        message(picture(&frames, &images, &[-0.5; 2 * PIXELS])),
        "error maps: found -0.5 at position 0, expected errors of 0 or more"
    );
}
