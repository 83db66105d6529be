use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::{MetricDefinition, MetricId, NumericEntry};
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation,
    MetricsRendererTraining,
};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::figures::Figure;

/// How a training run shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProgressDisplay {
    /// Not at all.
    Silent,
    /// A progress bar with time left and the present loss; nothing where standard error is no
    /// terminal.
    #[default]
    Bar,
    /// burn-train's own display: its full-screen dashboard with the feature `tui` on a terminal,
    /// lines of text elsewhere.
    BurnTrain,
}

impl ProgressDisplay {
    /// The renderer for burn-train; `None` leaves it its own.
    pub(in crate::train) fn renderer(
        self,
        label: &str,
        samples: usize,
    ) -> Option<Box<dyn MetricsRenderer>> {
        let target = match self {
            ProgressDisplay::Silent => ProgressDrawTarget::hidden(),
            ProgressDisplay::Bar => ProgressDrawTarget::stderr(),
            ProgressDisplay::BurnTrain => return None,
        };
        Some(Box::new(TrainingBar::new(label, samples, target)))
    }
}

/// One bar over all epochs of a phase.
struct TrainingBar {
    bar: ProgressBar,
    label: String,
    samples: usize,
    loss_id: Option<MetricId>,
    loss: Option<String>,
    epoch: usize,
    epochs: usize,
    /// Whether the present split is the training split; held-out samples don't move the bar.
    training: bool,
}

impl TrainingBar {
    fn new(label: &str, samples: usize, target: ProgressDrawTarget) -> Self {
        let style = ProgressStyle::with_template(
            "{prefix:>20} [{bar:30}] {percent:>3} % {elapsed} (left {eta}) {msg}",
        )
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("=> ");
        Self {
            bar: ProgressBar::with_draw_target(Some(0), target).with_style(style),
            label: label.to_string(),
            samples,
            loss_id: None,
            loss: None,
            epoch: 1,
            epochs: 1,
            training: true,
        }
    }

    fn show(&self) {
        let loss = self.loss.as_deref().unwrap_or("-");
        self.bar.set_message(format!(
            "epoch {}/{} loss {loss}",
            self.epoch.min(self.epochs),
            self.epochs
        ));
    }
}

impl MetricsRendererTraining for TrainingBar {
    fn update_train(&mut self, state: MetricState) {
        if let MetricState::Numeric(entry, Some(value)) = state
            && self.loss_id.as_ref() == Some(&entry.metric_id)
        {
            let value = match value {
                NumericEntry::Value(value) | NumericEntry::Final(value) => value,
                NumericEntry::Aggregated {
                    aggregated_value, ..
                } => aggregated_value,
            };
            self.loss = Some(format!("{value:.4}"));
        }
    }

    fn update_valid(&mut self, _state: MetricState) {}
}

impl TrainingProgressLogger for TrainingBar {
    fn start(
        &mut self,
        total_epochs: usize,
        starting_epoch: usize,
        _total_items: Option<usize>,
        _label: Option<&str>,
    ) {
        self.epoch = starting_epoch.max(1);
        self.epochs = total_epochs;
        self.bar.set_length((total_epochs * self.samples) as u64);
        self.bar.set_prefix(self.label.clone());
        self.show();
    }

    fn update_epoch(&mut self, epoch: usize) {
        self.epoch = epoch + 1;
        self.bar.set_position((epoch * self.samples) as u64);
    }

    fn start_split(&mut self, split: &str, _total_items: usize) {
        self.training = split.eq_ignore_ascii_case("train");
    }

    fn update_split(&mut self, items_processed: usize) {
        if self.training {
            let before = (self.epoch - 1) * self.samples;
            self.bar.set_position((before + items_processed) as u64);
            self.show();
        }
    }

    fn end_split(&mut self) {}

    fn end(&mut self) {
        self.bar.finish_and_clear();
    }

    fn log_event_training(&mut self, _event: String) {}
}

impl MetricsRendererEvaluation for TrainingBar {
    fn update_test(&mut self, _name: EvaluationName, _state: MetricState) {}
}

impl EvaluationProgressLogger for TrainingBar {
    fn start_global_progress(&mut self, _total_tests: usize) {}

    fn start_test(&mut self, _name: &str, _total_items: usize) {}

    fn update_test_progress(&mut self, _items_processed: usize) {}

    fn end_test(&mut self) {}

    fn end_global_progress(&mut self) {}

    fn log_event_evaluation(&mut self, _event: String) {}
}

impl MetricsRenderer for TrainingBar {
    fn manual_close(&mut self) {}

    fn register_metric(&mut self, definition: MetricDefinition) {
        if definition.name.as_str() == Figure::Loss.name() {
            self.loss_id = Some(definition.metric_id);
        }
    }
}
