//! Random cases of every kind, on every backend and in every float type.

use burn::tensor::DType;
use memae_core::addressing::{read, read_composed};

use super::{Graph, Reader, Run};
use crate::cases::{cases, cases_rounded_to, for_cases, ragged_cases};
use crate::devices::{devices, devices_and_autodiff, double_precision_devices, in_half_precision};

const CASES: u32 = 1000;
/// Of those that are slow to check.
const RAGGED_CASES: u32 = 60;

fn check_forward_everywhere(reader: Reader) {
    for (name, device) in devices_and_autodiff() {
        let run = Run {
            name: &name,
            reader,
            device: &device,
            dtype: DType::F32,
        };
        for_cases(&name, CASES, cases(), |case| run.check_forward(case));
    }
}

fn check_gradients_everywhere(reader: Reader, graph: Graph) {
    for (name, device) in devices() {
        let run = Run {
            name,
            reader,
            device: &device,
            dtype: DType::F32,
        };
        for_cases(name, CASES, cases(), |case| {
            run.check_gradients(case, graph)
        });
    }
}

#[test]
fn reads_agree_with_the_oracle() {
    check_forward_everywhere(read);
}

#[test]
fn composed_reads_agree_with_the_oracle() {
    check_forward_everywhere(read_composed);
}

#[test]
fn gradients_agree_with_the_oracle() {
    check_gradients_everywhere(read, Graph::WHOLE);
}

#[test]
fn composed_gradients_agree_with_the_oracle() {
    check_gradients_everywhere(read_composed, Graph::WHOLE);
}

#[test]
fn gradients_of_the_read_alone_agree_with_the_oracle() {
    check_gradients_everywhere(
        read,
        Graph {
            entropy: false,
            ..Graph::WHOLE
        },
    );
}

#[test]
fn gradients_of_the_entropy_alone_agree_with_the_oracle() {
    check_gradients_everywhere(
        read,
        Graph {
            read: false,
            ..Graph::WHOLE
        },
    );
}

#[test]
fn gradients_of_queries_alone_agree_with_the_oracle() {
    check_gradients_everywhere(
        read,
        Graph {
            items: false,
            ..Graph::WHOLE
        },
    );
}

#[test]
fn gradients_of_items_alone_agree_with_the_oracle() {
    check_gradients_everywhere(
        read,
        Graph {
            queries: false,
            ..Graph::WHOLE
        },
    );
}

#[test]
fn double_precision_agrees_with_the_oracle() {
    for (name, device) in double_precision_devices() {
        let run = Run {
            name,
            reader: read,
            device: &device,
            dtype: DType::F64,
        };
        for_cases(name, CASES, cases(), |case| {
            run.check_forward(case);
            run.check_gradients(case, Graph::WHOLE);
        });
    }
}

#[test]
fn half_precision_agrees_with_the_oracle_on_rounded_inputs() {
    in_half_precision(|name, device, dtype| {
        let run = Run {
            name,
            reader: read,
            device,
            dtype,
        };
        for_cases(name, CASES, cases_rounded_to(dtype), |case| {
            run.check_forward(case);
            run.check_gradients(case, Graph::WHOLE);
        });
    });
}

#[test]
fn large_ragged_reads_agree_with_the_oracle() {
    for (name, device) in devices() {
        let run = Run {
            name,
            reader: read,
            device: &device,
            dtype: DType::F32,
        };
        for_cases(name, RAGGED_CASES, ragged_cases(), |case| {
            run.check_forward(case);
            run.check_gradients(case, Graph::WHOLE);
        });
    }
}

#[test]
fn large_ragged_reads_agree_with_the_oracle_in_double_precision() {
    for (name, device) in double_precision_devices() {
        let run = Run {
            name,
            reader: read,
            device: &device,
            dtype: DType::F64,
        };
        for_cases(name, RAGGED_CASES, ragged_cases(), |case| {
            run.check_forward(case);
            run.check_gradients(case, Graph::WHOLE);
        });
    }
}
