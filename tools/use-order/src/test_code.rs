//! Which code is compiled for tests only.

use syn::punctuated::Punctuated;
use syn::{Attribute, ImplItem, Item, Meta, Token, TraitItem};

/// Whether what has these attributes is compiled for tests or doctests alone, or is a test itself.
pub(crate) fn is_test_only(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        if path.is_ident("cfg") {
            let condition = attribute.parse_args::<Meta>();
            condition.is_ok_and(|condition| outside_tests(&condition) == Some(false))
        } else {
            let name = path.segments.last().map(|segment| &segment.ident);
            name.is_some_and(|name| name == "test" || name == "bench")
        }
    })
}

/// What a condition is outside tests: `None` where it hangs on something else.
fn outside_tests(condition: &Meta) -> Option<bool> {
    let Meta::List(list) = condition else {
        let of_tests = condition.path().is_ident("test") || condition.path().is_ident("doctest");
        return of_tests.then_some(false);
    };
    let parts = list
        .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
        .ok()?;
    let mut parts = parts.iter().map(outside_tests);
    if list.path.is_ident("not") {
        Some(!parts.next()??)
    } else if list.path.is_ident("all") {
        join(parts, false)
    } else if list.path.is_ident("any") {
        join(parts, true)
    } else {
        None
    }
}

/// The value that decides if any part has it, its opposite if all have that.
fn join(parts: impl Iterator<Item = Option<bool>>, deciding: bool) -> Option<bool> {
    let parts: Vec<_> = parts.collect();
    if parts.contains(&Some(deciding)) {
        Some(deciding)
    } else {
        parts.iter().all(Option::is_some).then_some(!deciding)
    }
}

/// The attributes of an item.
pub(crate) fn of_item(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::ForeignMod(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::TraitAlias(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// The attributes of an item of an `impl`.
pub(crate) fn of_impl_item(item: &ImplItem) -> &[Attribute] {
    match item {
        ImplItem::Const(item) => &item.attrs,
        ImplItem::Fn(item) => &item.attrs,
        ImplItem::Type(item) => &item.attrs,
        ImplItem::Macro(item) => &item.attrs,
        _ => &[],
    }
}

/// The attributes of an item of a trait.
pub(crate) fn of_trait_item(item: &TraitItem) -> &[Attribute] {
    match item {
        TraitItem::Const(item) => &item.attrs,
        TraitItem::Fn(item) => &item.attrs,
        TraitItem::Type(item) => &item.attrs,
        TraitItem::Macro(item) => &item.attrs,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use syn::Attribute;
    use syn::parse::Parser;

    use super::is_test_only;

    fn is_left_out(attribute: &str) -> bool {
        is_test_only(&Attribute::parse_outer.parse_str(attribute).unwrap())
    }

    #[test]
    fn conditions_that_hold_only_in_tests() {
        for attribute in [
            "#[cfg(test)]",
            "#[cfg(doctest)]",
            "#[cfg(all(test, feature = \"flex\"))]",
            "#[cfg(any(test, doctest))]",
            "#[cfg(not(not(test)))]",
            "#[inline] #[test]",
        ] {
            assert!(is_left_out(attribute), "{attribute}");
        }
        for attribute in [
            "#[cfg(not(test))]",
            "#[cfg(any(test, feature = \"flex\"))]",
            "#[cfg(feature = \"test\")]",
            "#[cfg(unix)]",
            "#[inline]",
        ] {
            assert!(!is_left_out(attribute), "{attribute}");
        }
    }
}
