use std::collections::{HashMap, HashSet};

use super::config::{ColumnId, ColumnKind, Header, TableConfig};
use super::error::TableError;
use super::place::unnamed;
use crate::short_text::{listed, shortened};

const NUMBERED: &str = "; `with_repeated_names(RepeatedNames::Numbered)` tells them apart";

/// The kind of each column of a file, given their names.
pub(super) fn kinds(config: &TableConfig, names: &[String]) -> Result<Vec<ColumnKind>, TableError> {
    let mut kinds: Vec<Option<ColumnKind>> = vec![None; names.len()];
    let asked = [
        (ColumnKind::Numeric, &config.numeric[..]),
        (ColumnKind::Categorical, &config.categorical[..]),
        (ColumnKind::Ignored, &config.ignored[..]),
        (ColumnKind::Label, config.label.as_slice()),
    ];
    let places = Places::new(names);
    for (kind, ids) in asked {
        for id in ids {
            let index = places.find(id)?;
            match kinds[index] {
                Some(first) if first != kind => {
                    return Err(TableError::TwoKinds {
                        column: index + 1,
                        name: names[index].clone(),
                        first,
                        second: kind,
                    });
                }
                _ => kinds[index] = Some(kind),
            }
        }
    }
    let kinds = kinds.into_iter();
    Ok(kinds.map(|kind| kind.unwrap_or(config.others)).collect())
}

/// The name and the kind of each column of a file, if a table can be made of them.
pub(super) fn columns(
    names: Vec<String>,
    kinds: Vec<ColumnKind>,
) -> Result<Vec<(String, ColumnKind)>, TableError> {
    let columns: Vec<(String, ColumnKind)> = names.into_iter().zip(kinds).collect();
    check(&columns, NUMBERED)?;
    Ok(columns)
}

/// Where the columns of a file are, by name: a table may have as many as are asked for.
struct Places<'a> {
    names: &'a [String],
    /// The first column of a name, and the second if there is one.
    by_name: HashMap<&'a str, (usize, Option<usize>)>,
}

impl<'a> Places<'a> {
    fn new(names: &'a [String]) -> Self {
        let mut by_name = HashMap::with_capacity(names.len());
        for (index, name) in names.iter().enumerate() {
            by_name
                .entry(name.as_str())
                .and_modify(|(_, second): &mut (usize, Option<usize>)| {
                    second.get_or_insert(index);
                })
                .or_insert((index, None));
        }
        Self { names, by_name }
    }

    fn find(&self, id: &ColumnId) -> Result<usize, TableError> {
        match id {
            ColumnId::Number(number) => match (1..=self.names.len()).contains(number) {
                true => Ok(number - 1),
                false => Err(TableError::UnknownNumber {
                    found: *number,
                    columns: self.names.len(),
                }),
            },
            // Names of the file are without white space around them.
            ColumnId::Name(name) => match self.by_name.get(name.trim()) {
                Some(&(index, None)) => Ok(index),
                Some(&(first, Some(second))) => Err(repeated(name, first, second, NUMBERED)),
                None => Err(TableError::UnknownName {
                    found: shortened(name),
                    present: listed(self.names),
                    hint: delimiter_hint(self.names),
                }),
            },
        }
    }
}

/// A single name that holds what separates fields elsewhere is several names.
fn delimiter_hint(names: &[String]) -> &'static str {
    match names {
        [name] if name.contains(';') => "; `with_delimiter(';')` separates fields by semicolons",
        [name] if name.contains('\t') => "; `with_delimiter('\\t')` separates fields by tabs",
        [name] if name.contains('|') => "; `with_delimiter('|')` separates fields by bars",
        [name] if name.contains(',') => "; `with_delimiter(',')` separates fields by commas",
        _ => "",
    }
}

/// What is read must be something, with one label at most, under distinct names; `hint` is what may help where they are not.
pub(super) fn check(
    columns: &[(String, ColumnKind)],
    hint: &'static str,
) -> Result<(), TableError> {
    let of_kind = |wanted: &[ColumnKind]| -> Vec<usize> {
        let kept = |&index: &usize| wanted.contains(&columns[index].1);
        (0..columns.len()).filter(kept).collect()
    };
    let read = of_kind(&[ColumnKind::Numeric, ColumnKind::Categorical]);
    if read.is_empty() {
        return Err(TableError::NoColumns);
    }
    let labels = of_kind(&[ColumnKind::Label]).len();
    if labels > 1 {
        return Err(TableError::SeveralLabels { found: labels });
    }
    let mut by_name = read;
    by_name.sort_by_key(|&index| &columns[index].0);
    let repeats = |pair: &&[usize]| columns[pair[0]].0 == columns[pair[1]].0;
    match by_name.windows(2).find(repeats) {
        Some(pair) => Err(repeated(&columns[pair[0]].0, pair[0], pair[1], hint)),
        None => Ok(()),
    }
}

fn repeated(name: &str, first: usize, second: usize, hint: &'static str) -> TableError {
    TableError::RepeatedName {
        name: shortened(name),
        first: first + 1,
        second: second + 1,
        hint,
    }
}

/// The names of the columns where the file does not hold them.
pub(super) fn given_names(header: &Header, columns: usize) -> Vec<String> {
    match header {
        Header::Names(names) => names.iter().map(|name| name.trim().to_string()).collect(),
        _ => (1..=columns).map(unnamed).collect(),
    }
}

/// Names made distinct: further ones of a name get a number that no other name has.
pub(super) fn numbered(names: Vec<String>) -> Vec<String> {
    let mut taken: HashSet<String> = names.iter().cloned().collect();
    let mut used: HashMap<String, u64> = HashMap::new();
    let names = names.into_iter().enumerate();
    names
        .map(|(index, name)| {
            let name = match name.is_empty() {
                true => unnamed(index + 1),
                false => name,
            };
            let Some(count) = used.get_mut(&name) else {
                taken.insert(name.clone());
                used.insert(name.clone(), 0);
                return name;
            };
            loop {
                *count += 1;
                let own = format!("{name}.{count}");
                if taken.insert(own.clone()) {
                    return own;
                }
            }
        })
        .collect()
}
