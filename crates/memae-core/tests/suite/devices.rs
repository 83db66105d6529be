//! The devices that tests run on.

use burn::tensor::{DType, Device, Int, Tensor, TensorData};

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

/// Runs a check in each half precision on each device that computes in it, and asserts which those are.
pub fn in_half_precision(check: impl Fn(&str, &Device, DType)) {
    for (name, device) in devices() {
        for dtype in [DType::F16, DType::BF16] {
            let supported = device.supports_dtype(dtype);
            let what = format!("{name}, {dtype:?}");
            match (name, dtype) {
                ("flex", _) => assert!(supported, "{what}"),
                // WGSL has no bf16.
                ("ndarray", _) | ("wgpu", DType::BF16) => assert!(!supported, "{what}"),
                // Up to the driver.
                _ => {}
            }
            if supported {
                check(&what, &device, dtype);
            }
        }
    }
}

/// Every backend compiled in, without autodiff and with.
pub fn devices_and_autodiff() -> Vec<(String, Device)> {
    devices()
        .into_iter()
        .flat_map(|(name, device)| {
            let autodiff = device.clone().autodiff();
            [
                (name.to_string(), device),
                (format!("{name} with autodiff"), autodiff),
            ]
        })
        .collect()
}

/// A matrix of f32 on a device.
pub fn matrix(values: &[f64], dims: [usize; 2], device: &Device) -> Tensor<2> {
    matrix_of(values, dims, DType::F32, device)
}

/// A matrix of the given float type on a device.
pub fn matrix_of(values: &[f64], dims: [usize; 2], dtype: DType, device: &Device) -> Tensor<2> {
    let data = TensorData::new(values.to_vec(), dims)
        .try_cast(dtype)
        .unwrap();
    Tensor::from_data(data, (device, dtype))
}

/// Values as a float type has them.
pub fn rounded(values: &[f64], dtype: DType) -> Vec<f64> {
    let data = TensorData::new(values.to_vec(), [values.len()]);
    let data = data.try_cast(dtype).unwrap();
    data.try_cast(DType::F64).unwrap().try_to_vec().unwrap()
}

/// Whole numbers of a tensor.
pub fn whole_numbers(tensor: Tensor<1, Int>) -> Vec<i64> {
    tensor.try_into_vec_as().unwrap()
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
