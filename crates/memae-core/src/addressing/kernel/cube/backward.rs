//! From the gradients of the weights to those of the dot products, and of rows to those of their
//! directions.

use burn_cubecl::tensor::CubeTensor;
use cubecl::prelude::*;

use super::forward::{Norms, scale_of_products};
use super::rows::{dims, smallest_squared_norm};
use super::team::{Team, Total, agree, grid};
use crate::addressing::Similarity;
use crate::addressing::kernel::primitives::ReadSettings;

/// From the gradients of the weights that a row reads with, `dR · Mᵀ`, those of its dot products, in
/// place.
///
/// ```text
/// ∂ŵ_i = (dR · Mᵀ)_i − ∂E (log ŵ_i + 1)
/// ∂d_i = ŵ_i (∂ŵ_i − Σ_j ŵ_j ∂ŵ_j) / τ
/// ```
///
/// The second line is the gradient of a softmax over the active items alone, which is what
/// renormalised weights are: what was shrunk away has no gradient.
pub(super) fn of_products(
    gradients: &CubeTensor,
    weights: &CubeTensor,
    entropy_gradient: &CubeTensor,
    norms: &Norms,
    first_query: usize,
    settings: &ReadSettings,
) {
    let [num_rows, num_items] = dims(weights);
    let team = Team::new(&weights.client, num_items);
    of_products_kernel::launch(
        &weights.client,
        grid(num_rows),
        team.cube_dim(),
        gradients.clone().into_tensor_arg(),
        weights.clone().into_tensor_arg(),
        entropy_gradient.clone().into_tensor_arg(),
        norms.queries.clone().into_tensor_arg(),
        norms.items.clone().into_tensor_arg(),
        first_query,
        scale_of_products(settings),
        settings.similarity == Similarity::Cosine,
        team,
    );
}

#[cube(launch)]
fn of_products_kernel(
    gradients: &mut Tensor<f32>,
    weights: &Tensor<f32>,
    entropy_gradients: &Tensor<f32>,
    query_norms: &Tensor<f32>,
    item_norms: &Tensor<f32>,
    first_query: usize,
    scale: f32,
    #[comptime] cosine: bool,
    #[comptime] team: Team,
) {
    let row = CUBE_POS;
    if row >= weights.shape(0) {
        terminate!();
    }
    let num_items = weights.shape(1);
    let start = row * weights.stride(0);
    let gradients_start = row * gradients.stride(0);
    let entropy_gradient = entropy_gradients[first_query + row];

    let mut mean = 0.0f32;
    let mut item = UNIT_POS as usize;
    while item < num_items {
        let weight = weights[start + item];
        // A NaN that comes back from the decoder stays with the items that were read.
        if weight > 0.0f32 {
            let gradient = gradients[gradients_start + item] - entropy_gradient * weight.ln();
            mean += weight * gradient;
        }
        item += comptime!(team.units());
    }
    let mut room = Shared::<[f32]>::new_slice(comptime!(team.planes as usize));
    let mean = agree::<f32, Total>(mean, &mut room, team);

    let mut scale = scale;
    if comptime!(cosine) {
        scale *= query_norms[row];
    }
    let mut item = UNIT_POS as usize;
    while item < num_items {
        let weight = weights[start + item];
        let mut of_product = 0.0f32;
        if weight > 0.0f32 {
            let gradient = gradients[gradients_start + item] - entropy_gradient * weight.ln();
            of_product = weight * (gradient - mean) * scale;
            if comptime!(cosine) {
                of_product *= item_norms[item];
            }
        }
        gradients[gradients_start + item] = of_product;
        item += comptime!(team.units());
    }
}

/// Takes out of gradients, `[rows, width]`, in place what would only change the norm of their rows:
/// `u − (u·v)/‖v‖² v`. Rows of norm zero are left as they are.
pub(super) fn keep_direction(gradients: &CubeTensor, rows: &CubeTensor) {
    let [num_rows, width] = dims(rows);
    let team = Team::new(&rows.client, width);
    keep_direction_kernel::launch(
        &rows.client,
        grid(num_rows),
        team.cube_dim(),
        gradients.clone().into_tensor_arg(),
        rows.clone().into_tensor_arg(),
        smallest_squared_norm(),
        team,
    );
}

#[cube(launch)]
fn keep_direction_kernel(
    gradients: &mut Tensor<f32>,
    rows: &Tensor<f32>,
    smallest: f32,
    #[comptime] team: Team,
) {
    let row = CUBE_POS;
    if row >= rows.shape(0) {
        terminate!();
    }
    let start = row * rows.stride(0);
    let gradients_start = row * gradients.stride(0);
    let mut product = 0.0f32;
    let mut squares = 0.0f32;
    let mut column = UNIT_POS as usize;
    while column < rows.shape(1) {
        let value = rows[start + column];
        product += gradients[gradients_start + column] * value;
        squares += value * value;
        column += comptime!(team.units());
    }
    let mut room = Shared::<[f32]>::new_slice(comptime!(team.planes as usize));
    let product = agree::<f32, Total>(product, &mut room, team);
    let squares = agree::<f32, Total>(squares, &mut room, team);
    if squares >= smallest {
        let along = product / squares;
        let mut column = UNIT_POS as usize;
        while column < rows.shape(1) {
            gradients[gradients_start + column] -= along * rows[start + column];
            column += comptime!(team.units());
        }
    }
}
