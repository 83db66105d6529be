use image::{GrayImage, RgbImage};

use super::*;

fn picture<'a>(image: ShownPixels<'a>, map: &'a [f32], map_size: [usize; 2]) -> HeatMapPicture<'a> {
    HeatMapPicture {
        title: "",
        image,
        map,
        map_size,
        threshold: None,
        top: None,
        inside: None,
    }
}

fn saved(save: impl Fn(&Path) -> Result<(), PictureError>) -> image::DynamicImage {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("picture.png");
    save(&file).unwrap();
    // Nothing is left beside it.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    image::open(&file).unwrap()
}

fn overlay(picture: &HeatMapPicture<'_>) -> RgbImage {
    saved(|file| picture.save_overlay(file)).to_rgb8()
}

fn mask(picture: &HeatMapPicture<'_>) -> GrayImage {
    let mask = saved(|file| picture.save_mask(file));
    assert_eq!(mask.color(), image::ColorType::L8);
    mask.to_luma8()
}

fn message(picture: &HeatMapPicture<'_>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let error = picture.save(folder.path().join("picture.png")).unwrap_err();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    let message = error.to_string();
    assert!(!message.contains('\n'), "{message}");
    message.split_once("picture.png: ").unwrap().1.to_string()
}

const GREY: [u8; 3 * 5 * 7] = [100; 105];

fn grey<'a>() -> ShownPixels<'a> {
    ShownPixels::Rgb8 {
        values: &GREY,
        size: [5, 7],
    }
}

#[test]
fn an_overlay_has_the_size_of_the_image_whatever_that_of_the_map() {
    for (map_size, map) in [
        ([1, 1], vec![0.5]),
        ([5, 7], vec![0.5; 35]),
        ([40, 3], vec![0.5; 120]),
    ] {
        let drawn = overlay(&picture(grey(), &map, map_size));
        assert_eq!(drawn.dimensions(), (7, 5));
        // One error everywhere: one colour everywhere.
        let first = *drawn.get_pixel(0, 0);
        assert!(drawn.pixels().all(|&pixel| pixel == first), "{map_size:?}");
    }
}

#[test]
fn errors_change_gradually_between_the_pixels_of_a_map() {
    let values = vec![90; 3 * 64];
    let image = ShownPixels::Rgb8 {
        values: &values,
        size: [1, 64],
    };
    let drawn = overlay(&picture(image, &[0.0, 1.0], [1, 2]));
    let light = |x: u32| {
        drawn
            .get_pixel(x, 0)
            .0
            .iter()
            .map(|&value| u32::from(value))
            .sum::<u32>()
    };
    // Half of the way from one middle to the other, in steps, none of them a jump.
    assert_eq!(light(0), light(15));
    assert_eq!(light(48), light(63));
    assert!(
        light(47) > light(31) && light(31) > light(20),
        "{} {} {}",
        light(47),
        light(31),
        light(20)
    );
    let steps = (0..63).map(|x| light(x + 1).abs_diff(light(x)));
    assert!(steps.max().unwrap() < 60);
}

#[test]
fn colours_and_greys_are_taken_as_they_are() {
    let image = ImageStack::new(3, 1, 2, [0.1f32, 0.9, 0.2, 0.8, 0.3, 0.7].repeat(2)).unwrap();
    let stack = ShownPixels::Stack {
        images: &image,
        index: 1,
    };
    let values = [0.1f32, 0.2, 0.3, 0.9, 0.8, 0.7].map(|value| (value * 255.0).round() as u8);
    let rgb = ShownPixels::Rgb8 {
        values: &values,
        size: [1, 2],
    };
    let map = [0.2, 0.7];
    assert_eq!(
        overlay(&picture(stack, &map, [1, 2])),
        overlay(&picture(rgb, &map, [1, 2]))
    );
}

#[test]
fn a_mask_is_white_above_the_threshold() {
    let map: Vec<f32> = (0..35).map(|value| value as f32).collect();
    let flagged = HeatMapPicture {
        threshold: Some(20.0),
        ..picture(grey(), &map, [5, 7])
    };
    let found = mask(&flagged);
    assert_eq!(found.dimensions(), (7, 5));
    let expected: Vec<u8> = (0..35)
        .map(|value| if value > 20 { 255 } else { 0 })
        .collect();
    assert_eq!(found.as_raw(), &expected);

    // What is no number is flagged, whatever the threshold.
    let mut map = vec![0.0; 35];
    (map[3], map[4]) = (f32::NAN, f32::INFINITY);
    let found = mask(&HeatMapPicture {
        map: &map,
        threshold: Some(1e30),
        ..flagged
    });
    let white: Vec<usize> = (0..35).filter(|&at| found.as_raw()[at] == 255).collect();
    assert_eq!(white, [3, 4]);
}

#[test]
fn a_mask_without_a_threshold_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mask.png");
    let error = picture(grey(), &[0.5], [1, 1])
        .save_mask(&file)
        .unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("found no threshold, expected at least one")
    );
    assert!(!file.exists());
}

#[test]
fn what_is_flagged_is_outlined() {
    let values = vec![60; 3 * 40 * 50];
    let image = ShownPixels::Rgb8 {
        values: &values,
        size: [40, 50],
    };
    let mut map = vec![0.0; 40 * 50];
    for y in 10..20 {
        map[y * 50 + 30..y * 50 + 42].fill(1.0);
    }
    let plain = picture(image, &map, [40, 50]);
    let has_line = |drawn: &RgbImage| drawn.pixels().any(|pixel| pixel.0 == OUTLINE);
    assert!(!has_line(&overlay(&plain)));
    assert!(!has_line(&overlay(&HeatMapPicture {
        threshold: Some(1.0),
        ..plain
    })));
    let drawn = overlay(&HeatMapPicture {
        threshold: Some(0.5),
        ..plain
    });
    let lines: Vec<(u32, u32)> = drawn
        .enumerate_pixels()
        .filter(|(_, _, pixel)| pixel.0 == OUTLINE)
        .map(|(x, y, _)| (x, y))
        .collect();
    // One pixel wide around 12 x 10, without the corners.
    assert_eq!(lines.len(), 2 * (12 + 10));
    assert!(
        lines
            .iter()
            .all(|&(x, y)| (29..=42).contains(&x) && (9..=20).contains(&y))
    );
}

#[test]
fn a_normal_image_stays_dark_beside_its_threshold() {
    let light = |threshold: Option<f64>| {
        let map = [0.1; 35];
        let drawn = overlay(&HeatMapPicture {
            threshold,
            ..picture(grey(), &map, [5, 7])
        });
        drawn
            .get_pixel(3, 2)
            .0
            .iter()
            .map(|&value| u32::from(value))
            .sum::<u32>()
    };
    assert!(light(Some(2.0)) < light(Some(0.2)) && light(Some(0.2)) < light(None));
    // A top that is given holds for the largest error too.
    let with_top = |top: f64| {
        let map = [0.1; 35];
        overlay(&HeatMapPicture {
            top: Some(top),
            ..picture(grey(), &map, [5, 7])
        })
    };
    assert_ne!(with_top(1.0), with_top(0.1));
}

#[test]
fn what_is_not_finite_is_marked_and_counted() {
    let mut map = vec![0.3; 35];
    map[8] = f32::NAN;
    let marked = HeatMapPicture {
        threshold: Some(0.5),
        ..picture(grey(), &map, [5, 7])
    };
    let drawn = overlay(&marked);
    let turquoise = drawn.pixels().filter(|pixel| pixel.0 == NOT_FINITE);
    assert_eq!(turquoise.count(), 1);
    assert_eq!(drawn.get_pixel(1, 1).0, NOT_FINITE);
    assert_eq!(marked.lines()[1].1, "1 value that is not finite");
    // No largest error at all.
    let all = [f32::INFINITY; 35];
    let drawn = overlay(&picture(grey(), &all, [5, 7]));
    assert!(drawn.pixels().all(|pixel| pixel.0 == NOT_FINITE));
}

#[test]
fn small_images_are_enlarged_by_whole_factors_and_large_ones_are_not() {
    let size = |height: usize, width: usize| {
        let values = vec![50; height * width * 3];
        let image = ShownPixels::Rgb8 {
            values: &values,
            size: [height, width],
        };
        let drawn = HeatMapPicture {
            threshold: Some(0.2),
            title: "t",
            ..picture(image, &[0.1], [1, 1])
        };
        saved(|file| drawn.save(file)).to_rgb8().dimensions()
    };
    let (width, height) = size(28, 28);
    assert!(
        (252..400).contains(&width) && (252..400).contains(&height),
        "{width} {height}"
    );
    let (width, height) = size(300, 500);
    assert!(
        (500..650).contains(&width) && (300..420).contains(&height),
        "{width} {height}"
    );
    // Text grows with the image; sides of one pixel leave room for the scale.
    let (width, height) = size(1800, 1);
    assert!(
        (100..500).contains(&width) && height > 1800,
        "{width} {height}"
    );
    let (width, height) = size(1, 16384);
    assert!(
        width > 16384 && (2000..5000).contains(&height),
        "{width} {height}"
    );
}

#[test]
fn the_scale_has_a_mark_at_the_threshold() {
    let map = [0.0, 1.0];
    let values = vec![50; 300 * 300 * 3];
    let image = ShownPixels::Rgb8 {
        values: &values,
        size: [300, 300],
    };
    let mark = |threshold: f64| {
        let drawn = HeatMapPicture {
            threshold: Some(threshold),
            ..picture(image, &map, [1, 2])
        };
        let drawn = saved(|file| drawn.save(file)).to_rgb8();
        let beside = MARGIN + 300 + GAP - 3;
        let rows = (0..drawn.height()).filter(|&y| drawn.get_pixel(beside, y).0 == OUTLINE);
        rows.min().expect("a mark")
    };
    let (low, high) = (mark(0.25), mark(0.75));
    assert!((145..=155).contains(&(low - high)), "{low} {high}");
}

#[test]
fn titles_of_any_text_are_cut_to_the_picture() {
    let title = "tile <b>7</b>\n".repeat(60);
    let drawn = HeatMapPicture {
        title: &title,
        ..picture(grey(), &[0.1], [1, 1])
    };
    let drawn = saved(|file| drawn.save(file));
    assert!(drawn.width() <= WIDEST_TITLE + 2 * MARGIN);
}

#[test]
fn what_does_not_fit_together_is_an_error() {
    let good = picture(grey(), &[0.1; 4], [2, 2]);
    assert_eq!(
        message(&HeatMapPicture {
            map_size: [2, 3],
            ..good
        }),
        "error map: found length 4, expected 6 (its size)"
    );
    assert_eq!(
        message(&HeatMapPicture {
            map: &[],
            map_size: [0, 3],
            ..good
        }),
        "size of the error map: found 0x3, expected sides of 1 to 16384 pixels"
    );
    assert_eq!(
        message(&HeatMapPicture {
            map: &[0.0, -0.5, 0.0, 0.0],
            ..good
        }),
        "error map: found -0.5 at position 1, expected errors of 0 or more"
    );
    for (size, text) in [
        ([5, 6], "values: found length 105, expected 90"),
        ([1 << 40, 1 << 40], "size of the image: found"),
    ] {
        let image = ShownPixels::Rgb8 {
            values: &GREY,
            size,
        };
        assert!(message(&HeatMapPicture { image, ..good }).starts_with(text));
    }
    let images = ImageStack::new(1, 1, 1, vec![0.5; 2]).unwrap();
    let image = ShownPixels::Stack {
        images: &images,
        index: 2,
    };
    assert_eq!(
        message(&HeatMapPicture { image, ..good }),
        "index of the image: found 2 of 2 images, expected one that is there"
    );
    for bad in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(
            message(&HeatMapPicture {
                threshold: Some(bad),
                ..good
            })
            .starts_with("threshold: found")
        );
        assert!(
            message(&HeatMapPicture {
                top: Some(bad),
                ..good
            })
            .starts_with("top: found")
        );
    }
    assert!(
        message(&HeatMapPicture {
            top: Some(0.0),
            ..good
        })
        .starts_with("top: found 0.0")
    );
}

#[test]
fn what_is_not_looked_at_has_no_colour() {
    let values: Vec<u8> = (0..36).map(|at| (7 * at) as u8).collect();
    let image = ShownPixels::Rgb8 {
        values: &values,
        size: [3, 4],
    };
    let inside: Vec<bool> = (0..12).map(|at| at % 3 != 1).collect();
    let all = picture(image, &[0.5; 12], [3, 4]);
    let part = HeatMapPicture {
        inside: Some(&inside),
        ..all
    };
    let (all, found) = (overlay(&all), overlay(&part));
    for (at, &inside) in inside.iter().enumerate() {
        let (x, y) = ((at % 4) as u32, (at / 4) as u32);
        let expected = match inside {
            true => all.get_pixel(x, y).0.to_vec(),
            false => values[3 * at..][..3].to_vec(),
        };
        assert_eq!(found.get_pixel(x, y).0.to_vec(), expected, "{at}");
    }
    let short = HeatMapPicture {
        inside: Some(&inside[1..]),
        ..part
    };
    assert!(
        message(&short).contains("pixels that are looked at"),
        "{}",
        message(&short)
    );
}
