//! The program on whole workspaces, as cargo sees them.

use std::process::Command;

use crate::house::House;

const MANIFEST: &str = "[workspace]\nmembers = [\"crates/*\"]\n";
const PACKAGE: &str = "[package]\nname = \"house\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";

fn workspace(b: &str) -> House {
    let house = House::empty();
    house.write(&[
        ("Cargo.toml", MANIFEST),
        ("crates/house/Cargo.toml", PACKAGE),
        ("crates/house/src/lib.rs", "mod a;\nmod b;\n"),
        (
            "crates/house/src/a.rs",
            "use crate::b::B;\npub struct A(B);\n",
        ),
        ("crates/house/src/b.rs", b),
        (
            "crates/house/tests/suite.rs",
            "use nothing::crate_of::this;\n",
        ),
        ("crates/house/examples/small.rs", "fn main() {}\n"),
        (
            "tools/use-order/orders.toml",
            "[crate.house]\norder = [[\"b\"], [\"a\"]]\n",
        ),
    ]);
    house
}

/// Exit code, output and errors.
fn run(house: &House, arguments: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_use-order"))
        .arg("--root")
        .arg(house.path())
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn a_workspace_in_order() {
    let (code, output, errors) = run(&workspace("pub struct B;\n"), &[]);
    let expected = "crates: 1, files: 4, names of other files: 2; no circle, and all in order\n";
    assert_eq!((code, output.as_str(), errors.as_str()), (0, expected, ""));
}

#[test]
fn a_workspace_with_a_circle_against_the_order() {
    let (code, output, errors) = run(&workspace("use crate::a::A;\npub struct B(Box<A>);\n"), &[]);
    let expected = "\
crates/house/src/a.rs:1: `crate::b::B` closes a circle of 2 files: crates/house/src/a.rs:1 -> crates/house/src/b.rs:1 -> crates/house/src/a.rs
crates/house/src/b.rs:1: `crate::a::A` runs against the order: `a` lies above `b`
crates: 1, files: 4, names of other files: 4; against the rules: 2
";
    assert_eq!((code, output.as_str(), errors.as_str()), (1, expected, ""));
}

#[test]
fn orders_from_another_file() {
    let house = workspace("pub struct B;\n");
    house.write(&[("other.toml", "[crate.house]\norder = [[\"a\"], [\"b\"]]\n")]);
    let file = house.path().join("other.toml");
    let (code, output, _) = run(&house, &["--orders", file.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(
        output.starts_with("crates/house/src/a.rs:1: `crate::b::B` runs against"),
        "{output}"
    );
}

#[test]
fn what_can_not_be_looked_at() {
    let house = workspace("pub struct B;\n\nfn broken( {\n");
    let (code, output, errors) = run(&house, &[]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert!(
        errors.starts_with("use-order: ") && errors.contains("b.rs:3: "),
        "{errors}"
    );

    let (code, _, errors) = run(&House::empty(), &[]);
    assert_eq!(code, 2);
    assert!(errors.contains("Cargo.toml"), "{errors}");
}
