//! Which parts of a file can be decoded without a complaint: the decoder itself is asked, strictly, part by part.

use std::fs::File;
use std::ops::Range;
use std::path::Path;

use super::error::FfmpegError;
use super::excerpt::Excerpt;
use super::gap::DamagePolicy;
use super::joined::{Joined, joined};
use super::packets::Packet;
use super::process::{Output, Process};
use super::program::Ffmpeg;
use super::runs::{self, Plan, Run};

/// The most parts of a file that are decoded by themselves: for each, the file is read up to its end.
const MOST_PARTS: usize = 1_000;

/// The most parts of a damaged file that the decoder is asked about, on the way to those.
const MOST_ASKED: usize = 10_000;

/// What of a file is decoded.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Intact {
    /// All of it at once.
    Whole,
    /// Parts, and what was said of the rest.
    Parts {
        plan: Plan,
        /// The filters that turn frames as the file says.
        turns: Vec<String>,
        complaint: Option<String>,
    },
}

impl Ffmpeg {
    /// Looks at a file before it is decoded, as the policy asks for.
    pub(crate) fn look(
        &self,
        path: &Path,
        excerpt: &Excerpt,
        damage: DamagePolicy,
    ) -> Result<Intact, FfmpegError> {
        // A file that can't be opened is one that the programs can't read, either, and they say why.
        if let Some(Joined { found, at }) = File::open(path).ok().and_then(joined) {
            return Err(FfmpegError::Joined { found, at });
        }
        if damage == DamagePolicy::Refuse {
            return match self.first_seam(path)? {
                None => Ok(Intact::Whole),
                Some(seam) => Err(FfmpegError::TimesGoBack {
                    packets: seam.packets,
                    milliseconds: (seam.seconds * 1e3) as u64,
                }),
            };
        }
        let packets = self.packets(path)?;
        let mut complaint = None;
        let marked = |packet: &Packet| packet.seam || packet.corrupt;
        if packets.first().is_some_and(|first| first.key) && !packets.iter().any(marked) {
            complaint = self.complaint(path, None)?;
            if complaint.is_none() {
                return self.recordings(path, excerpt, &packets);
            }
        }
        self.check_picks_packets()?;
        let undamaged = few(runs::undamaged(&packets))?;
        let (mut found, mut answers) = (Vec::new(), Answers::new(complaint));
        for run in undamaged {
            found.extend(self.intact(path, &packets, run, &mut answers)?);
            found = few(found)?;
        }
        Ok(Intact::Parts {
            plan: Plan::of(&packets, found, excerpt),
            turns: self.turns(path)?,
            complaint: answers.complaint,
        })
    }

    /// The recordings of a file that is not damaged, where each can be decoded without those before it.
    fn recordings(
        &self,
        path: &Path,
        excerpt: &Excerpt,
        packets: &[Packet],
    ) -> Result<Intact, FfmpegError> {
        let Some(recordings) = runs::recordings(packets) else {
            return Ok(Intact::Whole);
        };
        let recordings = few(recordings)?;
        self.check_picks_packets()?;
        for run in &recordings {
            if self.complaint(path, Some(run))?.is_some() {
                return Ok(Intact::Whole);
            }
        }
        Ok(Intact::Parts {
            plan: Plan::of_recordings(packets, recordings, excerpt),
            turns: self.turns(path)?,
            complaint: None,
        })
    }

    /// What a strict decoder says of a part of a file; nothing where it is whole.
    fn complaint(&self, path: &Path, part: Option<&Run>) -> Result<Option<String>, FfmpegError> {
        Process::start(self, path, part, Output::Nothing, 0)?.complaint()
    }

    /// The runs within a run of which the decoder does not complain.
    fn intact(
        &self,
        path: &Path,
        packets: &[Packet],
        run: Run,
        answers: &mut Answers,
    ) -> Result<Vec<Run>, FfmpegError> {
        let mut asked = |first: usize, end: usize| -> Result<bool, FfmpegError> {
            let part = runs::run(packets, first, end);
            answers.take(|| self.complaint(path, Some(&part)))
        };
        let keys = runs::keys(packets, &run);
        let ends = keys.iter().skip(1).copied().chain([run.end()]);
        let groups: Vec<Range<usize>> = keys.iter().zip(ends).map(|(&a, b)| a..b).collect();
        // What of each group can be decoded.
        let mut wholes = Vec::new();
        let mut asked_at_once = true;
        let mut left: Vec<Range<usize>> = std::iter::once(0..groups.len()).collect();
        while let Some(part) = left.pop() {
            let (first, last) = (&groups[part.start], &groups[part.end - 1]);
            if asked(first.start, last.end)? {
                asked_at_once &= part.len() == groups.len();
                wholes.extend_from_slice(&groups[part]);
            } else if part.len() > 1 {
                let middle = part.start + part.len() / 2;
                left.extend([middle..part.end, part.start..middle]);
            } else {
                let whole = longest(first, &mut asked)?;
                wholes.push(first.start..whole);
            }
        }
        // A group that is cut short begins no new run: what follows it does.
        let mut joined: Vec<Range<usize>> = Vec::new();
        for whole in wholes.into_iter().filter(|whole| !whole.is_empty()) {
            match joined.last_mut() {
                Some(last) if last.end == whole.start => last.end = whole.end,
                _ => joined.push(whole),
            }
        }
        let mut found = Vec::new();
        for part in joined {
            // Frames that are shown before their key frame were not asked for with those before it.
            if asked_at_once || !has_leading(packets, &part) || asked(part.start, part.end)? {
                found.push(runs::run(packets, part.start, part.end));
                continue;
            }
            let starts: Vec<usize> = part
                .clone()
                .filter(|&at| at == part.start || runs::leads(packets, at))
                .collect();
            let ends = starts.iter().skip(1).copied().chain([part.end]);
            let pieces = starts.iter().zip(ends);
            found.extend(pieces.map(|(&start, end)| runs::run(packets, start, end)));
        }
        Ok(found)
    }
}

/// What the decoder said of parts of a file.
struct Answers {
    /// The last complaint.
    complaint: Option<String>,
    asked: usize,
}

impl Answers {
    fn new(complaint: Option<String>) -> Self {
        Self {
            complaint,
            asked: 0,
        }
    }

    /// Asks whether another part is whole.
    fn take(
        &mut self,
        ask: impl FnOnce() -> Result<Option<String>, FfmpegError>,
    ) -> Result<bool, FfmpegError> {
        if self.asked == MOST_ASKED {
            return Err(FfmpegError::TooManyParts { most: MOST_ASKED });
        }
        self.asked += 1;
        let found = ask()?;
        let whole = found.is_none();
        self.complaint = found.or(self.complaint.take());
        Ok(whole)
    }
}

/// Runs that are not too many to be decoded one by one.
fn few(runs: Vec<Run>) -> Result<Vec<Run>, FfmpegError> {
    match runs.len() <= MOST_PARTS {
        true => Ok(runs),
        false => Err(FfmpegError::TooManyParts { most: MOST_PARTS }),
    }
}

/// Where the longest part of a group ends that begins as it does and can be decoded; not all of it can.
fn longest(
    group: &Range<usize>,
    asked: &mut dyn FnMut(usize, usize) -> Result<bool, FfmpegError>,
) -> Result<usize, FfmpegError> {
    let (mut whole, mut damaged) = (group.start, group.end);
    while damaged - whole > 1 {
        let middle = whole + (damaged - whole) / 2;
        match asked(group.start, middle)? {
            true => whole = middle,
            false => damaged = middle,
        }
    }
    Ok(whole)
}

fn has_leading(packets: &[Packet], part: &Range<usize>) -> bool {
    part.clone().skip(1).any(|at| runs::leads(packets, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_too_many_parts_is_an_error() {
        let message = "found more than 1000 parts that are decoded by themselves, expected no more where damaged parts are to be \
                       left out; a file of so many joined recordings is to be separated first";
        assert_eq!(
            few(vec![Run::default(); MOST_PARTS]).map(|runs| runs.len()),
            Ok(1_000)
        );
        let error = few(vec![Run::default(); MOST_PARTS + 1]).expect_err("one more");
        assert_eq!(error.to_string(), message);

        let mut answers = Answers::new(None);
        for asked in 0..MOST_ASKED {
            let complaint = (asked % 2 == 0).then(|| asked.to_string());
            assert_eq!(answers.take(|| Ok(complaint)), Ok(asked % 2 == 1));
        }
        assert_eq!(answers.complaint.as_deref(), Some("9998"));
        let error = answers.take(|| unreachable!("not asked any more"));
        assert_eq!(error, Err(FfmpegError::TooManyParts { most: MOST_ASKED }));
    }
}
