//! The devices that tests run on.

use burn::tensor::{DType, Device, Tensor, TensorData};

/// Every backend compiled in, by name, without autodiff.
// Burn deprecates ndarray, but it is asked for.
#[allow(deprecated)]
pub fn devices() -> Vec<(&'static str, Device)> {
    vec![
        #[cfg(feature = "flex")]
        ("flex", Device::flex()),
        #[cfg(feature = "ndarray")]
        ("ndarray", Device::ndarray()),
        #[cfg(feature = "wgpu")]
        (
            "wgpu",
            Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
        ),
        #[cfg(feature = "cuda")]
        ("cuda", Device::cuda(0)),
        #[cfg(feature = "rocm")]
        ("rocm", Device::rocm(0)),
    ]
}

/// The devices that compute in f64: those of the CPU. WGSL has no f64, though a driver's answer to
/// `supports_dtype` may say otherwise.
pub fn double_precision_devices() -> Vec<(&'static str, Device)> {
    let mut devices = devices();
    devices.retain(|(name, _)| ["flex", "ndarray"].contains(name));
    devices
}

/// Values as a float type has them.
pub fn rounded(values: &[f64], dtype: DType) -> Vec<f64> {
    let data = TensorData::new(values.to_vec(), [values.len()]);
    let data = data.try_cast(dtype).unwrap();
    data.try_cast(DType::F64).unwrap().try_to_vec().unwrap()
}

/// Values of a tensor as f64.
pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    tensor.without_autodiff().try_into_vec_as().unwrap()
}

/// Asserts that values agree within `tolerance`, relative to the expected value or to `scale`,
/// whichever is larger.
#[track_caller]
pub fn assert_close(what: &str, found: &[f64], expected: &[f64], scale: f64, tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{what}: number of values");
    for (index, (found, expected)) in found.iter().zip(expected).enumerate() {
        let error = (found - expected).abs() / expected.abs().max(scale);
        // A NaN error fails too.
        assert!(
            error <= tolerance,
            "{what}: value {index} is {found}, expected {expected} (error {error:.1e}, allowed \
             {tolerance:.1e})"
        );
    }
}

/// Largest magnitude among values; at least a tiny positive number.
pub fn magnitude(values: &[f64]) -> f64 {
    values
        .iter()
        .fold(1e-30, |most, value| most.max(value.abs()))
}
