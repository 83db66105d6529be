use clap::ValueEnum;

/// What is learned of rows, and of videos.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Method {
    /// Rows: both others; the one is kept that tells rows from rows with swapped columns better
    Auto,
    /// An autoencoder with a memory
    Network,
    /// Rows: a memory of the rows themselves, which its file then holds: how far the nearest is. Videos: one of what moves in which
    /// direction how fast
    Memory,
}
