//! What is no circle.

use crate::house::{House, without_order};

const NOTHING: [String; 0] = [];

#[test]
fn tests_may_use_what_they_test() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod b;\n#[cfg(test)]\nmod oracle;\n"),
        (
            "src/a.rs",
            "use crate::b::B;\npub struct A(B);\n#[cfg(test)]\nmod tests { use super::*; use crate::b::*; }\n",
        ),
        (
            "src/b.rs",
            "pub struct B;\n#[cfg(test)]\nuse crate::a::A;\n#[cfg(all(test, unix))]\nmod tests;\n\
             impl B {\n #[cfg(test)]\n fn a(&self) -> crate::a::A { todo!() }\n}\n\
             #[test]\nfn works() { crate::a::A; }\n",
        ),
        ("src/b/tests.rs", "use super::*;\nuse crate::a::A;\n"),
        (
            "src/oracle.rs",
            "use crate::a::A;\nuse crate::not::there;\n",
        ),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn documentation_may_name_anything() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod b;\n"),
        ("src/a.rs", "use crate::b::B;\npub struct A(B);\n"),
        (
            "src/b.rs",
            "//! See [`A`](crate::a::A).\n/// ```\n/// use crate::a::A;\n/// ```\n#[doc = \"crate::a::A\"]\n\
             #[deprecated(note = \"crate::a::A\")]\npub struct B; // crate::a::A\nconst TEXT: &str = \"crate::a::A\";\n",
        ),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn a_module_that_only_re_exports_lies_on_no_circle() {
    let found = without_order(&[
        (
            "src/lib.rs",
            "mod room;\npub use room::{A, B};\npub mod names { pub use crate::room::A; }\n",
        ),
        (
            "src/room/mod.rs",
            "mod a;\nmod b;\npub use a::A;\npub use self::b::*;\n",
        ),
        ("src/room/a.rs", "pub struct A;\n"),
        (
            "src/room/b.rs",
            "use super::A;\nuse crate::A as Same;\npub struct B(A, Same);\n",
        ),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn a_parent_that_does_not_use_its_children_is_used_by_them() {
    let found = without_order(&[
        ("src/lib.rs", "mod room;\n"),
        ("src/room.rs", "mod a;\npub use a::A;\npub struct Ground;\n"),
        (
            "src/room/a.rs",
            "use super::Ground;\npub struct A(Ground);\n",
        ),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn a_file_may_name_itself() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\n"),
        (
            "src/a.rs",
            "pub struct A;\nuse self::inner::B;\nmod inner { use super::A; pub struct B(A); }\n\
             impl A { fn f() -> crate::a::A { Self::f() } }\n",
        ),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn variables_and_fields_are_no_modules() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\n"),
        (
            "src/a/mod.rs",
            "mod rank;\npub use rank::rank;\npub struct A { rank: u8 }\n\
             pub fn f(rank: u8) -> u8 { assert!(rank > 0, \"{}\", rank); A { rank }.rank }\n\
             pub fn g() -> u8 { let rank = 1; (|x: u8| x + rank)(2) }\n",
        ),
        ("src/a/rank.rs", "use super::A;\npub fn rank(_: A) {}\n"),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn the_name_of_a_module_is_no_value() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod room;\n"),
        (
            "src/a.rs",
            "use crate::room::score;\nconst X: u8 = score;\n",
        ),
        (
            "src/room.rs",
            "pub mod score;\npub fn f() { crate::a::f() }\n",
        ),
        ("src/room/score.rs", ""),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn a_macro_that_is_not_lent_stays_in_its_module() {
    let found = without_order(&[
        ("src/lib.rs", "mod macros;\nmod a;\n"),
        (
            "src/macros.rs",
            "macro_rules! vec { () => { $crate::a::f() } }\n",
        ),
        ("src/a.rs", "fn f() { vec![]; }\n"),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn names_of_a_block_hide_those_outside() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\n"),
        (
            "src/a/mod.rs",
            "mod b;\npub use b::B;\npub struct A;\npub fn f() { struct B; let _ = B; }\n",
        ),
        ("src/a/b.rs", "use super::A;\npub struct B(A);\n"),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn items_that_macros_make_belong_to_their_module() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod b;\n"),
        (
            "src/a.rs",
            "use crate::b::{BRecord, made};\npub fn f(_: BRecord) { made() }\n",
        ),
        (
            "src/b.rs",
            "#[derive(Module)]\npub struct B;\nmake!(made);\n",
        ),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn other_crates_are_no_files() {
    let found = without_order(&[
        ("src/lib.rs", "mod a;\nmod b;\n"),
        (
            "src/a.rs",
            "use ::b::B;\nuse std::fmt;\npub use burn::prelude::*;\npub struct A(B);\n",
        ),
        (
            "src/b.rs",
            "use crate::a::{A, Tensor};\npub struct B(A, Tensor);\n",
        ),
    ]);
    assert_eq!(found, NOTHING);
}

#[test]
fn what_was_looked_at_is_counted() {
    let house = House::new(&[
        ("src/lib.rs", "mod a;\nmod b;\n"),
        ("src/a.rs", "use crate::b::B;\npub struct A;\n"),
        ("src/b.rs", "pub struct B;\n"),
    ]);
    let report = house.report("[crate.house]");
    assert_eq!((report.crates, report.files, report.uses), (1, 3, 1));
    assert_eq!(
        report.to_string(),
        "crates: 1, files: 3, names of other files: 1; no circle, and all in order"
    );
}
