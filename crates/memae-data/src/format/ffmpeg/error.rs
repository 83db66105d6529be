use std::process::ExitStatus;

/// Why FFmpeg's programs give no frames of a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FfmpegError {
    /// A file has no moving picture.
    #[error("found no video stream, expected one")]
    NoVideoStream,
    /// A file is of a kind that is not read as a video.
    #[error(
        "found a file of the kind {found}, expected a video (mp4, mkv, avi, ts, …); lists of other files and single images \
         are not read as one"
    )]
    Kind {
        /// FFmpeg's name of it.
        found: String,
    },
    /// The pixels of a file are grey or RGB of more than 8 bits, as measured values are.
    #[error(
        "found pixels of {bits} bits ({format}), expected 8 bits, or a picture for display (YUV); values of more bits are read from \
         a folder of images of 16 bits (PNG or TIFF), with a range"
    )]
    Depth {
        /// Bits of a value.
        bits: u32,
        /// FFmpeg's name of the pixel format.
        format: String,
    },
    /// A program that reads video files cannot be started.
    #[error(
        "{program} cannot be started ({reason}), expected FFmpeg's program of this name on PATH to read video files"
    )]
    Program {
        /// Its name.
        program: String,
        /// What the system said.
        reason: String,
    },
    /// A program that reads video files failed.
    #[error("{program} failed ({status}) after {frames} frames: {reason}")]
    Failed {
        /// Its name.
        program: String,
        /// How it ended.
        status: ExitStatus,
        /// Frames that it gave before.
        frames: usize,
        /// What it said last.
        reason: String,
    },
    /// A program that reads video files ended well, but found something wrong with the file.
    #[error(
        "{program} found errors in the file, expected none; after {frames} frames it said: {reason}"
    )]
    Complained {
        /// Its name.
        program: String,
        /// Frames that it gave.
        frames: usize,
        /// What it said last.
        reason: String,
    },
    /// A program that reads video files gave something else than frames.
    #[error("{program} gave {found} after {frames} frames, expected whole frames")]
    Output {
        /// Its name.
        program: String,
        /// What it gave.
        found: String,
        /// Frames that it gave before.
        frames: usize,
    },
    /// A file is two recordings joined, which no clip may span.
    #[error(
        "the times of the frames go back by {}.{:03} s after {packets} packets, expected one recording; \
         DamagePolicy::LeaveOut takes recordings that were joined",
        milliseconds / 1000, milliseconds % 1000
    )]
    TimesGoBack {
        /// Packets before that, in the order of the file.
        packets: usize,
        /// By how much.
        milliseconds: u64,
    },
    /// A file is two recordings joined, of a kind of which the seam can't be placed among the frames.
    #[error(
        "found {found} at byte {at}, where another recording begins, expected one recording; files of this kind that were \
         joined are to be separated first"
    )]
    Joined {
        /// What begins there.
        found: &'static str,
        /// Bytes before it.
        at: u64,
    },
    /// A file has more packets than are looked at.
    #[error(
        "found more than {most} packets, expected no more where damaged parts are to be left out"
    )]
    TooManyPackets {
        /// The most.
        most: usize,
    },
    /// A stream gives nothing.
    #[error("no frame came for {seconds} s, expected one sooner")]
    Silent {
        /// Seconds that one was waited for.
        seconds: u64,
    },
    /// A file has more parts that can be decoded than are looked at one by one.
    #[error(
        "found more than {most} parts that are decoded by themselves, expected no more where damaged parts are to be left out; \
         a file of so many joined recordings is to be separated first"
    )]
    TooManyParts {
        /// The most.
        most: usize,
    },
    /// A program is too old to leave out damaged parts, or for streams.
    #[error(
        "{program} is older than 5.0, expected FFmpeg 5.0 or later where damaged parts are to be left out, and for streams"
    )]
    Version {
        /// Its name.
        program: String,
    },
}
