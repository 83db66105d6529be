//! Anomalies made of normal samples.

mod column_swap;
mod motion_change;
#[path = "../motion/scene.rs"]
#[allow(
    dead_code,
    reason = "shared with the tests of motion, which use all of it"
)]
mod scene;
