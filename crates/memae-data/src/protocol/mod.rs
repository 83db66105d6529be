//! How data is divided into what is trained on and what is tested.

mod one_class;
mod split;
mod table_one_class;

pub use one_class::{OneClass, OneClassConfig, ProtocolError, Split};
pub use split::{holdout, permutation};
pub use table_one_class::{NormalLabels, TableOneClass, TableOneClassConfig, TableVectors};
