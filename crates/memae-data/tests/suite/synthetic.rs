//! Anomalies made of normal samples.

mod column_swap;
mod motion_change;
