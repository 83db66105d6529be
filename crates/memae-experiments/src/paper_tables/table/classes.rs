use memae_models::network::Variant;

use super::markdown;
use super::statistics::{Spread, spread};
use super::view::TableView;

/// The main figure of every method on every class, their means, and what the paper has.
pub(crate) fn table(view: &TableView) -> String {
    let methods = view.methods();
    let classes = view.classes();
    let figure = |method: &str, class: Option<&str>| -> Option<Spread> {
        let cells = view.those(|cell| {
            cell.method == method && class.is_none_or(|class| cell.class.as_deref() == Some(class))
        });
        spread(&cells, view.results, |record| {
            record.figure(view.rule(method), view.table.figure())
        })
    };
    let row = |label: &str, class: Option<&str>| {
        let figures = methods
            .iter()
            .map(|method| figure(method, class).map(|figure| figure.text(4)));
        std::iter::once(Some(label.to_string()))
            .chain(figures)
            .collect::<Vec<_>>()
    };
    let mut rows: Vec<_> = classes
        .iter()
        .map(|class| row(class, Some(class)))
        .collect();
    rows.push(row("mean", None));
    let published = |method: &str| {
        let variants = [Variant::Ae, Variant::MemAeNonSparse, Variant::MemAe];
        let variant = variants
            .into_iter()
            .find(|variant| variant.name() == method)?;
        let figure = view.published(variant)?;
        Some(format!("{figure:.4}"))
    };
    let published: Vec<_> = methods.iter().map(|method| published(method)).collect();
    if published.iter().any(Option::is_some) {
        rows.push([vec![Some(view.table.paper().to_string())], published].concat());
    }
    let header: Vec<String> = std::iter::once("class")
        .chain(methods.iter().copied())
        .map(ToString::to_string)
        .collect();
    format!(
        "{}\n\n{}",
        view.scored_by(methods.iter().copied()),
        markdown::table(&header, &rows)
    )
}
