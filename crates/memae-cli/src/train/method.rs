use clap::ValueEnum;

use crate::input::InputKind;

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
    /// Videos: the network and the memory of what moves, joined by how rare the scores of each are among normal ones
    Both,
}

impl Method {
    /// Why nothing of this kind is learned so, if that is known.
    pub(super) fn problem(self, kind: InputKind) -> Option<&'static str> {
        match (self, kind) {
            (Self::Auto, InputKind::Video) => {
                Some("--method: found `auto` for videos, expected `network`, `memory` or `both`")
            }
            (Self::Both, InputKind::Table) => Some(
                "--method: found `both` for rows, expected `network`, `memory` or `auto`, which keeps the better of both",
            ),
            _ => None,
        }
    }
}
