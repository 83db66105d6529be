//! What stands beside a sample changes nothing of it but the last bits of what it reads.

use burn::tensor::Tensor;
use memae_models::network::{ImageAutoencoderConfig, Variant};

use crate::support::{any_draws, device, digits, values};

#[test]
fn a_sample_is_the_same_alone_and_in_a_batch() {
    let _draws = any_draws();
    let images = digits(3, 64);
    let all: Vec<f32> = (0..64).flat_map(|index| images.scaled(index)).collect();
    let shape = images.shape();
    let device = device();
    let all = Tensor::<1>::from_floats(&all[..], &device);
    let all = all.reshape([64, shape.channels, shape.height, shape.width]);
    let model = ImageAutoencoderConfig::mnist(Variant::MemAe).init(&device);
    let whole = model.forward(all.clone()).reconstruction;
    for range in [0..1, 5..6, 0..3, 0..17, 10..42, 0..63] {
        let part = model
            .forward(all.clone().slice([range.clone()]))
            .reconstruction;
        let (part, whole) = (values(part), values(whole.clone().slice([range.clone()])));
        let worst = part
            .iter()
            .zip(&whole)
            .map(|(a, b)| (a - b).abs())
            .fold(0.0, f64::max);
        assert!(worst < 1e-5, "{range:?}: {worst}");
    }
}
