//! What a memory-augmented autoencoder is trained on.
//!
//! ```text
//! L = 1/T Σ_t ( ‖x_t − x̂_t‖² + α E(ŵ_t) ),    E(ŵ) = Σ_i −ŵ_i log ŵ_i
//! ```

mod entropy;
mod memae;
mod reconstruction;

pub use entropy::entropy;
pub use memae::{LossConfigError, MemAeLoss, MemAeLossConfig, MemAeLossOutput};
pub use reconstruction::{ReconstructionReduction, reconstruction_errors, reconstruction_loss};
