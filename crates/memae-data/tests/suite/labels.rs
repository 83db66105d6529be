//! Frame labels in text and in masks.

use std::fs;

use memae_data::dataset::{FrameLabels, LabelError, SourceError, read_frame_labels};
use memae_data::format::FileError;
use memae_data::sample::Mask;

/// What a file of this name and text gives; an error without the folder's name, which changes from run to run.
fn read(name: &str, text: impl AsRef<[u8]>) -> Result<FrameLabels, String> {
    let folder = tempfile::tempdir().expect("temporary folder");
    let path = folder.path().join(name);
    fs::write(&path, text).expect("writable");
    read_frame_labels(&path).map_err(|error| {
        let message = error.to_string();
        assert!(!message.contains('\n'), "{message}");
        message.replace(
            &format!("{}{}", folder.path().display(), std::path::MAIN_SEPARATOR),
            "",
        )
    })
}

#[test]
fn tables_of_every_form_are_read() {
    let expected = FrameLabels::Frames(vec![false, true, true]);
    for text in [
        "0\n1\n1\n",
        "0\r\n1\r\n1",
        "label\n0\n1\n1\n",
        "anything\n0\n1\n1\n",
        "0,1,1\n",
        "false\nTrue\nTRUE\n",
        "0.0\n1.0\n1.000000000000000000e+00\n",
        " 0 \n\n 1\n1\n\n",
        "frame,label\n0,0\n1,1\n2,1\n",
        "frame,label\n1,0\n2,1\n3,1\n",
        "Anomalous,score\n0,0.5\n1,7\n1,nan\n",
        "\"label\"\n\"0\"\n\"1\"\n\"1\"\n",
    ] {
        assert_eq!(read("labels.csv", text), Ok(expected.clone()), "{text:?}");
        assert_eq!(read("labels.TXT", text), Ok(expected.clone()), "{text:?}");
    }
    assert_eq!(read("a.csv", "1"), Ok(FrameLabels::Frames(vec![true])));
}

#[test]
fn tables_that_hold_something_else_say_what() {
    let error = |text: &str| read("a.csv", text).expect_err(text);
    assert_eq!(
        error(""),
        "a.csv: frame labels: found an empty file, expected one label a line"
    );
    assert_eq!(
        error("0\n2\n"),
        "a.csv: frame label 1: found `2`, expected 0 (normal) or 1 (anomalous)"
    );
    assert_eq!(
        error("label\n0\nmaybe\n"),
        "a.csv: frame label 1: found `maybe`, expected 0 (normal) or 1 (anomalous)"
    );
    assert_eq!(
        error("0\nNaN\n"),
        "a.csv: frame label 1: found `NaN`, expected 0 (normal) or 1 (anomalous)"
    );
    assert_eq!(
        error("0,1\n1,0\n"),
        "a.csv: frame labels: found 2 columns without a header, expected one column, or a header with `label` or `anomalous`"
    );
    assert_eq!(
        error("frame,score\n0,1\n"),
        "a.csv: frame labels: found the columns frame, score, expected a column `label` or `anomalous`"
    );
    // What NumPy's `savetxt` writes of one row.
    let expected = "expected one label a line, or labels in a single line with commas between them";
    assert_eq!(
        error("0.0e+00 1.0e+00 0.0e+00\n"),
        format!("a.csv: frame labels: found the single line `0.0e+00 1.0e+00 0.0e+00`, {expected}")
    );
    assert_eq!(
        error("0;1;1"),
        format!("a.csv: frame labels: found the single line `0;1;1`, {expected}")
    );
    assert_eq!(
        error("label"),
        format!("a.csv: frame labels: found the single line `label`, {expected}")
    );
    assert_eq!(
        error("label,anomalous\n0,1\n"),
        "a.csv: frame labels: found columns 1 and 2 for one thing, expected one column `label` or `anomalous`, and at most \
         one `frame`"
    );
    let endless = error(&"0\n".repeat((1 << 23) + 1));
    assert!(
        endless.contains("found more than 16777216 bytes, expected no more"),
        "{endless}"
    );
    assert_eq!(
        error("frame,label\n0,0\n2,1\n"),
        "a.csv: line 3: found frame 2, expected 1"
    );
    assert_eq!(
        error("frame,label\n5,0\n"),
        "a.csv: line 2: found frame 5, expected 0"
    );
    assert_eq!(
        error("label,frame\n0,0\n1\n"),
        "a.csv: CSV error: record 2 (line: 3, byte: 16): found record with 1 fields, but the previous record has 2 fields"
    );
    assert_eq!(
        error(&format!("label\n{}\n", "x\u{7}".repeat(10_000))),
        format!(
            "a.csv: frame label 0: found `{}…`, expected 0 (normal) or 1 (anomalous)",
            "x\\u{7}".repeat(20)
        )
    );
    assert_eq!(
        read("labels", "0").expect_err("no ending"),
        "labels: frame labels: found an unknown ending, expected .npy, .mat, .csv or .txt"
    );
    let folder = tempfile::tempdir().expect("temporary folder");
    let error = read_frame_labels(folder.path().join("absent.csv")).expect_err("absent");
    assert!(matches!(error, SourceError::File(FileError::Read { .. })));
}

#[test]
fn order_is_checked_by_whatever_numbers_or_names_the_frames() {
    let read = |text: &str| read("labels.csv", text);
    let expected = Ok(FrameLabels::Frames(vec![true, false]));
    for (right, wrong, message) in [
        (
            ",label\n0,1\n1,0\n",
            ",label\n1,1\n0,0\n",
            "line 3: found frame 0, expected 2",
        ),
        (
            "frame,label\n001,1\n002,0\n",
            "frame,label\n0.0,1\n0.5,0\n",
            "line 3: found frame 0.5, expected 1",
        ),
        (
            "Frame Number,label\n1,1\n2,0\n",
            "Frame Number,label\n3,1\n1,0\n",
            "line 2: found frame 3, expected 0",
        ),
        (
            "file,label\n2.jpg,1\n10.jpg,0\n",
            "file,label\n002.jpg,1\n001.jpg,0\n",
            "line 3: found file `001.jpg` after `002.jpg`, expected the natural order of names",
        ),
    ] {
        assert_eq!(read(right), expected, "{right:?}");
        assert_eq!(
            read(wrong),
            Err(format!("labels.csv: {message}")),
            "{wrong:?}"
        );
    }
}

/// Arrays of .mat files have their frames last; where both ends are as long, nothing says which of them it is.
#[test]
fn stacks_as_wide_as_they_are_long_are_refused() {
    let stack = |shape: &str, values: usize| {
        let header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}");
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend([header.len() as u8, 0]);
        bytes.extend(header.as_bytes());
        bytes.extend(vec![0; values]);
        read("masks.npy", &bytes)
    };
    assert_eq!(
        stack("(3, 2, 3)", 18).expect_err("either end"),
        "masks.npy: frame labels: found an array of shape [3, 2, 3], expected masks as [frames, height, width]; where frames \
         and width are equal, a row with a label for each frame"
    );
    assert_eq!(
        stack("(3, 3, 2)", 18),
        Ok(FrameLabels::Frames(vec![false; 3]))
    );
    assert_eq!(
        stack("(1, 3, 1)", 3),
        Ok(FrameLabels::Frames(vec![false; 3]))
    );
}

#[test]
fn stacks_of_masks_give_a_label_for_each_frame() {
    let header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (3, 2, 5), }";
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend([header.len() as u8, 0]);
    bytes.extend(header);
    let mut masks = [0; 30];
    masks[10] = 255;
    masks[29] = 255;
    bytes.extend(masks);
    let expected = FrameLabels::Frames(vec![false, true, true]);
    assert_eq!(read("masks.npy", &bytes), Ok(expected));

    // In the other order, value 10 is in the second frame, row 1, column 1: 1 + 3 · (1 + 2 · 1).
    let at = bytes
        .windows(5)
        .position(|word| word == b"False")
        .expect("in the header");
    bytes.splice(at..at + 5, *b"True ");
    let expected = FrameLabels::Frames(vec![false, true, true]);
    assert_eq!(read("masks.npy", &bytes), Ok(expected));
    let last = bytes.len() - 1;
    bytes[last] = 2;
    assert_eq!(
        read("masks.npy", &bytes).expect_err("of several classes"),
        "masks.npy: frame labels: frame 2: mask: found the values 0, 2, expected the values 0 and 1, or 0 and 255"
    );
    bytes.pop();
    assert_eq!(
        read("masks.npy", &bytes).expect_err("short"),
        "masks.npy: values: found 29, expected shape (3, 2, 5): the file is cut short"
    );
}

#[test]
fn labels_of_another_length_are_errors() {
    let labels = FrameLabels::Frames(vec![true; 7]);
    assert_eq!(
        labels.of_videos(&[3, 4]),
        Ok(vec![vec![true; 3], vec![true; 4]])
    );
    let message = |labels: &FrameLabels, frames: &[usize]| {
        labels
            .of_videos(frames)
            .map_err(|error: LabelError| error.to_string())
    };
    assert_eq!(
        message(&labels, &[3, 5]),
        Err("frame labels: found 7, expected 8, one for each frame of 2 videos".to_string())
    );
    assert_eq!(
        message(&labels, &[6]),
        Err("frame labels: found 7, expected 6, one for each frame of 1 video".to_string())
    );
    let spans = FrameLabels::Spans(vec![vec![(2, 3), (5, 5)], vec![]]);
    let expected = vec![vec![false, true, true, false, true], vec![false; 2]];
    assert_eq!(spans.of_videos(&[5, 2]), Ok(expected));
    assert_eq!(
        message(&spans, &[5]),
        Err("frame labels: found the spans of 2 videos, expected those of 1".to_string())
    );
    assert_eq!(
        message(&spans, &[4, 2]),
        Err(
            "frame labels: video 1: found a span from 5 to 5, expected spans within 1 to 4"
                .to_string()
        )
    );
    for span in [(0, 1), (3, 2)] {
        assert!(
            FrameLabels::Spans(vec![vec![span]])
                .of_videos(&[9])
                .is_err()
        );
    }
}

#[test]
fn masks_are_what_is_not_black() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let read = |name: &str, image: image::DynamicImage| {
        let path = folder.path().join(name);
        image.save(&path).expect("writable");
        Mask::read(&path).expect("whole").anomalous().to_vec()
    };
    let grey = image::GrayImage::from_raw(3, 1, vec![0, 255, 255]).expect("sizes agree");
    let expected = [false, true, true];
    assert_eq!(read("grey.png", grey.clone().into()), expected);
    assert_eq!(read("grey.bmp", grey.clone().into()), expected);
    assert_eq!(read("grey.tif", grey.into()), expected);
    // A value that is lost where colours are turned into grey or 16 bits into 8.
    let blue = image::RgbaImage::from_raw(3, 1, vec![0, 0, 0, 255, 0, 0, 1, 255, 0, 0, 0, 0]);
    assert_eq!(
        read("blue.png", blue.expect("sizes agree").into()),
        [false, true, false]
    );
    let deep = image::ImageBuffer::<image::Luma<u16>, _>::from_raw(2, 1, vec![1u16, 0]);
    assert_eq!(
        read("deep.png", deep.expect("sizes agree").into()),
        [true, false]
    );
}

/// A .mat file of version 5 with one variable: an array of doubles, or cells of them, not compressed.
fn mat(cells: bool, arrays: &[(&[u32], &[f64])]) -> Vec<u8> {
    let element = |kind: u32, content: &[u8]| {
        let mut bytes = [kind.to_le_bytes(), (content.len() as u32).to_le_bytes()].concat();
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        bytes
    };
    let sizes = |sizes: &[u32]| {
        sizes
            .iter()
            .flat_map(|size| size.to_le_bytes())
            .collect::<Vec<_>>()
    };
    let head = |class: u8, dimensions: &[u32], name: &str| {
        let flags = element(6, &[class, 0, 0, 0, 0, 0, 0, 0]);
        [
            flags,
            element(5, &sizes(dimensions)),
            element(1, name.as_bytes()),
        ]
        .concat()
    };
    let array = |(dimensions, values): &(&[u32], &[f64]), name: &str| {
        let values: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        element(
            14,
            &[head(6, dimensions, name), element(9, &values)].concat(),
        )
    };
    let variable = match cells {
        true => {
            let mut content = head(1, &[1, arrays.len() as u32], "gt");
            content.extend(arrays.iter().flat_map(|cell| array(cell, "")));
            element(14, &content)
        }
        false => array(&arrays[0], "gt"),
    };
    let mut file = b"MATLAB 5.0 MAT-file".to_vec();
    file.resize(124, b' ');
    file.extend([0, 1, b'I', b'M']);
    file.extend(variable);
    file
}

#[test]
fn layouts_that_can_be_read_in_two_ways_are_refused() {
    let cells = |arrays: &[(&[u32], &[f64])]| read("a.mat", mat(true, arrays));
    let one =
        |dimensions: &[u32], values: &[f64]| read("a.mat", mat(false, &[(dimensions, values)]));
    let spans = "expected spans as 2 rows: first frames above, last frames below, counted from 1, one after the other; masks \
                 are wider than 2 pixels";
    // As they must lie.
    assert_eq!(
        cells(&[
            (&[2, 2], &[5.0, 9.0, 20.0, 30.0]),
            (&[2, 1], &[1.0, 4.0]),
            (&[0, 0], &[])
        ]),
        Ok(FrameLabels::Spans(vec![
            vec![(5, 9), (20, 30)],
            vec![(1, 4)],
            vec![]
        ]))
    );
    assert_eq!(
        one(&[1, 3], &[0.0, 1.0, 1.0]),
        Ok(FrameLabels::Frames(vec![false, true, true]))
    );
    assert_eq!(
        one(&[2, 1], &[0.0, 1.0]),
        Ok(FrameLabels::Frames(vec![false, true]))
    );
    // The same spans as rows: 3 of them, 2, and 1.
    assert_eq!(
        cells(&[(&[3, 2], &[5.0, 20.0, 40.0, 9.0, 30.0, 50.0])]),
        Err(format!(
            "a.mat: frame labels: found a matrix of 3x2, {spans}"
        ))
    );
    assert_eq!(
        cells(&[(&[2, 2], &[5.0, 20.0, 9.0, 30.0])]),
        Err(format!(
            "a.mat: frame labels: found a span from 9 to 30 after frame 20, {spans}"
        ))
    );
    assert_eq!(
        cells(&[(&[1, 2], &[5.0, 9.0]), (&[2, 1], &[3.0, 4.0])]),
        Err(format!(
            "a.mat: frame labels: found a matrix of 1x2, {spans}"
        ))
    );
    // Counted from 0, in another order, ending before they begin.
    for (values, found) in [
        ([0.0, 9.0, 20.0, 30.0], "a span that begins or ends at 0"),
        ([20.0, 30.0, 5.0, 9.0], "a span from 5 to 9 after frame 30"),
        ([9.0, 5.0, 20.0, 30.0], "a span from 9 to 5 after frame 0"),
        ([5.0, 9.5, 20.0, 30.0], "a span that begins or ends at 9.5"),
    ] {
        assert_eq!(
            cells(&[(&[2, 2], &values)]),
            Err(format!("a.mat: frame labels: found {found}, {spans}"))
        );
    }
    // The first frame, or two labels.
    assert_eq!(
        one(&[2, 1], &[1.0, 1.0]),
        Err(format!(
            "a.mat: frame labels: found a matrix of 2x1, {spans}"
        ))
    );
    // Which is the axis of time?
    assert_eq!(
        one(&[3, 4, 3], &[1.0; 36]),
        Err("a.mat: frame labels: found an array of 3x4x3, expected masks as [height, width, frames]; where height and \
             frames are equal, cells with a mask for each frame"
            .to_string())
    );
    assert_eq!(
        one(&[3, 4, 2], &[0.0; 24]),
        Ok(FrameLabels::Frames(vec![false; 2]))
    );
}
