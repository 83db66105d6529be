//! Reading the memory, in one operation and composed of several, against the oracle.

mod edges;
mod layout;
mod not_a_number;
mod random;
mod training;

use burn::tensor::{DType, Device, Tensor};
use memae_core::MemoryOutput;
use memae_core::addressing::{Addressing, read, read_composed};

use crate::devices::{assert_close, magnitude, matrix_of, values, whole_numbers};
use crate::oracle::{Case, Output, best_item, lead_of_best};

pub type Reader = fn(Tensor<2>, Tensor<2>, &Addressing) -> MemoryOutput<2>;

pub const READERS: [(&str, Reader); 2] = [("read", read), ("read_composed", read_composed)];

/// How a case is read, and where.
#[derive(Clone, Copy)]
struct Run<'a> {
    /// For messages.
    name: &'a str,
    reader: Reader,
    device: &'a Device,
    dtype: DType,
}

/// What the loss is made of, and what takes gradients.
#[derive(Clone, Copy)]
struct Graph {
    read: bool,
    entropy: bool,
    queries: bool,
    items: bool,
}

impl Graph {
    const WHOLE: Self = Self {
        read: true,
        entropy: true,
        queries: true,
        items: true,
    };
}

impl Run<'_> {
    /// Queries, items and probe of a case.
    fn tensors(&self, case: &Case) -> [Tensor<2>; 3] {
        let queries = [case.num_queries, case.width];
        let items = [case.num_items, case.width];
        [
            (&case.queries, queries),
            (&case.items, items),
            (&case.probe, queries),
        ]
        .map(|(values, dims)| matrix_of(values, dims, self.dtype, self.device))
    }

    /// Holds everything that a read gives to the oracle; on a device with autodiff also while
    /// gradients are wanted.
    fn check_forward(&self, case: &Case) {
        let expected = case.forward();
        let [queries, items, _] = self.tensors(case);
        let output = (self.reader)(queries.clone(), items.clone(), &case.addressing);
        self.compare(output, case, &expected);
        if self.device.is_autodiff() {
            let (queries, items) = (queries.require_grad(), items.require_grad());
            self.compare(
                (self.reader)(queries, items, &case.addressing),
                case,
                &expected,
            );
        }
    }

    fn compare(&self, output: MemoryOutput<2>, case: &Case, expected: &Output) {
        let tolerance = self.tolerance();
        let what = |part: &str| format!("{}, {part}", self.name);
        let close = |part: &str, found: &[f64], expected: &[f64], scale| {
            assert_close(&what(part), found, expected, scale, tolerance);
        };
        assert_eq!(output.read.dims(), [case.num_queries, case.width]);
        close(
            "read",
            &values(output.read),
            &expected.read,
            magnitude(&case.items),
        );
        close("entropy", &values(output.entropy), &expected.entropy, 0.1);

        let statistics = output.statistics;
        // What f32 can't tell from zero is not active; a softmax never gets there by itself.
        let least = if self.dtype == DType::F64 { 0.0 } else { 1e-40 };
        let rows = || expected.shrunk.chunks(case.num_items);
        let is_active = |weight: &&f64| **weight > least;
        let active: Vec<i64> = rows()
            .map(|row| row.iter().filter(is_active).count() as i64)
            .collect();
        assert_eq!(
            whole_numbers(statistics.active_items),
            active,
            "{}",
            what("active items")
        );
        let of_item = |item: usize| rows().map(move |row| &row[item]);
        let counts: Vec<i64> = (0..case.num_items)
            .map(|item| of_item(item).filter(is_active).count() as i64)
            .collect();
        assert_eq!(
            whole_numbers(statistics.read_counts),
            counts,
            "{}",
            what("read counts")
        );
        let sums: Vec<f64> = (0..case.num_items)
            .map(|item| of_item(item).sum())
            .collect();
        close("read sums", &values(statistics.read_sums), &sums, 1e-3);
        let empty: Vec<i64> = expected.empty.iter().map(|&empty| empty.into()).collect();
        assert_eq!(
            whole_numbers(statistics.empty_rows.int()),
            empty,
            "{}",
            what("empty rows")
        );

        let most_read = whole_numbers(statistics.most_read);
        assert_eq!(most_read.len(), case.num_queries);
        let raw = expected.raw.chunks(case.num_items);
        for (row, ((raw, found), active)) in raw.zip(most_read).zip(active).enumerate() {
            if active > 0 && lead_of_best(raw) > 1e-3 {
                let best = best_item(raw) as i64;
                assert_eq!(found, best, "{}, row {row}", what("most read item"));
            }
        }
    }

    /// Holds the gradients of queries and items to the oracle.
    fn check_gradients(&self, case: &Case, graph: Graph) {
        let mut case = case.clone();
        if !graph.read {
            case.probe.fill(0.0);
        }
        if !graph.entropy {
            case.entropy_weight = 0.0;
        }
        let autodiff = self.device.clone().autodiff();
        let run = Run {
            device: &autodiff,
            ..*self
        };
        let [mut queries, mut items, probe] = run.tensors(&case);
        if graph.queries {
            queries = queries.require_grad();
        }
        if graph.items {
            items = items.require_grad();
        }
        let output = (self.reader)(queries.clone(), items.clone(), &case.addressing);
        let of_read = (output.read * probe).sum();
        let of_entropy = output.entropy.mean() * case.entropy_weight;
        let loss = match (graph.read, graph.entropy) {
            (true, false) => of_read,
            (false, true) => of_entropy,
            _ => of_read + of_entropy,
        };
        let gradients = loss.backward();

        let expected = case.gradients();
        for (part, wanted, tensor, expected, terms) in [
            (
                "queries",
                graph.queries,
                queries,
                expected.queries,
                expected.query_terms,
            ),
            (
                "items",
                graph.items,
                items,
                expected.items,
                expected.item_terms,
            ),
        ] {
            let found = tensor.grad(&gradients);
            assert_eq!(found.is_some(), wanted, "{}: gradient of {part}", self.name);
            let Some(found) = found else { continue };
            assert_eq!(
                found.dims(),
                tensor.dims(),
                "{}: gradient of {part}",
                self.name
            );
            // Composed of tensor operations, what rounding leaves goes to all items.
            let least = (1e-3 * magnitude(&terms)).max(self.smallest_normal());
            let rows = values(found);
            let rows = rows.chunks(case.width).zip(expected.chunks(case.width));
            for (row, ((found, expected), term)) in rows.zip(terms).enumerate() {
                let what = format!("{}, gradient of {part}, row {row}", self.name);
                let scale = term.max(least);
                assert_close(&what, found, expected, scale, 2.0 * self.tolerance());
            }
        }
    }

    /// Largest error allowed, relative to the size of what is rounded.
    fn tolerance(&self) -> f64 {
        match self.dtype {
            DType::F64 => 1e-12,
            DType::F32 => 1e-4,
            // Twice what rounding the result costs.
            DType::F16 => 1e-3,
            DType::BF16 => 8e-3,
            other => panic!("no tolerance for {other:?}"),
        }
    }

    /// Numbers smaller than this lose digits.
    fn smallest_normal(&self) -> f64 {
        match self.dtype {
            DType::F64 => f64::MIN_POSITIVE,
            DType::F16 => 6.1e-5,
            _ => f64::from(f32::MIN_POSITIVE),
        }
    }
}

/// What a read and its gradients are on the host.
#[derive(Debug, Clone, PartialEq)]
struct Results {
    read: Vec<f64>,
    entropy: Vec<f64>,
    active_items: Vec<i64>,
    most_read: Vec<i64>,
    empty_rows: Vec<i64>,
    read_counts: Vec<i64>,
    read_sums: Vec<f64>,
    query_gradients: Vec<f64>,
    item_gradients: Vec<f64>,
}

/// Reads with queries and items of a device with autodiff, and takes gradients of what `loss` makes of
/// it.
fn results(
    reader: Reader,
    [queries, items]: [Tensor<2>; 2],
    addressing: &Addressing,
    loss: impl FnOnce(&MemoryOutput<2>) -> Tensor<1>,
) -> Results {
    let (queries, items) = (queries.require_grad(), items.require_grad());
    let output = reader(queries.clone(), items.clone(), addressing);
    let gradients = loss(&output).backward();
    let statistics = output.statistics;
    Results {
        read: values(output.read),
        entropy: values(output.entropy),
        active_items: whole_numbers(statistics.active_items),
        most_read: whole_numbers(statistics.most_read),
        empty_rows: whole_numbers(statistics.empty_rows.int()),
        read_counts: whole_numbers(statistics.read_counts),
        read_sums: values(statistics.read_sums),
        query_gradients: values(queries.grad(&gradients).unwrap()),
        item_gradients: values(items.grad(&gradients).unwrap()),
    }
}
