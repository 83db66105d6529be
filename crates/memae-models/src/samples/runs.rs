use std::ops::Range;
use std::sync::Arc;

use burn::data::dataset::DatasetError;

use super::source::{ClipCut, SampleValues, Samples};

/// Runs of samples that follow each other, spread evenly over a source: enough to fit score rules and a
/// threshold on where all samples would take long.
///
/// # Example
///
/// ```
/// use burn::data::dataset::DatasetError;
/// use memae_data::sample::ClipShape;
/// use memae_models::samples::{Runs, Samples};
///
/// #[derive(Clone)]
/// struct Camera;
///
/// impl Samples for Camera {
///     type Shape = ClipShape;
///
///     fn shape(&self) -> ClipShape {
///         ClipShape { channels: 1, frames: 1, height: 1, width: 1 }
///     }
///
///     fn len(&self) -> usize {
///         100
///     }
///
///     fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
///         Ok(vec![index as f32])
///     }
/// }
///
/// # fn main() -> Result<(), DatasetError> {
/// let runs = Runs::spread(Camera, 10, 5);
/// assert_eq!(runs.sequences(), [0..5, 5..10]);
/// assert_eq!((runs.values(4)?, runs.values(5)?), (vec![29.0], vec![75.0]));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct Runs<S> {
    samples: S,
    indices: Arc<[usize]>,
    sequences: Arc<[Range<usize>]>,
}

impl<S: Samples> Runs<S> {
    /// Runs of `run_length` samples, fewer at the end of a [sequence](Samples::sequences): as many as there
    /// is room for in `most` samples; all samples, in their own sequences, if there are no more than that.
    ///
    /// # Panics
    ///
    /// Panics if `most` or `run_length` is 0.
    pub fn spread(samples: S, most: usize, run_length: usize) -> Self {
        assert!(most > 0, "most is 0, expected at least 1");
        assert!(run_length > 0, "run_length is 0, expected at least 1");
        let chosen = match samples.len() <= most {
            true => samples.sequences(),
            false => spread_runs(&samples.sequences(), most, run_length.min(most)),
        };
        let mut start = 0;
        let sequences = chosen.iter().map(|run| {
            let sequence = start..start + run.len();
            start = sequence.end;
            sequence
        });
        Self {
            sequences: sequences.collect(),
            indices: chosen.into_iter().flatten().collect(),
            samples,
        }
    }
}

fn spread_runs(sequences: &[Range<usize>], most: usize, run_length: usize) -> Vec<Range<usize>> {
    let runs: Vec<Range<usize>> = sequences
        .iter()
        .flat_map(|sequence| {
            let starts = sequence.clone().step_by(run_length);
            starts.map(|start| start..(start + run_length).min(sequence.end))
        })
        .collect();
    let spread = |count: usize| {
        let runs = &runs;
        (0..count).map(move |run| runs[(2 * run + 1) * runs.len() / (2 * count)].clone())
    };
    let fits = |count: usize| spread(count).map(|run| run.len()).sum::<usize>() <= most;
    // One always fits. Where runs differ in length, a larger number that fits may be missed.
    let (mut fitting, mut too_many) = (1, runs.len() + 1);
    while fitting + 1 < too_many {
        let middle = fitting + (too_many - fitting) / 2;
        match fits(middle) {
            true => fitting = middle,
            false => too_many = middle,
        }
    }
    spread(fitting).collect()
}

impl<S: Samples> Samples for Runs<S> {
    type Shape = S::Shape;

    fn shape(&self) -> S::Shape {
        self.samples.shape()
    }

    fn len(&self) -> usize {
        self.indices.len()
    }

    fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
        self.samples.values(self.indices[index])
    }

    fn read(&self, indices: Vec<usize>) -> SampleValues<'_> {
        let indices = indices.into_iter().map(|index| self.indices[index]);
        self.samples.read(indices.collect())
    }

    fn clip_cut(&self) -> Option<ClipCut> {
        self.samples.clip_cut()
    }

    fn sequences(&self) -> Vec<Range<usize>> {
        self.sequences.to_vec()
    }

    fn groups(&self) -> Option<Vec<usize>> {
        let groups = self.samples.groups()?;
        // A source with too few of them is told so by whoever divides by them.
        let groups = self.indices.iter().map(|&index| groups.get(index).copied());
        Some(groups.flatten().collect())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use memae_data::sample::ClipShape;

    /// Samples whose value is their index, in sequences of these lengths.
    #[derive(Clone)]
    struct Numbers(Vec<usize>);

    impl Samples for Numbers {
        type Shape = ClipShape;

        fn shape(&self) -> ClipShape {
            ClipShape {
                channels: 1,
                frames: 1,
                height: 1,
                width: 1,
            }
        }

        fn len(&self) -> usize {
            self.0.iter().sum()
        }

        fn values(&self, index: usize) -> Result<Vec<f32>, DatasetError> {
            Ok(vec![index as f32])
        }

        fn sequences(&self) -> Vec<Range<usize>> {
            let mut end = 0;
            let lengths = self.0.iter();
            lengths
                .map(|length| {
                    end += length;
                    end - length..end
                })
                .collect()
        }
    }

    proptest! {
        #[test]
        fn runs_lie_within_sequences_and_are_no_more_than_asked_for(
            lengths in proptest::collection::vec(1usize..40, 1..7),
            most in 1usize..120,
            run_length in 1usize..20,
        ) {
            let source = Numbers(lengths);
            let runs = Runs::spread(source.clone(), most, run_length);
            prop_assert!(!runs.is_empty() && runs.len() <= most);
            let mut seen = Vec::new();
            for sequence in runs.sequences() {
                let found: Vec<usize> = sequence.map(|i| runs.values(i).unwrap()[0] as usize).collect();
                prop_assert!(found.windows(2).all(|pair| pair[1] == pair[0] + 1));
                let (first, last) = (found[0], found[found.len() - 1]);
                prop_assert!(source.sequences().iter().any(|s| s.contains(&first) && s.contains(&last)));
                seen.extend(found);
            }
            prop_assert!(seen.windows(2).all(|pair| pair[1] > pair[0]));
            prop_assert_eq!(seen.len(), runs.len());
            if source.len() <= most {
                prop_assert_eq!(runs.sequences(), source.sequences());
            }
        }
    }

    #[test]
    fn short_sequences_fill_the_room_too() {
        let runs = Runs::spread(Numbers(vec![5; 200]), 512, 64);
        assert_eq!(runs.len(), 510);
        assert_eq!(Runs::spread(Numbers(vec![100, 100]), 127, 64).len(), 72);
    }

    #[test]
    fn runs_come_from_all_sequences() {
        let runs = Runs::spread(Numbers(vec![60, 60, 60]), 30, 10);
        let firsts: Vec<f32> = (0..3)
            .map(|run| runs.values(10 * run).unwrap()[0])
            .collect();
        assert_eq!(firsts, [30.0, 90.0, 150.0]);
    }
}
