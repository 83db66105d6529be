/// A temperature that falls (or rises) in a straight line.
#[derive(Debug, Clone)]
pub(super) struct TemperatureSchedule {
    from: f64,
    to: f64,
    steps: usize,
    step: usize,
}

impl TemperatureSchedule {
    /// From one temperature to another over so many steps.
    pub(super) fn new(from: f64, to: f64, steps: usize) -> Self {
        Self {
            from,
            to,
            steps,
            step: 0,
        }
    }

    /// Counts steps.
    pub(super) fn count_steps(&mut self, steps: usize) {
        self.step += steps;
    }

    /// The temperature of the next step.
    pub(super) fn current(&self) -> f64 {
        // The end is met exactly: it is what the saved settings say.
        match self.step >= self.steps {
            true => self.to,
            false => self.from + (self.to - self.from) * self.step as f64 / self.steps as f64,
        }
    }
}
