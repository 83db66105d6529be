//! How large files of detectors are: what is longer is neither written nor read.

/// The longest file, in bytes; that of the paper's network for videos takes 25 million.
pub(super) const MAX_BYTES: u64 = 1 << 32;

/// The longest header, in bytes; of most files it takes some thousand, and a few million where many samples were held out.
pub(super) const MAX_HEADER_BYTES: u64 = 1 << 24;
