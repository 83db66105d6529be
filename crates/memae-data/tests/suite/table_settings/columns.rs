//! Tables of columns that a program holds.

use super::*;

#[test]
fn columns_of_a_program_make_the_table_that_a_file_makes() {
    let text = "kind,size,class\na,1,x\nb,-2.5,y\na,300,x\n";
    let config = TableConfig::default()
        .with_categorical(["kind"])
        .with_numeric(["size"])
        .with_label("class");
    let of_file = read(&config, text).expect("whole");
    let table = Table::from_columns(
        "query",
        [
            // Blanks are taken off, as they are of what a file holds.
            InputColumn::texts(" kind", ["a", "b ", "\ta"]),
            InputColumn::numbers("size\u{a0}", [1.0, -2.5, 300.0]),
            InputColumn::labels(
                "class ",
                vec!["x".to_string(), " y".to_string(), "x".to_string()],
            ),
        ],
    )
    .expect("columns");
    assert_eq!(table.columns(), of_file.columns());
    assert_eq!(table.labels(), of_file.labels());
    assert_eq!((table.path(), table.line(2)), (Path::new("query"), 3));
    let encoder = TableEncoderConfig::default()
        .fit(&of_file, &[0, 1, 2])
        .expect("rows");
    assert_eq!(
        encoder.encode(&table).expect("known"),
        encoder.encode(&of_file).expect("known")
    );
}

#[test]
fn columns_that_make_no_table_are_errors() {
    let size = || InputColumn::numbers("size", [1.0, 2.0]);
    let refused = "expected a finite number, at most 3.4e38 in size; \
                   `InputColumn::optional_numbers` takes missing and infinite ones";
    for (columns, expected) in [
        (
            vec![],
            "columns: found none that is numeric or categorical, expected at least one".to_string(),
        ),
        (
            vec![InputColumn::labels("class", ["x"])],
            "columns: found none that is numeric or categorical, expected at least one".to_string(),
        ),
        (
            vec![InputColumn::numbers("size", [])],
            "rows: found none, expected at least one".to_string(),
        ),
        (
            vec![size(), InputColumn::texts("kind", ["a"])],
            "column 2 (kind): found 1 rows, expected 2 as in the first column".to_string(),
        ),
        (
            vec![size(), size()],
            "columns 1 and 2: found the name `size` twice, expected distinct names".to_string(),
        ),
        (
            vec![
                size(),
                InputColumn::labels("a", ["x", "y"]),
                InputColumn::labels("b", ["x", "y"]),
            ],
            "labels: found 2 columns, expected at most one".to_string(),
        ),
        (
            vec![InputColumn::numbers("size", [1.0, f64::NAN])],
            format!("row 2, column 1 (size): found NaN, {refused}"),
        ),
        (
            vec![size(), InputColumn::numbers("load", [-1e39, 0.0])],
            format!(
                "row 1, column 2 (load): found -infinity, or a number below -3.4e38, {refused}"
            ),
        ),
    ] {
        let error = Table::from_columns("query", columns).expect_err("no table");
        assert_eq!(error.to_string(), format!("query: {expected}"));
    }
}
