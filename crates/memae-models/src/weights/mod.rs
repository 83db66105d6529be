//! Weights in the files of the paper's authors, who publish their video networks for PyTorch.
//!
//! [`VideoAutoencoderConfig::init_from_pytorch`](crate::network::VideoAutoencoderConfig::init_from_pytorch) loads a `state_dict` of either of their classes,
//! with memory or without, from a file that `torch.save` wrote (`.pt`, `.pth`) or from
//! safetensors; [`VideoAutoencoder::save_for_pytorch`](crate::network::LayeredAutoencoder::save_for_pytorch)
//! writes safetensors that PyTorch loads back. What is loaded and saved again is the same to the
//! bit.
//!
//! | here | there |
//! |---|---|
//! | `encoder[i].conv` | `encoder.{3i}.weight`, `.bias` |
//! | `encoder[i].norm` | `encoder.{3i+1}.weight`, `.bias`, `.running_mean`, `.running_var` |
//! | `encoder[i].batches_tracked` | `encoder.{3i+1}.num_batches_tracked` |
//! | `memory.items` | `mem_rep.memory.weight` |
//! | `decoder[i]` | as `encoder[i]`; no norm after the last |
//!
//! Files are taken as training scripts leave them. The `state_dict` may lie in a dictionary, at any depth and under any key
//! (`state_dict`, `model_state_dict`, `model`, `net`), beside whatever else was saved with it; all its names may have the
//! same prefix, as `module.` of `DataParallel`, `_orig_mod.` of `torch.compile`, or both; tensors may be in half or double precision
//! and become f32. It is found by the names of its tensors. Where two dictionaries hold the whole network, as with moving
//! averages of weights beside the weights, the file is refused, with the line of Python that takes one of them. A module
//! that was pickled whole (`torch.save(model)`) gives the weights of its `state_dict` if they fit; errors say the line that
//! writes these alone.
//!
//! A pickle is read, never run: what it would call is an error.

mod batch_counts;
mod error;
mod load;
mod names;
mod place;
mod python;
mod save;
mod source;

pub use error::{TensorsMismatch, WeightsError, WrongTensor};
