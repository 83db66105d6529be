//! Memory-augmented autoencoders.
