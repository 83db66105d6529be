use clap::ValueEnum;

/// What is learned of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    /// Both others; the one is kept that tells rows from rows with swapped columns better
    Auto,
    /// An autoencoder with a memory
    Network,
    /// A memory of the rows themselves, which its file then holds: how far the nearest is
    Memory,
}
