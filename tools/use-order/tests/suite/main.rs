//! Small source trees in temporary folders, each with the one thing that the check is there for.

mod circles;
mod crates;
mod house;
mod orders;
mod program;
mod silence;
