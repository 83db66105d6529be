//! Uses against the order of a folder, and orders that do not fit the modules.

use use_order::OrdersError;

use crate::house::House;

/// Low, middle and high, where `middle` has this text.
fn house(middle: &str) -> House {
    House::new(&[
        (
            "src/lib.rs",
            "mod low;\nmod middle;\nmod beside;\nmod high;\n",
        ),
        ("src/low.rs", "pub struct Low;\n"),
        ("src/middle.rs", middle),
        ("src/beside.rs", "pub struct Beside;\n"),
        ("src/high.rs", "pub struct High;\n"),
    ])
}

const ORDER: &str = "[crate.house]\norder = [[\"low\"], [\"middle\", \"beside\"], [\"high\"]]\n";

#[test]
fn along_the_order() {
    let found = house("use crate::low::Low;\npub struct Middle(Low);\n").findings(ORDER);
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn a_higher_layer() {
    let found = house("use crate::high::High;\npub struct Middle(High);\n").findings(ORDER);
    assert_eq!(
        found,
        ["src/middle.rs:1: `crate::high::High` runs against the order: `high` lies above `middle`"]
    );
}

#[test]
fn the_same_layer() {
    let found = house("\nuse super::beside::Beside;\n").findings(ORDER);
    assert_eq!(
        found,
        [
            "src/middle.rs:2: `super::beside::Beside` runs against the order: `middle` and `beside` lie in one layer"
        ]
    );
}

#[test]
fn an_exception() {
    let house = house("use super::beside::Beside;\nuse super::high::High;\n");
    let found = house.findings(&format!("{ORDER}allow = [\"middle -> beside\"]\n"));
    assert_eq!(found.len(), 1, "{found:?}");
    let found = house.findings(&format!(
        "{ORDER}allow = [\"beside -> middle\", \"middle -> high\"]\n"
    ));
    assert_eq!(found.len(), 1, "{found:?}");
    let found = house.findings(&format!(
        "{ORDER}allow = [\"middle->beside\", \"middle -> high\"]\n"
    ));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn every_use_is_told_and_its_names_are_not_told_again() {
    let found = house(
        "use crate::high::High;\nuse crate::high::High as Same;\nfn f(_: High) {}\nfn g(_: crate::beside::Beside) {}\n",
    )
    .findings(ORDER);
    let places: Vec<&str> = found
        .iter()
        .map(|line| line.split(": ").next().unwrap())
        .collect();
    assert_eq!(
        places,
        ["src/middle.rs:1", "src/middle.rs:2", "src/middle.rs:4"]
    );
}

#[test]
fn alone() {
    let order =
        "[crate.house]\norder = [[\"low\"], [\"middle\"], [\"high\"]]\nalone = [\"beside\"]\n";
    let found = house("use super::beside::Beside;\n").findings(order);
    assert_eq!(
        found,
        [
            "src/middle.rs:1: `super::beside::Beside` runs against the order: `beside` stands alone and `middle` uses it"
        ]
    );
    let house = house("pub struct Middle;\n");
    house.write(&[("src/beside.rs", "use crate::low::Low;\n")]);
    assert_eq!(
        house.findings(order),
        [
            "src/beside.rs:1: `crate::low::Low` runs against the order: `beside` stands alone and uses `low`"
        ]
    );
}

#[test]
fn through_a_re_export() {
    let files = |low: &'static str| {
        House::new(&[
            ("src/lib.rs", "mod low;\nmod high;\npub use high::High;\n"),
            ("src/low.rs", low),
            (
                "src/high.rs",
                "pub struct High;\npub use crate::low::Low;\n",
            ),
        ])
    };
    let order = "[crate.house]\norder = [[\"low\"], [\"high\"]]\n";
    // Defined above, written by the root; and defined below, written by what lies above.
    for low in [
        "use crate::High;\npub struct Low;\n",
        "use crate::high::Low as Same;\npub struct Low;\n",
    ] {
        let found = files(low).findings(order);
        assert!(
            found
                .iter()
                .any(|line| line.contains("`high` lies above `low`")),
            "{found:?}"
        );
    }
}

#[test]
fn modules_without_a_place_and_places_without_a_module() {
    let order = "[crate.house]\norder = [\n    [\"low\"],\n    [\"middle\", \"attic\"],\n]\nallow = [\"middle -> cellar\"]\n";
    let found = house("pub struct Middle;\n").findings(order);
    assert_eq!(
        found,
        [
            "orders.toml:4: house has no module `attic` outside tests",
            "orders.toml:6: house has no module `cellar` outside tests",
            "src/lib.rs:3: module `beside` has no place in the order of house",
            "src/lib.rs:4: module `high` has no place in the order of house",
        ]
    );
}

#[test]
fn inside_a_folder() {
    let house = House::new(&[
        ("src/lib.rs", "mod room;\n"),
        ("src/room/mod.rs", "mod shelf;\npub use shelf::*;\n"),
        ("src/room/shelf/mod.rs", "pub mod lower;\npub mod upper;\n"),
        (
            "src/room/shelf/lower.rs",
            "fn f(_: super::upper::Upper) {}\n",
        ),
        ("src/room/shelf/upper.rs", "pub struct Upper;\n"),
    ]);
    let order =
        "[crate.house]\n[crate.house.within.\"room::shelf\"]\norder = [[\"lower\"], [\"upper\"]]\n";
    assert_eq!(
        house.findings(order),
        [
            "src/room/shelf/lower.rs:1: `super::upper::Upper` runs against the order of `room::shelf`: `upper` lies above `lower`"
        ]
    );
    let found = house.findings("[crate.house.within.room]\norder = [[\"shelf\"]]\n");
    assert_eq!(found, Vec::<String>::new());
    let order = "[crate.house]\n[crate.house.within.\"room::chest\"]\norder = [[\"drawer\"]]\n";
    assert_eq!(
        house.findings(order),
        ["orders.toml:2: house has no module `room::chest` outside tests"]
    );
}

#[test]
fn orders_of_another_form() {
    let house = house("");
    let unknown = house.orders("[crate.house]\nordre = []\n").unwrap_err();
    assert!(matches!(unknown, OrdersError::Form { .. }) && unknown.to_string().contains("ordre"));
    let exception = house
        .orders("[crate.house]\norder = []\nallow = [\"low > high\"]\n")
        .unwrap_err();
    assert!(
        exception
            .to_string()
            .ends_with("orders.toml:3: `low > high` is no exception, expected `module -> module`")
    );
    let twice = house
        .orders("[crate.house]\norder = [[\"low\"],\n [\"low\"]]\n")
        .unwrap_err();
    assert!(
        twice
            .to_string()
            .ends_with("orders.toml:3: `low` has a place already"),
        "{twice}"
    );
    let orderless = house
        .orders("[crate.house]\nalone = [\"low\"]\n")
        .unwrap_err();
    assert!(
        matches!(orderless, OrdersError::WithoutOrder { line: 2, .. }),
        "{orderless}"
    );
    let file = house.path().join("none.toml");
    assert!(matches!(
        use_order::Orders::read(&file),
        Err(OrdersError::Read { .. })
    ));
}
