//! Rows of numbers: room for them, their norms, and the marks of those that are no numbers.

use std::ops::Range;

use burn::backend::ops::FloatTensorOps;
use burn::tensor::{DType, Shape};
use burn_cubecl::CubeBackend;
use burn_cubecl::ops::numeric::empty_device_dtype;
use burn_cubecl::tensor::CubeTensor;
use cubecl::calculate_cube_count_elemwise;
use cubecl::prelude::*;

use super::team::{Team, Total, agree, grid};
use crate::addressing::similarity::MIN_NORM;

/// Some of the queries.
pub(super) type Rows = Range<usize>;

/// Room for numbers on the device of `like`.
pub(super) fn floats<const D: usize>(like: &CubeTensor, dims: [usize; D]) -> CubeTensor {
    room(like, Shape::new(dims), DType::F32)
}

/// Room for integers on the device of `like`.
pub(super) fn integers<const D: usize>(like: &CubeTensor, dims: [usize; D]) -> CubeTensor {
    room(like, Shape::new(dims), DType::I32)
}

fn room(like: &CubeTensor, shape: Shape, dtype: DType) -> CubeTensor {
    empty_device_dtype(like.client.clone(), like.device.clone(), shape, dtype)
}

pub(super) fn dims(tensor: &CubeTensor) -> [usize; 2] {
    tensor.meta.shape().dims()
}

/// `1/‖v‖` of every row, or 1 for a row of norm zero, which is similar to nothing as it is; NaN if its square is infinite.
pub(super) fn inverse_norms(rows: &CubeTensor) -> CubeTensor {
    norms(rows, false)
}

/// `‖v‖²/2` of every row; NaN if the square is infinite.
pub(super) fn half_squared_norms(rows: &CubeTensor) -> CubeTensor {
    norms(rows, true)
}

fn norms(rows: &CubeTensor, half_squared: bool) -> CubeTensor {
    let [num_rows, width] = dims(rows);
    let norms = floats(rows, [num_rows]);
    let team = Team::new(&rows.client, width);
    norms_kernel::launch(
        &rows.client,
        grid(num_rows),
        team.cube_dim(),
        rows.clone().into_tensor_arg(),
        norms.clone().into_tensor_arg(),
        smallest_squared_norm(),
        f32::MAX,
        f32::NAN,
        half_squared,
        team,
    );
    norms
}

/// Rows whose squared norm is below this count as zero for cosine similarity.
pub(super) fn smallest_squared_norm() -> f32 {
    (MIN_NORM * MIN_NORM) as f32
}

#[cube(launch)]
fn norms_kernel(
    rows: &Tensor<f32>,
    norms: &mut Tensor<f32>,
    smallest: f32,
    largest: f32,
    nan: f32,
    #[comptime] half_squared: bool,
    #[comptime] team: Team,
) {
    let row = CUBE_POS;
    if row >= rows.shape(0) {
        terminate!();
    }
    let start = row * rows.stride(0);
    let mut squares = 0.0f32;
    let mut column = UNIT_POS as usize;
    while column < rows.shape(1) {
        let value = rows[start + column];
        squares += value * value;
        column += comptime!(team.units());
    }
    let mut room = Shared::<[f32]>::new_slice(comptime!(team.planes as usize));
    let squares = agree::<f32, Total>(squares, &mut room, team);
    if UNIT_POS == 0 {
        let mut norm = 1.0f32;
        if comptime!(half_squared) {
            norm = 0.5f32 * squares;
        } else if squares >= smallest {
            norm = 1.0f32 / squares.sqrt();
        }
        if squares > largest {
            norm = nan;
        }
        norms[row] = norm;
    }
}

/// Fills rows, `[rows, width]`, in place with `value` where `marks`, `[queries]`, is NaN.
pub(super) fn fill_marked(rows: &CubeTensor, marks: &CubeTensor, first_query: usize, value: f32) {
    let elements = rows.meta.num_elements();
    let cube_dim = CubeDim::new(&rows.client, elements);
    fill_marked_kernel::launch(
        &rows.client,
        calculate_cube_count_elemwise(&rows.client, elements, cube_dim),
        cube_dim,
        rows.clone().into_tensor_arg(),
        marks.clone().into_tensor_arg(),
        first_query,
        value,
    );
}

#[cube(launch)]
fn fill_marked_kernel(rows: &mut Tensor<f32>, marks: &Tensor<f32>, first_query: usize, value: f32) {
    let width = rows.shape(1);
    let row = ABSOLUTE_POS / width;
    if row < rows.shape(0) && marks[first_query + row].is_nan() {
        let place = row * rows.stride(0) + ABSOLUTE_POS % width;
        rows[place] = value;
    }
}

/// A copy of rows with zeros where `marks` is NaN: 0 · NaN would reach every sum over rows.
pub(super) fn without_marked(
    rows: &CubeTensor,
    marks: &CubeTensor,
    first_query: usize,
) -> CubeTensor {
    let copy = rows.copy();
    fill_marked(&copy, marks, first_query, 0.0);
    copy
}

/// A copy of `[rows, width]` with zeros in place of NaN and infinities: 0 · NaN would reach every sum over rows.
pub(super) fn finite_or_zero(rows: &CubeTensor) -> CubeTensor {
    let copy = rows.copy();
    let elements = copy.meta.num_elements();
    let cube_dim = CubeDim::new(&copy.client, elements);
    finite_or_zero_kernel::launch(
        &copy.client,
        calculate_cube_count_elemwise(&copy.client, elements, cube_dim),
        cube_dim,
        copy.clone().into_tensor_arg(),
    );
    copy
}

#[cube(launch)]
fn finite_or_zero_kernel(rows: &mut Tensor<f32>) {
    let width = rows.shape(1);
    let row = ABSOLUTE_POS / width;
    if row < rows.shape(0) {
        let place = row * rows.stride(0) + ABSOLUTE_POS % width;
        if rows[place].is_nan() || rows[place].is_inf() {
            rows[place] = 0.0f32;
        }
    }
}

/// Rows of a tensor, without a copy where the device can look at them in place.
pub(super) fn part(tensor: &CubeTensor, rows: &Rows) -> CubeTensor {
    if *rows == (0..tensor.meta.shape()[0]) {
        return tensor.clone();
    }
    let rows = rows.start as isize..rows.end as isize;
    CubeBackend::float_slice(tensor.clone(), &[rows.into()])
}
