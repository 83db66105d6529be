//! Nearest neighbours by a memory: how far each query is from its k nearest items, and how long it takes to find out.
//!
//! ```sh
//! cargo run --release -p memae-core --example neighbours -- rows.safetensors distances.safetensors 5 3
//! ```
//!
//! `rows.safetensors` holds `queries` and `items`, `[rows, width]` in f32. What is written holds `most_read`, the nearest item
//! of each query, and `distances`, from each query to the mean of its k nearest items. The last number is that of rounds.

use std::error::Error;
use std::time::Instant;

use burn::tensor::{DType, Device, Tensor, TensorData};
use memae_core::MemoryModuleConfig;
use memae_core::addressing::{Shrinkage, Similarity};
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [rows, out, k, rounds] = arguments.as_slice() else {
        return Err("usage: neighbours ROWS.safetensors OUT.safetensors K ROUNDS".into());
    };
    let device = Device::flex();
    let bytes = std::fs::read(rows)?;
    let file = SafeTensors::deserialize(&bytes)?;
    let [queries, items] = [matrix(&file, "queries")?, matrix(&file, "items")?]
        .map(|data| Tensor::<2>::from_data(data, (&device, DType::F32)));

    let [num_items, width] = items.dims();
    let memory = MemoryModuleConfig::new(num_items, width)
        .with_similarity(Similarity::Euclidean)
        .with_shrinkage(Shrinkage::TopK(k.parse()?))
        // So large that all that is read weighs the same.
        .with_temperature(1e30)
        .init_with_items(items)?;
    let mut seconds = Vec::new();
    let mut output = None;
    for _ in 0..rounds.parse::<usize>()?.max(1) {
        let start = Instant::now();
        output = Some(memory.forward(queries.clone()));
        device.sync()?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    let output = output.ok_or("no rounds")?;
    let difference = output.queries - output.read;
    let distances: Vec<f32> = difference
        .square()
        .sum_dim(1)
        .sqrt()
        .into_data()
        .try_to_vec()?;
    let most_read: Vec<i32> = output.statistics.most_read.try_into_vec_as()?;

    let distances: Vec<u8> = distances.into_iter().flat_map(f32::to_le_bytes).collect();
    let most_read: Vec<u8> = most_read.into_iter().flat_map(i32::to_le_bytes).collect();
    let shape = vec![queries.dims()[0]];
    let views = [
        (
            "distances",
            TensorView::new(Dtype::F32, shape.clone(), &distances)?,
        ),
        ("most_read", TensorView::new(Dtype::I32, shape, &most_read)?),
    ];
    safetensors::serialize_to_file(views, None, out.as_ref())?;
    println!("{}", serde_json::to_string(&seconds)?);
    Ok(())
}

/// A matrix of f32 of a file.
fn matrix(file: &SafeTensors, name: &str) -> Result<TensorData, Box<dyn Error>> {
    let view = file.tensor(name)?;
    if view.dtype() != Dtype::F32 || view.shape().len() != 2 {
        let (dtype, shape) = (view.dtype(), view.shape());
        return Err(
            format!("{name}: found {dtype:?} {shape:?}, expected F32 [rows, width]").into(),
        );
    }
    let values: Vec<f32> = view
        .data()
        .chunks_exact(4)
        .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
        .collect();
    Ok(TensorData::new(values, view.shape()))
}
