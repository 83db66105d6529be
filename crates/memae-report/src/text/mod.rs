//! What is written on the page: text from outside, numbers, counts, shares.

mod number;
mod visible;

pub(crate) use number::{chosen_rate, counted, number, p_value, percent};
pub(crate) use visible::Text;
