use super::error::SourceError;

/// The names of classes; the label of a class is its index.
///
/// At most 256 names, no two of them the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassNames(Vec<String>);

impl ClassNames {
    pub(super) fn new(names: Vec<String>) -> Self {
        debug_assert!(names.len() <= 256);
        Self(names)
    }

    /// The names in the order of their labels.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The label of the class of a name.
    ///
    /// # Errors
    ///
    /// No class has the name ([`SourceError::UnknownClass`]).
    pub fn label(&self, name: &str) -> Result<u8, SourceError> {
        self.0
            .iter()
            .position(|known| known == name)
            .and_then(|label| u8::try_from(label).ok())
            .ok_or_else(|| SourceError::UnknownClass {
                found: name.to_string(),
                classes: self.0.clone(),
            })
    }
}
