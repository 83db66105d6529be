use crate::part::{
    Columns, Confusion, Curve, Facts, Figure, Head, MemoryHealth, SampleGroup, Scores, Threshold,
    Verdicts, Video,
};

/// What was found, as one HTML page.
///
/// Head and verdicts are always there, all else is optional: a part without data is left out. Parts stand in the order
/// in which they are read, whatever the order in which they are given: verdicts, threshold, scores, how well it is told, videos,
/// samples, columns, memory, facts.
///
/// ```
/// use memae_report::{Facts, Head, Report, Scores, Threshold, Verdicts};
///
/// let report = Report::new(Head::new("Line 3, night shift"), Verdicts::new(3, 1))
///     .with_threshold(Threshold::new(0.5, "given by hand"))
///     .with_scores(Scores::new().with_unlabelled([0.1, 0.2, 0.15, 0.7]))
///     .with_facts(Facts::new("Settings").with("seed", "7"));
/// let page = report.render()?;
/// assert!(page.contains("1 of 4 samples is anomalous."));
/// # Ok::<(), memae_report::ReportError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Report {
    pub(crate) head: Head,
    pub(crate) verdicts: Verdicts,
    pub(crate) threshold: Option<Threshold>,
    pub(crate) scores: Option<Scores>,
    pub(crate) figures: Vec<Figure>,
    pub(crate) curves: Vec<Curve>,
    pub(crate) confusion: Option<Confusion>,
    pub(crate) videos: Vec<Video>,
    pub(crate) groups: Vec<SampleGroup>,
    pub(crate) columns: Option<Columns>,
    pub(crate) memory: Option<MemoryHealth>,
    pub(crate) facts: Vec<Facts>,
}

impl Report {
    /// A report of verdicts alone.
    pub fn new(head: Head, verdicts: Verdicts) -> Self {
        Self {
            head,
            verdicts,
            threshold: None,
            scores: None,
            figures: Vec::new(),
            curves: Vec::new(),
            confusion: None,
            videos: Vec::new(),
            groups: Vec::new(),
            columns: None,
            memory: None,
            facts: Vec::new(),
        }
    }

    /// The threshold of the verdicts; it is marked in the charts too.
    pub fn with_threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = Some(threshold);
        self
    }

    /// A histogram of the scores.
    pub fn with_scores(mut self, scores: Scores) -> Self {
        self.scores = Some(scores);
        self
    }

    /// One more figure.
    pub fn with_figure(mut self, figure: Figure) -> Self {
        self.figures.push(figure);
        self
    }

    /// One more curve.
    pub fn with_curve(mut self, curve: Curve) -> Self {
        self.curves.push(curve);
        self
    }

    /// What the verdicts made of samples with known classes.
    pub fn with_confusion(mut self, confusion: Confusion) -> Self {
        self.confusion = Some(confusion);
        self
    }

    /// One more video; the curves of all have one scale.
    pub fn with_video(mut self, video: Video) -> Self {
        self.videos.push(video);
        self
    }

    /// One more group of samples; one without samples is left out.
    pub fn with_samples(mut self, group: SampleGroup) -> Self {
        self.groups.push(group);
        self
    }

    /// The columns that contribute most.
    pub fn with_columns(mut self, columns: Columns) -> Self {
        self.columns = Some(columns);
        self
    }

    /// How the memory is used.
    pub fn with_memory(mut self, memory: MemoryHealth) -> Self {
        self.memory = Some(memory);
        self
    }

    /// One more table of names and values; one without rows is left out.
    pub fn with_facts(mut self, facts: Facts) -> Self {
        self.facts.push(facts);
        self
    }
}
