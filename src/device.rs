//! Devices by name, for programs that let their users choose.

use burn::backend::DispatchDevice;
use burn::tensor::Device;

/// A device that is unknown or not compiled in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("device: found `{found}`, expected one of those compiled in: {}", names().join(", "))]
pub struct DeviceError {
    /// The name found.
    pub found: String,
}

/// Names of the devices compiled in; each needs the Cargo feature of its name.
///
/// ```
/// # #[cfg(feature = "flex")]
/// assert!(memae::device::names().contains(&"flex"));
/// ```
pub fn names() -> Vec<&'static str> {
    vec![
        #[cfg(feature = "flex")]
        "flex",
        #[cfg(feature = "ndarray")]
        "ndarray",
        #[cfg(feature = "wgpu")]
        "wgpu",
        #[cfg(feature = "vulkan")]
        "vulkan",
        #[cfg(feature = "metal")]
        "metal",
        #[cfg(feature = "webgpu")]
        "webgpu",
        #[cfg(feature = "cuda")]
        "cuda",
        #[cfg(feature = "rocm")]
        "rocm",
    ]
}

/// The device of this name: the first of its kind, without autodiff.
///
/// # Errors
///
/// The name is unknown, or its backend is not compiled in.
///
/// ```
/// # #[cfg(feature = "flex")]
/// assert!(memae::device::by_name("flex").is_ok());
/// assert!(memae::device::by_name("abacus").is_err());
/// ```
pub fn by_name(name: &str) -> Result<Device, DeviceError> {
    match name {
        #[cfg(feature = "flex")]
        "flex" => Ok(Device::flex()),
        // Deprecated upstream, but asked for.
        #[cfg(feature = "ndarray")]
        #[allow(deprecated)]
        "ndarray" => Ok(Device::ndarray()),
        #[cfg(feature = "wgpu")]
        "wgpu" => Ok(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(feature = "vulkan")]
        "vulkan" => Ok(Device::vulkan(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(feature = "metal")]
        "metal" => Ok(Device::metal(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(feature = "webgpu")]
        "webgpu" => Ok(Device::webgpu(burn::tensor::DeviceKind::DefaultDevice)),
        #[cfg(feature = "cuda")]
        "cuda" => Ok(Device::cuda(0)),
        #[cfg(feature = "rocm")]
        "rocm" => Ok(Device::rocm(0)),
        _ => Err(DeviceError {
            found: name.to_string(),
        }),
    }
}

/// Whether a device computes on the processor and in the memory of this process, so that work on it can be shared out among
/// threads.
///
/// ```
/// # #[cfg(feature = "flex")]
/// assert!(memae::device::computes_on_host(&burn::tensor::Device::flex()));
/// ```
pub fn computes_on_host(device: &Device) -> bool {
    match device.clone().without_autodiff().as_dispatch() {
        #[cfg(feature = "flex")]
        DispatchDevice::Flex(_) => true,
        #[cfg(feature = "ndarray")]
        DispatchDevice::NdArray(_) => true,
        // Of no other kind, where only these are compiled in.
        #[allow(unreachable_patterns)]
        _ => false,
    }
}
