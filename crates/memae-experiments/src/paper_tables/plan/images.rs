use memae_models::network::Variant;

use super::cell::{Cell, Work};
use super::recipe::{RECOMMENDED, Recipe};
use super::selection::Selection;
use crate::baselines::Baseline;
use crate::paper_tables::paper::Table;

/// Every method on every class.
pub(super) fn cells(table: Table, classes: &[(u8, String)], selection: &Selection) -> Vec<Cell> {
    let paper = [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe]
        .map(|variant| (variant.name(), Recipe::paper(table, variant)));
    let recipes = paper
        .into_iter()
        .chain([(RECOMMENDED, Recipe::recommended(table))]);
    let recipes: Vec<(&'static str, Recipe)> = recipes.collect();
    let mut cells = Vec::new();
    for seed in 0..selection.seeds {
        for (label, class) in classes {
            let cell = |method: &str, work| Cell {
                method: method.to_string(),
                setting: None,
                class: Some(class.clone()),
                seed,
                work,
            };
            for (method, recipe) in &recipes {
                let work = recipe.work(*label, seed, selection.epochs, seed == 0);
                cells.push(cell(method, work));
            }
            for baseline in Baseline::ALL {
                let work = Work::image_baseline(*label, baseline, seed);
                cells.push(cell(baseline.name(), work));
            }
        }
    }
    cells
}
