use burn::tensor::Device;

/// Seeds of neighbouring runs differ by one: those of epochs must not meet them.
const STRIDE: u64 = 0x9E37_79B9_7F4A_7C15;

/// The generator of a device, seeded anew for each epoch: a run that goes on draws what one that never stopped would.
#[derive(Debug, Clone)]
pub(super) struct EpochDraws {
    device: Device,
    seed: u64,
}

impl EpochDraws {
    pub(super) fn new(device: &Device, seed: u64) -> Self {
        Self {
            device: device.clone(),
            seed,
        }
    }

    /// Seeds it for an epoch, from 1.
    pub(super) fn start(&self, epoch: usize) {
        let offset = (epoch as u64).wrapping_mul(STRIDE);
        self.device.seed(self.seed.wrapping_add(offset));
    }
}
