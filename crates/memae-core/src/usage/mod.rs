//! How a memory is used, and what is wrong with that.

mod counts;
mod problem;

pub use counts::MemoryUsage;
pub use problem::MemoryProblem;
