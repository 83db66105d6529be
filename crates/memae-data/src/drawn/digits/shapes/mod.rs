//! The pen strokes of each digit, in every way of writing that the generator knows.

mod five_to_nine;
mod variants;
mod zero_to_four;

pub(super) use variants::variants;
