use ndarray::{Array1, Array2, ArrayView2, Zip};

/// Squared Euclidean distances `[rows, others]`, by one matrix product: ‖a − b‖² = ‖a‖² + ‖b‖² − 2 a·b.
///
/// Off by some 1e-15 of ‖a‖² + ‖b‖², and never negative.
pub(super) fn squared_distances(rows: ArrayView2<f64>, others: ArrayView2<f64>) -> Array2<f64> {
    let (row_norms, norms) = (squared_norms(rows), squared_norms(others));
    let mut distances = rows.dot(&others.t());
    Zip::from(distances.rows_mut())
        .and(&row_norms)
        .for_each(|mut distances, row_norm| {
            distances.zip_mut_with(&norms, |distance, norm| {
                *distance = (row_norm + norm - 2.0 * *distance).max(0.0);
            });
        });
    distances
}

fn squared_norms(rows: ArrayView2<f64>) -> Array1<f64> {
    rows.rows().into_iter().map(|row| row.dot(&row)).collect()
}
