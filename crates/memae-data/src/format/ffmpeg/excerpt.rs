/// Which frames of a video are taken, by their times in seconds after its first frame.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Excerpt {
    /// The first time taken.
    pub(crate) start: f64,
    /// The first time that is not taken any more.
    pub(crate) end: Option<f64>,
    /// Most frames a second; all where it is not given.
    pub(crate) rate: Option<f64>,
    /// Seconds between frames to which the file gives one time; 0 where it doesn't, or where that is of no matter.
    pub(crate) step: f64,
}

/// What times may be off by where they are multiples of a frame's.
const ROUNDING: f64 = 1e-6;

impl Excerpt {
    /// Whether all frames are taken.
    pub(super) fn is_everything(&self) -> bool {
        self == &Self::default()
    }

    /// Whether a frame at this time lies within.
    pub(crate) fn spans(&self, time: f64) -> bool {
        time + ROUNDING >= self.start && self.end.is_none_or(|end| time + ROUNDING < end)
    }

    /// The place of a time among those that one frame is taken of; `None` where all are taken.
    pub(crate) fn slot(&self, time: f64) -> Option<f64> {
        self.rate
            .map(|rate| ((time - self.start) * rate + ROUNDING).floor())
    }

    /// The filters that take these frames, of which the first is at `first` seconds, and none from `until` on. None is
    /// repeated where there are fewer frames a second than asked for.
    pub(super) fn filters(&self, first: f64, until: Option<f64>) -> Vec<String> {
        if self.is_everything() && until.is_none() {
            return Vec::new();
        }
        let end = [self.end, until].into_iter().flatten().reduce(f64::min);
        let mut filters = vec![format!("setpts=PTS-STARTPTS+{first:.6}/TB")];
        if self.start > 0.0 || end.is_some() {
            let start = (self.start - ROUNDING).max(0.0);
            let end = end.map(|end| format!(":end={:.6}", end - ROUNDING));
            let end = end.unwrap_or_default();
            filters.push(format!("trim=start={start:.6}{end}"));
        }
        if let Some(rate) = self.rate {
            let slot = |time: &str| {
                format!(
                    "floor(({time}-{start:.6})*{rate}+{ROUNDING:.6})",
                    start = self.start
                )
            };
            filters.push(if self.step > 0.0 {
                // The first variable counts frames of one time, the second is a frame's place, the third that of the last
                // one taken.
                let own = slot(&format!("t+ld(0)*{:.9}", self.step));
                format!(
                    "select=st(0\\,if(eq(t\\,prev_t)\\,ld(0)+1\\,0))*0+st(1\\,{own})*0\
                     +if(isnan(prev_selected_t)+gt(ld(1)\\,ld(2))\\,st(2\\,ld(1))*0+1\\,0)"
                )
            } else {
                let (own, last) = (slot("t"), slot("prev_selected_t"));
                format!("select=isnan(prev_selected_t)+gt({own}\\,{last})")
            });
        }
        filters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_takes_no_filter() {
        assert_eq!(Excerpt::default().filters(0.0, None), [""; 0]);
    }

    #[test]
    fn times_that_are_multiples_lie_on_the_right_side() {
        let excerpt = Excerpt {
            start: 0.3,
            end: Some(0.6),
            rate: Some(10.0),
            step: 0.0,
        };
        let times = (0..10).map(|frame| f64::from(frame) / 10.0);
        let taken: Vec<f64> = times.filter(|&time| excerpt.spans(time)).collect();
        assert_eq!(taken, [0.3, 0.4, 0.5]);
        assert_eq!(excerpt.slot(0.3), Some(0.0));
        assert_eq!(excerpt.slot(0.29), Some(-1.0));
    }
}
