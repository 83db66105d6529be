use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::error::FfmpegError;
use super::kinds::{READ, refused};
use super::pixels::{deep_bits, has_alpha};
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
    /// Checks that a file is a video, has a video stream, and has pixels of which 8 bits are enough. Gives whether they may be
    /// transparent.
    pub(crate) fn check(&self, path: &Path) -> Result<bool, FfmpegError> {
        let entries = "stream=codec_type,codec_name,codec_tag_string,pix_fmt";
        let output = self.probed(path, entries)?;
        if !output.stdout.trim_ascii().is_empty() {
            let said = String::from_utf8_lossy(&output.stdout);
            let field = |name: &str| said.lines().find_map(|line| line.strip_prefix(name));
            let format = field("pix_fmt=").unwrap_or_default();
            if let Some(bits) = deep_bits(format) {
                let format = format.to_string();
                return Err(FfmpegError::Depth { bits, format });
            }
            // The fourth byte of a bitmap's pixel (BI_RGB, whose tag is 0) means nothing.
            let bitmap = field("codec_name=") == Some("rawvideo")
                && field("codec_tag_string=") == Some("[0][0][0][0]");
            return Ok(has_alpha(format) && !bitmap);
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

    /// What the program that looks at files says of the first video stream of one.
    pub(super) fn probed(
        &self,
        path: &Path,
        entries: &str,
    ) -> Result<std::process::Output, FfmpegError> {
        let output = Command::new(&self.ffprobe)
            .args(["-v", "error", "-protocol_whitelist", "file"])
            .args(["-format_whitelist", READ, "-select_streams", "V:0"])
            .args(["-show_entries", entries, "-of", "default=nw=1"])
            .arg(input(path))
            .stdin(Stdio::null())
            .output()
            .map_err(|error| start_error(&self.ffprobe, &error))?;
        if output.status.success() {
            return Ok(output);
        }
        match refused(&output.stderr) {
            Some(found) => Err(FfmpegError::Kind { found }),
            None => Err(FfmpegError::Failed {
                program: name(&self.ffprobe),
                status: output.status,
                frames: 0,
                reason: last_line(&output.stderr),
            }),
        }
    }

    /// Arguments that give each frame once, none repeated or dropped to keep a rate, and a time of its own: those of the file
    /// may repeat, which nothing that comes out depends on.
    pub(super) fn each_frame_once(&self, filters: Vec<String>) -> Result<Vec<String>, FfmpegError> {
        let mut arguments: Vec<String> = Vec::new();
        let mut add = |words: &[&str]| arguments.extend(words.iter().map(ToString::to_string));
        // Older versions know other words.
        match self.help(&["long"], "fps_mode")? {
            true => add(&["-fps_mode", "passthrough", "-bsf:v", "setts=ts=N"]),
            false => return self.each_frame_at_once(filters),
        }
        if !filters.is_empty() {
            add(&["-vf", &filters.join(",")]);
        }
        Ok(arguments)
    }

    /// As [`each_frame_once`](Self::each_frame_once), and each as soon as it is there: the other way keeps one back.
    pub(super) fn each_frame_at_once(
        &self,
        mut filters: Vec<String>,
    ) -> Result<Vec<String>, FfmpegError> {
        let mode = match self.help(&["long"], "fps_mode")? {
            true => "-fps_mode",
            false => "-vsync",
        };
        filters.push("settb=1/25,setpts=N".to_string());
        let filters = filters.join(",");
        let arguments = [
            mode,
            "passthrough",
            "-enc_time_base",
            "1/25",
            "-vf",
            &filters,
        ];
        Ok(arguments.map(ToString::to_string).to_vec())
    }

    /// Checks that the program can pick some packets of a file.
    pub(super) fn check_picks_packets(&self) -> Result<(), FfmpegError> {
        match self.help(&["bsf=noise"], "-drop ")? {
            true => Ok(()),
            false => Err(FfmpegError::Version {
                program: name(&self.ffmpeg),
            }),
        }
    }

    /// Whether the program's help on some topic has a word in it.
    fn help(&self, topic: &[&str], word: &str) -> Result<bool, FfmpegError> {
        let help = Command::new(&self.ffmpeg)
            .args(["-hide_banner", "-h"])
            .args(topic)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| start_error(&self.ffmpeg, &error))?;
        Ok(help
            .stdout
            .windows(word.len())
            .any(|window| window == word.as_bytes()))
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
