//! Circles of files, by every way in which one file can name something of another.

use crate::house::without_order;

const ROOT: (&str, &str) = ("src/lib.rs", "mod a;\nmod b;\n");
const USES_B: (&str, &str) = ("src/a.rs", "use crate::b::B;\npub struct A(B);\n");

/// What is found when `b.rs` has this text and `a.rs` uses `B` of it.
fn with_b(text: &str) -> Vec<String> {
    without_order(&[ROOT, USES_B, ("src/b.rs", text)])
}

fn circle_of_a_and_b(line_of_b: usize) -> Vec<String> {
    vec![format!(
        "src/a.rs:1: `crate::b::B` closes a circle of 2 files: \
         src/a.rs:1 -> src/b.rs:{line_of_b} -> src/a.rs"
    )]
}

#[test]
fn two_files() {
    assert_eq!(
        with_b("use crate::a::A;\npub struct B;\n"),
        circle_of_a_and_b(1)
    );
    assert_eq!(with_b("pub struct B;\n"), Vec::<String>::new());
}

#[test]
fn three_files() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod b;\nmod c;\n"),
        USES_B,
        ("src/b.rs", "use super::c::C;\npub struct B(C);\n"),
        ("src/c.rs", "\nuse crate::a::A;\npub struct C(Box<A>);\n"),
    ]);
    assert_eq!(
        found,
        ["src/a.rs:1: `crate::b::B` closes a circle of 3 files: \
         src/a.rs:1 -> src/b.rs:1 -> src/c.rs:2 -> src/a.rs"]
    );
}

#[test]
fn the_shortest_of_several_is_told_and_one_arrow_back_once() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod b;\nmod c;\n"),
        (
            "src/a.rs",
            "use crate::b::B;\nuse crate::c::C;\npub struct A(B, C);\n",
        ),
        ("src/b.rs", "use crate::c::C;\npub struct B(C);\n"),
        ("src/c.rs", "use crate::a::A;\npub struct C(Box<A>);\n"),
    ]);
    assert_eq!(
        found,
        [
            "src/a.rs:2: `crate::c::C` closes a circle of 2 files: src/a.rs:2 -> src/c.rs:1 -> src/a.rs"
        ]
    );
}

#[test]
fn circles_that_need_two_cuts_are_two() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod b;\nmod c;\n"),
        (
            "src/a.rs",
            "use crate::b::B;\nuse crate::c::C;\npub struct A(B, C);\n",
        ),
        ("src/b.rs", "use crate::a::A;\npub struct B(Box<A>);\n"),
        ("src/c.rs", "use crate::a::A;\npub struct C(Box<A>);\n"),
    ]);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_re_export_leads_to_the_file_that_defines() {
    let found = without_order(&[
        (
            "src/lib.rs",
            "mod a;\nmod room;\npub use room::B as Renamed;\n",
        ),
        ("src/a.rs", "use crate::Renamed;\npub struct A(Renamed);\n"),
        ("src/room/mod.rs", "mod b;\npub use b::B;\n"),
        ("src/room/b.rs", "use crate::a::A;\npub struct B(Box<A>);\n"),
    ]);
    assert_eq!(
        found,
        ["src/a.rs:1: `crate::Renamed` closes a circle of 2 files: \
         src/a.rs:1 -> src/room/b.rs:1 -> src/a.rs"]
    );
}

#[test]
fn a_re_export_of_everything_does_too() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod room;\n"),
        ("src/a.rs", "use crate::room::B;\npub struct A(B);\n"),
        ("src/room/mod.rs", "mod b;\npub use b::*;\n"),
        ("src/room/b.rs", "use crate::a::A;\npub struct B(Box<A>);\n"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].ends_with("src/a.rs:1 -> src/room/b.rs:1 -> src/a.rs"),
        "{found:?}"
    );
}

#[test]
fn a_child_that_uses_its_parent() {
    let child = (
        "src/a/child.rs",
        "use super::Shape;\npub fn area(_: Shape) {}\n",
    );
    let found = without_order(&[
        ("src/lib.rs", "mod a;\n"),
        (
            "src/a/mod.rs",
            "mod child;\npub struct Shape;\npub fn area() {\n    child::area(Shape)\n}\n",
        ),
        child,
    ]);
    assert_eq!(
        found,
        ["src/a/mod.rs:4: `child::area` closes a circle of 2 files: \
         src/a/mod.rs:4 -> src/a/child.rs:1 -> src/a/mod.rs"]
    );
    // Also where the parent names what it re-exports.
    let found = without_order(&[
        ("src/lib.rs", "mod a;\n"),
        (
            "src/a/mod.rs",
            "mod child;\npub use child::area;\npub struct Shape;\nconst AREA: fn(Shape) = area;\n",
        ),
        child,
    ]);
    assert_eq!(
        found,
        ["src/a/mod.rs:4: `area` closes a circle of 2 files: \
         src/a/mod.rs:4 -> src/a/child.rs:1 -> src/a/mod.rs"]
    );
}

#[test]
fn paths_outside_use_lines() {
    for text in [
        "pub struct B;\nfn f() { crate::a::f() }\n",
        "pub struct B;\nfn f(_: super::a::A) {}\n",
        "pub struct B;\nfn f() { let _ = <crate::a::A as Default>::default(); }\n",
        "pub struct B;\nimpl From<crate::a::A> for B {}\n",
        "pub struct B;\nfn f(x: u8) { match x { crate::a::ONE => {} _ => {} } }\n",
        "pub struct B;\nfn f() { use super::a as other; other::f() }\n",
        "pub struct B;\nfn f() { |_: u8| crate::a::A::new(); }\n",
        "pub struct B;\npub(crate) use crate::a::A;\n",
        "pub struct B;\nmod inside { use super::super::a::A; }\n",
        "pub struct B;\nuse crate::{a::{self as other}};\n",
        "pub struct B;\nuse crate::a::*;\n",
    ] {
        assert_eq!(with_b(text), circle_of_a_and_b(2), "{text}");
    }
}

#[test]
fn paths_in_attributes() {
    for text in [
        "pub struct B {\n #[serde(with = \"crate::a\")] x: u8 }\n",
        "pub struct B {\n #[serde(default = \"super::a::half\")] x: u8 }\n",
        "pub struct B {\n #[config(default = \"crate::a::Kind::Plain\")] x: u8 }\n",
        "pub struct B {\n #[cfg_attr(feature = \"x\", serde(skip_serializing_if = \"crate::a::f\"))] x: u8 }\n",
        "pub struct B {\n #[arg(value_parser = crate::a::parse)] x: u8 }\n",
    ] {
        assert_eq!(with_b(text), circle_of_a_and_b(2), "{text}");
    }
}

#[test]
fn paths_in_macros() {
    for text in [
        "pub struct B;\nfn f() { println!(\"{}\", crate::a::f()) }\n",
        "pub struct B;\nmacro_rules! m { () => { $crate::a::f() } }\n",
        "pub struct B;\nthread_local! { static X: super::a::A = y(); }\n",
        "pub struct B;\nm! { use crate::{c, a::A}; }\n",
    ] {
        assert_eq!(with_b(text), circle_of_a_and_b(2), "{text}");
    }
}

#[test]
fn single_names_in_macros() {
    for call in ["assert!(area(1) > 0)", "vec![Area]"] {
        let parent = format!(
            "mod child;\npub use child::{{Area, area}};\npub struct A;\nfn f() {{ {call}; }}\n"
        );
        let found = without_order(&[
            ("src/lib.rs", "mod a;\n"),
            ("src/a/mod.rs", &parent),
            (
                "src/a/child.rs",
                "use super::A;\npub struct Area;\npub fn area(_: A) {}\n",
            ),
        ]);
        assert_eq!(found.len(), 1, "{call}: {found:?}");
        assert!(found[0].starts_with("src/a/mod.rs:4: "), "{found:?}");
    }
}

#[test]
fn macros_of_another_file() {
    let found = without_order(&[
        ("src/lib.rs", "#[macro_use]\nmod macros;\nmod a;\n"),
        (
            "src/macros.rs",
            "macro_rules! one { () => { $crate::a::f() } }\n",
        ),
        ("src/a.rs", "fn f() {\n one!()\n}\n"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("src/macros.rs:1 -> src/a.rs:2 -> src/macros.rs"),
        "{found:?}"
    );
    let found = without_order(&[
        ("src/lib.rs", "mod macros;\nmod a;\n"),
        (
            "src/macros.rs",
            "#[macro_export]\nmacro_rules! one { () => { $crate::a::f() } }\n",
        ),
        ("src/a.rs", "fn f() { crate::one!() }\n"),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
}

#[test]
fn names_that_come_by_a_star() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod room;\n"),
        (
            "src/a.rs",
            "use crate::room::*;\npub fn f() {\n half(1);\n}\n",
        ),
        ("src/room/mod.rs", "mod b;\npub use b::half;\n"),
        ("src/room/b.rs", "pub fn half(_: u8) { crate::a::f() }\n"),
    ]);
    assert_eq!(
        found,
        ["src/a.rs:3: `half` closes a circle of 2 files: \
         src/a.rs:3 -> src/room/b.rs:1 -> src/a.rs"]
    );
}

#[test]
fn files_in_unusual_places() {
    let found = without_order(&[
        (
            "src/lib.rs",
            "#[path = \"elsewhere/first.rs\"]\nmod a;\nmod b;\n",
        ),
        (
            "src/elsewhere/first.rs",
            "use crate::b::inner::deep::B;\npub struct A(B);\n",
        ),
        ("src/b.rs", "pub mod inner {\n    pub mod deep;\n}\n"),
        (
            "src/b/inner/deep.rs",
            "use crate::a::A;\npub struct B(Box<A>);\n",
        ),
    ]);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].contains("src/elsewhere/first.rs:1 -> src/b/inner/deep.rs:1"),
        "{found:?}"
    );
}

#[test]
fn code_under_a_feature_counts() {
    assert_eq!(
        with_b("#[cfg(any(test, feature = \"x\"))]\nuse crate::a::A;\npub struct B;\n"),
        circle_of_a_and_b(2)
    );
}

#[test]
fn paths_that_lead_nowhere() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod gone;\n"),
        (
            "src/a.rs",
            "use crate::missing::Thing;\nfn f() { super::super::g() }\nuse elsewhere::Other;\n",
        ),
    ]);
    assert_eq!(
        found,
        [
            "src/a.rs:1: `crate::missing::Thing` leads nowhere: no module `missing`",
            "src/a.rs:2: `super::super::g` leads nowhere: no module `super`",
            "src/lib.rs:2: `mod gone` leads nowhere: no module `gone`",
        ]
    );
}
