use std::io::Write;
use std::path::Path;

use super::curve::curve;
use super::picture::Picture;
use super::sweep;
use crate::ExperimentError;
use crate::output::replace_file;
use crate::paper_tables::error::TableError;
use crate::paper_tables::plan::Plan;
use crate::paper_tables::results::Results;
use crate::paper_tables::table::{TableView, classes, methods, settings};

/// The page of a table as far as its runs have been made.
pub(crate) struct Page<'a> {
    view: TableView<'a>,
}

impl<'a> Page<'a> {
    pub(crate) fn new(plan: &'a Plan, results: &'a Results) -> Self {
        Self {
            view: TableView::new(plan, results),
        }
    }

    /// Writes the page and its pictures into a folder, under names that begin with `name`, and gives
    /// the page's text.
    pub(crate) fn save(&self, folder: &Path, name: &str) -> Result<String, TableError> {
        // By way of the folder's own name the pictures are found from folders beside it too, such as
        // those of chapters that include the page.
        let link = match folder.file_name() {
            Some(folder) => format!("../{}/", folder.display()),
            None => String::new(),
        };
        let (text, pictures) = self.with_pictures(name, &link);
        let path = folder.join(format!("{name}.md"));
        replace_file(&path, |out| out.write_all(text.as_bytes()))
            .map_err(|error| ExperimentError::write(&path, error))?;
        for (file, picture) in pictures {
            picture(&folder.join(file))?;
        }
        Ok(text)
    }

    /// `link`: what stands before the names of pictures.
    fn with_pictures(&self, name: &str, link: &str) -> (String, Vec<(String, Picture<'_>)>) {
        let view = &self.view;
        let mut parts = vec![format!("# {}\n", view.table.title()), self.what()];
        let mut pictures = Vec::new();
        if view.cells.iter().any(|cell| cell.setting.is_some()) {
            for (index, setting) in settings::names(view).into_iter().enumerate() {
                let file = format!("{name}_{}.png", index + 1);
                let mut part = settings::section(view, setting);
                if view.missing == 0 {
                    part.push_str(&format!("\n![{setting}](<{link}{file}>)\n"));
                    let picture: Picture = Box::new(move |path| sweep::draw(view, setting, path));
                    pictures.push((file, picture));
                }
                parts.push(part);
            }
        } else {
            if view.cells.iter().any(|cell| cell.class.is_some()) {
                parts.push(classes::table(view));
            }
            parts.push(methods::figures(view));
            parts.extend(methods::memory(view));
            if view.missing == 0
                && let Some(curve) = curve(view)
            {
                let file = format!("{name}_epochs.png");
                let figure = view.table.figure();
                parts.push(format!("![{figure} over passes](<{link}{file}>)\n"));
                pictures.push((file, curve));
            }
            parts.push(methods::seconds(view));
        }
        (parts.join("\n"), pictures)
    }

    /// What the figures are of; a table that is not whole says so first.
    fn what(&self) -> String {
        let mut text = String::new();
        if self.view.missing > 0 {
            text.push_str(&format!(
                "**Not whole: {} of {} runs are missing. Means are left out where a run is.**\n\n",
                self.view.missing,
                self.view.cells.len()
            ));
        }
        text.push_str(&format!("Data: {}. ", self.view.data.name()));
        let classes = self.view.classes();
        if !classes.is_empty() {
            text.push_str(&format!("Normal classes: {}. ", classes.join(", ")));
        }
        if let Some(epochs) = self.view.selection.epochs {
            text.push_str(&format!("Passes of every network: {epochs}. "));
        }
        text.push_str(&match self.view.selection.seeds {
            1 => "One seed.\n".to_string(),
            seeds => format!("Mean ± standard deviation over {seeds} seeds.\n"),
        });
        text
    }
}
