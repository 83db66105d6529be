//! How data is divided into what is trained on and what is tested.

mod one_class;
mod split;

pub use one_class::{OneClass, OneClassConfig, ProtocolError, Split};
pub use split::{holdout, permutation};
