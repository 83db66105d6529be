//! How videos look and how they move, each alone and both together.
//!
//! One network of clips and one memory of motion learn of the same training videos; on the frames that both score, each is set beside
//! what joins them ([`JointRival`]).

mod frame_looks;
mod pairs;
mod pixels;
mod rival;
mod run;
mod table;

pub use rival::{JointRival, JointRivalParts};
pub use run::JointExperiment;
pub use table::joint_table;
