//! How a memory is used, in figures.

use memae::MemoryUsage;
use memae_report::MemoryHealth;

pub(super) fn memory_health(usage: &MemoryUsage) -> MemoryHealth {
    let queries = usage.queries();
    let empty = (usage.empty_row_share() * queries as f64).round() as usize;
    MemoryHealth::new(usage.num_items())
        .with_active_items(usage.mean_active_items())
        .with_dead_items(usage.dead_items().len())
        .with_entropy(usage.mean_entropy())
        .with_empty_rows(empty, queries as usize)
}
