//! Paths in attributes, also those that serde and Burn read from text.

use proc_macro2::{TokenStream, TokenTree};
use syn::{Attribute, Lit, Meta};

use crate::tokens::{self, TokenPath};

/// Keys whose text is code: of serde's derive, and `default` of Burn's `Config`.
const CODE_KEYS: [&str; 12] = [
    "bound",
    "crate",
    "default",
    "deserialize_with",
    "from",
    "getter",
    "into",
    "remote",
    "serialize_with",
    "skip_serializing_if",
    "try_from",
    "with",
];

/// Every path that an attribute names; documentation names none.
pub(crate) fn paths(attribute: &Attribute) -> Vec<TokenPath> {
    let Meta::List(list) = &attribute.meta else {
        return Vec::new();
    };
    if list.path.is_ident("doc") {
        return Vec::new();
    }
    let mut found = tokens::paths(list.tokens.clone());
    find_in_text(list.tokens.clone(), &mut found);
    found
}

/// Paths in `key = "code"`.
fn find_in_text(tokens: TokenStream, found: &mut Vec<TokenPath>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for token in &tokens {
        if let TokenTree::Group(group) = token {
            find_in_text(group.stream(), found);
        }
    }
    for three in tokens.windows(3) {
        let [
            TokenTree::Ident(key),
            TokenTree::Punct(sign),
            TokenTree::Literal(literal),
        ] = three
        else {
            continue;
        };
        if sign.as_char() != '=' || !CODE_KEYS.iter().any(|code| key == code) {
            continue;
        }
        let Lit::Str(text) = Lit::new(literal.clone()) else {
            continue;
        };
        let Ok(code) = text.value().parse::<TokenStream>() else {
            continue;
        };
        let line = literal.span().start().line;
        found.extend(
            tokens::paths(code)
                .into_iter()
                .map(|path| TokenPath { line, ..path }),
        );
    }
}

#[cfg(test)]
mod tests {
    use syn::Attribute;
    use syn::parse::Parser;

    use super::paths;

    fn found(attribute: &str) -> Vec<String> {
        let attributes = Attribute::parse_outer.parse_str(attribute).unwrap();
        paths(&attributes[0])
            .into_iter()
            .map(|path| path.segments.join("::"))
            .collect()
    }

    #[test]
    fn code_in_text_counts_and_other_text_does_not() {
        let attribute = r#"#[serde(rename = "crate::a", with = "crate::b::c")]"#;
        assert_eq!(found(attribute), ["rename", "with", "crate::b::c"]);
        let attribute = r#"#[cfg_attr(any(), serde(default = "super::half"))]"#;
        assert!(found(attribute).contains(&"super::half".to_string()));
    }

    #[test]
    fn documentation_names_nothing() {
        assert!(found(r#"#[doc = "crate::a"]"#).is_empty());
        assert!(found(r#"#[doc(alias = "crate::a")]"#).is_empty());
    }
}
