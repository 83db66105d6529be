//! Crates that depend on one another.

use use_order::DependencyKind::{Build, Dev, Normal};

use crate::house::House;

const ORDERS: &str = "[crate.ground]\n[crate.roof]\ndependencies = [\"ground\"]\n";

fn two_crates() -> House {
    let house = House::empty();
    house.write(&[
        ("ground/src/lib.rs", ""),
        ("roof/src/lib.rs", "use ground::Ground;\n"),
    ]);
    house
}

#[test]
fn along_the_order() {
    let mut house = two_crates();
    house.add_crate("ground", "ground", &[("serde", Normal)]);
    house.add_crate("roof", "roof", &[("ground", Normal)]);
    assert_eq!(house.findings(ORDERS), Vec::<String>::new());
}

#[test]
fn against_the_order() {
    for kind in [Normal, Build] {
        let mut house = two_crates();
        let manifest = "[package]\nname = \"ground\"\n[dev-dependencies]\nroof = \"1\"\n\n[dependencies]\nroof.workspace = true\n";
        house.write(&[("ground/Cargo.toml", manifest)]);
        house.add_crate("ground", "ground", &[("roof", kind)]);
        house.add_crate("roof", "roof", &[]);
        assert_eq!(
            house.findings(ORDERS),
            ["ground/Cargo.toml:7: ground may not depend on roof"]
        );
    }
}

#[test]
fn the_line_of_a_dependency_in_other_forms() {
    for (manifest, line) in [
        (
            "[workspace.dependencies]\nroof = \"1\"\n[dependencies]\nroof = \"1\"\n",
            4,
        ),
        ("[package]\n[dependencies.roof]\npath = \"x\"\n", 2),
        ("[dependencies]\nattic = { package = \"roof\" }\n", 2),
        (
            "[target.'cfg(unix)'.dependencies]\n\nroof = \"1\"\n[features]\nroof = []\n",
            3,
        ),
        ("[features]\nroof = []\n", 1),
    ] {
        let mut house = two_crates();
        house.write(&[("ground/Cargo.toml", manifest)]);
        house.add_crate("ground", "ground", &[("roof", Normal)]);
        house.add_crate("roof", "roof", &[]);
        let place = format!("ground/Cargo.toml:{line}: ");
        assert!(house.findings(ORDERS)[0].starts_with(&place), "{manifest}");
    }
}

#[test]
fn tests_and_examples_may_take_any_crate() {
    let mut house = two_crates();
    house.add_crate("ground", "ground", &[("roof", Dev)]);
    house.add_crate("roof", "roof", &[]);
    assert_eq!(house.findings(ORDERS), Vec::<String>::new());
}

#[test]
fn entries_that_do_not_fit_the_workspace() {
    let mut house = two_crates();
    house.add_crate("roof", "roof", &[]);
    house.add_crate("yard", "ground", &[]);
    assert_eq!(
        house.findings(ORDERS),
        [
            "ground/Cargo.toml:1: the crate yard has no entry in the orders",
            "orders.toml:1: the workspace has no crate ground",
            "orders.toml:3: the workspace has no crate ground",
        ]
    );
}
