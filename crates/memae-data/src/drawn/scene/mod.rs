//! What every drawn scene is made of: forms on a canvas that knows its anomalies, people, daylight, and the video.

pub(in crate::drawn) mod backdrop;
pub(in crate::drawn) mod canvas;
pub(in crate::drawn) mod film;
pub(in crate::drawn) mod form;
pub(in crate::drawn) mod light;
pub(in crate::drawn) mod noise;
pub(in crate::drawn) mod person;
pub(in crate::drawn) mod video;
pub(in crate::drawn) mod video_set;
pub(in crate::drawn) mod wave;
