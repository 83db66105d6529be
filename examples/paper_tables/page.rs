//! A table's page: Markdown, and pictures beside it.

mod classes;
mod markdown;
mod methods;
mod settings;

use std::error::Error;
use std::io::Write;
use std::path::Path;

use crate::replace_file::replace_file;

use crate::cell::{Cell, Work};
use crate::data::Data;
use crate::plan::{RECOMMENDED, Selection};
use crate::record::Results;
use crate::table::Table;
use crate::work::BASELINE_RULE;
use memae::detect::ScoreRule;
use memae::network::Variant;

/// The page of a table as far as its runs have been made.
pub struct Page<'a> {
    table: Table,
    data: &'a Data,
    selection: &'a Selection,
    cells: &'a [Cell],
    results: &'a Results,
    missing: usize,
}

impl<'a> Page<'a> {
    pub fn new(
        table: Table,
        data: &'a Data,
        selection: &'a Selection,
        cells: &'a [Cell],
        results: &'a Results,
    ) -> Self {
        let missing = cells.iter().filter(|cell| results.of(cell).is_none());
        Self {
            table,
            data,
            selection,
            cells,
            results,
            missing: missing.count(),
        }
    }

    /// The paper's figure for a method, where the two can be compared.
    fn published(&self, variant: Variant) -> Option<f64> {
        let can_be_compared = self.data.is_of_the_paper() && self.selection.is_everything();
        can_be_compared
            .then(|| self.table.published(variant))
            .flatten()
    }

    /// Writes the page and its pictures into a folder, under names that begin with `name`, and gives
    /// the page's text.
    pub fn save(&self, folder: &Path, name: &str) -> Result<String, Box<dyn Error>> {
        // By way of the folder's own name the pictures are found from folders beside it too, such as
        // those of chapters that include the page.
        let link = match folder.file_name() {
            Some(folder) => format!("../{}/", folder.display()),
            None => String::new(),
        };
        let (text, pictures) = self.with_pictures(name, &link);
        let path = folder.join(format!("{name}.md"));
        replace_file(&path, |out| out.write_all(text.as_bytes()))
            .map_err(|error| format!("{}: can't be written: {error}", path.display()))?;
        for (file, picture) in pictures {
            picture(&folder.join(file))?;
        }
        Ok(text)
    }

    /// `link`: what stands before the names of pictures.
    fn with_pictures(&self, name: &str, link: &str) -> (String, Vec<(String, Picture<'_>)>) {
        let mut parts = vec![format!("# {}\n", self.table.title()), self.what()];
        let mut pictures = Vec::new();
        if self.cells.iter().any(|cell| cell.setting.is_some()) {
            settings::add(self, name, link, &mut parts, &mut pictures);
        } else {
            if self.cells.iter().any(|cell| cell.class.is_some()) {
                parts.push(classes::table(self));
            }
            parts.push(methods::figures(self));
            parts.extend(methods::memory(self));
            if self.missing == 0
                && let Some(curve) = methods::curve(self)
            {
                let file = format!("{name}_epochs.png");
                let figure = self.table.figure();
                parts.push(format!("![{figure} over passes](<{link}{file}>)\n"));
                pictures.push((file, curve));
            }
            parts.push(methods::seconds(self));
        }
        (parts.join("\n"), pictures)
    }

    /// What the figures are of; a table that is not whole says so first.
    fn what(&self) -> String {
        let mut text = String::new();
        if self.missing > 0 {
            text.push_str(&format!(
                "**Not whole: {} of {} runs are missing. Means are left out where a run is.**\n\n",
                self.missing,
                self.cells.len()
            ));
        }
        text.push_str(&format!("Data: {}. ", self.data.name()));
        let classes = self.classes();
        if !classes.is_empty() {
            text.push_str(&format!("Normal classes: {}. ", classes.join(", ")));
        }
        if let Some(epochs) = self.selection.epochs {
            text.push_str(&format!("Passes of every network: {epochs}. "));
        }
        text.push_str(&match self.selection.seeds {
            1 => "One seed.\n".to_string(),
            seeds => format!("Mean ± standard deviation over {seeds} seeds.\n"),
        });
        text
    }

    /// The normal classes, in the order of their rows.
    fn classes(&self) -> Vec<&'a str> {
        let mut classes = Vec::new();
        for class in self.cells.iter().filter_map(|cell| cell.class.as_deref()) {
            if !classes.contains(&class) {
                classes.push(class);
            }
        }
        classes
    }

    /// The methods, in the order of their columns.
    fn methods(&self) -> Vec<&'a str> {
        let mut methods = Vec::new();
        for cell in self.cells {
            if !methods.contains(&cell.method.as_str()) {
                methods.push(cell.method.as_str());
            }
        }
        methods
    }

    /// The runs for which something holds.
    fn those(&self, wanted: impl Fn(&Cell) -> bool) -> Vec<&'a Cell> {
        self.cells.iter().filter(|cell| wanted(cell)).collect()
    }

    /// The main figure, and the score rule that each method has it by.
    fn scored_by<'m>(&self, methods: impl IntoIterator<Item = &'m str>) -> String {
        let rules: Vec<String> = methods
            .into_iter()
            .map(|method| format!("{method} by {}", self.rule(method)))
            .collect();
        format!("{}: {}.", self.table.figure(), rules.join(", "))
    }

    /// The rule by which a method's main figure is taken.
    fn rule(&self, method: &str) -> &'static str {
        let cell = self.cells.iter().find(|cell| cell.method == method);
        match cell.map(|cell| &cell.work) {
            Some(Work::ImageBaseline { .. } | Work::VectorBaseline { .. }) => BASELINE_RULE,
            Some(Work::Video { .. }) => "mean error",
            _ if method == RECOMMENDED => ScoreRule::SumOfThree.name(),
            _ => ScoreRule::Reconstruction.name(),
        }
    }
}

/// Draws a picture into a file.
type Picture<'a> = Box<dyn Fn(&Path) -> Result<(), Box<dyn Error>> + 'a>;
