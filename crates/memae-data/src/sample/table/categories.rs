use std::collections::HashMap;
use std::fmt;

/// A category for each row, kept as a number into the names that occur.
#[derive(Clone, PartialEq, Eq)]
pub struct Categories {
    names: Vec<String>,
    codes: Vec<u32>,
}

impl Categories {
    /// The names that occur, each once, in the order in which they were first read.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// For each row the index of its category in [`names`](Self::names), `[rows]`.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The category of a row.
    ///
    /// # Panics
    ///
    /// `row` is not below the number of rows.
    pub fn name(&self, row: usize) -> &str {
        let rows = self.codes.len();
        assert!(row < rows, "row {row} of {rows} rows");
        &self.names[self.codes[row] as usize]
    }

    /// How many rows have each category, in the order of [`names`](Self::names).
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.names.len()];
        for &code in &self.codes {
            counts[code as usize] += 1;
        }
        counts
    }
}

/// Shows the names and leaves out the rows.
impl fmt::Debug for Categories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Categories")
            .field("names", &self.names)
            .field("rows", &self.codes.len())
            .finish_non_exhaustive()
    }
}

/// Categories as they are read.
#[derive(Default)]
pub(super) struct CategoriesBuilder {
    names: Vec<String>,
    codes: Vec<u32>,
    code_of: HashMap<Box<[u8]>, u32>,
}

/// Why a category is not added.
pub(super) enum Refused {
    NotUtf8,
    TooMany,
}

impl CategoriesBuilder {
    /// What a category takes beside its text, which is kept twice, in bytes and at most.
    const OVERHEAD: u64 = 128;

    /// Adds the category of one row; gives the bytes that it takes beside its code.
    pub(super) fn push(&mut self, name: &[u8]) -> Result<u64, Refused> {
        if let Some(&code) = self.code_of.get(name) {
            self.codes.push(code);
            return Ok(0);
        }
        let text = std::str::from_utf8(name).map_err(|_| Refused::NotUtf8)?;
        let code = u32::try_from(self.names.len()).map_err(|_| Refused::TooMany)?;
        self.names.push(text.to_string());
        self.code_of.insert(name.into(), code);
        self.codes.push(code);
        Ok(2 * name.len() as u64 + Self::OVERHEAD)
    }

    pub(super) fn finish(mut self) -> Categories {
        self.codes.shrink_to_fit();
        Categories {
            names: self.names,
            codes: self.codes,
        }
    }
}
