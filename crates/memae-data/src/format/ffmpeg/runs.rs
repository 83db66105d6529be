//! Which packets of a file can be decoded together. A run begins where decoding can begin, and nothing is missing in it.

use std::ops::Range;

use super::excerpt::Excerpt;
use super::packets::Packet;

/// Packets that are decoded together, by their places among all of the file.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Run {
    /// In the order of the file; neighbours do not touch.
    pub(super) packets: Vec<Range<usize>>,
}

impl Run {
    pub(super) fn first(&self) -> usize {
        self.packets.first().map_or(0, |range| range.start)
    }

    pub(super) fn end(&self) -> usize {
        self.packets.last().map_or(0, |range| range.end)
    }

    /// How many packets it has.
    pub(super) fn len(&self) -> usize {
        self.packets.iter().map(Range::len).sum()
    }

    /// The filter that drops all other packets.
    pub(super) fn drop_others(&self) -> String {
        let kept: Vec<String> = self
            .packets
            .iter()
            .map(|range| format!("between(n\\,{}\\,{})", range.start, range.end - 1))
            .collect();
        format!("noise=drop=not({})", kept.join("+"))
    }
}

/// The runs that lie between the seams and the corrupt packets of a file: each begins with a key packet.
pub(super) fn undamaged(packets: &[Packet]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut from = 0;
    while let Some(first) = (from..packets.len()).find(|&at| starts(packets, at)) {
        let mut end = first + 1;
        while end < packets.len() && !begins_anew(&packets[end]) && !is_lost(packets, end) {
            end += 1;
        }
        runs.push(run(packets, first, end));
        from = end;
    }
    runs
}

/// How much longer than usual the time between two frames is, and how many seconds at least, where one recording follows
/// another. Phones and screen recorders, whose rate varies, stay below.
const JUMP: (f64, f64) = (8.0, 1.0);

/// The recordings of a file that is not damaged, if there are several: each begins with a key packet that is shown long after
/// all before it. A pause within a recording is none: what is decoded after it refers to what came before.
pub(super) fn recordings(packets: &[Packet]) -> Option<Vec<Run>> {
    let mut shown: Vec<f64> = packets.iter().map(|packet| packet.shown).collect();
    shown.retain(|time| time.is_finite());
    shown.sort_by(f64::total_cmp);
    let longest = usual_step(&shown)? * JUMP.0;
    let longest = longest.max(JUMP.1);
    let (mut latest, mut starts) = (f64::NAN, Vec::new());
    for (at, packet) in packets.iter().enumerate() {
        let begins = packet.key && packet.shown - latest > longest && !leads(packets, at);
        if at == 0 || begins {
            starts.push(at);
        }
        latest = latest.max(packet.shown);
    }
    let ends = starts.iter().skip(1).copied().chain([packets.len()]);
    let ranges = starts.iter().zip(ends).map(|(&start, end)| start..end);
    let runs = ranges.map(|range| Run {
        packets: std::iter::once(range).collect(),
    });
    (starts.len() > 1).then(|| runs.collect())
}

/// The median of the times between frames, of which those are given in order at which frames are shown.
fn usual_step(shown: &[f64]) -> Option<f64> {
    let mut steps: Vec<f64> = shown.windows(2).map(|pair| pair[1] - pair[0]).collect();
    steps.retain(|step| *step > 0.0);
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied()
}

/// Whether frames are shown before this key frame that come after it in the file.
pub(super) fn leads(packets: &[Packet], at: usize) -> bool {
    let next = packets.get(at + 1);
    packets[at].key && next.is_some_and(|next| next.shown < packets[at].shown)
}

/// A run from a key packet to before `end`.
///
/// Frames that are shown before their key frame refer to those before it, too: without these they are left out, but not
/// at the beginning of the file, where nothing is missing.
pub(super) fn run(packets: &[Packet], first: usize, end: usize) -> Run {
    let shown = packets[first].shown;
    let leading = |at: &usize| first > 0 && packets[*at].shown < shown;
    let after = (first + 1..end).take_while(leading).count() + first + 1;
    let (key_ends, rest_begins) = match after == first + 1 {
        true => (end, end),
        false => (first + 1, after),
    };
    Run {
        packets: [first..key_ends, rest_begins..end]
            .into_iter()
            .filter(|range| !range.is_empty())
            .collect(),
    }
}

/// Where parts begin that can be decoded by themselves.
pub(super) fn keys(packets: &[Packet], run: &Run) -> Vec<usize> {
    (run.first()..run.end())
        .filter(|&at| packets[at].key)
        .collect()
}

/// Whether a packet does not follow the one before it. Only of files known to be damaged is asked: elsewhere times may be
/// far apart because nothing happened.
fn begins_anew(packet: &Packet) -> bool {
    packet.seam || packet.late
}

fn starts(packets: &[Packet], at: usize) -> bool {
    packets[at].key && !is_lost(packets, at)
}

/// Whether a packet is lost. That the last one of a recording is cut can't be told before the next recording begins, so
/// the decoder tells it, as at the end of a file.
fn is_lost(packets: &[Packet], at: usize) -> bool {
    let last = packets.get(at + 1).is_some_and(|next| next.seam);
    packets[at].corrupt && !last
}

/// When each packet is shown, in seconds after the first frame: the second recording goes on where the first one ends.
pub(super) fn times(packets: &[Packet]) -> Vec<f64> {
    let mut offset = f64::NAN;
    let mut latest = 0.0;
    let mut typical = 0.0;
    packets
        .iter()
        .map(|packet| {
            if (offset.is_nan() || packet.seam) && !packet.shown.is_nan() {
                offset = latest + typical - packet.shown;
            }
            let time = match packet.shown + offset {
                time if time.is_nan() => latest,
                time => time.max(0.0),
            };
            if time > latest {
                typical = if typical == 0.0 {
                    time
                } else {
                    typical.min(time - latest)
                };
                latest = time;
            }
            time
        })
        .collect()
}

/// Packets at the end of a run among which one may be missing that is shown before others.
const TAIL: usize = 64;

/// How much longer than usual the time between two frames is where one is missing.
const HOLE: f64 = 1.5;

/// The middle of the first hole in the times at the end of a run: packets are cut off in the order in which they are decoded,
/// so that a frame that is shown earlier may be missing.
fn whole_until(run: &Run, times: &[f64]) -> Option<f64> {
    let packets = run.packets.iter().cloned().flatten();
    let mut tail: Vec<f64> = packets.map(|at| times[at]).collect();
    let before = tail.len().saturating_sub(TAIL);
    tail.drain(..before);
    tail.sort_by(f64::total_cmp);
    // Where others come before, frames that are shown between the first ones may be among those.
    let known = if before > 0 { TAIL / 2 } else { 0 };
    let usual = usual_step(&tail)?;
    let mut pairs = tail.windows(2).skip(known);
    let hole = pairs.find(|pair| pair[1] - pair[0] > HOLE * usual)?;
    Some((hole[0] + hole[1]) / 2.0)
}

/// A run with what was left out before it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlannedRun {
    pub(super) run: Run,
    /// When its first frame is shown, in seconds after the first frame of the file.
    pub(super) start: f64,
    /// From when on frames at its end are not given, in the same seconds: one that is shown before them is missing.
    pub(super) until: Option<f64>,
    /// Packets that were left out since the run before.
    pub(super) left_out: usize,
}

/// What of a damaged file is decoded.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Plan {
    pub(super) runs: Vec<PlannedRun>,
    /// Packets left out after the last run.
    pub(super) left_out_at_end: usize,
}

impl Plan {
    /// The runs of a file that is not damaged.
    pub(super) fn of_recordings(packets: &[Packet], runs: Vec<Run>, excerpt: &Excerpt) -> Self {
        let mut plan = Self::of(packets, runs, excerpt);
        // Nothing is missing, however far frames are apart.
        for planned in &mut plan.runs {
            (planned.until, planned.left_out) = (None, 0);
        }
        plan.left_out_at_end = 0;
        plan
    }

    /// Orders runs, and counts what lies between them and within the excerpt.
    pub(super) fn of(packets: &[Packet], runs: Vec<Run>, excerpt: &Excerpt) -> Self {
        let times = times(packets);
        let wanted = |at: &usize| excerpt.spans(times[*at]);
        let mut plan = Self::default();
        let (mut from, mut left_out) = (0, 0);
        for run in runs {
            left_out += (from..run.first()).filter(&wanted).count();
            from = run.end();
            let within = |at: usize| run.packets.iter().any(|range| range.contains(&at));
            let leading = (run.first()..run.end()).filter(|&at| !within(at));
            left_out += leading.filter(&wanted).count();
            let until = whole_until(&run, &times);
            let cut = |at: &usize| until.is_some_and(|until| times[*at] >= until);
            let after = (run.first()..run.end()).filter(|at| within(*at) && cut(at));
            let after = after.filter(&wanted).count();
            if (run.first()..run.end()).any(|at| wanted(&at)) {
                plan.runs.push(PlannedRun {
                    start: times[run.first()],
                    until,
                    run,
                    left_out,
                });
                left_out = after;
            }
        }
        plan.left_out_at_end = left_out + (from..packets.len()).filter(wanted).count();
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packets from letters: K a key, L a late one, . another, x a corrupt one, X a corrupt key, S a key behind a seam, < a packet
    /// that is shown before the key frame before it.
    fn packets(letters: &str) -> Vec<Packet> {
        let letters = letters.chars().enumerate();
        letters
            .map(|(at, letter)| Packet {
                shown: at as f64 - if letter == '<' { 2.5 } else { 0.0 },
                key: "KXS".contains(letter),
                corrupt: "xX".contains(letter),
                seam: letter == 'S',
                late: letter == 'L',
            })
            .collect()
    }

    fn one(range: Range<usize>) -> Vec<Range<usize>> {
        std::iter::once(range).collect()
    }

    /// The first packet and the one behind the last of each range, by runs.
    fn ranges(letters: &str) -> Vec<Vec<(usize, usize)>> {
        let runs = undamaged(&packets(letters)).into_iter();
        runs.map(|run| {
            run.packets
                .iter()
                .map(|range| (range.start, range.end))
                .collect()
        })
        .collect()
    }

    #[test]
    fn runs_begin_with_keys_and_end_before_damage() {
        assert_eq!(ranges("K...K.."), [[(0, 7)]]);
        assert_eq!(ranges("...K..K."), [[(3, 8)]]);
        assert_eq!(ranges("K..x..K.."), [[(0, 3)], [(6, 9)]]);
        assert_eq!(ranges("K..X..K.."), [[(0, 3)], [(6, 9)]]);
        assert_eq!(ranges("K..Xx"), [[(0, 3)]]);
        assert_eq!(ranges("K..L..K."), [[(0, 3)], [(6, 8)]]);
        assert_eq!(ranges("...."), [[(0, 0)]; 0]);
        assert_eq!(ranges(""), [[(0, 0)]; 0]);
    }

    #[test]
    fn recordings_begin_with_keys_long_after_the_one_before() {
        // What is decoded from place `from` on is shown so many seconds later.
        let ranges = |letters: &str, later: f64, from: usize| {
            let mut packets = packets(letters);
            for packet in &mut packets[from..] {
                packet.shown += later;
            }
            let runs = recordings(&packets)?;
            let ranges = runs.iter().map(|run| (run.first(), run.end()));
            Some(ranges.collect::<Vec<_>>())
        };
        let two = |at, end| Some(vec![(0, at), (at, end)]);
        assert_eq!(ranges("K..K..", 0.0, 3), None);
        assert_eq!(ranges("K..K..", 7.0, 3), None);
        assert_eq!(ranges("K..K..", 7.5, 3), two(3, 6));
        assert_eq!(ranges("...K..", 9.0, 3), two(3, 6));
        assert_eq!(ranges("K<.K..", 19.0, 3), two(3, 6));
        // Not at a key, or with frames that refer to those before.
        assert_eq!(ranges("K.....", 9.0, 3), None);
        assert_eq!(ranges("K..K<.", 19.0, 3), None);
        assert_eq!(ranges("K..K..", 9.0, 0), None);
        assert_eq!(recordings(&[]), None);

        // 25 frames a second, and a pause of less than a second.
        let mut packets = packets("K..K..");
        for (at, packet) in packets.iter_mut().enumerate() {
            packet.shown = at as f64 * 0.04 + if at < 3 { 0.0 } else { 0.9 };
        }
        assert_eq!(recordings(&packets), None);
        packets[3..]
            .iter_mut()
            .for_each(|packet| packet.shown += 0.2);
        assert_eq!(recordings(&packets).map(|runs| runs.len()), Some(2));
        packets[1].shown = f64::NAN;
        assert_eq!(recordings(&packets).map(|runs| runs.len()), Some(2));
    }

    #[test]
    fn a_seam_ends_a_run_and_the_frame_before_it_is_the_decoders_matter() {
        assert_eq!(ranges("K..S.."), [[(0, 3)], [(3, 6)]]);
        assert_eq!(ranges("K.xS.."), [[(0, 3)], [(3, 6)]]);
        assert_eq!(ranges("K.x.S.."), [[(0, 2)], [(4, 7)]]);
    }

    #[test]
    fn frames_before_their_key_frame_are_left_out_after_a_gap_only() {
        assert_eq!(ranges("K<<.K<."), [[(0, 7)]]);
        assert_eq!(ranges("K.xK<<.."), [vec![(0, 2)], vec![(3, 4), (6, 8)]]);
    }

    #[test]
    fn what_is_left_out_is_counted_where_it_was() {
        let packets = packets("..K.xxK<.x");
        let plan = Plan::of(&packets, undamaged(&packets), &Excerpt::default());
        let left_out: Vec<usize> = plan.runs.iter().map(|run| run.left_out).collect();
        assert_eq!((left_out, plan.left_out_at_end), (vec![2, 3], 1));
        let kept = plan.runs.iter().flat_map(|planned| &planned.run.packets);
        let kept: usize = kept.map(Range::len).sum();
        assert_eq!(kept + 6, packets.len());

        // Times are 0 to 9 s but for the packet that is shown early.
        let excerpt = Excerpt {
            start: 4.0,
            end: Some(9.0),
            rate: None,
            step: 0.0,
        };
        let plan = Plan::of(&packets, undamaged(&packets), &excerpt);
        assert_eq!(plan.runs.len(), 1);
        assert_eq!((plan.runs[0].left_out, plan.left_out_at_end), (3, 0));
    }

    #[test]
    fn frames_behind_a_missing_one_are_not_given() {
        let run = Run {
            packets: vec![0..6, 8..9],
        };
        let whole = [0.0, 0.3, 0.1, 0.2, 0.6, 0.4, 9.0, 9.0, 0.5];
        assert_eq!(whole_until(&run, &whole), None);
        let cut = Run { packets: one(0..6) };
        assert!(whole_until(&cut, &whole).is_some_and(|until| (0.4..0.6).contains(&until)));
        assert_eq!(whole_until(&Run::default(), &[]), None);
        // The last of 200 frames, of which every second one is decoded after the next.
        let times: Vec<f64> = (0..200).map(|at: u32| f64::from(at ^ 1)).collect();
        let long = Run {
            packets: one(0..199),
        };
        assert_eq!(whole_until(&long, &times), Some(198.0));
        let long = Run {
            packets: one(0..200),
        };
        assert_eq!(whole_until(&long, &times), None);
    }

    #[test]
    fn times_go_on_after_a_seam() {
        let mut packets = packets("K..S..");
        for (packet, shown) in packets
            .iter_mut()
            .zip([10.0, 10.5, 11.0, 10.0, f64::NAN, 10.5])
        {
            packet.shown = shown;
        }
        assert_eq!(times(&packets), [0.0, 0.5, 1.0, 1.5, 1.5, 2.0]);
    }
}
