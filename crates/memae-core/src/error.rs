/// What is wrong with the settings of a memory.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryConfigError {
    /// No items.
    #[error("memory: num_items is 0, expected at least 1")]
    NoItems,
    /// Items without values.
    #[error("memory: item_dim is 0, expected at least 1")]
    NoItemDim,
    /// Temperature out of range.
    #[error("memory: temperature is {found}, expected a number from 1e-30 to 1e30")]
    Temperature {
        /// The value found.
        found: f64,
    },
    /// Relative threshold out of range.
    #[error(
        "memory: shrinkage threshold is {found}/N with N = {num_items}, expected a multiple of 1/N \
         above 0 that stays below 1 (a multiple below {num_items})"
    )]
    RelativeThreshold {
        /// The multiple found.
        found: f64,
        /// Number of items N.
        num_items: usize,
    },
    /// Absolute threshold out of range.
    #[error("memory: shrinkage threshold is {found}, expected a number above 0 and below 1")]
    AbsoluteThreshold {
        /// The value found.
        found: f64,
    },
    /// Number of items that each query reads out of range.
    #[error(
        "memory: each query is to read {found} items, expected 1 to {num_items}, the number of items"
    )]
    TopK {
        /// The number found.
        found: usize,
        /// Number of items N.
        num_items: usize,
    },
    /// Standard deviation of the initial items out of range.
    #[error(
        "memory: standard deviation of the initial items is {found}, expected a finite number \
         above 0"
    )]
    ItemDeviation {
        /// The value found.
        found: f64,
    },
    /// Given items of another shape than the settings say.
    #[error("memory: the given items have shape {found:?}, expected {expected:?}")]
    ItemsShape {
        /// Shape found, `[items, item_dim]`.
        found: [usize; 2],
        /// Shape expected, `[num_items, item_dim]`.
        expected: [usize; 2],
    },
    /// Too few encodings to make items from.
    #[error("memory: {found} encodings given for {expected} items, expected at least as many")]
    TooFewEncodings {
        /// Encodings found.
        found: usize,
        /// Items wanted.
        expected: usize,
    },
    /// Encodings that items can't be made from.
    #[error("memory: {found} of {of} encodings hold NaN or infinity, expected finite numbers")]
    EncodingsNotFinite {
        /// Encodings that are not finite.
        found: usize,
        /// Encodings given.
        of: usize,
    },
    /// More values than can be addressed.
    #[error(
        "memory: {num_items} items of {item_dim} values, expected at most {} values in all",
        u32::MAX
    )]
    TooLarge {
        /// Number of items N.
        num_items: usize,
        /// Width C of an item.
        item_dim: usize,
    },
    /// A decay, share or probability out of range.
    #[error("memory: {name} is {found}, expected {expected}")]
    OutOfRange {
        /// The setting.
        name: &'static str,
        /// The value found.
        found: f64,
        /// The range expected.
        expected: &'static str,
    },
}
