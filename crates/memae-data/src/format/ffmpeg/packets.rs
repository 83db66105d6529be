//! What a file says of its packets, each of which holds a frame, before any is decoded.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::error::FfmpegError;
use super::kinds::READ;
use super::program::{Ffmpeg, input, name, start_error};

/// The most packets of a file: three days of 30 a second.
pub(super) const MOST: usize = 1 << 23;

/// The longest line that is read, in bytes.
const LONGEST_LINE: u64 = 1 << 14;

/// Seconds by which times may go back within a recording. FFmpeg takes more for a new beginning as well.
const BACK: f64 = 0.1;

/// Seconds after which the clock of a transport stream begins anew: 2³³ ticks of 1/90000.
const WRAP: f64 = 8_589_934_592.0 / 90_000.0;

/// A packet, in the order in which packets are decoded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Packet {
    /// When it is shown, in seconds; NaN where that is not known.
    pub(super) shown: f64,
    /// Whether decoding can begin with it.
    pub(super) key: bool,
    /// Whether bytes of it are missing.
    pub(super) corrupt: bool,
    /// Whether a new recording begins with it: times go back.
    pub(super) seam: bool,
    /// Whether it comes later than packets usually do, so that others may be missing before it.
    pub(super) late: bool,
}

/// How much longer than usual the time between two packets is where one is missing.
const LATE: f64 = 1.5;

/// Marks the packets that come late, by when they are to be decoded; NaN where that is not known.
fn mark_late(packets: &mut [Packet], decoded: &[f64]) {
    let steps: Vec<f64> = decoded.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let mut usual: Vec<f64> = steps.iter().copied().filter(|step| *step > 0.0).collect();
    if usual.is_empty() {
        return;
    }
    let middle = usual.len() / 2;
    let (_, &mut usual, _) = usual.select_nth_unstable_by(middle, f64::total_cmp);
    for (packet, step) in packets.iter_mut().skip(1).zip(steps) {
        packet.late = step > LATE * usual;
    }
}

/// Seconds between frames that have one time, where they are spread over the time up to the next: what is usual among
/// those, and 0 where no time repeats.
fn step_of_repeats(mut shown: Vec<f64>) -> f64 {
    shown.sort_by(f64::total_cmp);
    let runs: Vec<&[f64]> = shown.chunk_by(|one, next| one == next).collect();
    let pairs = runs.windows(2).filter(|pair| pair[0].len() > 1);
    let mut steps: Vec<f64> = pairs
        .map(|pair| (pair[1][0] - pair[0][0]) / pair[0].len() as f64)
        .collect();
    if steps.is_empty() {
        return 0.0;
    }
    let middle = steps.len() / 2;
    *steps.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// Where the times of a file go back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seam {
    /// Packets before it.
    pub(super) packets: usize,
    /// By how many seconds.
    pub(super) seconds: f64,
}

impl Ffmpeg {
    /// The first place at which the times of a file go back.
    pub(super) fn first_seam(&self, path: &Path) -> Result<Option<Seam>, FfmpegError> {
        let mut listing = Listing::start(self, path, false)?;
        let mut clock = Clock::default();
        let mut packets = 0;
        while let Some(line) = listing.next() {
            if let Some(seconds) = clock.goes_back(line.decoded()) {
                return Ok(Some(Seam { packets, seconds }));
            }
            packets += 1;
        }
        listing.end()?;
        Ok(None)
    }

    /// Seconds between the frames of a file that have one time; 0 where no time repeats.
    pub(crate) fn step_of_repeats(&self, path: &Path) -> Result<f64, FfmpegError> {
        let mut listing = Listing::start(self, path, false)?;
        let mut shown = Vec::new();
        while let Some(line) = listing.next() {
            // What is usual among so many is so in the rest.
            if shown.len() == MOST {
                return Ok(step_of_repeats(shown));
            }
            shown.extend(Some(line.shown()).filter(|time| time.is_finite()));
        }
        listing.end()?;
        Ok(step_of_repeats(shown))
    }

    /// All packets of a file.
    pub(super) fn packets(&self, path: &Path) -> Result<Vec<Packet>, FfmpegError> {
        let mut listing = Listing::start(self, path, false)?;
        let mut clock = Clock::default();
        let mut packets = Vec::new();
        let mut lines = Vec::new();
        let mut decoded = Vec::new();
        while let Some(line) = listing.next() {
            if packets.len() == MOST {
                return Err(FfmpegError::TooManyPackets { most: MOST });
            }
            let flags = line.field("flags").unwrap_or_default();
            if flags.len() < 3 {
                lines.push(line.hash());
            }
            packets.push(Packet {
                shown: line.shown(),
                key: flags.starts_with('K'),
                corrupt: flags.contains('C'),
                seam: clock.goes_back(line.decoded()).is_some(),
                late: false,
            });
            decoded.push(line.decoded().unwrap_or(f64::NAN));
        }
        listing.end()?;
        mark_late(&mut packets, &decoded);
        if lines.is_empty() {
            return Ok(packets);
        }
        // Older programs don't say which packets are corrupt, but leave them out where they are asked to.
        let mut listing = Listing::start(self, path, true)?;
        let mut whole = HashSet::new();
        while let Some(line) = listing.next() {
            whole.insert(line.hash());
        }
        listing.end()?;
        for (packet, line) in packets.iter_mut().zip(&lines) {
            packet.corrupt = !whole.contains(line);
        }
        Ok(packets)
    }
}

/// The latest time so far.
#[derive(Default)]
struct Clock {
    latest: Option<f64>,
}

impl Clock {
    /// By how many seconds this time goes back, where that begins another recording.
    fn goes_back(&mut self, time: Option<f64>) -> Option<f64> {
        let time = time?;
        let back = self.latest.map_or(0.0, |latest| latest - time);
        let wrapped = (back - WRAP).abs() < 60.0;
        if back > BACK {
            self.latest = Some(time);
            return (!wrapped).then_some(back);
        }
        self.latest = Some(self.latest.map_or(time, |latest| latest.max(time)));
        None
    }
}

/// A packet as the program writes it: `pts_time=0.08|dts_time=0.04|…`.
pub(super) struct Line(String);

impl Line {
    fn field(&self, name: &str) -> Option<&str> {
        self.0
            .split('|')
            .find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
    }

    fn hash(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        // Without the time at which it is shown, which may be made up from those beside it.
        let rest = self.0.find("dts_time").unwrap_or(0);
        self.0[rest..].hash(&mut hasher);
        hasher.finish()
    }

    fn time(&self, name: &str) -> Option<f64> {
        self.field(name)?
            .parse()
            .ok()
            .filter(|time: &f64| time.is_finite())
    }

    pub(super) fn decoded(&self) -> Option<f64> {
        self.time("dts_time")
    }

    pub(super) fn shown(&self) -> f64 {
        self.time("pts_time").or(self.decoded()).unwrap_or(f64::NAN)
    }
}

/// The packets of the first video stream, as the program lists them.
pub(super) struct Listing {
    program: String,
    child: Child,
    lines: BufReader<std::process::ChildStdout>,
}

impl Listing {
    pub(super) fn start(
        ffmpeg: &Ffmpeg,
        path: &Path,
        whole_only: bool,
    ) -> Result<Self, FfmpegError> {
        let flags: &[&str] = match whole_only {
            true => &["-fflags", "+genpts+discardcorrupt"],
            false => &["-fflags", "+genpts"],
        };
        let mut child = Command::new(&ffmpeg.ffprobe)
            .args(["-v", "quiet", "-protocol_whitelist", "file"])
            .args(["-format_whitelist", READ])
            .args(flags)
            .args(["-select_streams", "V:0", "-show_entries"])
            .args([
                "packet=pts_time,dts_time,size,pos,flags",
                "-of",
                "compact=p=0",
            ])
            .arg(input(path))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| start_error(&ffmpeg.ffprobe, &error))?;
        let lines = child.stdout.take().map(BufReader::new);
        Ok(Self {
            program: name(&ffmpeg.ffprobe),
            child,
            lines: lines.expect("its output was asked for"),
        })
    }

    /// The next packet; other lines are passed over.
    pub(super) fn next(&mut self) -> Option<Line> {
        loop {
            let mut line = Vec::new();
            let read = self
                .lines
                .by_ref()
                .take(LONGEST_LINE)
                .read_until(b'\n', &mut line);
            if read.ok()? == 0 {
                return None;
            }
            let line = Line(String::from_utf8_lossy(line.trim_ascii()).into_owned());
            if line.field("flags").is_some() {
                return Some(line);
            }
        }
    }

    pub(super) fn end(mut self) -> Result<(), FfmpegError> {
        let status = self.child.wait().map_err(|error| FfmpegError::Program {
            program: self.program.clone(),
            reason: error.to_string(),
        })?;
        match status.success() {
            true => Ok(()),
            false => Err(FfmpegError::Failed {
                program: self.program.clone(),
                status,
                frames: 0,
                reason: "it said nothing".to_string(),
            }),
        }
    }
}

impl Drop for Listing {
    fn drop(&mut self) {
        // It may have ended by itself just now.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_that_repeat_or_jitter_are_one_recording() {
        let mut clock = Clock::default();
        for time in [0.0, 0.0, 0.08, 0.06, 0.16, 7.0] {
            assert_eq!(clock.goes_back(Some(time)), None, "{time}");
        }
        assert_eq!(clock.goes_back(None), None);
        assert_eq!(clock.goes_back(Some(1.0)), Some(6.0));
        assert_eq!(clock.goes_back(Some(1.04)), None);
    }

    #[test]
    fn a_clock_that_begins_anew_is_no_seam() {
        let mut clock = Clock::default();
        assert_eq!(clock.goes_back(Some(WRAP - 0.02)), None);
        assert_eq!(clock.goes_back(Some(0.02)), None);
        assert_eq!(clock.goes_back(Some(0.06)), None);
    }

    #[test]
    fn packets_that_come_late_are_marked() {
        let packet = Packet {
            shown: 0.0,
            key: false,
            corrupt: false,
            seam: false,
            late: false,
        };
        let decoded = [0.0, 0.04, 0.08, 0.12, 0.2, f64::NAN, 0.28, 0.32, 0.05, 0.10];
        let mut packets = vec![packet; decoded.len()];
        mark_late(&mut packets, &decoded);
        let late: Vec<usize> = (0..10).filter(|&at| packets[at].late).collect();
        assert_eq!(late, [4]);
        mark_late(&mut [], &[]);
    }

    #[test]
    fn frames_of_one_time_are_spread_up_to_the_next() {
        assert_eq!(step_of_repeats(vec![]), 0.0);
        assert_eq!(step_of_repeats(vec![0.0, 0.08, 0.04]), 0.0);
        assert_eq!(step_of_repeats(vec![1.0, 1.0, 1.0]), 0.0);
        assert_eq!(step_of_repeats(vec![0.0, 0.0, 0.5, 0.5, 1.0]), 0.25);
        assert_eq!(
            step_of_repeats(vec![0.0, 0.5, 0.0, 1.0, 0.0, 1.5]),
            0.5 / 3.0
        );
    }

    #[test]
    fn lines_give_their_fields() {
        let line = Line("pts_time=1.5|dts_time=N/A|size=20|pos=3|flags=K_".to_string());
        assert_eq!((line.shown(), line.decoded()), (1.5, None));
        assert_eq!(line.field("flags"), Some("K_"));
        assert_eq!(line.field("ags"), None);
    }
}
