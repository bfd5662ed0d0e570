//! Takes derives from generated types that get an implementation of their own.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Which derives to take from which types.
#[derive(Debug, Default)]
pub(crate) struct Less {
    derives: BTreeMap<String, &'static [&'static str]>,
    /// The types whose `serde` attributes nothing reads any more.
    attributes: BTreeSet<String>,
}

impl Less {
    /// Without these derives on these types.
    pub(crate) fn derives(mut self, names: Vec<String>, derives: &'static [&'static str]) -> Self {
        self.derives
            .extend(names.into_iter().map(|name| (name, derives)));
        self
    }

    /// Without `serde` attributes on the fields of these types.
    pub(crate) fn attributes(mut self, names: Vec<String>) -> Self {
        self.attributes.extend(names);
        self
    }

    pub(crate) fn apply(&self, tokens: TokenStream) -> TokenStream {
        let mut out = Vec::<TokenTree>::new();
        // The name of the type whose body comes next.
        let mut name = None;
        let mut after_keyword = false;
        for token in tokens {
            match token {
                TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                    let inner = match name.take() {
                        Some(name) if self.attributes.contains(&name) => {
                            without_serde(group.stream())
                        }
                        Some(_) => group.stream(),
                        None => self.apply(group.stream()),
                    };
                    out.push(regroup(&group, inner));
                }
                TokenTree::Ident(ident) => {
                    let text = ident.to_string();
                    out.push(ident.into());
                    if after_keyword {
                        if let Some(derives) = self.derives.get(&text) {
                            take(&mut out, derives);
                        }
                        name = Some(text);
                        after_keyword = false;
                    } else {
                        after_keyword = text == "enum" || text == "struct";
                    }
                }
                // A tuple struct has no body.
                TokenTree::Punct(punct) if punct.as_char() == ';' => {
                    name = None;
                    out.push(punct.into());
                }
                other => out.push(other),
            }
        }
        out.into_iter().collect()
    }
}

/// Takes derives from the nearest `#[derive(…)]` before the end.
fn take(out: &mut [TokenTree], derives: &[&str]) {
    let attribute = out.iter_mut().rev().find_map(|token| match token {
        TokenTree::Group(group) if is_attribute(group, "derive") => Some(group),
        _ => None,
    });
    if let Some(attribute) = attribute {
        let inner = attribute.stream().into_iter().map(|token| match token {
            TokenTree::Group(list) => regroup(&list, less(list.stream(), derives)),
            other => other,
        });
        *attribute = Group::new(attribute.delimiter(), inner.collect());
    }
}

/// A list of paths less those that name one of these derives.
fn less(list: TokenStream, derives: &[&str]) -> TokenStream {
    let mut kept = TokenStream::new();
    let mut path = Vec::new();
    let mut keep = |path: &mut Vec<TokenTree>| {
        let taken = path.iter().any(|token| match token {
            TokenTree::Ident(name) => derives.iter().any(|derive| name == derive),
            _ => false,
        });
        if taken {
            path.clear();
        }
        kept.extend(path.drain(..));
    };
    for token in list {
        let ends = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ',');
        path.push(token);
        if ends {
            keep(&mut path);
        }
    }
    keep(&mut path);
    kept
}

/// The fields of a struct without their `#[serde(…)]`.
fn without_serde(fields: TokenStream) -> TokenStream {
    let mut out = Vec::<TokenTree>::new();
    for token in fields {
        match &token {
            TokenTree::Group(group) if is_attribute(group, "serde") => {
                // The `#` before it.
                out.pop();
            }
            _ => out.push(token),
        }
    }
    out.into_iter().collect()
}

fn is_attribute(group: &Group, name: &str) -> bool {
    group.delimiter() == Delimiter::Bracket
        && matches!(group.stream().into_iter().next(), Some(TokenTree::Ident(ident)) if ident == name)
}

fn regroup(group: &Group, inner: TokenStream) -> TokenTree {
    let mut new = Group::new(group.delimiter(), inner);
    new.set_span(group.span());
    new.into()
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::Less;

    #[test]
    fn derives_and_attributes_are_taken_from_the_named_types_only() {
        let given = quote! {
            pub mod types {
                #[derive(::serde::Deserialize, Clone, ::serde::Serialize)]
                pub struct A { #[doc = "x"] #[serde(rename = "b")] pub b_: u8 }
                #[derive(::serde::Deserialize, Clone)]
                #[serde(untagged)]
                pub enum B { C(A) }
                #[derive(::serde::Deserialize)]
                pub struct D(pub A);
                impl A { fn e() {} }
                #[derive(::serde::Deserialize)]
                pub struct E { #[serde(default)] pub f: u8 }
            }
        };
        let wanted = quote! {
            pub mod types {
                #[derive(Clone,)]
                pub struct A { #[doc = "x"] pub b_: u8 }
                #[derive(Clone)]
                #[serde(untagged)]
                pub enum B { C(A) }
                #[derive(::serde::Deserialize)]
                pub struct D(pub A);
                impl A { fn e() {} }
                #[derive(::serde::Deserialize)]
                pub struct E { #[serde(default)] pub f: u8 }
            }
        };
        let less = Less::default()
            .derives(vec!["A".to_owned()], &["Deserialize", "Serialize"])
            .derives(vec!["B".to_owned()], &["Deserialize"])
            .attributes(vec!["A".to_owned()]);
        assert_eq!(less.apply(given).to_string(), wanted.to_string());
    }
}
