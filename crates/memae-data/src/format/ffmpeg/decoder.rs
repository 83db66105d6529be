use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use image::DynamicImage;

use super::error::FfmpegError;
use super::excerpt::Excerpt;
use super::gap::Gap;
use super::intact::Intact;
use super::process::{Output, Process};
use super::program::Ffmpeg;
use super::runs::PlannedRun;

impl Ffmpeg {
    /// Begins to decode what is intact of a file, with what its pixels say of transparency if `alpha`.
    pub(crate) fn decode(
        &self,
        path: &Path,
        excerpt: &Excerpt,
        intact: &Intact,
        alpha: bool,
    ) -> Result<Decoder, FfmpegError> {
        let mut own_turns = Vec::new();
        let (process, parts, left_out_at_end) = match intact {
            Intact::Whole => {
                let filters = excerpt.filters(0.0, None);
                let output = Output::Frames { filters, alpha };
                let process = Process::start(self, path, None, output, 0)?;
                (Some(process), VecDeque::new(), 0)
            }
            Intact::Parts { plan, turns, .. } => {
                own_turns.clone_from(turns);
                (None, plan.runs.clone().into(), plan.left_out_at_end)
            }
        };
        Ok(Decoder {
            ffmpeg: self.clone(),
            path: path.to_path_buf(),
            excerpt: *excerpt,
            alpha,
            turns: own_turns,
            parts,
            process,
            begins: false,
            left_out: 0,
            left_out_at_end,
            frames: 0,
            gaps: Vec::new(),
        })
    }
}

/// Frames as the program decodes them, one at a time.
pub(crate) struct Decoder {
    ffmpeg: Ffmpeg,
    path: PathBuf,
    excerpt: Excerpt,
    alpha: bool,
    /// The filters that turn the frames of parts.
    turns: Vec<String>,
    /// What is still to be decoded after the process in hand.
    parts: VecDeque<PlannedRun>,
    process: Option<Process>,
    /// Whether the process has not given a frame yet, and what was left out before it.
    begins: bool,
    left_out: usize,
    left_out_at_end: usize,
    frames: usize,
    gaps: Vec<Gap>,
}

impl Decoder {
    /// The next frame; `None` after the last one, when the program has ended well.
    pub(crate) fn next(&mut self) -> Result<Option<DynamicImage>, FfmpegError> {
        loop {
            let process = match &mut self.process {
                Some(process) => process,
                None => match self.parts.pop_front() {
                    Some(part) => {
                        self.begins = true;
                        self.left_out += part.left_out;
                        let own = self.excerpt.filters(part.start, part.until);
                        let filters = self.turns.iter().cloned().chain(own).collect();
                        self.process.insert(Process::start(
                            &self.ffmpeg,
                            &self.path,
                            Some(&part.run),
                            Output::Frames {
                                filters,
                                alpha: self.alpha,
                            },
                            self.frames,
                        )?)
                    }
                    None => {
                        self.left_out += std::mem::take(&mut self.left_out_at_end);
                        if self.left_out > 0 {
                            self.gap();
                        }
                        return Ok(None);
                    }
                },
            };
            let Some(image) = process.next()? else {
                if self.parts.is_empty() && self.left_out_at_end == 0 && self.left_out == 0 {
                    return Ok(None);
                }
                self.process = None;
                continue;
            };
            if std::mem::take(&mut self.begins) && (self.frames > 0 || self.left_out > 0) {
                self.gap();
            }
            self.frames += 1;
            return Ok(Some(image));
        }
    }

    /// The gaps up to the frame that came last.
    pub(crate) fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    fn gap(&mut self) {
        self.gaps.push(Gap {
            after: self.frames,
            left_out: std::mem::take(&mut self.left_out),
        });
    }
}
