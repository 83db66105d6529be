//! A table's page: Markdown, and pictures beside it.

mod classes;
mod markdown;
mod methods;
mod settings;

use std::error::Error;
use std::io::Write;
use std::path::Path;

use memae::data::replace_file;

use crate::baseline::Baseline;
use crate::cell::Cell;
use crate::plan::RECOMMENDED;
use crate::record::Results;
use crate::table::Table;
use crate::work::BASELINE_RULE;
use memae::detect::ScoreRule;

/// The page of a table as far as its runs have been made.
pub struct Page<'a> {
    table: Table,
    data: &'a str,
    cells: &'a [Cell],
    results: &'a Results,
    missing: usize,
}

impl<'a> Page<'a> {
    pub fn new(table: Table, data: &'a str, cells: &'a [Cell], results: &'a Results) -> Self {
        let missing = cells.iter().filter(|cell| results.of(cell).is_none());
        Self {
            table,
            data,
            cells,
            results,
            missing: missing.count(),
        }
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
        for (file, picture) in pictures {
            picture(&folder.join(file))?;
        }
        let path = folder.join(format!("{name}.md"));
        replace_file(&path, |out| out.write_all(text.as_bytes()))
            .map_err(|error| format!("{}: can't be written: {error}", path.display()))?;
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
            if let Some(curve) = methods::curve(self) {
                let file = format!("{name}_epochs.png");
                let figure = self.table.figure();
                parts.push(format!("![{figure} over passes]({link}{file})\n"));
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
        let seeds = self.cells.iter().map(|cell| cell.seed + 1).max();
        text.push_str(&format!(
            "Data: {}. Mean ± standard deviation over {} seeds; without ± where there is one seed.\n",
            self.data,
            seeds.unwrap_or_default()
        ));
        text
    }

    /// The methods, in the order of their columns.
    fn methods(&self) -> Vec<&'static str> {
        let mut methods = Vec::new();
        for cell in self.cells {
            if !methods.contains(&cell.method) {
                methods.push(cell.method);
            }
        }
        methods
    }

    /// The runs for which something holds.
    fn those(&self, wanted: impl Fn(&Cell) -> bool) -> Vec<&'a Cell> {
        self.cells.iter().filter(|cell| wanted(cell)).collect()
    }

    /// The rule by which a method's main figure is taken.
    fn rule(&self, method: &str) -> &'static str {
        if Baseline::ALL.iter().any(|other| other.name() == method) {
            return BASELINE_RULE;
        }
        match method {
            _ if self.table == Table::Video => "mean error",
            RECOMMENDED if self.table != Table::Kddcup => ScoreRule::SumOfThree.name(),
            _ => ScoreRule::Reconstruction.name(),
        }
    }
}

/// Draws a picture into a file.
type Picture<'a> = Box<dyn Fn(&Path) -> Result<(), Box<dyn Error>> + 'a>;
