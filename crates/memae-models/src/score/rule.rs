use serde::{Deserialize, Serialize};

/// How a sample is scored; higher is more anomalous.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ScoreRule {
    /// Reconstruction error `‖x − x̂‖²`: the paper.
    Reconstruction,
    /// Distance between the query and what it read, `1 − cos(z, ẑ)`; the mean over the queries of
    /// a sample. Needs a memory.
    ReadDistance,
    /// Sum of both, each divided by its spread on training samples. Needs a memory.
    Sum,
    /// Distance between the encodings of a sample and of its reconstruction, `1 − cos(z, f_e(x̂))`; the
    /// mean over the queries of a sample. What differs only in pixels counts little. Source of the
    /// idea: S. Akcay, A. Atapour-Abarghouei, T. P. Breckon, "GANomaly", ACCV 2018.
    EncodingDistance,
    /// Sum of reconstruction error, read distance and encoding distance, each divided by its spread on
    /// training samples. Needs a memory.
    SumOfThree,
}

impl ScoreRule {
    /// All rules.
    pub const ALL: [ScoreRule; 5] = [
        ScoreRule::Reconstruction,
        ScoreRule::ReadDistance,
        ScoreRule::Sum,
        ScoreRule::EncodingDistance,
        ScoreRule::SumOfThree,
    ];

    /// The name shown in tables.
    pub fn name(self) -> &'static str {
        match self {
            ScoreRule::Reconstruction => "reconstruction error",
            ScoreRule::ReadDistance => "read distance",
            ScoreRule::Sum => "sum",
            ScoreRule::EncodingDistance => "encoding distance",
            ScoreRule::SumOfThree => "sum of three",
        }
    }

    /// Whether reconstructions must be encoded again, which takes the encoder's time once more.
    pub(crate) fn needs_encoding_distance(self) -> bool {
        matches!(self, ScoreRule::EncodingDistance | ScoreRule::SumOfThree)
    }

    /// Whether networks without memory have no such score.
    pub(crate) fn needs_memory(self) -> bool {
        !matches!(
            self,
            ScoreRule::Reconstruction | ScoreRule::EncodingDistance
        )
    }
}
