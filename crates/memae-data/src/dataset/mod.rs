//! Public data sets.

pub(crate) mod cifar10;
pub(crate) mod class_names;
pub(crate) mod clip_scores;
pub(crate) mod error;
pub(crate) mod image_folder;
pub(crate) mod kddcup99;
pub(crate) mod labels;
pub(crate) mod layout;
pub(crate) mod listing;
pub(crate) mod mnist;
