use proptest::prelude::*;

use super::part::Region;
use crate::sample::mask::Mask;

fn masks() -> impl Strategy<Value = Mask> {
    (1usize..7, 1usize..9).prop_flat_map(|(height, width)| {
        let pixels = proptest::collection::vec(any::<bool>(), height * width);
        pixels.prop_map(move |pixels| Mask::new(height, width, pixels).unwrap())
    })
}

proptest! {
    #[test]
    fn a_mask_covers_what_it_covers_at_any_size(mask in masks(), size in (1usize..20, 1usize..20)) {
        if !mask.is_anomalous() {
            prop_assert!(Region::of_mask(&mask).is_err());
            return Ok(());
        }
        let region = Region::of_mask(&mask).unwrap();
        let expected = mask.resized(size.0, size.1).unwrap();
        prop_assert_eq!(region.covered(size), expected.anomalous());
        let text = serde_json::to_string(&region).unwrap();
        prop_assert_eq!(serde_json::from_str::<Region>(&text).unwrap(), region);
    }

    #[test]
    fn bounds_hold_what_is_covered_and_no_more(
        mask in masks(), larger in (1usize..4, 1usize..4), size in (1usize..20, 1usize..20),
    ) {
        let Ok(region) = Region::of_mask(&mask) else { return Ok(()) };
        let held = |size: (usize, usize)| {
            let covered = region.covered(size);
            let at = |at: usize| (at / size.1, at % size.1);
            let places: Vec<_> = (0..covered.len()).filter(|&pixel| covered[pixel]).map(at).collect();
            (covered, places)
        };
        // At whole multiples of the size of the mask no pixel of it is passed over.
        let multiple = (mask.height() * larger.0, mask.width() * larger.1);
        let (covered, places) = held(multiple);
        let bounds = region.bounds(multiple).unwrap();
        let (rows, columns): (Vec<_>, Vec<_>) = places.iter().copied().unzip();
        let extent = |places: &[usize]| (*places.iter().min().unwrap(), *places.iter().max().unwrap() + 1);
        prop_assert_eq!((bounds.top, bounds.top + bounds.height), extent(&rows));
        prop_assert_eq!((bounds.left, bounds.left + bounds.width), extent(&columns));
        let expected: Vec<bool> = (0..covered.len())
            .filter(|at| (bounds.top..bounds.top + bounds.height).contains(&(at / multiple.1)))
            .filter(|at| (bounds.left..bounds.left + bounds.width).contains(&(at % multiple.1)))
            .map(|at| covered[at])
            .collect();
        prop_assert_eq!(&region.covered_in(multiple, bounds), &expected);
        if larger.0 == larger.1 {
            prop_assert_eq!(region.part_of(multiple).unwrap(), (bounds, Some(expected.clone())));
        }
        // What lies within is the same at its own size.
        prop_assert_eq!(region.inside(bounds.size()), Some(expected));
        let (_, places) = held(size);
        if let Some(bounds) = region.bounds(size) {
            for (y, x) in places {
                prop_assert!((bounds.top..bounds.top + bounds.height).contains(&y));
                prop_assert!((bounds.left..bounds.left + bounds.width).contains(&x));
            }
        } else {
            prop_assert!(places.is_empty());
        }
    }

    #[test]
    fn a_rectangle_is_what_its_bounds_hold(
        bounds in (0usize..10, 0usize..10, 1usize..10, 1usize..10), size in (1usize..20, 1usize..20),
    ) {
        let (top, left, tall, wide) = bounds;
        let tenth = |count: usize| count as f64 / 10.0;
        let region = Region::rectangle(
            tenth(top), tenth(left), tenth(tall.min(10 - top)), tenth(wide.min(10 - left)),
        ).unwrap();
        let covered = region.covered(size);
        prop_assert_eq!(region.inside(size), None);
        let Some(bounds) = region.bounds(size) else {
            prop_assert!(!covered.contains(&true));
            return Ok(());
        };
        prop_assert_eq!(region.part_of(size).unwrap(), (bounds, None));
        for (at, covered) in covered.into_iter().enumerate() {
            let rows = bounds.top..bounds.top + bounds.height;
            let columns = bounds.left..bounds.left + bounds.width;
            prop_assert_eq!(covered, rows.contains(&(at / size.1)) && columns.contains(&(at % size.1)));
        }
    }

    #[test]
    fn a_rectangle_covers_the_pixels_whose_middle_it_covers(
        bounds in (0usize..10, 0usize..10, 1usize..10, 1usize..10), size in (1usize..20, 1usize..20),
    ) {
        let (top, left, tall, wide) = bounds;
        let (tall, wide) = (tall.min(10 - top), wide.min(10 - left));
        let tenth = |count: usize| count as f64 / 10.0;
        let region = Region::rectangle(tenth(top), tenth(left), tenth(tall), tenth(wide)).unwrap();
        let covered = region.covered(size);
        for (at, covered) in covered.into_iter().enumerate() {
            let (y, x) = (2 * (at / size.1) + 1, 2 * (at % size.1) + 1);
            // Middles in twentieths of the size, in whole numbers; those on an edge may fall on either side.
            let place = |middle: usize, of: usize, start: usize, length: usize| {
                let middle = 5 * middle;
                let (start, end) = (start * of, (start + length) * of);
                (middle > start && middle < end, middle == start || middle == end)
            };
            let (row, row_edge) = place(y, size.0, top, tall);
            let (column, column_edge) = place(x, size.1, left, wide);
            if !row_edge && !column_edge {
                prop_assert_eq!(covered, row && column, "{} {}", y, x);
            }
        }
        let text = serde_json::to_string(&region).unwrap();
        prop_assert_eq!(serde_json::from_str::<Region>(&text).unwrap(), region);
    }
}

#[test]
fn masks_are_of_images_of_their_proportions() {
    let region = Region::of_mask(&Mask::new(30, 40, vec![true; 1200]).unwrap()).unwrap();
    for size in [
        (30, 40),
        (300, 400),
        (3, 4),
        (301, 400),
        (299, 400),
        (300, 401),
    ] {
        assert!(region.part_of(size).is_ok(), "{size:?}");
    }
    for size in [(40, 30), (100, 100), (320, 400), (300, 480)] {
        let message = region.part_of(size).unwrap_err().to_string();
        let (height, width) = size;
        let expected = format!(
            "region: found an image of {height}x{width}, expected the ratio of sides of its mask, 30x40"
        );
        assert_eq!(message, expected);
    }
    let thin = Region::rectangle(0.0, 0.0, 0.01, 1.0).unwrap();
    assert_eq!(
        thin.part_of((10, 20)).unwrap_err().to_string(),
        "region: found no pixel of 10x20 that lies in it, expected some"
    );
}

#[test]
fn what_is_no_region_is_an_error() {
    for (top, left, height, width) in [
        (0.0, 0.0, 0.0, 1.0),
        (0.5, 0.0, 0.6, 1.0),
        (-0.1, 0.0, 1.0, 1.0),
        (0.0, f64::NAN, 1.0, 1.0),
        (0.0, 0.0, 1.0, f64::INFINITY),
    ] {
        let error = Region::rectangle(top, left, height, width).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("region: found a rectangle of"),
            "{error}"
        );
    }
    for (json, message) in [
        (
            r#"{"mask":{"height":2,"width":2,"runs":"1 2"}}"#,
            "found runs of 3 pixels, expected 2x2",
        ),
        (
            r#"{"mask":{"height":2,"width":2,"runs":"4"}}"#,
            "found a mask that covers nothing",
        ),
        (
            r#"{"mask":{"height":2,"width":2,"runs":""}}"#,
            "found runs of 0 pixels",
        ),
        (
            r#"{"mask":{"height":2,"width":2,"runs":"1 0 3"}}"#,
            "found an empty run",
        ),
        (
            r#"{"mask":{"height":2,"width":2,"runs":"1 x"}}"#,
            "found `x`",
        ),
        (
            r#"{"mask":{"height":99999,"width":1,"runs":"1 99998"}}"#,
            "sides of 1 to 16384",
        ),
        (
            r#"{"mask":{"height":18446744073709551615,"width":18446744073709551615,"runs":"1 18446744073709551615 9"}}"#,
            "found runs of",
        ),
        (
            r#"{"rectangle":{"top":0.5,"left":0,"height":1,"width":1}}"#,
            "found a rectangle of",
        ),
        (
            r#"{"rectangle":{"top":0,"left":0,"height":1,"width":1,"of":1}}"#,
            "unknown field `of`",
        ),
    ] {
        let error = serde_json::from_str::<Region>(json)
            .unwrap_err()
            .to_string();
        assert!(error.contains(message), "{error}");
    }
    let whole: Region =
        serde_json::from_str(r#"{"mask":{"height":1,"width":2,"runs":"0 2"}}"#).unwrap();
    assert_eq!(whole.covered((2, 1)), [true, true]);
}
