use std::fmt;

use memae_data::format::FileError;

use crate::network::NetworkConfigError;

/// Names listed of each kind; a file may hold any number.
const MAX_LISTED: usize = 100;

/// Why weights were not loaded or saved.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// It is no regular file, is larger than expected, or the system refused.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file could not be written.
    #[error("{path}: can't be written: {reason}")]
    Write {
        /// The file.
        path: String,
        /// What went wrong.
        reason: String,
    },
    /// Neither a file of PyTorch nor safetensors, or a damaged one.
    #[error("{path}: not a whole {format} file: {reason}")]
    Format {
        /// The file.
        path: String,
        /// What the file was taken for.
        format: &'static str,
        /// What the reader said.
        reason: String,
    },
    /// Settings that make no network.
    #[error(transparent)]
    Network(#[from] NetworkConfigError),
    /// Tensors that are not those of the network.
    #[error("{path}{dictionary}: weights don't fit the network: {mismatch}{hint}")]
    Tensors {
        /// The file.
        path: String,
        /// The keys of the dictionary in it that holds them, as in `["model"]`; nothing for the file's own.
        dictionary: String,
        /// All of them, by name.
        mismatch: Box<TensorsMismatch>,
        /// What may help, after a semicolon; mostly nothing.
        hint: &'static str,
    },
    /// Several dictionaries of a file hold the whole network.
    #[error("{path}: found the network in {found}, expected it once; in Python `{line}` takes one")]
    Ambiguous {
        /// The file.
        path: String,
        /// The keys of each, as in `["model"]`.
        found: String,
        /// The line of Python that takes the first of them.
        line: String,
    },
    /// A value that no network can compute with.
    #[error("{path}: {name} holds {found}, expected {expected}")]
    Value {
        /// The file.
        path: String,
        /// The tensor.
        name: String,
        /// The first such value.
        found: f32,
        /// What is expected.
        expected: &'static str,
    },
    /// A value in double precision that is infinite in single precision.
    #[error("{path}: {name} holds {found:e}, expected numbers of at most 3.4e38 in size")]
    TooLarge {
        /// The file.
        path: String,
        /// The tensor.
        name: String,
        /// The first such value.
        found: f64,
    },
}

/// How the tensors of a file differ from those that a network needs.
///
/// Shown in one line: `missing a, b; extra c; d is F32 [2], expected F32 [3]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TensorsMismatch {
    /// Names that the network needs and the file lacks, in the network's order.
    pub missing: Vec<String>,
    /// Names that the file has and the network does not need, in ascending order; what is no tensor
    /// is followed by its type in parentheses.
    pub extra: Vec<String>,
    /// Tensors of another type or shape, in the network's order.
    pub wrong: Vec<WrongTensor>,
}

/// A tensor of another type or shape than the network needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongTensor {
    /// Its name in the file.
    pub name: String,
    /// Type and shape found, as in `F32 [96, 1, 3, 3, 3]`.
    pub found: String,
    /// Type and shape expected.
    pub expected: String,
}

impl TensorsMismatch {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.missing.is_empty() && self.extra.is_empty() && self.wrong.is_empty()
    }
}

impl fmt::Display for TensorsMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wrong: Vec<String> = self
            .wrong
            .iter()
            .map(|wrong| {
                let WrongTensor {
                    name,
                    found,
                    expected,
                } = wrong;
                format!("{name} is {found}, expected {expected}")
            })
            .collect();
        let mut separator = "";
        for (kind, names) in [
            ("missing ", &self.missing),
            ("extra ", &self.extra),
            ("", &wrong),
        ] {
            if names.is_empty() {
                continue;
            }
            let listed = &names[..names.len().min(MAX_LISTED)];
            // A name may hold anything, line breaks too.
            let list = listed.join(", ");
            write!(f, "{separator}{kind}{}", list.escape_debug())?;
            if names.len() > MAX_LISTED {
                write!(f, " and {} more", names.len() - MAX_LISTED)?;
            }
            separator = "; ";
        }
        Ok(())
    }
}
