//! What a report is made of: one part a file, each plain numbers, text and pictures.

mod columns;
mod confusion;
mod curve;
mod facts;
mod figure;
mod head;
mod memory;
mod sample;
mod sample_group;
mod scores;
mod threshold;
mod verdicts;
mod video;

pub use columns::{Columns, Contribution};
pub use confusion::Confusion;
pub use curve::Curve;
pub use facts::Facts;
pub use figure::Figure;
pub use head::Head;
pub use memory::{MemoryHealth, MemoryItem};
pub use sample::{ReadItem, Sample};
pub use sample_group::SampleGroup;
pub use scores::Scores;
pub use threshold::Threshold;
pub use verdicts::{LeftOut, Verdicts};
pub use video::Video;
