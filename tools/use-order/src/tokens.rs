//! Paths in tokens that no parser understands: the arguments and bodies of macros, and attributes.

use proc_macro2::{Delimiter, Ident, TokenStream, TokenTree};
use syn::ext::IdentExt;

/// A path as written in tokens.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TokenPath {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
    /// Whether arguments follow, in parentheses.
    pub(crate) is_called: bool,
}

/// Every path in the tokens, also in nested brackets.
///
/// Names after a dot, variables of macros and lifetimes are none, and neither is what follows `>::` or a leading `::`.
pub(crate) fn paths(tokens: TokenStream) -> Vec<TokenPath> {
    let mut found = Vec::new();
    scan(tokens, &[], &mut found);
    found
}

fn scan(tokens: TokenStream, prefix: &[String], found: &mut Vec<TokenPath>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            TokenTree::Group(group) => {
                scan(group.stream(), prefix, found);
                at += 1;
            }
            TokenTree::Ident(ident) => {
                let start = at;
                let mut segments = prefix.to_vec();
                if prefix.is_empty() || ident != "self" {
                    segments.push(name_of(ident));
                }
                let mut is_group = false;
                at += 1;
                while let Some(next) = segment_after(&tokens, at) {
                    match next {
                        TokenTree::Ident(ident) => segments.push(name_of(ident)),
                        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                            is_group = true;
                            if starts_path(&tokens, start) {
                                scan(group.stream(), &segments, found);
                            }
                        }
                        _ => break,
                    }
                    at += 3;
                }
                if !is_group && starts_path(&tokens, start) {
                    let is_called = matches!(
                        tokens.get(at),
                        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis
                    );
                    let line = ident.span().start().line;
                    found.push(TokenPath {
                        segments,
                        line,
                        is_called,
                    });
                }
            }
            _ => at += 1,
        }
    }
}

fn name_of(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// What stands behind a `::` at `at`.
fn segment_after(tokens: &[TokenTree], at: usize) -> Option<&TokenTree> {
    (is_punct(tokens, at, ':') && is_punct(tokens, at + 1, ':')).then(|| tokens.get(at + 2))?
}

fn starts_path(tokens: &[TokenTree], at: usize) -> bool {
    let before = |steps: usize, sign| at >= steps && is_punct(tokens, at - steps, sign);
    let after_dot = before(1, '.') && !before(2, '.');
    let after_colons = before(1, ':') && before(2, ':');
    let is_variable =
        before(1, '$') && !matches!(&tokens[at], TokenTree::Ident(ident) if ident == "crate");
    !(after_dot || after_colons || is_variable || before(1, '\''))
}

fn is_punct(tokens: &[TokenTree], at: usize, sign: char) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == sign)
}

#[cfg(test)]
mod tests {
    use super::paths;

    fn found(text: &str) -> Vec<String> {
        let paths = paths(text.parse().unwrap());
        paths
            .into_iter()
            .map(|path| path.segments.join("::"))
            .collect()
    }

    #[test]
    fn paths_in_calls_and_nested_brackets() {
        assert_eq!(
            found("crate::a::b(c, [super::D::E])"),
            ["crate::a::b", "c", "super::D::E"]
        );
    }

    #[test]
    fn a_group_of_imports_is_several_paths() {
        assert_eq!(
            found("use crate::a::{self, b, c::d};"),
            ["use", "crate::a", "crate::a::b", "crate::a::c::d"]
        );
    }

    #[test]
    fn fields_variables_and_lifetimes_are_no_paths() {
        assert_eq!(found("x.field $name &'life y"), ["x", "y"]);
        assert_eq!(found("$crate::a 0..end"), ["crate::a", "end"]);
        assert_eq!(found("::std::a"), Vec::<String>::new());
    }

    #[test]
    fn generic_arguments_end_a_path() {
        assert_eq!(found("a::b::<c::D>::e(f)"), ["a::b", "c::D", "f"]);
    }
}
