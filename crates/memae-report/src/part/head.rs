use crate::text::Text;

/// What the report is about; stands at its top.
///
/// ```
/// use memae_report::Head;
///
/// let head = Head::new("Magnetic tiles")
///     .with_scored("255 images in tiles/test")
///     .with_made("29 November 2026, 11:20 UTC")
///     .with_command("memae eval tiles.safetensors tiles --report tiles.html")
///     .with_version("memae 0.1.0");
/// ```
#[derive(Debug, Clone)]
pub struct Head {
    pub(crate) title: Text,
    pub(crate) scored: Option<Text>,
    pub(crate) made: Option<Text>,
    pub(crate) command: Option<Text>,
    pub(crate) version: Option<Text>,
}

impl Head {
    /// A head with a title, which is the page's too.
    pub fn new(title: impl AsRef<str>) -> Self {
        Self {
            title: Text::new(title),
            scored: None,
            made: None,
            command: None,
            version: None,
        }
    }

    /// What was scored, and by which detector.
    pub fn with_scored(mut self, scored: impl AsRef<str>) -> Self {
        self.scored = Some(Text::new(scored));
        self
    }

    /// When the report was made, as it is to be read.
    pub fn with_made(mut self, made: impl AsRef<str>) -> Self {
        self.made = Some(Text::new(made));
        self
    }

    /// The command that made it.
    pub fn with_command(mut self, command: impl AsRef<str>) -> Self {
        self.command = Some(Text::new(command));
        self
    }

    /// The program and its version.
    pub fn with_version(mut self, version: impl AsRef<str>) -> Self {
        self.version = Some(Text::new(version));
        self
    }
}
