use memae_core::{MemoryConfigError, QueryUnit};

/// What is wrong with the settings of a network.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NetworkConfigError {
    /// A sample without values.
    #[error("network: input is {found}, expected at least one value along every axis")]
    EmptyInput {
        /// Shape found, as it is written.
        found: String,
    },
    /// Encoder and decoder differ in length, or are empty.
    #[error(
        "network: {encoder} encoder and {decoder} decoder layers, expected the same number, at \
         least 1"
    )]
    LayerCount {
        /// Encoder layers found.
        encoder: usize,
        /// Decoder layers found.
        decoder: usize,
    },
    /// No layers in a part of a network for vectors.
    #[error("network: the {part} has no layers, expected at least 1")]
    NoLayers {
        /// `encoder` or `decoder`.
        part: &'static str,
    },
    /// A fully connected layer that makes nothing.
    #[error("network: {part} layer {index} has width 0, expected at least 1")]
    EmptyDenseLayer {
        /// `encoder` or `decoder`.
        part: &'static str,
        /// Position in the list, from 0.
        index: usize,
    },
    /// A last layer that does not make vectors like the input.
    #[error("network: the last decoder layer has width {found}, expected {expected} as the input")]
    OutputWidth {
        /// Width found.
        found: usize,
        /// Width of the input.
        expected: usize,
    },
    /// A layer with a zero in it.
    #[error(
        "network: {part} layer {index} has kernel {kernel}, stride {stride}, {channels} channels, \
         expected at least 1 of each"
    )]
    EmptyLayer {
        /// `encoder` or `decoder`.
        part: &'static str,
        /// Position in the list, from 0.
        index: usize,
        /// Kernel found: one number if it is the same along every axis.
        kernel: String,
        /// Stride found, likewise.
        stride: String,
        /// Output channels found.
        channels: usize,
    },
    /// A kernel that does not fit its input.
    #[error(
        "network: encoder layer {index} has kernel {kernel} on an input of {size} {unit}, expected \
         a kernel that fits"
    )]
    KernelTooLarge {
        /// Position in the list, from 0.
        index: usize,
        /// Kernel found along the axis that is too short.
        kernel: usize,
        /// Size of its input along that axis.
        size: usize,
        /// What is counted along that axis, `pixels` or `frames`.
        unit: &'static str,
    },
    /// A decoder layer that can't undo its encoder layer.
    #[error(
        "network: decoder layer {index} (kernel {kernel}, stride {stride}) can't make {target} \
         {unit} of {size}, expected the size that its mirrored encoder layer started from"
    )]
    DecoderSize {
        /// Position in the list, from 0.
        index: usize,
        /// Kernel found along the axis that misfits.
        kernel: usize,
        /// Stride found along that axis.
        stride: usize,
        /// Size of its input along that axis.
        size: usize,
        /// Size wanted.
        target: usize,
        /// What is counted along that axis, `pixels` or `frames`.
        unit: &'static str,
    },
    /// A last layer that does not make a sample like the input.
    #[error(
        "network: the last decoder layer has {found} channels, expected {expected} as the input"
    )]
    OutputChannels {
        /// Channels found.
        found: usize,
        /// Channels of the input.
        expected: usize,
    },
    /// Items of another width than the queries.
    #[error(
        "network: memory items have width {found}, expected {expected} (features {features:?}, one \
         query per {query:?})"
    )]
    ItemDim {
        /// Width found.
        found: usize,
        /// Width of a query.
        expected: usize,
        /// Features, `[channels, …]`.
        features: Vec<usize>,
        /// What one query is.
        query: QueryUnit,
    },
    /// Masks of columns for a network that can't hide them.
    #[error("network: found masks of columns for a memory alone, expected one with layers")]
    MasksOfMemory,
    /// Masks of columns that are made for rows of another width.
    #[error("network: masks are of {found} values, expected {expected} as the input")]
    MaskWidth {
        /// Values found.
        found: usize,
        /// Width of the input.
        expected: usize,
    },
    /// Too few or too many masks of columns.
    #[error("network: found {found} masks of columns, expected 2 to 64")]
    MaskCount {
        /// Masks found.
        found: usize,
    },
    /// A mask of columns that hides nothing.
    #[error("network: mask {mask} hides no column, expected at least one")]
    EmptyMask {
        /// Its number, from 0.
        mask: usize,
    },
    /// Columns that don't follow each other.
    #[error("network: column {index} starts at value {found}, expected {expected}")]
    MaskedColumns {
        /// Position among the columns that have values, from 0.
        index: usize,
        /// Where it starts.
        found: usize,
        /// Where the one before it ends.
        expected: usize,
    },
    /// Items for a network that has no memory.
    #[error("network: found items for a network without a memory, expected one with a memory")]
    NoMemory,
    /// A factor that makes no number of channels.
    #[error("network: channels are to be scaled by {found}, expected a finite number above 0")]
    ChannelsScale {
        /// The factor found.
        found: f64,
    },
    /// The memory's own settings.
    #[error(transparent)]
    Memory(#[from] MemoryConfigError),
}
