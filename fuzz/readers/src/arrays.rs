use memae_data::dataset::{read_clip_scores, read_frame_labels};
use memae_data::format::{
    IdxLimits, MatLimits, NpyLimits, decode_idx, decode_mat, decode_npy, encode_idx,
};

use crate::file::in_file;

/// What is read of IDX is the same after it is written and read again.
pub fn idx(bytes: &[u8]) {
    let Ok(array) = decode_idx(bytes, IdxLimits::default()) else {
        return;
    };
    let mut written = Vec::new();
    encode_idx(&mut written, &array).expect("memory to write to");
    let again = decode_idx(&written[..], IdxLimits::default()).expect("what was written");
    // NaN is not equal to itself, its bytes are.
    let mut twice = Vec::new();
    encode_idx(&mut twice, &again).expect("memory to write to");
    assert_eq!(twice, written);
}

pub fn npy(bytes: &[u8]) {
    let _ = decode_npy(bytes, NpyLimits::default());
}

pub fn mat(bytes: &[u8]) {
    let _ = decode_mat(bytes, MatLimits::default());
}

/// The first byte tells the kind of file.
pub fn labels(bytes: &[u8]) {
    let Some((&kind, bytes)) = bytes.split_first() else {
        return;
    };
    let name = ["a.npy", "a.mat", "a.csv", "a.txt"][usize::from(kind % 4)];
    let _ = in_file(name, bytes, |path| read_frame_labels(path));
}

pub fn clip_scores(bytes: &[u8]) {
    let _ = in_file("01.npy", bytes, |path| {
        read_clip_scores(path.parent().expect("a file in a folder"))
    });
}
