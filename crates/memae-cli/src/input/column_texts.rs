//! Columns of texts of which it is doubtful that they are categories.

use std::fmt;

use memae::data::sample::Categories;

/// More different texts than this are no categories, however often they repeat.
const MAX_CATEGORIES: usize = 1000;

/// So few different texts are categories even where hardly any repeats, as in a table of few rows.
const FEW: usize = 36;

/// So few texts among numbers are no categories of their own.
const NEARLY: f64 = 0.1;

/// Letters of a text that are shown.
const SHOWN: usize = 40;

/// Why a column of texts is not taken for categories: each new row would have one that no row trained on has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Its numbers have a decimal comma.
    DecimalCommas {
        /// The first of them.
        example: String,
    },
    /// Nearly all of its texts are numbers, as where one is broken or a word stands for a gap.
    NearlyNumbers {
        /// The first that is none.
        example: String,
        others: usize,
        rows: usize,
    },
    /// Most of its texts differ, as dates and identifiers do.
    MostDiffer {
        /// The first that is no number.
        example: String,
        texts: usize,
        rows: usize,
    },
}

impl Doubt {
    /// Whether it is a doubt about this column alone.
    pub(super) fn is_of_one(&self) -> bool {
        !matches!(self, Self::DecimalCommas { .. })
    }
}

impl fmt::Display for Doubt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DecimalCommas { example } => write!(
                f,
                "found numbers with a comma, as `{example}`, expected a decimal point; `--decimal-comma` takes decimal commas, \
                 `--categorical` takes the column as categories"
            ),
            Self::NearlyNumbers {
                example,
                others,
                rows,
            } => write!(
                f,
                "found texts that are no numbers in {others} of the first {rows} rows, as `{example}`, where all others are, expected \
                 numbers; `--lenient` with `--missing-text` takes them for missing numbers, `--ignore` leaves the column out, \
                 `--categorical` takes each text as a category"
            ),
            Self::MostDiffer {
                example,
                texts,
                rows,
            } => write!(
                f,
                "found {texts} different texts in the first {rows} rows, as `{example}`, expected numbers, or categories that \
                 repeat; `--ignore` leaves the column out, `--categorical` takes each text as a category"
            ),
        }
    }
}

/// What is doubtful about texts that are not all numbers, as categories; `is_number` tells numbers as the options have them.
pub(super) fn doubt(
    categories: &Categories,
    is_number: impl Fn(&str) -> bool,
    decimal_comma: bool,
) -> Option<Doubt> {
    let (names, counts) = (categories.names(), categories.counts());
    let rows = categories.codes().len();
    let example = |is: &dyn Fn(&str) -> bool| {
        let first = names.iter().find(|text| is(text));
        let letters = first.map(|text| text.escape_debug().take(SHOWN).collect());
        letters.unwrap_or_default()
    };
    let is_comma = |text: &str| !decimal_comma && has_decimal_comma(text);
    let rows_of = |is: &dyn Fn(&str) -> bool| -> usize {
        let of = names.iter().zip(&counts);
        of.filter_map(|(text, count)| is(text).then_some(count))
            .sum()
    };
    let with_comma = rows_of(&is_comma);
    // A whole number has no comma.
    let all_are_numbers = || names.iter().all(|text| is_comma(text) || is_number(text));
    if with_comma > 0 && (2 * with_comma > rows || all_are_numbers()) {
        return Some(Doubt::DecimalCommas {
            example: example(&is_comma),
        });
    }
    let others = rows_of(&|text| !is_number(text));
    if others as f64 <= NEARLY * rows_of(&|text| !text.is_empty()) as f64 {
        return Some(Doubt::NearlyNumbers {
            example: example(&|text| !is_number(text)),
            others,
            rows,
        });
    }
    let texts = names.len();
    let most_differ = texts > FEW && 2 * texts > rows;
    (most_differ || texts > MAX_CATEGORIES).then(|| Doubt::MostDiffer {
        example: example(&|text| !is_number(text)),
        texts,
        rows,
    })
}

fn has_decimal_comma(text: &str) -> bool {
    text.contains(',') && !text.contains('.') && text.replacen(',', ".", 1).parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use memae::data::sample::{ColumnValues, InputColumn, Table};

    use super::*;

    fn of(texts: impl IntoIterator<Item = String>, decimal_comma: bool) -> Option<Doubt> {
        let texts: Vec<String> = texts.into_iter().collect();
        let column = InputColumn::texts("x", texts.iter().map(String::as_str));
        let table = Table::from_columns("rows", [column]).expect("a column");
        let is_number = |text: &str| text.is_empty() || text.parse::<f64>().is_ok();
        match &table.columns()[0].values {
            ColumnValues::Categorical(categories) => doubt(categories, is_number, decimal_comma),
            ColumnValues::Numeric(_) => panic!("texts"),
        }
    }

    fn each_of(different: usize, rows: usize) -> Option<Doubt> {
        of((0..rows).map(|row| format!("id{}", row % different)), false)
    }

    #[test]
    fn texts_that_mostly_differ_are_doubtful_and_few_are_not() {
        let found = |texts, rows| {
            Some(Doubt::MostDiffer {
                example: "id0".to_string(),
                texts,
                rows,
            })
        };
        // Tables of few rows.
        assert_eq!(each_of(36, 36), None);
        assert_eq!(each_of(37, 37), found(37, 37));
        // More than half of the rows.
        assert_eq!(each_of(100, 200), None);
        assert_eq!(each_of(101, 200), found(101, 200));
        // The services of KDDCUP99.
        assert_eq!(each_of(66, 7000), None);
        assert_eq!(each_of(1000, 9000), None);
        assert_eq!(each_of(1001, 9000), found(1001, 9000));
    }

    #[test]
    fn few_texts_among_numbers_are_doubtful() {
        let with = |others: usize, rows: usize| {
            let texts = (0..rows).map(|row| match row < others {
                true => "?".to_string(),
                false => (row % 5).to_string(),
            });
            of(texts, false)
        };
        for (others, rows) in [(1, 10), (1, 60_000), (20, 200)] {
            assert_eq!(
                with(others, rows),
                Some(Doubt::NearlyNumbers {
                    example: "?".to_string(),
                    others,
                    rows
                })
            );
        }
        assert_eq!(with(2, 10), None);
        assert_eq!(with(100, 200), None);
    }

    #[test]
    fn numbers_with_commas_are_told_from_categories() {
        let texts = |texts: &[&str]| {
            texts
                .iter()
                .map(|text| text.to_string())
                .collect::<Vec<_>>()
        };
        let commas = |example: &str| {
            Some(Doubt::DecimalCommas {
                example: example.to_string(),
            })
        };
        assert_eq!(of(texts(&["3", "", "0,5", "7"]), false), commas("0,5"));
        assert_eq!(of(texts(&["?", "-1,5", "0,5"]), false), commas("-1,5"));
        assert_eq!(of(texts(&["a", "b", "0,5"]), false), None);
        assert_eq!(of(texts(&["1,2,3", "1.234,5"]), false), None);
        assert_eq!(of(texts(&["a", "0,5", "1,5"]), true), None);
    }

    #[test]
    fn what_is_shown_is_a_text_that_is_no_number() {
        let texts = (0..200).map(|row| match row {
            77 => "x".repeat(100),
            _ => row.to_string(),
        });
        let found = of(texts, false).expect("200 texts").to_string();
        let shown = format!("as `{}`,", "x".repeat(SHOWN));
        assert!(found.contains(&shown), "{found}");
    }
}
