use crate::text::Text;

/// A table of names and values: settings, seeds, versions.
///
/// ```
/// use memae_report::Facts;
///
/// let settings = Facts::new("Settings").with("seed", "7").with("memory items", "100");
/// ```
#[derive(Debug, Clone)]
pub struct Facts {
    pub(crate) title: Text,
    pub(crate) rows: Vec<(Text, Text)>,
}

impl Facts {
    /// A table without rows.
    pub fn new(title: impl AsRef<str>) -> Self {
        Self {
            title: Text::new(title),
            rows: Vec::new(),
        }
    }

    /// One more row.
    pub fn with(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.rows.push((Text::new(name), Text::new(value)));
        self
    }
}
