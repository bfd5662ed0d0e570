//! Unions of objects that nothing but their properties tells apart.
//!
//! serde's untagged enums take the first variant that a value fits. Every property of an answer is
//! optional, so that would be the first of all, and the others' properties would be lost. Instead
//! the variant is taken that knows most of the value's properties.

use std::fmt::Write;

use openapi_lowering::Lowered;
use proc_macro2::{Group, TokenStream, TokenTree};

/// `Deserialize` for the unions.
pub(crate) fn generate(lowered: &Lowered) -> String {
    let mut out = String::new();
    for union in &lowered.unions {
        let name = &union.type_name;
        let mut candidates = String::new();
        let mut arms = String::new();
        for (index, variant) in union.variants.iter().enumerate() {
            let _ = write!(candidates, "&{:?}, ", variant.properties);
            let pattern = match index + 1 == union.variants.len() {
                true => "_".to_owned(),
                false => index.to_string(),
            };
            let _ = write!(
                arms,
                "{pattern} => ::serde_json::from_value::<types::{}>(value).map(Self::from), ",
                variant.type_name
            );
        }
        let _ = writeln!(
            out,
            "impl<'de> ::serde::Deserialize<'de> for types::{name} {{
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {{
                    let value = ::serde_json::Value::deserialize(deserializer)?;
                    match ::omneo_types::best_fit(&value, &[{candidates}]) {{ {arms} }}
                        .map_err(::serde::de::Error::custom)
                }}
            }}"
        );
    }
    out
}

/// Takes the derived `Deserialize` from the unions' enums.
pub(crate) fn without_derive(tokens: TokenStream, lowered: &Lowered) -> TokenStream {
    let mut out = Vec::<TokenTree>::new();
    let mut after_enum = false;
    for token in tokens {
        let token = match token {
            TokenTree::Group(group) if matches!(out.last(), Some(TokenTree::Ident(_))) => {
                let mut new = Group::new(group.delimiter(), without_derive(group.stream(), lowered));
                new.set_span(group.span());
                new.into()
            }
            TokenTree::Ident(name) => {
                if after_enum && lowered.unions.iter().any(|union| name == union.type_name) {
                    let derive = out.iter_mut().rev().find_map(|token| match token {
                        TokenTree::Group(group) if is_derive(group) => Some(token),
                        _ => None,
                    });
                    if let Some(TokenTree::Group(group)) = derive {
                        *group = Group::new(group.delimiter(), less(group.stream()));
                    }
                }
                after_enum = name == "enum";
                name.into()
            }
            other => other,
        };
        out.push(token);
    }
    out.into_iter().collect()
}

fn is_derive(group: &Group) -> bool {
    matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(name)) if name == "derive")
}

/// `derive(…)` less `::serde::Deserialize`.
fn less(attribute: TokenStream) -> TokenStream {
    attribute
        .into_iter()
        .map(|token| match token {
            TokenTree::Group(list) => {
                let mut kept = TokenStream::new();
                let mut path = Vec::new();
                for token in list.stream() {
                    let ends = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
                    path.push(token);
                    if ends {
                        keep_unless_deserialize(&mut path, &mut kept);
                    }
                }
                keep_unless_deserialize(&mut path, &mut kept);
                Group::new(list.delimiter(), kept).into()
            }
            other => other,
        })
        .collect()
}

fn keep_unless_deserialize(path: &mut Vec<TokenTree>, kept: &mut TokenStream) {
    let is_deserialize = path
        .iter()
        .any(|token| matches!(token, TokenTree::Ident(name) if name == "Deserialize"));
    if is_deserialize {
        path.clear();
    }
    kept.extend(path.drain(..));
}
