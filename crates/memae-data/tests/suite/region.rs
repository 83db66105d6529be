//! Parts of images: a region of interest, outside of which nothing has a part in anything, and tiles.

use std::io::Cursor;
use std::path::PathBuf;

use image::{
    DynamicImage, GrayAlphaImage, GrayImage, ImageBuffer, ImageFormat, Luma, Rgb, RgbImage,
};
use memae_data::dataset::{ImageFiles, ImageFolderConfig};
use memae_data::metrics::{PixelScores, VideoMetricError};
use memae_data::sample::{
    FrameColour, ImagePreprocessing, Mask, PixelRectangle, Pixels, Region, StoredRange, TileGrid,
    Tiling,
};

fn png(image: impl Into<DynamicImage>) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image
        .into()
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("in memory");
    bytes.into_inner()
}

/// The right half.
fn right() -> Region {
    Region::rectangle(0.0, 0.5, 1.0, 0.5).expect("a rectangle")
}

/// What these pixels cover.
fn covering<const WIDTH: usize>(pixels: [[u8; WIDTH]; 2]) -> Region {
    let pixels = pixels.as_flattened().iter().map(|&pixel| pixel == 1);
    let mask = Mask::new(2, WIDTH, pixels.collect()).expect("sizes agree");
    Region::of_mask(&mask).expect("something is covered")
}

fn bits(preprocessing: &ImagePreprocessing, bytes: &[u8]) -> Vec<u8> {
    match preprocessing.decode(bytes).expect("an image").pixels {
        Pixels::Bits8(values) => values,
        other => panic!("{other:?}"),
    }
}

#[test]
fn images_are_cut_to_what_holds_the_region_and_outside_is_the_background() {
    let region = covering([[0, 0, 1, 0], [0, 0, 1, 1]]);
    let colour = ImagePreprocessing::default()
        .with_region(region)
        .with_background([1, 2, 3]);
    let grey = colour.clone().with_colour(FrameColour::Grey);
    let picture = |x: u32, y: u32| (10 * x + y) as u8 + 50;
    let bytes = png(GrayImage::from_fn(4, 2, |x, y| Luma([picture(x, y)])));
    assert_eq!(
        bits(&colour, &bytes),
        [70, 1, 71, 81, 70, 2, 71, 81, 70, 3, 71, 81]
    );
    // 0.299 + 2 · 0.587 + 3 · 0.114
    assert_eq!(bits(&grey, &bytes), [70, 2, 71, 81]);
    let grey = grey.with_background([9; 3]);
    assert_eq!(bits(&grey, &bytes), [70, 9, 71, 81]);
    let rgb = png(RgbImage::from_fn(4, 2, |x, y| Rgb([picture(x, y); 3])));
    assert_eq!(bits(&grey, &rgb), [70, 9, 71, 81]);
    let transparent = png(GrayAlphaImage::from_fn(4, 2, |x, _| {
        image::LumaA([200, if x == 3 { 0 } else { 255 }])
    }));
    assert_eq!(bits(&grey, &transparent), [200, 9, 200, 9]);
    let prepared = grey.decode(&bytes).expect("an image");
    let crop = PixelRectangle {
        top: 0,
        left: 2,
        height: 2,
        width: 2,
    };
    assert_eq!(prepared.grid.crop(), crop);
    assert_eq!((prepared.grid.picture(), prepared.grid.len()), ((2, 4), 1));
    assert_eq!(prepared.shape, grey.shape_of(2, 4));

    // A rectangle leaves nothing outside.
    let rectangle = grey.with_region(right());
    assert_eq!(bits(&rectangle, &bytes), [70, 80, 71, 81]);
    let one = png(RgbImage::from_fn(2, 1, |x, _| Rgb([100 + x as u8; 3])));
    assert_eq!(bits(&rectangle, &one), [101]);
}

#[test]
fn what_is_outside_changes_no_sample() {
    let mask = covering([[0, 1, 1, 0], [0, 0, 1, 1]]);
    for (region, tiles) in [(right(), None), (mask.clone(), None), (mask, Some(6))] {
        let with = |value: u8| {
            let covered = region.covered((20, 40));
            png(GrayImage::from_fn(40, 20, |x, y| {
                let inside = covered[(y * 40 + x) as usize];
                Luma([if inside { (x * x + y) as u8 } else { value }])
            }))
        };
        let preprocessing = ImagePreprocessing::default().with_region(region.clone());
        let preprocessing = match tiles {
            Some(side) => preprocessing.with_tiles(Tiling::new(side).with_scale(0.7)),
            None => preprocessing.with_size(7, 9),
        };
        assert_eq!(
            preprocessing.decode(&with(0)).expect("an image"),
            preprocessing.decode(&with(251)).expect("an image")
        );
        // A picture is seen whole.
        let (_, shown) = preprocessing.decode_shown(&with(251)).expect("an image");
        assert_eq!(shown.rgb[0], 251);
    }
}

#[test]
fn tiles_are_samples_of_one_shape() {
    let tiling = Tiling::new(4).with_overlap(2);
    let preprocessing = ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_tiles(tiling);
    let bytes = png(GrayImage::from_fn(7, 5, |x, y| Luma([(10 * y + x) as u8])));
    let prepared = preprocessing.decode(&bytes).expect("an image");
    assert_eq!(prepared.shape.to_string(), "1x4x4");
    assert_eq!(prepared.shape, preprocessing.shape_of(5, 7));
    assert_eq!(
        prepared.grid,
        TileGrid::cut((5, 7), tiling).expect("it fits")
    );
    let corners = [(0, 0), (0, 2), (0, 3), (1, 0), (1, 2), (1, 3)];
    assert_eq!(prepared.grid.corners(), corners);
    let Pixels::Bits8(values) = prepared.pixels else {
        panic!("8 bits");
    };
    for (tile, (top, left)) in values.chunks_exact(16).zip(corners) {
        let expected: Vec<u8> = (0..16)
            .map(|at| (10 * (top + at / 4) + left + at % 4) as u8)
            .collect();
        assert_eq!(tile, expected);
    }
    // Tiles that the region has no part in are left out.
    let corner = covering([[0, 0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 1]]);
    let bytes = png(GrayImage::new(70, 20));
    let grid = preprocessing.clone().with_region(corner);
    let grid = grid.decode(&bytes).expect("an image").grid;
    assert!(
        grid.corners()
            .iter()
            .all(|&(_, left)| !(10..=56).contains(&left))
    );
    assert_eq!(grid.crop().top, 10);

    let error = preprocessing.decode(&png(GrayImage::new(3, 9)));
    assert_eq!(
        error.expect_err("too narrow").to_string(),
        "found an image that is 9x3 when it is cut, expected sides of at least 4, which tiles have"
    );
    let both = r#"{"size":[5,5],"tiles":{"side":4,"overlap":2,"scale":1.0}}"#;
    let both: ImagePreprocessing = serde_json::from_str(both).expect("plain data");
    assert_eq!(
        both.validate().expect_err("two ways").to_string(),
        "tiles: found a size that images are brought to as well, expected one of the two"
    );
    let folder = ImageFolderConfig::default().with_preprocessing(preprocessing);
    let error = folder.read("nowhere").expect_err("one sample each");
    assert!(
        error
            .to_string()
            .ends_with("expected settings without tiles"),
        "{error}"
    );
}

#[test]
fn lists_of_files_give_the_tiles_of_each() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let sizes = [(9, 12), (3, 3), (8, 8), (30, 8)];
    let files: Vec<PathBuf> = (0..sizes.len())
        .map(|index| folder.path().join(format!("{index}.png")))
        .collect();
    for (path, (height, width)) in files.iter().zip(sizes) {
        std::fs::write(path, png(GrayImage::new(width, height))).expect("writable");
    }
    let tiling = Tiling::new(8).with_overlap(0);
    let preprocessing = ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_tiles(tiling);
    let read = ImageFiles::read(&files, &preprocessing, 1 << 20, 2).expect("three fit");
    assert_eq!(read.left_out.len(), 1);
    assert!(
        read.left_out[0]
            .reason
            .contains("1.png: found an image that is 3x3")
    );
    assert_eq!(read.preprocessing, preprocessing);
    let grids = read.grids.expect("tiles");
    let counts: Vec<usize> = grids.iter().map(TileGrid::len).collect();
    assert_eq!((counts, read.images.len()), (vec![4, 1, 4], 9));
    // The memory is known when they are read.
    let error = ImageFiles::read(&files, &preprocessing, 8 * 64, 1).expect_err("9 tiles");
    assert!(
        error
            .to_string()
            .contains("3.png: found 9 images of 1x8x8, expected at most 512 bytes"),
        "{error}"
    );
    assert!(ImageFiles::read(&files, &preprocessing, 9 * 64, 1).is_ok());
    let whole = preprocessing.with_size(8, 8);
    assert_eq!(
        ImageFiles::read(&files, &whole, 1 << 20, 1)
            .expect("all")
            .grids,
        None
    );
}

#[test]
fn deep_values_outside_are_neither_clipped_nor_numbers_that_are_missed() {
    let preprocessing = ImagePreprocessing::default()
        .with_colour(FrameColour::Grey)
        .with_region(right())
        .with_range(StoredRange::given(0.0, 1000.0));
    let bytes = png(ImageBuffer::from_fn(4, 1, |x, _| {
        Luma([[60_000u16, 60_000, 500, 2000][x as usize]])
    }));
    let prepared = preprocessing.decode(&bytes).expect("an image");
    assert_eq!(
        (prepared.pixels, prepared.clipped),
        (Pixels::Float(vec![0.5, 1.0]), 1)
    );

    let folder = tempfile::tempdir().expect("temporary folder");
    let measured = preprocessing.with_range(StoredRange::Measured);
    std::fs::write(folder.path().join("a.png"), &bytes).expect("writable");
    let read = ImageFolderConfig::default()
        .with_preprocessing(measured)
        .read(folder.path())
        .expect("one image");
    let StoredRange::Given { low, high, .. } = read.preprocessing.range else {
        panic!("{:?}", read.preprocessing);
    };
    assert_eq!((low, high), (500.0, 2000.0));
}

#[test]
fn settings_keep_their_region_and_older_ones_have_none() {
    let preprocessing = ImagePreprocessing::default()
        .with_region(right())
        .with_tiles(Tiling::new(48).with_scale(1.0 / 3.0));
    let text = serde_json::to_string(&preprocessing).expect("plain data");
    assert_eq!(
        serde_json::from_str::<ImagePreprocessing>(&text).expect("as written"),
        preprocessing
    );
    let folder = ImageFolderConfig::default().with_preprocessing(preprocessing);
    let text = serde_json::to_string(&folder).expect("plain data");
    assert_eq!(
        serde_json::from_str::<ImageFolderConfig>(&text).expect("as written"),
        folder
    );

    let without = serde_json::to_string(&ImagePreprocessing::default()).expect("plain data");
    assert!(
        !without.contains("region") && !without.contains("tiles"),
        "{without}"
    );
    let without: ImagePreprocessing = serde_json::from_str(&without).expect("as written");
    assert_eq!((without.region, without.tiles), (None, None));
    let unknown = r#"{"tiles":{"side":4,"overlap":2,"scale":1.0,"shape":"round"}}"#;
    let error = serde_json::from_str::<ImagePreprocessing>(unknown).expect_err("not known");
    assert!(
        error.to_string().contains("unknown field `shape`"),
        "{error}"
    );
    let bad = r#"{"region":{"rectangle":{"top":0,"left":0,"height":0,"width":1}}}"#;
    let error = serde_json::from_str::<ImagePreprocessing>(bad).expect_err("no area");
    assert!(
        error
            .to_string()
            .contains("region: found a rectangle of 0 x 1 at 0, 0"),
        "{error}"
    );
}

#[test]
fn pixels_outside_take_no_part_in_metrics() {
    let mask = [true, false, true, true, false, false];
    let map = [0.9, 0.1, 0.4, 0.8, 0.3, 0.5];
    let inside = [false, true, true, true, true, false];
    let mut pixels = PixelScores::new();
    pixels
        .push_within(&map, &mask, (2, 3), Some(&inside))
        .expect("sizes agree");
    assert_eq!((pixels.counts(), pixels.regions()), ((2, 2), 2));
    let mut all = PixelScores::new();
    all.push_within(&map, &mask, (2, 3), Some(&[true; 6]))
        .expect("sizes agree");
    let mut plain = PixelScores::new();
    plain.push(&map, &mask, (2, 3)).expect("sizes agree");
    let (all, plain) = (
        all.rank().expect("both kinds"),
        plain.rank().expect("both kinds"),
    );
    assert_eq!((all.auc(), all.aupro(0.3)), (plain.auc(), plain.aupro(0.3)));
    // A region that the border of what is looked at cuts in two counts as two.
    let mut cut = PixelScores::new();
    cut.push_within(&[0.0; 3], &[true; 3], (1, 3), Some(&[true, false, true]))
        .expect("sizes agree");
    assert_eq!(cut.regions(), 2);
    let error = cut.push_within(&[0.0; 3], &[true; 3], (1, 3), Some(&[true; 2]));
    assert!(matches!(
        error,
        Err(VideoMetricError::RegionSize {
            values: 2,
            height: 1,
            width: 3
        })
    ));
}
