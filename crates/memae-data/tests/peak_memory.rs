//! What reading a small file may take of memory, whatever the file claims or unpacks to. One test at a time is measured.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use memae_data::dataset::read_frame_labels;
use memae_data::format::{MatLimits, read_mat};
use memae_data::sample::{ImageShape, MaskSource, TestVideo, Video};
use peak_alloc::PeakAlloc;
use tempfile::TempDir;

#[global_allocator]
static ALLOCATOR: PeakAlloc = PeakAlloc;

const MIB: f32 = (1 << 20) as f32;

/// What `read` says, and the memory in MiB that it took at its most.
fn measured<T>(read: impl FnOnce() -> T) -> (T, f32) {
    ALLOCATOR.reset_peak_usage();
    let before = ALLOCATOR.current_usage();
    let result = read();
    let peak = ALLOCATOR.peak_usage() - before;
    (result, peak as f32 / MIB)
}

fn element(kind: u32, content: &[u8]) -> Vec<u8> {
    let mut bytes = [kind.to_le_bytes(), (content.len() as u32).to_le_bytes()].concat();
    bytes.extend(content);
    bytes.resize(bytes.len().next_multiple_of(8), 0);
    bytes
}

fn sizes(sizes: &[u32]) -> Vec<u8> {
    sizes.iter().flat_map(|size| size.to_le_bytes()).collect()
}

fn head(class: u8, dimensions: &[u32], name: &[u8]) -> Vec<u8> {
    let flags = element(6, &[class, 0, 0, 0, 0, 0, 0, 0]);
    [flags, element(5, &sizes(dimensions)), element(1, name)].concat()
}

/// A compressed .mat file of one variable: cells of which each has these bytes.
fn cells(folder: &TempDir, count: u32, cell: &[u8]) -> PathBuf {
    let head = head(1, &[1, count], b"gt");
    let bytes = head.len() + cell.len() * count as usize;
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::fast());
    packed
        .write_all(&sizes(&[14, bytes as u32]))
        .expect("in memory");
    packed.write_all(&head).expect("in memory");
    for _ in 0..count {
        packed.write_all(cell).expect("in memory");
    }
    let packed = packed.finish().expect("in memory");
    let mut file = b"MATLAB 5.0 MAT-file".to_vec();
    file.resize(124, b' ');
    file.extend([0, 1, b'I', b'M']);
    file.extend(sizes(&[15, packed.len() as u32]));
    file.extend(packed);
    let path = folder.path().join("a.mat");
    fs::write(&path, file).expect("writable");
    path
}

fn message(path: &Path, error: &dyn std::fmt::Display) -> String {
    error.to_string().replace(&path.display().to_string(), "a")
}

#[test]
fn a_read_has_one_budget() {
    let folder = tempfile::tempdir().expect("temporary folder");
    // Rows of 2^23 zeros, of one byte each in the file, which take 64 MiB each in memory; 40 of them.
    let row = element(
        14,
        &[head(9, &[1, 1 << 23], b""), element(2, &vec![0; 1 << 23])].concat(),
    );
    let path = cells(&folder, 40, &row);
    drop(row);
    let size = fs::metadata(&path).expect("there").len();
    assert!(size < 4 << 20, "{size}");
    let (labels, peak) = measured(|| read_frame_labels(&path));
    assert_eq!(
        message(&path, &labels.expect_err("2.5 GiB of labels")),
        "a: variable `gt`: found more than 134217728 bytes of labels up to here, expected no more in the file"
    );
    assert!((64.0..400.0).contains(&peak), "{peak} MiB");
    let (variables, peak) = measured(|| read_mat(&path, MatLimits::default()));
    assert!(
        message(&path, &variables.expect_err("too many"))
            .contains("found more than 16777216 values")
    );
    assert!((64.0..400.0).contains(&peak), "{peak} MiB");

    // Four million cells without a value.
    let path = cells(&folder, 1 << 22, &element(14, &[]));
    for _ in 0..2 {
        let (variables, peak) = measured(|| read_mat(&path, MatLimits::default()));
        assert_eq!(
            message(&path, &variables.expect_err("too many")),
            "a: variable `gt`: cell 524287: found more than 67108864 bytes of variables and cells up to here, expected no more \
             in the file"
        );
        assert!(peak < 200.0, "{peak} MiB");
        let (labels, peak) = measured(|| read_frame_labels(&path));
        assert!(labels.is_err());
        assert!(peak < 200.0, "{peak} MiB");
    }

    // A million masks of one pixel, each of which would be 64 KiB at the size that is asked for.
    let header = b"{'descr': '|u1', 'fortran_order': False, 'shape': (1048576, 1, 1), }";
    let mut npy = b"\x93NUMPY\x01\x00".to_vec();
    npy.extend([header.len() as u8, 0]);
    npy.extend(header);
    npy.resize(npy.len() + (1 << 20), 0);
    let path = folder.path().join("masks.npy");
    fs::write(&path, npy).expect("writable");
    let shape = ImageShape {
        channels: 1,
        height: 1,
        width: 1,
    };
    let video = Video::in_memory("walk", shape, vec![0; 3]).expect("whole");
    let test = TestVideo::new(video).with_masks(MaskSource::Npy(path.clone()));
    let (masks, peak) = measured(|| test.masks(Some((256, 256))));
    assert_eq!(
        message(&path, &masks.expect_err("more than frames")),
        "a: found 1048576 masks, expected 3, one for each frame of walk"
    );
    assert!(peak < 4.0, "{peak} MiB");
    let source = MaskSource::Npy(path.clone());
    let (masks, peak) = measured(|| source.read(Some((1 << 16, 1 << 16))));
    assert_eq!(
        message(&path, &masks.expect_err("64 GiB")),
        "a: found 1048576 masks to be brought to 65536x65536, expected at most 1073741824 pixels of masks"
    );
    assert!(peak < 4.0, "{peak} MiB");

    // One line of eight million labels, and one with as much in a single field.
    for text in ["0,".repeat(1 << 23), "x".repeat((1 << 24) - 1)] {
        let path = folder.path().join("a.csv");
        fs::write(&path, &text[..text.len() - 1]).expect("writable");
        drop(text);
        let (_, peak) = measured(|| read_frame_labels(&path));
        assert!(peak < 300.0, "{peak} MiB");
    }
}
