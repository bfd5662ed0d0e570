//! Enums of text stay open: a value that the schema gains breaks no caller's `match`.
//!
//! A field that holds one is an `OpenEnum`, so a `match` needs an arm for unknown values anyway.

use std::collections::BTreeSet;

use openapi_lowering::{Lowered, naming};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Adds `#[non_exhaustive]` to the enums of these names.
pub(crate) fn keep_open(tokens: TokenStream, names: &BTreeSet<String>) -> TokenStream {
    let mut out = Vec::<TokenTree>::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let mut inner = Group::new(Delimiter::Brace, keep_open(group.stream(), names));
                inner.set_span(group.span());
                out.push(inner.into());
            }
            TokenTree::Ident(keyword) if keyword == "enum" => {
                let is_open = matches!(
                    tokens.peek(),
                    Some(TokenTree::Ident(name)) if names.contains(&name.to_string())
                );
                if is_open {
                    // Before the `pub`.
                    let at = out.len().saturating_sub(1);
                    out.splice(
                        at..at,
                        "#[non_exhaustive]"
                            .parse::<TokenStream>()
                            .into_iter()
                            .flatten(),
                    );
                }
                out.push(keyword.into());
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// The enums of text.
pub(crate) fn names(lowered: &Lowered) -> BTreeSet<String> {
    let schemas = lowered.document["components"]["schemas"].as_object();
    schemas
        .into_iter()
        .flatten()
        .filter(|(_, schema)| schema.get("enum").is_some())
        .map(|(name, _)| naming::pascal(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn the_named_enums_are_open_and_nothing_else_changes() {
        let given = quote! {
            pub mod types {
                #[derive(Clone)]
                pub enum A { B, C }
                pub enum D { E(A) }
                pub struct F { pub a: A }
            }
        };
        let wanted = quote! {
            pub mod types {
                #[derive(Clone)]
                #[non_exhaustive]
                pub enum A { B, C }
                pub enum D { E(A) }
                pub struct F { pub a: A }
            }
        };
        let names = ["A".to_owned(), "F".to_owned()].into();
        assert_eq!(
            super::keep_open(given, &names).to_string(),
            wanted.to_string()
        );
    }
}
