/// A Markdown table; `-` stands for what is missing.
pub(crate) fn table(header: &[String], rows: &[Vec<Option<String>>]) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let mut text = line(&mut header.iter().cloned());
    text.push_str(&line(&mut header.iter().map(|_| "---".to_string())));
    for row in rows {
        let cell = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "-".to_string());
        text.push_str(&line(&mut row.iter().map(cell)));
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_gap_is_shown() {
        let header = ["class", "AE"].map(String::from);
        let rows = [vec![Some("0".to_string()), None]];
        let text = super::table(&header, &rows);
        assert_eq!(text, "| class | AE |\n| --- | --- |\n| 0 | - |\n");
    }
}
