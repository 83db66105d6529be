//! Normal and anomalous samples in blocks side by side, broken into bands below each other.

use crate::chart::colour::{ANOMALOUS, Colour, NORMAL};

/// Samples side by side in a band.
const COLUMNS: usize = 20;
/// Bands below each other.
const BANDS: usize = 5;

/// The samples of one class.
pub(super) struct Block {
    pub(super) heading: String,
    pub(super) colour: Colour,
    pub(super) samples: Vec<usize>,
}

impl Block {
    /// Columns in every band but perhaps the last.
    pub(super) fn columns(&self, bands: usize) -> usize {
        self.samples.len().div_ceil(bands)
    }

    /// The samples in one band.
    pub(super) fn band(&self, band: usize, bands: usize) -> &[usize] {
        self.samples
            .chunks(self.columns(bands))
            .nth(band)
            .unwrap_or(&[])
    }
}

/// Bands that the samples of all blocks need.
pub(super) fn bands(blocks: &[Block]) -> usize {
    let samples: usize = blocks.iter().map(|block| block.samples.len()).sum();
    samples.div_ceil(COLUMNS)
}

/// The blocks that have samples, normal first; of too many samples the first of each.
pub(super) fn blocks(anomalous: &[bool]) -> Vec<Block> {
    let most = COLUMNS * BANDS;
    [("normal", NORMAL, false), ("anomalous", ANOMALOUS, true)]
        .into_iter()
        .filter_map(|(name, colour, wanted)| {
            let mut samples: Vec<usize> = (0..anomalous.len())
                .filter(|&sample| anomalous[sample] == wanted)
                .collect();
            let all = samples.len();
            if anomalous.len() > most {
                samples.truncate((all * most / anomalous.len()).max(1));
            }
            let heading = if samples.len() < all {
                format!("{name} (first {} of {all})", samples.len())
            } else {
                name.to_string()
            };
            (all > 0).then_some(Block {
                heading,
                colour,
                samples,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(normal: usize, anomalous: usize) -> Vec<bool> {
        (0..normal + anomalous)
            .map(|sample| sample >= normal)
            .collect()
    }

    #[test]
    fn every_sample_stands_in_one_band() {
        let anomalous: Vec<bool> = (0..67).map(|sample| sample % 5 == 0).collect();
        let blocks = blocks(&anomalous);
        let bands = bands(&blocks);
        assert_eq!(bands, 4);
        let mut seen: Vec<usize> = (0..bands)
            .flat_map(|band| blocks.iter().flat_map(move |block| block.band(band, bands)))
            .copied()
            .collect();
        seen.sort_unstable();
        assert_eq!(seen, (0..67).collect::<Vec<_>>());
    }

    #[test]
    fn a_class_without_samples_has_no_block() {
        let blocks = blocks(&labels(0, 3));
        assert_eq!(blocks.len(), 1);
        assert_eq!(blocks[0].heading, "anomalous");
        assert_eq!(blocks[0].samples, [0, 1, 2]);
    }

    #[test]
    fn of_too_many_samples_the_first_of_each_class_are_taken() {
        let blocks = blocks(&labels(999, 1));
        assert_eq!(blocks[0].heading, "normal (first 99 of 999)");
        assert_eq!(blocks[1].heading, "anomalous");
        assert_eq!(bands(&blocks), 5);
    }
}
