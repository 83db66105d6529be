//! Addressing, its gradient and the losses, one number at a time in f64.

use memae_core::addressing::{Addressing, EmptyRow, Shrinkage, Similarity};
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
    /// Weight of the mean entropy in the loss that gradients are taken of.
    pub entropy_weight: f64,
}

/// Weight of the mean entropy where a test has no reason for another.
pub const ENTROPY_WEIGHT: f64 = 0.37;

#[derive(Debug, Clone)]
pub struct Output {
    pub raw: Vec<f64>,
    pub shrunk: Vec<f64>,
    pub read: Vec<f64>,
    pub entropy: Vec<f64>,
    pub empty: Vec<bool>,
}

/// Gradients of `Σ read ∘ probe + entropy_weight · mean entropy`.
#[derive(Debug, Clone)]
pub struct Gradients {
    pub queries: Vec<f64>,
    pub items: Vec<f64>,
    /// For each query the size of the largest term in its gradient. Terms cancel, of a single active
    /// item altogether, and what rounding leaves of them is judged by their size.
    pub query_terms: Vec<f64>,
    /// For each item the size of the largest term in its gradient.
    pub item_terms: Vec<f64>,
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
            Similarity::Dot | Similarity::Euclidean => {
                (3.0 / (width as f64).sqrt()).sqrt() * addressing.temperature.sqrt()
            }
            other => unknown(other),
        };
        Self {
            queries: draw(num_queries * width, scale),
            items: draw(num_items * width, scale),
            probe: draw(num_queries * width, 1.0),
            num_queries,
            num_items,
            width,
            addressing,
            entropy_weight: ENTROPY_WEIGHT,
        }
    }

    /// The case with only those of its queries that `keep` says yes to.
    pub fn with_queries(mut self, keep: impl Fn(&Self, usize) -> bool) -> Self {
        let kept: Vec<usize> = (0..self.num_queries).filter(|&q| keep(&self, q)).collect();
        let rows = |values: &[f64]| -> Vec<f64> {
            let row = |&q: &usize| values[q * self.width..(q + 1) * self.width].to_vec();
            kept.iter().flat_map(row).collect()
        };
        (self.queries, self.probe) = (rows(&self.queries), rows(&self.probe));
        self.num_queries = kept.len();
        self
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
            Similarity::Euclidean => -query
                .iter()
                .zip(item)
                .map(|(z, m)| (z - m).powi(2))
                .sum::<f64>(),
            other => unknown(other),
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
            let raw = self.raw_weights(q);
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

    /// Weights of one query before shrinkage.
    fn raw_weights(&self, q: usize) -> Vec<f64> {
        let logits: Vec<f64> = (0..self.num_items)
            .map(|i| self.similarity(q, i) / self.addressing.temperature)
            .collect();
        let most = logits.iter().cloned().fold(f64::NEG_INFINITY, f64::max);
        let exponentials: Vec<f64> = logits.iter().map(|l| (l - most).exp()).collect();
        let total: f64 = exponentials.iter().sum();
        exponentials.iter().map(|e| e / total).collect()
    }

    /// The largest weights, the first of those that tie; `None` if their number is not given.
    fn largest(&self, raw: &[f64]) -> Option<Vec<usize>> {
        let Shrinkage::TopK(k) = self.addressing.shrinkage else {
            return None;
        };
        let mut items: Vec<usize> = (0..raw.len()).collect();
        items.sort_by(|&a, &b| raw[b].total_cmp(&raw[a]));
        items.truncate(k);
        Some(items)
    }

    /// The formula as it is printed in the paper, with its ε; or by the number of items that are read.
    fn shrink(&self, raw: &[f64]) -> (Vec<f64>, bool) {
        if let Some(largest) = self.largest(raw) {
            let sum: f64 = largest.iter().map(|&i| raw[i]).sum();
            let mut row = vec![0.0; raw.len()];
            largest.iter().for_each(|&i| row[i] = raw[i] / sum);
            return (row, false);
        }
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
            row[best_item(raw)] = 1.0;
        }
        (row, true)
    }

    pub fn gradients(&self) -> Gradients {
        let output = self.forward();
        let (n, width) = (self.num_items, self.width);
        let entropy_weight = self.entropy_weight / self.num_queries as f64;
        let mut gradients = Gradients {
            queries: vec![0.0; self.queries.len()],
            items: vec![0.0; self.items.len()],
            query_terms: vec![0.0; self.num_queries],
            item_terms: vec![0.0; n],
        };
        for q in 0..self.num_queries {
            let raw = &output.raw[q * n..(q + 1) * n];
            let shrunk = &output.shrunk[q * n..(q + 1) * n];
            let probe = &self.probe[q * width..(q + 1) * width];
            for (item, weight) in gradients.items.chunks_mut(width).zip(shrunk) {
                for (gradient, probe) in item.iter_mut().zip(probe) {
                    *gradient += weight * probe;
                }
            }
            self.add_terms(q, shrunk, &mut gradients);
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
                    through_read + entropy_weight * through_entropy
                })
                .collect();
            let kept: Option<Vec<usize>> = match (self.largest(raw), self.threshold()) {
                (Some(largest), _) => Some(largest),
                (_, Some(threshold)) => Some((0..n).filter(|&i| raw[i] > threshold).collect()),
                (_, None) => None,
            };
            let raw_gradient: Vec<f64> = match kept {
                None => upstream,
                Some(kept) => {
                    let sum: f64 = kept.iter().map(|&i| raw[i]).sum();
                    let mean = dot(&upstream, shrunk);
                    let mut gradient = vec![0.0; n];
                    kept.iter()
                        .for_each(|&i| gradient[i] = (upstream[i] - mean) / sum);
                    gradient
                }
            };
            let mean = dot(&raw_gradient, raw);
            // What was shrunk away has no gradient: of it, `mean` is nothing but rounding.
            for i in (0..n).filter(|&i| shrunk[i] > 0.0) {
                let gradient = raw[i] * (raw_gradient[i] - mean) / self.addressing.temperature;
                let (dq, di) = self.similarity_gradients(q, i);
                for c in 0..width {
                    gradients.queries[q * width + c] += gradient * dq[c];
                    gradients.items[i * width + c] += gradient * di[c];
                }
            }
        }
        gradients
    }

    /// Sizes of the terms that one query brings into the gradients, from above.
    fn add_terms(&self, q: usize, shrunk: &[f64], gradients: &mut Gradients) {
        let query_norm = norm(self.query(q));
        let probe = &self.probe[q * self.width..(q + 1) * self.width];
        let probe_norm = dot(probe, probe).sqrt();
        let upstream = |i: usize| {
            let through_entropy = 1.0 - shrunk[i].max(f64::MIN_POSITIVE).ln();
            let through_entropy = self.entropy_weight / self.num_queries as f64 * through_entropy;
            probe_norm * norm(self.item(i)) + through_entropy
        };
        let active: Vec<usize> = (0..self.num_items).filter(|&i| shrunk[i] > 0.0).collect();
        let mean: f64 = active.iter().map(|&i| shrunk[i] * upstream(i)).sum();
        for i in active {
            let item_norm = norm(self.item(i));
            let term = shrunk[i] * (upstream(i) + mean) / self.addressing.temperature;
            let (of_query, of_item) = match self.addressing.similarity {
                Similarity::Dot => (term * item_norm, term * query_norm),
                Similarity::Cosine => (term / query_norm, term / item_norm),
                Similarity::Euclidean => (
                    2.0 * term * item_norm,
                    2.0 * term * query_norm.max(item_norm),
                ),
                other => unknown(other),
            };
            let of_item = of_item.max(shrunk[i] * probe_norm);
            gradients.query_terms[q] = gradients.query_terms[q].max(of_query);
            gradients.item_terms[i] = gradients.item_terms[i].max(of_item);
        }
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
            Similarity::Euclidean => {
                let gradient = |a: &[f64], b: &[f64]| -> Vec<f64> {
                    a.iter().zip(b).map(|(a, b)| 2.0 * (b - a)).collect()
                };
                (gradient(query, item), gradient(item, query))
            }
            other => unknown(other),
        }
    }

    /// How near the nearest query is to a jump, see [`distance_to_jump_of`](Self::distance_to_jump_of).
    pub fn distance_to_jump(&self) -> f64 {
        (0..self.num_queries)
            .map(|q| self.distance_to_jump_of(q))
            .fold(f64::INFINITY, f64::min)
    }

    /// How near a query is to reading something else: a weight to the threshold, relative to it; and
    /// where the row is empty and reads its best item, the second best weight to the best; where k
    /// items are read, the weight of the next to that of the last. Across such a jump f32 and f64 may
    /// land on different sides.
    pub fn distance_to_jump_of(&self, q: usize) -> f64 {
        if let Shrinkage::TopK(k) = self.addressing.shrinkage {
            let mut raw = self.raw_weights(q);
            raw.sort_by(|a, b| b.total_cmp(a));
            return match raw.get(k) {
                Some(next) => (raw[k - 1] - next) / raw[k - 1],
                None => f64::INFINITY,
            };
        }
        let Some(threshold) = self.threshold() else {
            return f64::INFINITY;
        };
        let raw = self.raw_weights(q);
        let nearest = raw
            .iter()
            .map(|w| (w - threshold).abs() / threshold)
            .fold(f64::INFINITY, f64::min);
        let reads_best =
            self.addressing.empty_row == EmptyRow::BestItem && raw.iter().all(|w| *w <= threshold);
        match reads_best {
            true => nearest.min(lead_of_best(&raw)),
            false => nearest,
        }
    }
}

/// The item with the largest weight, the first of those that tie.
pub fn best_item(raw: &[f64]) -> usize {
    (1..raw.len()).fold(0, |best, i| if raw[i] > raw[best] { i } else { best })
}

/// How far the largest weight is ahead of the next, relative to it.
pub fn lead_of_best(raw: &[f64]) -> f64 {
    let best = best_item(raw);
    let others = raw.iter().enumerate().filter(|(i, _)| *i != best);
    others
        .map(|(_, w)| (raw[best] - w) / raw[best])
        .fold(f64::INFINITY, f64::min)
}

pub fn entropy(weights: &[f64]) -> f64 {
    weights
        .iter()
        .map(|&w| if w > 0.0 { -w * w.ln() } else { 0.0 })
        .sum()
}

/// A similarity that came later than this oracle.
fn unknown(similarity: Similarity) -> ! {
    panic!("the oracle does not define {similarity:?}")
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Norm of a vector; 1 for the zero vector, whose cosine is 0 and whose direction is any.
fn norm(a: &[f64]) -> f64 {
    let norm = dot(a, a).sqrt();
    if norm < 1e-12 { 1.0 } else { norm }
}
