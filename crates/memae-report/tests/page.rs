//! What a page holds, read by a browser's parser.

mod dom;
mod made;

use dom::{Element, parsed};
use memae_report::{Columns, Facts, Head, Report, SampleGroup, Scores, Threshold, Verdicts, Video};
use proptest::prelude::*;

/// Names as they could come from a folder, and how each is to be read on the page.
const HOSTILE: [(&str, &str); 12] = [
    ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ("\" onload=\"x", "\" onload=\"x"),
    ("' onerror='x", "' onerror='x"),
    ("]]>", "]]>"),
    (
        "--><img src=x onerror=alert(1)>",
        "--><img src=x onerror=alert(1)>",
    ),
    (
        "</title></style></svg><svg onload=x>",
        "</title></style></svg><svg onload=x>",
    ),
    ("{{ head.title }}{% raw %}", "{{ head.title }}{% raw %}"),
    ("&lt;b&gt;&#60;&amp", "&lt;b&gt;&#60;&amp"),
    ("photo\u{202e}gpj.exe", "photo\\u{202e}gpj.exe"),
    ("two\nlines\r\tand \0", "two\\nlines\\r\\tand \\u{0}"),
    ("javascript:alert(1)", "javascript:alert(1)"),
    (
        "\u{2066}\u{200b}\u{feff}\u{7f}",
        "\\u{2066}\\u{200b}\\u{feff}\\u{7f}",
    ),
];

fn page(report: &Report) -> Vec<Element> {
    let (elements, errors) = parsed(&report.render().unwrap());
    assert!(errors.is_empty(), "{errors:?}");
    elements
}

/// All tags with the names of their attributes, which no text may change.
fn skeleton(elements: &[Element]) -> Vec<(&str, Vec<&str>, usize)> {
    let shape = elements.iter().map(|element| {
        let attributes = element.attributes.iter().map(|(name, _)| name.as_str());
        (
            element.name.as_str(),
            attributes.collect(),
            element.within.len(),
        )
    });
    shape.collect()
}

fn named<'a>(elements: &'a [Element], name: &str) -> Vec<&'a Element> {
    elements
        .iter()
        .filter(|element| element.name == name)
        .collect()
}

#[test]
fn every_part_is_there_in_its_order() {
    let elements = page(&made::full("text", 0.4));
    let headings: Vec<&str> = named(&elements, "h2")
        .iter()
        .map(|element| element.text.as_str())
        .collect();
    assert_eq!(
        headings,
        [
            "2 of 5 text are anomalous.",
            "Threshold",
            "Scores",
            "How well anomalies are found",
            "Videos",
            "Worst samples",
            "text",
            "Columns that contribute most",
            "Memory",
            "Left out",
            "text",
        ]
    );
    let count = |name: &str| named(&elements, name).len();
    // Input, reconstruction, heat map, item read, item of the memory.
    assert_eq!(count("img"), 5);
    // Confusion table, samples without details.
    assert_eq!(count("table"), 2);
    let plots = elements.iter().filter(|element| {
        element
            .attribute("class")
            .is_some_and(|class| class.starts_with("plot"))
    });
    assert_eq!(plots.count(), 4);
    let text = &named(&elements, "body")[0].text;
    for part in [
        "and 5 more",
        "3.95\u{a0}% (3 of 76)",
        "AUC 0.4000",
        "average precision 0.4000",
        "false alarm",
        "missed",
    ] {
        assert!(text.contains(part), "{part}");
    }
}

#[test]
fn a_part_without_data_leaves_no_trace() {
    let bare = Report::new(Head::new("bare"), Verdicts::new(4, 0));
    let empty = bare
        .clone()
        .with_scores(Scores::new().with_normal([f64::NAN]))
        .with_video(Video::new("empty", []))
        .with_samples(SampleGroup::worst([]))
        .with_columns(Columns::new([]))
        .with_facts(Facts::new("nothing"));
    let elements = page(&bare);
    assert_eq!(elements, page(&empty));
    assert_eq!(named(&elements, "section").len(), 1);
    for name in ["svg", "img", "table", "figure", "ul", "h3"] {
        assert!(named(&elements, name).is_empty(), "{name}");
    }
}

#[test]
fn no_name_changes_the_page() {
    let harmless = page(&made::full("name", 0.4));
    for (name, shown) in HOSTILE {
        let elements = page(&made::full(name, 0.4));
        assert_eq!(skeleton(&elements), skeleton(&harmless), "{name:?}");
        for element in &elements {
            let place = format!("{name:?}: {element:?}");
            let banned = [
                "script",
                "iframe",
                "object",
                "embed",
                "link",
                "base",
                "form",
                "foreignObject",
                "use",
                "animate",
            ];
            assert!(!banned.contains(&element.name.as_str()), "{place}");
            for (attribute, value) in &element.attributes {
                assert!(
                    !attribute.starts_with("on") && attribute != "style",
                    "{place}"
                );
                if attribute == "href" {
                    assert_eq!(value, "#left-out");
                }
                if attribute == "src" {
                    assert!(value.starts_with("data:image/png;base64,"), "{place}");
                }
            }
        }
        // Where it stood before, it stands now: in headings, tables, charts, alternative texts.
        for (element, before) in elements.iter().zip(&harmless) {
            if element.children.is_empty() && element.name != "style" {
                assert_eq!(element.text, before.text.replace("name", shown), "{name:?}");
            }
            for ((_, value), (attribute, before)) in
                element.attributes.iter().zip(&before.attributes)
            {
                if ["alt", "aria-label"].contains(&attribute.as_str()) {
                    assert_eq!(*value, before.replace("name", shown), "{name:?}");
                }
            }
        }
        let times = |elements: &[Element], text: &str| {
            named(elements, "body")[0].text.matches(text).count()
        };
        assert!(times(&elements, shown) >= 70, "{name:?}");
    }
}

#[test]
fn pictures_and_charts_are_described() {
    let elements = page(&made::full("text", 0.4));
    for image in named(&elements, "img") {
        assert!(
            image.attribute("alt").is_some_and(|alt| !alt.is_empty()),
            "{image:?}"
        );
        assert!(image.attribute("width").is_some() && image.attribute("height").is_some());
    }
    let charts: Vec<&Element> = named(&elements, "svg");
    assert!(charts.len() > 8);
    for chart in charts {
        if chart.within.contains(&"svg".to_string()) {
            assert_eq!(chart.attribute("aria-hidden"), Some("true"));
            continue;
        }
        assert_eq!(chart.attribute("role"), Some("img"));
        assert!(
            chart
                .attribute("aria-label")
                .is_some_and(|label| !label.is_empty())
        );
        assert_eq!(chart.children[0], "title");
        let plot = chart
            .attribute("class")
            .is_some_and(|class| class.starts_with("plot"));
        assert_eq!(plot, chart.children.contains(&"desc".to_string()));
    }
    for title in named(&elements, "title")
        .iter()
        .chain(&named(&elements, "desc"))
    {
        assert!(!title.text.trim().is_empty());
    }
}

#[test]
fn the_page_is_well_made() {
    let page_text = made::full("text", 0.4).render().unwrap();
    let elements = page(&made::full("text", 0.4));
    assert!(page_text.starts_with("<!doctype html>"));
    assert_eq!(elements[0].attribute("lang"), Some("en"));
    let meta = named(&elements, "meta");
    assert_eq!(meta[0].attribute("charset"), Some("utf-8"));
    // Before anything that it is to govern.
    assert_eq!(
        meta[1].attribute("http-equiv"),
        Some("Content-Security-Policy")
    );
    let policy = meta[1].attribute("content").unwrap();
    assert!(
        policy.starts_with("default-src 'none'; img-src data:; style-src 'unsafe-inline'"),
        "{policy}"
    );
    assert_eq!(meta[2].attribute("name"), Some("viewport"));
    assert_eq!(named(&elements, "h1").len(), 1);
    assert_eq!(named(&elements, "main").len(), 1);
    let mut level = 1;
    for element in &elements {
        if let ("h", Ok(found)) = (&element.name[..1], element.name[1..].parse::<u8>()) {
            assert!(found <= level + 1, "{element:?} after level {level}");
            level = found;
        }
    }
    let mut ids: Vec<&str> = elements
        .iter()
        .filter_map(|element| element.attribute("id"))
        .collect();
    for element in &elements {
        let target = element.attribute("aria-labelledby");
        let link = element.attribute("href").map(|link| &link[1..]);
        for id in target.into_iter().chain(link) {
            assert!(ids.contains(&id), "{id}");
        }
    }
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for far in ["http://", "https://", "url(", "@import", "//"] {
        let base64_left_out = page_text
            .split('"')
            .filter(|part| !part.starts_with("data:"));
        assert!(
            base64_left_out.clone().all(|part| !part.contains(far)),
            "{far}"
        );
    }
}

#[test]
fn what_is_not_finite_is_never_written() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let elements = page(&made::full("text", number));
        let body = &named(&elements, "body")[0].text;
        let attributes = elements.iter().flat_map(|element| &element.attributes);
        let attributes = attributes
            .filter(|(name, _)| name != "src")
            .map(|(_, value)| value.as_str());
        for text in attributes.chain([body.as_str()]) {
            let mut words = text.split(|character: char| !character.is_alphanumeric());
            assert!(
                words.all(|word| !["NaN", "nan", "inf", "Infinity"].contains(&word)),
                "{text}"
            );
        }
        let word = if number.is_nan() {
            "– (not a number)"
        } else {
            "infinite)"
        };
        assert!(body.contains(word));
    }
}

#[test]
fn a_million_scores_make_a_small_page() {
    let scores = (0..1_000_000).map(|at| (f64::from(at) * 0.37).sin() + 2.0);
    let report = Report::new(Head::new("many"), Verdicts::new(900_000, 100_000))
        .with_threshold(Threshold::new(2.9, "given"))
        .with_scores(Scores::new().with_unlabelled(scores.clone()))
        .with_video(Video::new("day.mp4", scores));
    let page = report.render().unwrap();
    assert!(page.len() < 120_000, "{}", page.len());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn no_text_changes_the_page(text in any::<String>()) {
        let elements = page(&made::full(&text, 0.4));
        let harmless = page(&made::full("name", 0.4));
        prop_assert_eq!(skeleton(&elements), skeleton(&harmless));
    }
}
