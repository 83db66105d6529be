//! The passes that are timed, and what each of them is set beside.

use std::hint::black_box;

use burn::tensor::{Device, Tensor, TensorData};
use memae::MemoryOutput;
use memae::addressing::{Addressing, read, read_composed};
use memae::loss::MemAeLossConfig;

use crate::oracle::Case;

/// How addressing is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In one operation, where the backend has a kernel.
    Fused,
    /// By tensor operations.
    Composed,
    /// Not at all: just the matrix products that dense addressing can't do without.
    Products,
}

impl Way {
    pub const ALL: [Self; 3] = [Self::Fused, Self::Composed, Self::Products];

    pub fn name(self) -> &'static str {
        match self {
            Self::Fused => "fused",
            Self::Composed => "composed",
            Self::Products => "products",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pass {
    Forward,
    ForwardBackward,
}

impl Pass {
    pub const ALL: [Self; 2] = [Self::Forward, Self::ForwardBackward];

    pub fn name(self) -> &'static str {
        match self {
            Self::Forward => "forward",
            Self::ForwardBackward => "forward+backward",
        }
    }

    /// Matrix products of dense addressing: two forward; backward, two for each of them.
    pub fn products(self) -> f64 {
        match self {
            Self::Forward => 2.0,
            Self::ForwardBackward => 6.0,
        }
    }
}

/// A memory and its queries on a device.
pub struct Setup {
    items: Tensor<2>,
    queries: Tensor<2>,
    probe: Tensor<2>,
    addressing: Addressing,
}

impl Setup {
    /// On `device`, which records gradients or doesn't.
    pub fn new(case: &Case, device: &Device) -> Self {
        let query_dims = [case.num_queries, case.width];
        Self {
            items: matrix(&case.items, [case.num_items, case.width], device),
            queries: matrix(&case.queries, query_dims, device),
            probe: matrix(&case.probe, query_dims, device),
            addressing: case.addressing,
        }
    }

    /// Runs a pass once, to the end.
    pub fn run(&self, way: Way, pass: Pass) {
        match (way, pass) {
            (Way::Products, pass) => self.products(pass),
            (way, Pass::Forward) => {
                black_box(self.read(way, self.queries.clone(), self.items.clone()));
            }
            (way, Pass::ForwardBackward) => {
                let entropy_weight = MemAeLossConfig::paper().entropy_weight;
                let of_entropy = |entropy: Tensor<1>| entropy.mean() * entropy_weight;
                black_box(self.gradients(way, of_entropy));
            }
        }
        let device = self.queries.device();
        device.sync().expect("the device runs what it was given");
    }

    pub fn forward(&self, way: Way) -> MemoryOutput<2> {
        self.read(way, self.queries.clone(), self.items.clone())
    }

    fn read(&self, way: Way, queries: Tensor<2>, items: Tensor<2>) -> MemoryOutput<2> {
        match way {
            Way::Composed => read_composed(queries, items, &self.addressing),
            _ => read(queries, items, &self.addressing),
        }
    }

    /// Gradients of queries and items of `Σ read ∘ probe`, which stands for the decoder, plus a term
    /// for the entropy.
    pub fn gradients(
        &self,
        way: Way,
        of_entropy: impl FnOnce(Tensor<1>) -> Tensor<1>,
    ) -> [Tensor<2>; 2] {
        let queries = self.queries.clone().require_grad();
        let items = self.items.clone().require_grad();
        let output = self.read(way, queries.clone(), items.clone());
        let loss = (output.read * self.probe.clone()).sum() + of_entropy(output.entropy);
        let gradients = loss.backward();
        [queries, items].map(|tensor| {
            let gradient = tensor.grad(&gradients);
            gradient.expect("queries and items take gradients")
        })
    }

    /// The products, with one product's result standing for the weights of the next. A backend
    /// computes with subnormal numbers and NaN more slowly, and neither comes up.
    fn products(&self, pass: Pass) {
        let queries = self.queries.clone().without_autodiff();
        let items = self.items.clone().without_autodiff();
        let probe = self.probe.clone().without_autodiff();
        let weights = queries.clone().matmul(items.clone().transpose());
        black_box(weights.clone().matmul(items.clone()));
        if pass == Pass::Forward {
            return;
        }
        let gradients = probe.clone().matmul(items.clone().transpose());
        black_box(gradients.clone().matmul(items));
        black_box(gradients.transpose().matmul(queries));
        black_box(weights.transpose().matmul(probe));
    }
}

pub fn matrix(values: &[f64], dims: [usize; 2], device: &Device) -> Tensor<2> {
    let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
    Tensor::from_data(TensorData::new(values, dims), device)
}
