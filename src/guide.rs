// The pages of docs/, so that they can be read in the API documentation and their code is compiled and run.
#![doc = include_str!(concat!(env!("OUT_DIR"), "/docs/README.md"))]

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/findings.md"))]
pub mod findings {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/memory.md"))]
pub mod memory {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/training.md"))]
pub mod training {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/scoring.md"))]
pub mod scoring {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/detector_file.md"))]
pub mod detector_file {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/images.md"))]
pub mod images {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/video.md"))]
pub mod video {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/tables.md"))]
pub mod tables {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/backends.md"))]
pub mod backends {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/examples.md"))]
pub mod examples {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/paper_tables.md"))]
pub mod paper_tables {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/upstream.md"))]
pub mod upstream {}

#[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/guide/results.md"))]
pub mod results {
    #[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/results/mnist.md"))]
    pub mod mnist {}

    #[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/results/kddcup.md"))]
    pub mod kddcup {}

    #[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/results/tables.md"))]
    pub mod tables {}

    #[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/results/ablation.md"))]
    pub mod ablation {}

    #[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/results/memory-size.md"))]
    pub mod memory_size {}

    #[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/results/video.md"))]
    pub mod video {}

    #[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/results/motion.md"))]
    pub mod motion {}

    #[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/results/performance.md"))]
    pub mod performance {}

    #[doc = include_str!(concat!(env!("OUT_DIR"), "/docs/results/promise.md"))]
    pub mod promise {}
}
