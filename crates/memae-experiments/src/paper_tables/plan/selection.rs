use crate::paper_tables::paper::Table;

/// Which part of a table is wanted.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Seeds 0, 1, …: how many, 1 to [`MAX_SEEDS`](Self::MAX_SEEDS).
    pub seeds: u64,
    /// Names of normal classes, with commas between; `None` for those that the table has by itself.
    pub classes: Option<String>,
    /// Passes over the training samples; `None` for the number that belongs to each method.
    pub epochs: Option<usize>,
}

/// Classes that can't be chosen.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClassError {
    /// No class of the data set.
    #[error("--classes: found {found}, expected some of {}", classes.join(", "))]
    Unknown {
        /// The name found.
        found: String,
        /// Names of the data set's classes.
        classes: Vec<String>,
    },
    /// A class more than once.
    #[error("--classes: found {found} twice, expected each class once")]
    Twice {
        /// The name found.
        found: String,
    },
    /// A table without classes.
    #[error("--classes: found for {table}, expected for tables of images only")]
    NoClasses {
        /// The table.
        table: Table,
    },
}

impl Selection {
    /// The most seeds.
    pub const MAX_SEEDS: u64 = 1000;

    /// Whether all classes are trained on as many passes as the table has by itself.
    pub(crate) fn is_everything(&self) -> bool {
        self.classes.is_none() && self.epochs.is_none()
    }

    /// Label and name of the classes that are to be normal.
    pub(super) fn of(
        &self,
        table: Table,
        classes: &[(u8, String)],
    ) -> Result<Vec<(u8, String)>, ClassError> {
        let names: Vec<&str> = match (&self.classes, table) {
            // A name may hold a comma.
            (Some(name), _) if classes.iter().any(|(_, other)| other == name) => vec![name],
            (Some(names), _) => names.split(',').collect(),
            // The digit of the examples, and the one that all methods find hardest but 8.
            (None, Table::Ablation | Table::MemorySize) => vec!["9", "2"],
            (None, _) => return Ok(classes.to_vec()),
        };
        let mut chosen: Vec<(u8, String)> = Vec::new();
        for name in names {
            let class = classes.iter().find(|(_, other)| other == name);
            let class = class.ok_or_else(|| ClassError::Unknown {
                found: name.to_string(),
                classes: classes.iter().map(|(_, name)| name.clone()).collect(),
            })?;
            if chosen.contains(class) {
                return Err(ClassError::Twice {
                    found: name.to_string(),
                });
            }
            chosen.push(class.clone());
        }
        Ok(chosen)
    }
}
