//! Addressing, its gradient and the losses, one number at a time in f64.

use memae_core::addressing::{Addressing, EmptyRow, Similarity};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Queries and items of one case.
#[derive(Debug, Clone)]
pub struct Case {
    pub queries: Vec<f64>,
    pub items: Vec<f64>,
    /// Weights of the values read in the loss that gradients are taken of.
    pub probe: Vec<f64>,
    pub num_queries: usize,
    pub num_items: usize,
    pub width: usize,
    pub addressing: Addressing,
}

/// Weight of the mean entropy in the loss that gradients are taken of.
pub const ENTROPY_WEIGHT: f64 = 0.37;

#[derive(Debug, Clone)]
pub struct Output {
    pub raw: Vec<f64>,
    pub shrunk: Vec<f64>,
    pub read: Vec<f64>,
    pub entropy: Vec<f64>,
    pub empty: Vec<bool>,
}

impl Case {
    /// A case with values drawn from `seed`, rounded to f32 so that both sides see the same.
    pub fn random(seed: u64, dims: [usize; 3], addressing: Addressing) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let [num_queries, num_items, width] = dims;
        let mut draw = |count: usize, scale: f64| -> Vec<f64> {
            (0..count)
                .map(|_| (scale * (2.0 * rng.random::<f64>() - 1.0)) as f32 as f64)
                .collect()
        };
        // Logits of spread 1 or so whatever the width.
        let scale = match addressing.similarity {
            Similarity::Cosine => 1.0,
            Similarity::Dot => (3.0 / (width as f64).sqrt()).sqrt() * addressing.temperature.sqrt(),
        };
        Self {
            queries: draw(num_queries * width, scale),
            items: draw(num_items * width, scale),
            probe: draw(num_queries * width, 1.0),
            num_queries,
            num_items,
            width,
            addressing,
        }
    }

    pub fn threshold(&self) -> Option<f64> {
        self.addressing.shrinkage.threshold(self.num_items)
    }

    fn query(&self, q: usize) -> &[f64] {
        &self.queries[q * self.width..(q + 1) * self.width]
    }

    fn item(&self, i: usize) -> &[f64] {
        &self.items[i * self.width..(i + 1) * self.width]
    }

    fn similarity(&self, q: usize, i: usize) -> f64 {
        let (query, item) = (self.query(q), self.item(i));
        match self.addressing.similarity {
            Similarity::Dot => dot(query, item),
            Similarity::Cosine => dot(query, item) / (norm(query) * norm(item)),
        }
    }

    pub fn forward(&self) -> Output {
        let mut output = Output {
            raw: Vec::new(),
            shrunk: Vec::new(),
            read: Vec::new(),
            entropy: Vec::new(),
            empty: Vec::new(),
        };
        for q in 0..self.num_queries {
            let logits: Vec<f64> = (0..self.num_items)
                .map(|i| self.similarity(q, i) / self.addressing.temperature)
                .collect();
            let most = logits.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
            let exponentials: Vec<f64> = logits.iter().map(|l| (l - most).exp()).collect();
            let total: f64 = exponentials.iter().sum();
            let raw: Vec<f64> = exponentials.iter().map(|e| e / total).collect();
            let (shrunk, empty) = self.shrink(&raw);
            for c in 0..self.width {
                let value = (0..self.num_items)
                    .map(|i| shrunk[i] * self.item(i)[c])
                    .sum();
                output.read.push(value);
            }
            output.entropy.push(entropy(&shrunk));
            output.raw.extend(raw);
            output.shrunk.extend(shrunk);
            output.empty.push(empty);
        }
        output
    }

    /// The formula as it is printed in the paper, with its ε.
    fn shrink(&self, raw: &[f64]) -> (Vec<f64>, bool) {
        let Some(threshold) = self.threshold() else {
            return (raw.to_vec(), false);
        };
        let shrunk: Vec<f64> = raw
            .iter()
            .map(|w| (w - threshold).max(0.0) * w / ((w - threshold).abs() + f64::MIN_POSITIVE))
            .collect();
        let sum: f64 = shrunk.iter().sum();
        if sum > 0.0 {
            return (shrunk.iter().map(|w| w / sum).collect(), false);
        }
        let mut row = vec![0.0; raw.len()];
        if self.addressing.empty_row == EmptyRow::BestItem {
            let best = (1..raw.len()).fold(0, |best, i| if raw[i] > raw[best] { i } else { best });
            row[best] = 1.0;
        }
        (row, true)
    }

    /// Gradients with respect to queries and items of
    /// `Σ read ∘ probe + ENTROPY_WEIGHT · mean entropy`.
    pub fn gradients(&self) -> (Vec<f64>, Vec<f64>) {
        let output = self.forward();
        let (n, width) = (self.num_items, self.width);
        let mut query_gradients = vec![0.0; self.queries.len()];
        let mut item_gradients = vec![0.0; self.items.len()];
        for q in 0..self.num_queries {
            let raw = &output.raw[q * n..(q + 1) * n];
            let shrunk = &output.shrunk[q * n..(q + 1) * n];
            let probe = &self.probe[q * width..(q + 1) * width];
            for i in 0..n {
                for c in 0..width {
                    item_gradients[i * width + c] += shrunk[i] * probe[c];
                }
            }
            // An empty row is a constant.
            if output.empty[q] {
                continue;
            }
            let upstream: Vec<f64> = (0..n)
                .map(|i| {
                    let through_read = dot(probe, self.item(i));
                    let through_entropy = match shrunk[i] > 0.0 {
                        true => -shrunk[i].ln() - 1.0,
                        false => 0.0,
                    };
                    through_read + ENTROPY_WEIGHT / self.num_queries as f64 * through_entropy
                })
                .collect();
            let kept = |i: usize| self.threshold().is_none_or(|threshold| raw[i] > threshold);
            let raw_gradient: Vec<f64> = match self.threshold() {
                None => upstream,
                Some(_) => {
                    let sum: f64 = (0..n).filter(|&i| kept(i)).map(|i| raw[i]).sum();
                    let mean = dot(&upstream, shrunk);
                    (0..n)
                        .map(|i| {
                            if kept(i) {
                                (upstream[i] - mean) / sum
                            } else {
                                0.0
                            }
                        })
                        .collect()
                }
            };
            let mean = dot(&raw_gradient, raw);
            for i in 0..n {
                let gradient = raw[i] * (raw_gradient[i] - mean) / self.addressing.temperature;
                let (dq, di) = self.similarity_gradients(q, i);
                for c in 0..width {
                    query_gradients[q * width + c] += gradient * dq[c];
                    item_gradients[i * width + c] += gradient * di[c];
                }
            }
        }
        (query_gradients, item_gradients)
    }

    /// Gradients of one similarity with respect to its query and its item.
    fn similarity_gradients(&self, q: usize, i: usize) -> (Vec<f64>, Vec<f64>) {
        let (query, item) = (self.query(q), self.item(i));
        match self.addressing.similarity {
            Similarity::Dot => (item.to_vec(), query.to_vec()),
            Similarity::Cosine => {
                let cosine = self.similarity(q, i);
                let gradient = |a: &[f64], b: &[f64]| -> Vec<f64> {
                    let (na, nb) = (norm(a), norm(b));
                    a.iter()
                        .zip(b)
                        .map(|(a, b)| b / (na * nb) - cosine * a / (na * na))
                        .collect()
                };
                (gradient(query, item), gradient(item, query))
            }
        }
    }

    /// How near the nearest weight is to the threshold, relative to it: across that kink f32 and f64
    /// may land on different sides.
    pub fn distance_to_kink(&self) -> f64 {
        let Some(threshold) = self.threshold() else {
            return f64::INFINITY;
        };
        self.forward()
            .raw
            .iter()
            .map(|w| (w - threshold).abs() / threshold)
            .fold(f64::INFINITY, f64::min)
    }
}

pub fn entropy(weights: &[f64]) -> f64 {
    weights
        .iter()
        .map(|&w| if w > 0.0 { -w * w.ln() } else { 0.0 })
        .sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Norm of a vector; 1 for the zero vector, whose cosine is 0 and whose direction is any.
fn norm(a: &[f64]) -> f64 {
    let norm = dot(a, a).sqrt();
    if norm < 1e-12 { 1.0 } else { norm }
}
