use crate::text::{Text, chosen_rate, counted, number, percent};

/// The standard normal deviate of an interval that holds 95 of 100.
const DEVIATE: f64 = 1.96;
/// What has a smaller chance is not put down to it.
const UNLIKELY: f64 = 0.025;

/// The score above which a sample is anomalous, where it comes from, what it promises and what it keeps.
///
/// ```
/// use memae_report::Threshold;
///
/// let threshold = Threshold::new(0.0421, "99 held-out normal images")
///     .with_promised_rate(0.01)
///     .with_measured(3, 76)
///     .with_note("No more than 1 % of normal images score above it.");
/// ```
#[derive(Debug, Clone)]
pub struct Threshold {
    pub(crate) value: f64,
    pub(crate) origin: Text,
    pub(crate) promised: Option<f64>,
    measured: Option<[usize; 2]>,
    pub(crate) note: Option<Text>,
}

impl Threshold {
    /// A threshold, and in words where it comes from.
    pub fn new(value: f64, origin: impl AsRef<str>) -> Self {
        Self {
            value,
            origin: Text::new(origin),
            promised: None,
            measured: None,
            note: None,
        }
    }

    /// The share of normal samples that it promises to flag at most, in [0, 1].
    pub fn with_promised_rate(mut self, rate: f64) -> Self {
        self.promised = Some(rate);
        self
    }

    /// How many of how many samples known to be normal it flagged. Without samples nothing was measured.
    pub fn with_measured(mut self, flagged: usize, normal: usize) -> Self {
        self.measured = (normal > 0).then_some([flagged.min(normal), normal]);
        self
    }

    /// What else is to be known of it, such as a promise that can't be given.
    pub fn with_note(mut self, note: impl AsRef<str>) -> Self {
        self.note = Some(Text::new(note));
        self
    }

    pub(crate) fn value_text(&self) -> String {
        number(self.value)
    }

    pub(crate) fn promised_text(&self) -> Option<String> {
        self.promised
            .map(|rate| format!("at most {}", chosen_rate(rate)))
    }

    /// The measured rate, how many that are, and between which rates it lies for all such samples.
    pub(crate) fn measured_text(&self) -> Option<String> {
        self.measured.map(|[flagged, normal]| {
            let (low, high) = wilson(flagged, normal);
            format!(
                "{} ({} of {}); the true rate lies between {} and {} (95 % confidence)",
                percent(flagged as f64 / normal as f64),
                counted(flagged),
                counted(normal),
                percent(low),
                percent(high)
            )
        })
    }

    /// Whether the promise is kept, as far as what was measured can tell.
    pub(crate) fn kept(&self) -> Option<Kept> {
        let (promised, [flagged, normal]) = (self.promised?, self.measured?);
        if !promised.is_finite() {
            return None;
        }
        Some(if flagged as f64 <= promised * normal as f64 {
            Kept::Yes
        } else if tail(flagged, normal, promised) >= UNLIKELY {
            Kept::WithinChance
        } else {
            Kept::No
        })
    }
}

/// How a promised rate and a measured one go together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Yes,
    WithinChance,
    No,
}

impl Kept {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Yes => "good",
            Self::WithinChance => "fair",
            Self::No => "bad",
        }
    }

    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Yes => "No more than promised.",
            Self::WithinChance => {
                "More than promised, but no more than chance explains with so few samples."
            }
            Self::No => {
                "More than promised, and more than the choice of these samples explains: they may differ from those \
                 that the threshold comes from, or those were too few."
            }
        }
    }
}

/// The chance of `flagged` or more of `normal` samples where each is flagged with the chance `rate`.
fn tail(flagged: usize, normal: usize, rate: f64) -> f64 {
    if rate <= 0.0 || rate >= 1.0 {
        return if rate >= 1.0 || flagged == 0 {
            1.0
        } else {
            0.0
        };
    }
    // The logarithm of the chance of exactly as many as counted so far.
    let mut chance = normal as f64 * (-rate).ln_1p();
    let mut fewer = 0.0;
    for count in 0..flagged {
        fewer += chance.exp();
        let more = (normal - count) as f64 / (count + 1) as f64 * rate / (1.0 - rate);
        chance += more.ln();
    }
    (1.0 - fewer).max(0.0)
}

/// Wilson's interval of a rate, which stays within [0, 1] and is right for few samples too.
fn wilson(flagged: usize, normal: usize) -> (f64, f64) {
    let (count, rate) = (normal as f64, flagged as f64 / normal as f64);
    let square = DEVIATE * DEVIATE / count;
    let middle = rate + square / 2.0;
    let half = DEVIATE * (rate * (1.0 - rate) / count + square / (4.0 * count)).sqrt();
    let [low, high] =
        [middle - half, middle + half].map(|end| (end / (1.0 + square)).clamp(0.0, 1.0));
    // Rounding must leave neither a sliver below 0 nor one above 1.
    (
        if flagged == 0 { 0.0 } else { low },
        if flagged == normal { 1.0 } else { high },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_wilsons() {
        // Agresti and Coull (1998): none and one of ten.
        let near = |found: f64, expected: f64| {
            assert!((found - expected).abs() < 5e-4, "{found} {expected}")
        };
        let (low, high) = wilson(0, 10);
        assert_eq!(low, 0.0);
        near(high, 0.2775);
        let (low, high) = wilson(1, 10);
        near(low, 0.0179);
        near(high, 0.4042);
        assert_eq!(wilson(10, 10).1, 1.0);
    }

    #[test]
    fn a_promise_is_kept_within_chance_or_not() {
        let kept = |flagged, normal| {
            Threshold::new(1.0, "")
                .with_promised_rate(0.01)
                .with_measured(flagged, normal)
                .kept()
        };
        assert_eq!(kept(1, 100), Some(Kept::Yes));
        assert_eq!(kept(3, 100), Some(Kept::WithinChance));
        assert_eq!(kept(94, 1000), Some(Kept::No));
        assert_eq!(kept(0, 0), None);
        assert_eq!(Threshold::new(1.0, "").with_measured(1, 2).kept(), None);
        assert_eq!(
            Threshold::new(1.0, "")
                .with_promised_rate(f64::NAN)
                .with_measured(1, 2)
                .kept(),
            None
        );
    }

    #[test]
    fn the_tail_is_that_of_the_binomial_distribution() {
        let near = |found: f64, expected: f64| {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}")
        };
        near(tail(2, 3, 0.5), 0.5);
        near(tail(1, 2, 0.25), 1.0 - 0.75 * 0.75);
        near(tail(3, 3, 0.1), 0.001);
        near(tail(0, 9, 0.1), 1.0);
        assert_eq!(
            [tail(1, 5, 0.0), tail(0, 5, 0.0), tail(5, 5, 1.0)],
            [0.0, 1.0, 1.0]
        );
        // Half a million of a million, where no chance alone can be written as a number.
        assert!((tail(500_000, 1_000_000, 0.5) - 0.5).abs() < 1e-3);
    }

    #[test]
    fn the_measured_rate_has_its_counts() {
        let text = Threshold::new(1.0, "")
            .with_measured(3, 76)
            .measured_text()
            .unwrap();
        assert_eq!(
            text.replace('\u{a0}', " "),
            "3.95 % (3 of 76); the true rate lies between 1.35 % and 11.0 % (95 % confidence)"
        );
        // More flagged than there are is all of them.
        let text = Threshold::new(1.0, "")
            .with_measured(9, 4)
            .measured_text()
            .unwrap();
        assert!(text.contains("(4 of 4)"));
    }
}
