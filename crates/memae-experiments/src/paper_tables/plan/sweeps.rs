use memae_core::addressing::Shrinkage;
use memae_core::items::ItemUpdateRule;
use memae_core::{MemoryModuleConfig, QueryUnit};
use memae_models::network::Variant;
use memae_models::train::InitialItems;

use super::cell::{Cell, Setting};
use super::recipe::{RECOMMENDED, Recipe};
use super::selection::Selection;
use crate::paper_tables::paper::Table;

/// What is changed in a recipe.
type Edit = fn(&mut Recipe);

/// One setting of a recipe, changed.
struct Change {
    setting: Setting,
    method: &'static str,
    recipe: Recipe,
}

fn change(
    (name, label, x): (&'static str, String, f64),
    (method, recipe): (&'static str, &Recipe),
    apply: impl FnOnce(&mut Recipe),
) -> Change {
    let mut recipe = recipe.clone();
    apply(&mut recipe);
    Change {
        setting: Setting { name, label, x },
        method,
        recipe,
    }
}

fn with_memory(recipe: &mut Recipe, apply: impl FnOnce(&mut MemoryModuleConfig)) {
    if let Some(memory) = &mut recipe.network.memory {
        apply(memory);
    }
}

/// Shrinkage, entropy weight, temperature and query of the paper's setting, and the recommended one
/// without one ingredient after the other.
pub(super) fn ablation(classes: &[(u8, String)], selection: &Selection) -> Vec<Cell> {
    let paper = Recipe::paper(Table::Mnist, Variant::MemAe);
    let paper = (Variant::MemAe.name(), &paper);
    let recommended = Recipe::recommended(Table::Mnist);
    let recommended = (RECOMMENDED, &recommended);
    let mut changes = Vec::new();
    for multiple in [0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0] {
        let setting = ("shrinkage threshold λN", multiple.to_string(), multiple);
        changes.push(change(setting, paper, |recipe| {
            with_memory(recipe, |memory| {
                memory.shrinkage = match multiple {
                    0.0 => Shrinkage::Off,
                    multiple => Shrinkage::relative(multiple),
                };
            });
        }));
    }
    for weight in [0.0, 2e-4, 2e-3, 2e-2, 0.2, 1.0] {
        let setting = ("entropy weight α", weight.to_string(), weight);
        changes.push(change(setting, paper, |recipe| {
            recipe.train.loss.entropy_weight = weight;
        }));
    }
    for temperature in [0.02, 0.05, 0.1, 0.2, 0.5, 1.0] {
        let setting = ("temperature τ", temperature.to_string(), temperature);
        changes.push(change(setting, paper, |recipe| {
            with_memory(recipe, |memory| memory.temperature = temperature);
        }));
    }
    for (x, (label, query)) in [
        ("encoding", QueryUnit::Encoding),
        ("position", QueryUnit::Position),
    ]
    .into_iter()
    .enumerate()
    {
        let setting = ("query", label.to_string(), x as f64);
        changes.push(change(setting, paper, |recipe| {
            let features = recipe.network.feature_dims().unwrap_or_default();
            recipe.network.query = query;
            with_memory(recipe, |memory| memory.item_dim = query.item_dim(&features));
        }));
    }
    let ingredients: [(&str, Edit); 7] = [
        ("all of them", |_| ()),
        ("no warm-up", |recipe| {
            recipe.train.warm_up_epochs = 0;
        }),
        ("items drawn", |recipe| {
            recipe.train.initial_items = InitialItems::Drawn;
        }),
        ("items by gradient", |recipe| {
            recipe.train.item_update.rule = ItemUpdateRule::Gradient;
        }),
        ("no revival", |recipe| {
            recipe.train.item_update.revival_share = 0.0;
        }),
        ("τ = 1 and λ = 1/N", |recipe| {
            recipe.train.initial_temperature = None;
            with_memory(recipe, |memory| {
                memory.temperature = 1.0;
                memory.shrinkage = Shrinkage::relative(1.0);
            });
        }),
        ("no prototype loss", |recipe| {
            recipe.train.prototype_weight = 0.0;
        }),
    ];
    for (x, (label, apply)) in ingredients.into_iter().enumerate() {
        let setting = ("ingredients", label.to_string(), x as f64);
        changes.push(change(setting, recommended, apply));
    }
    cells(&changes, classes, selection)
}

/// The paper's setting and the recommended one with more and with fewer items.
pub(super) fn memory_size(classes: &[(u8, String)], selection: &Selection) -> Vec<Cell> {
    let recipes = [
        (
            Variant::MemAe.name(),
            Recipe::paper(Table::Mnist, Variant::MemAe),
        ),
        (RECOMMENDED, Recipe::recommended(Table::Mnist)),
    ];
    let mut changes = Vec::new();
    for items in [10, 20, 50, 100, 200, 500, 1000] {
        for (method, recipe) in &recipes {
            let setting = ("memory size N", items.to_string(), f64::from(items));
            changes.push(change(setting, (method, recipe), |recipe| {
                with_memory(recipe, |memory| memory.num_items = items as usize);
            }));
        }
    }
    cells(&changes, classes, selection)
}

fn cells(changes: &[Change], classes: &[(u8, String)], selection: &Selection) -> Vec<Cell> {
    let mut cells = Vec::new();
    for seed in 0..selection.seeds {
        for (label, class) in classes {
            cells.extend(changes.iter().map(|change| Cell {
                method: change.method.to_string(),
                setting: Some(change.setting.clone()),
                class: Some(class.clone()),
                seed,
                work: change.recipe.work(*label, seed, selection.epochs, false),
            }));
        }
    }
    cells
}
