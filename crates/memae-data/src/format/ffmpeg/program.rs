use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::FfmpegError;
use super::said::last_line;

/// FFmpeg's programs.
///
/// ```
/// use memae_data::format::Ffmpeg;
///
/// let on_path = Ffmpeg::default();
/// assert_eq!(on_path.ffmpeg.to_str(), Some("ffmpeg"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ffmpeg {
    /// The program that decodes; `ffmpeg` on PATH by default.
    pub ffmpeg: PathBuf,
    /// The program that looks at files; `ffprobe` on PATH by default.
    pub ffprobe: PathBuf,
}

impl Default for Ffmpeg {
    fn default() -> Self {
        Self {
            ffmpeg: "ffmpeg".into(),
            ffprobe: "ffprobe".into(),
        }
    }
}

impl Ffmpeg {
    /// Checks that a file has a video stream.
    pub(crate) fn check(&self, path: &Path) -> Result<(), FfmpegError> {
        let output = Command::new(&self.ffprobe)
            .args([
                "-v",
                "error",
                "-protocol_whitelist",
                "file",
                "-select_streams",
                "V:0",
            ])
            .args(["-show_entries", "stream=codec_type", "-of", "csv=p=0"])
            .arg(input(path))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| start_error(&self.ffprobe, &error))?;
        if !output.status.success() {
            return Err(FfmpegError::Failed {
                program: name(&self.ffprobe),
                status: output.status,
                frames: 0,
                reason: last_line(&output.stderr),
            });
        }
        if !output.stdout.trim_ascii().is_empty() {
            return Ok(());
        }
        match output.stderr.trim_ascii().is_empty() {
            true => Err(FfmpegError::NoVideoStream),
            false => Err(FfmpegError::Complained {
                program: name(&self.ffprobe),
                frames: 0,
                reason: last_line(&output.stderr),
            }),
        }
    }

    /// Whether the program knows the newer word for leaving frames as they are.
    pub(super) fn knows_fps_mode(&self) -> Result<bool, FfmpegError> {
        let help = Command::new(&self.ffmpeg)
            .args(["-hide_banner", "-h", "long"])
            .stdin(Stdio::null())
            .output()
            .map_err(|error| start_error(&self.ffmpeg, &error))?;
        let word = b"fps_mode";
        Ok(help.stdout.windows(word.len()).any(|window| window == word))
    }
}

/// A path that is never taken for an option or another protocol.
pub(super) fn input(path: &Path) -> OsString {
    let mut input = OsString::from("file:");
    input.push(path);
    input
}

pub(super) fn name(program: &Path) -> String {
    program
        .file_name()
        .unwrap_or(OsStr::new("ffmpeg"))
        .to_string_lossy()
        .into_owned()
}

pub(super) fn start_error(program: &Path, error: &io::Error) -> FfmpegError {
    FfmpegError::Program {
        program: name(program),
        reason: error.to_string(),
    }
}
