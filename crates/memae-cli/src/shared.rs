//! The options that all commands share.

use burn::tensor::Device;
use clap::Args;

use crate::failure::Failure;

/// What all commands take.
#[derive(Args)]
pub(crate) struct Shared {
    /// Device, among those compiled in
    #[arg(long, global = true, value_name = "NAME", env = "MEMAE_DEVICE", default_value = memae::device::names()[0])]
    device: String,
    /// Say nothing but results and errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Shared {
    pub(crate) fn device(&self) -> Result<Device, Failure> {
        Ok(memae::device::by_name(&self.device)?)
    }
}
