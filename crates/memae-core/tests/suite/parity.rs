//! Addressing against PyTorch; `tests/parity/addressing.py` makes the fixture.

use std::path::Path;

use memae_core::addressing::{Addressing, EmptyRow, Shrinkage, Similarity, address};
use safetensors::SafeTensors;
use serde::Deserialize;

use crate::devices::{assert_close, devices, magnitude, matrix, values, whole_numbers};
use crate::oracle::ENTROPY_WEIGHT;
use crate::read::READERS;

#[derive(Deserialize)]
struct Case {
    name: String,
    similarity: String,
    temperature: f64,
    threshold: Option<f64>,
    empty_row: String,
    empty_rows: Vec<usize>,
    active_items_mean: f64,
    zero_queries: Vec<usize>,
    zero_items: Vec<usize>,
}

impl Case {
    fn addressing(&self) -> Addressing {
        Addressing::default()
            .with_similarity(match self.similarity.as_str() {
                "cosine" => Similarity::Cosine,
                "dot" => Similarity::Dot,
                other => panic!("{}: similarity {other}", self.name),
            })
            .with_temperature(self.temperature)
            .with_shrinkage(self.threshold.map_or(Shrinkage::Off, Shrinkage::absolute))
            .with_empty_row(match self.empty_row.as_str() {
                "best" => EmptyRow::BestItem,
                "zeros" => EmptyRow::Zeros,
                other => panic!("{}: empty row {other}", self.name),
            })
    }
}

/// A tensor of the fixture: its shape, as rows and columns, and its values.
fn tensor_of(file: &SafeTensors, name: &str) -> ([usize; 2], Vec<f64>) {
    let view = file.tensor(name).unwrap();
    let dims = match *view.shape() {
        [rows, columns] => [rows, columns],
        [rows] => [rows, 1],
        ref other => panic!("{name}: shape {other:?}"),
    };
    let values = view
        .data()
        .chunks_exact(8)
        .map(|bytes| f64::from_le_bytes(bytes.try_into().unwrap()))
        .collect();
    (dims, values)
}

/// Asserts agreement relative to the largest value, or to `floor` if that is larger; rows in
/// `skipped` need only be finite.
fn assert_rows(
    what: &str,
    found: &[f64],
    expected: &[f64],
    width: usize,
    skipped: &[usize],
    floor: f64,
) {
    let kept = expected.chunks(width).enumerate();
    let scale = kept
        .filter(|(row, _)| !skipped.contains(row))
        .map(|(_, row)| magnitude(row))
        .fold(floor, f64::max);
    for (row, (found, expected)) in found.chunks(width).zip(expected.chunks(width)).enumerate() {
        if skipped.contains(&row) {
            assert!(
                found.iter().all(|value| value.is_finite()),
                "{what}: row {row}"
            );
            continue;
        }
        assert_close(&format!("{what}, row {row}"), found, expected, scale, 1e-5);
    }
}

#[test]
fn addressing_agrees_with_pytorch() {
    let folder = Path::new("tests/fixtures");
    let json = std::fs::read_to_string(folder.join("addressing.json")).unwrap();
    let bytes = std::fs::read(folder.join("addressing.safetensors")).unwrap();
    let cases: Vec<Case> = serde_json::from_str(&json).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    assert!(cases.len() >= 30);

    for (device_name, device) in devices() {
        let device = device.autodiff();
        let pairs = cases
            .iter()
            .flat_map(|case| READERS.map(|reader| (case, reader)));
        for (case, (reader_name, reader)) in pairs {
            let tensor = |name: &str| tensor_of(&file, &format!("{}.{name}", case.name));
            let (query_dims, query_values) = tensor("queries");
            let (item_dims, item_values) = tensor("memory");
            let (_, probe_values) = tensor("probe");
            let [num_queries, width] = query_dims;
            let [num_items, _] = item_dims;

            let queries = matrix(&query_values, query_dims, &device).require_grad();
            let items = matrix(&item_values, item_dims, &device).require_grad();
            let probe = matrix(&probe_values, query_dims, &device);
            let weights = address(queries.clone(), items.clone(), &case.addressing());
            let output = reader(queries.clone(), items.clone(), &case.addressing());
            let loss = (output.read.clone() * probe).sum()
                + output.entropy.clone().mean() * ENTROPY_WEIGHT;
            let gradients = loss.backward();

            let what =
                |part: &str| format!("{reader_name} on {device_name}, {}, {part}", case.name);
            let shrunk = values(weights.shrunk);
            let active = shrunk.iter().filter(|weight| **weight > 0.0).count();
            let counted: i64 = whole_numbers(output.statistics.active_items).iter().sum();
            let mean = |active: f64| active / num_queries as f64;
            assert_close(
                &what("active items"),
                &[mean(active as f64), mean(counted as f64)],
                &[case.active_items_mean; 2],
                1.0,
                1e-9,
            );
            for empty_rows in [weights.empty_rows, output.statistics.empty_rows] {
                let empty: Vec<usize> = values(empty_rows.float())
                    .iter()
                    .enumerate()
                    .filter(|(_, empty)| **empty > 0.0)
                    .map(|(row, _)| row)
                    .collect();
                assert_eq!(empty, case.empty_rows, "{}", what("empty rows"));
            }

            let expected = |name: &str| tensor(name).1;
            let rows = |part: &str, found: &[f64], width: usize| {
                assert_rows(&what(part), found, &expected(part), width, &[], 0.1);
            };
            rows("weights", &values(weights.raw), num_items);
            rows("shrunk", &shrunk, num_items);
            rows("read", &values(output.read), width);
            rows("entropy", &values(output.entropy), 1);
            let loss_scale = probe_values.len() as f64;
            assert_close(
                &what("loss"),
                &values(loss),
                &expected("loss"),
                loss_scale,
                1e-5,
            );

            let cosine = case.similarity == "cosine";
            let (zero_queries, zero_items) = match cosine {
                true => (&case.zero_queries[..], &case.zero_items[..]),
                false => (&[][..], &[][..]),
            };
            // The gradient of a cosine grows as the norm of the query shrinks.
            let by_norm = |mut gradient: Vec<f64>| {
                if cosine {
                    for (row, query) in gradient.chunks_mut(width).zip(query_values.chunks(width)) {
                        let norm = query.iter().map(|value| value * value).sum::<f64>().sqrt();
                        row.iter_mut().for_each(|value| *value *= norm);
                    }
                }
                gradient
            };
            // Rows that read one item have gradients that cancel to zero from terms of this size.
            let floor = 1.0 / case.temperature;
            let found = by_norm(values(queries.grad(&gradients).unwrap()));
            let wanted = by_norm(expected("grad_queries"));
            assert_rows(
                &what("query gradient"),
                &found,
                &wanted,
                width,
                zero_queries,
                floor,
            );
            let found = values(items.grad(&gradients).unwrap());
            let wanted = expected("grad_memory");
            assert_rows(
                &what("item gradient"),
                &found,
                &wanted,
                width,
                zero_items,
                floor,
            );
        }
    }
}
