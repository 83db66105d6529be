//! Every path that a module's code names, in `use` lines and anywhere else.

use std::collections::{HashMap, HashSet};

use proc_macro2::TokenStream;
use syn::visit::{self, Visit};
use syn::{Attribute, Block, Item, ItemUse, Macro, Path, Stmt};

use crate::attributes;
use crate::names::{self, Binds, Import, Spaces};
use crate::test_code::{self, is_test_only};
use crate::tokens::{self, TokenPath};

/// A path in the code of a module.
#[derive(Debug)]
pub(crate) struct Reference {
    pub(crate) segments: Vec<String>,
    pub(crate) line: usize,
    pub(crate) spaces: Spaces,
    pub(crate) role: Role,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A `use` for the module itself.
    Import,
    /// A `use` that others see.
    Reexport,
    /// A path in types, expressions, attributes or tokens.
    Name,
}

/// What a module's items name.
#[derive(Debug, Default)]
pub(crate) struct References {
    pub(crate) found: Vec<Reference>,
    /// Modules from which a block inside takes everything.
    pub(crate) globs: Vec<Vec<String>>,
}

impl References {
    pub(crate) fn of(items: &[Item]) -> Self {
        let mut collector = Collector::default();
        for item in items {
            collector.visit_item(item);
        }
        collector.references
    }
}

/// What a name means inside a block: the path it was imported by, or nothing for an item of the block.
type Scope = HashMap<String, Option<Vec<String>>>;

#[derive(Default)]
struct Collector {
    references: References,
    scopes: Vec<Scope>,
    /// Names of arguments and of `let`, function by function.
    variables: Vec<HashSet<String>>,
}

impl Collector {
    fn name(&mut self, mut segments: Vec<String>, line: usize, spaces: Spaces) {
        if segments == ["self"] || segments[0] == "Self" {
            return;
        }
        if let [name] = segments.as_slice() {
            let is_variable = self.variables.iter().any(|names| names.contains(name));
            if is_variable && spaces.meets(Spaces::VALUE) {
                return;
            }
        }
        let bound = self
            .scopes
            .iter()
            .rev()
            .find_map(|scope| scope.get(&segments[0]));
        match bound {
            Some(None) => return,
            Some(Some(path)) => {
                let rest = segments.split_off(1);
                segments = path.iter().cloned().chain(rest).collect();
            }
            None => {}
        }
        self.references.found.push(Reference {
            segments,
            line,
            spaces,
            role: Role::Name,
        });
    }

    fn path(&mut self, path: &Path, length: usize, spaces: Spaces) {
        if let (None, Some(first)) = (&path.leading_colon, path.segments.first()) {
            let segments: Vec<String> = path
                .segments
                .iter()
                .take(length)
                .map(|segment| names::text(&segment.ident))
                .collect();
            if !segments.is_empty() {
                self.name(segments, first.ident.span().start().line, spaces);
            }
        }
        for segment in &path.segments {
            self.visit_path_arguments(&segment.arguments);
        }
    }

    /// A path behind a type in angle brackets names its trait alone, and nothing if there is none.
    fn qualified(&mut self, qself: Option<&syn::QSelf>, path: &Path, spaces: Spaces) {
        match qself {
            Some(qself) => {
                self.visit_type(&qself.ty);
                self.path(path, qself.position, Spaces::TYPE);
            }
            None => self.path(path, path.segments.len(), spaces),
        }
    }

    fn tokens(&mut self, paths: Vec<TokenPath>) {
        for path in paths {
            let is_capital = path.segments[0].starts_with(char::is_uppercase);
            // A single small word is most often a variable or a key.
            if path.segments.len() > 1 || path.is_called || is_capital {
                self.name(path.segments, path.line, Spaces::ANY);
            }
        }
    }

    fn import(&mut self, item: &ItemUse) {
        let role = if names::is_reexport(item) {
            Role::Reexport
        } else {
            Role::Import
        };
        for import in names::imports(item) {
            let inside_block = !self.scopes.is_empty();
            if inside_block && import.binds == Binds::Everything {
                self.references.globs.push(import.segments.clone());
            }
            let Import { segments, line, .. } = import;
            self.references.found.push(Reference {
                segments,
                line,
                spaces: Spaces::ANY,
                role,
            });
        }
    }

    fn in_function(&mut self, variables: HashSet<String>, visit: impl FnOnce(&mut Self)) {
        self.variables.push(variables);
        visit(self);
        self.variables.pop();
    }
}

impl<'ast> Visit<'ast> for Collector {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_test_only(test_code::of_item(item)) {
            return;
        }
        match item {
            Item::Use(item) => self.import(item),
            item => visit::visit_item(self, item),
        }
    }

    fn visit_impl_item(&mut self, item: &'ast syn::ImplItem) {
        if !is_test_only(test_code::of_impl_item(item)) {
            visit::visit_impl_item(self, item);
        }
    }

    fn visit_trait_item(&mut self, item: &'ast syn::TraitItem) {
        if !is_test_only(test_code::of_trait_item(item)) {
            visit::visit_trait_item(self, item);
        }
    }

    fn visit_field(&mut self, field: &'ast syn::Field) {
        if !is_test_only(&field.attrs) {
            visit::visit_field(self, field);
        }
    }

    fn visit_field_value(&mut self, field: &'ast syn::FieldValue) {
        if !is_test_only(&field.attrs) {
            visit::visit_field_value(self, field);
        }
    }

    fn visit_variant(&mut self, variant: &'ast syn::Variant) {
        if !is_test_only(&variant.attrs) {
            visit::visit_variant(self, variant);
        }
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        if !is_test_only(&arm.attrs) {
            visit::visit_arm(self, arm);
        }
    }

    fn visit_stmt(&mut self, statement: &'ast Stmt) {
        let attributes: &[Attribute] = match statement {
            Stmt::Local(local) => &local.attrs,
            Stmt::Macro(call) => &call.attrs,
            Stmt::Expr(syn::Expr::Block(block), _) => &block.attrs,
            Stmt::Expr(syn::Expr::Call(call), _) => &call.attrs,
            Stmt::Expr(syn::Expr::MethodCall(call), _) => &call.attrs,
            _ => &[],
        };
        if !is_test_only(attributes) {
            visit::visit_stmt(self, statement);
        }
    }

    fn visit_block(&mut self, block: &'ast Block) {
        let mut scope = Scope::new();
        for statement in &block.stmts {
            match statement {
                Stmt::Item(Item::Use(item)) => {
                    for import in names::imports(item) {
                        if let Binds::Name(name) = import.binds {
                            scope.insert(name, Some(import.segments));
                        }
                    }
                }
                Stmt::Item(item) => {
                    let defined = names::definitions(item);
                    scope.extend(defined.into_iter().map(|(name, _)| (name, None)));
                }
                _ => {}
            }
        }
        self.scopes.push(scope);
        visit::visit_block(self, block);
        self.scopes.pop();
    }

    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        let variables = Variables::of(|names| names.visit_item_fn(function));
        self.in_function(variables, |collector| {
            visit::visit_item_fn(collector, function)
        });
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        let variables = Variables::of(|names| names.visit_impl_item_fn(function));
        self.in_function(variables, |collector| {
            visit::visit_impl_item_fn(collector, function)
        });
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        let variables = Variables::of(|names| names.visit_trait_item_fn(function));
        self.in_function(variables, |collector| {
            visit::visit_trait_item_fn(collector, function)
        });
    }

    fn visit_expr_closure(&mut self, closure: &'ast syn::ExprClosure) {
        let variables = Variables::of(|names| names.visit_expr_closure(closure));
        self.in_function(variables, |collector| {
            visit::visit_expr_closure(collector, closure)
        });
    }

    fn visit_expr_path(&mut self, path: &'ast syn::ExprPath) {
        self.qualified(path.qself.as_ref(), &path.path, Spaces::VALUE);
    }

    fn visit_type_path(&mut self, path: &'ast syn::TypePath) {
        self.qualified(path.qself.as_ref(), &path.path, Spaces::TYPE);
    }

    fn visit_path(&mut self, path: &'ast Path) {
        self.path(path, path.segments.len(), Spaces::ANY);
    }

    fn visit_macro(&mut self, call: &'ast Macro) {
        self.path(&call.path, call.path.segments.len(), Spaces::MACRO);
        self.visit_token_stream(&call.tokens);
    }

    fn visit_token_stream(&mut self, tokens: &'ast TokenStream) {
        self.tokens(tokens::paths(tokens.clone()));
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        let path = attribute.path();
        if path.segments.len() > 1 {
            self.path(path, path.segments.len(), Spaces::MACRO);
        }
        self.tokens(attributes::paths(attribute));
    }

    // `pub(super)` names no dependency.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}
}

/// The names that patterns bind.
#[derive(Default)]
struct Variables {
    names: HashSet<String>,
}

impl Variables {
    fn of(visit: impl FnOnce(&mut Self)) -> HashSet<String> {
        let mut variables = Self::default();
        visit(&mut variables);
        variables.names
    }
}

impl<'ast> Visit<'ast> for Variables {
    fn visit_pat_ident(&mut self, pattern: &'ast syn::PatIdent) {
        self.names.insert(names::text(&pattern.ident));
        visit::visit_pat_ident(self, pattern);
    }
}
