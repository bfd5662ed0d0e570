//! Fields that tell absent, null and a value apart.
//!
//! typify puts an `Option` around the type of every optional property, and an `Option` reads null
//! as absent. `omneo_types::Field` holds all three, so the `Option` around it is taken away.

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};

const SKIP_NONE: &str = "\"::std::option::Option::is_none\"";
const SKIP_ABSENT: &str = "::omneo_types::Field::is_absent";

/// Rewrites `Option<Field<T>>` to `Field<T>`, which is left out where it is absent.
pub(crate) fn keep(tokens: TokenStream) -> TokenStream {
    let mut out = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let inner = match group.delimiter() {
                    Delimiter::Brace => fields(keep(group.stream())),
                    // Attributes, arguments and the like hold no fields.
                    _ => group.stream(),
                };
                out.push(regroup(&group, inner));
            }
            other => out.push(other),
        }
    }
    out.into_iter().collect()
}

/// The fields of a struct, or whatever else a brace holds, which has no such field.
fn fields(body: TokenStream) -> TokenStream {
    let tokens = body.into_iter().collect::<Vec<_>>();
    let mut out = Vec::with_capacity(tokens.len());
    // Where the attributes of the current field begin in `out`.
    let mut field = 0;
    let mut at = 0;
    while at < tokens.len() {
        if let Some(end) = option_of_field(&tokens[at..]) {
            for token in &mut out[field..] {
                if let TokenTree::Group(group) = token {
                    *token = regroup(group, attribute(group.stream()));
                }
            }
            // `::std::option::Option<` is ten tokens, and one `>` closes it.
            out.extend_from_slice(&tokens[at + PREFIX.len()..at + end]);
            at += end + 1;
            continue;
        }
        if is_punct(&tokens[at], ',') {
            field = out.len() + 1;
        }
        out.push(tokens[at].clone());
        at += 1;
    }
    out.into_iter().collect()
}

const PREFIX: &[&str] = &[":", ":", "std", ":", ":", "option", ":", ":", "Option", "<"];
const INNER: &[&str] = &[":", ":", "omneo_types", ":", ":", "Field", "<"];

/// How many tokens there are up to the `>` that closes an `Option<Field<…>>` beginning here.
fn option_of_field(tokens: &[TokenTree]) -> Option<usize> {
    let expected = PREFIX.iter().chain(INNER);
    let len = PREFIX.len() + INNER.len();
    if tokens.len() < len
        || !tokens
            .iter()
            .zip(expected)
            .all(|(token, text)| is(token, text))
    {
        return None;
    }
    let mut depth = 2_usize;
    for (index, token) in tokens.iter().enumerate().skip(len) {
        if is_punct(token, '<') {
            depth += 1;
        } else if is_punct(token, '>') {
            depth -= 1;
            if depth == 0 {
                return Some(index);
            }
        }
    }
    None
}

/// `#[serde(…)]` with the rule for an `Option` replaced by that for a field.
fn attribute(tokens: TokenStream) -> TokenStream {
    tokens
        .into_iter()
        .flat_map(|token| match token {
            TokenTree::Group(group) => {
                vec![regroup(&group, attribute(group.stream()))]
            }
            TokenTree::Literal(literal) if literal.to_string() == SKIP_NONE => {
                let rule = TokenTree::from(Literal::string(SKIP_ABSENT));
                let default = [
                    TokenTree::from(proc_macro2::Punct::new(',', proc_macro2::Spacing::Alone)),
                    proc_macro2::Ident::new("default", literal.span()).into(),
                ];
                std::iter::once(rule).chain(default).collect()
            }
            other => vec![other],
        })
        .collect()
}

fn regroup(group: &Group, inner: TokenStream) -> TokenTree {
    let mut new = Group::new(group.delimiter(), inner);
    new.set_span(group.span());
    new.into()
}

fn is(token: &TokenTree, text: &str) -> bool {
    match token {
        TokenTree::Punct(punct) => text.len() == 1 && text.starts_with(punct.as_char()),
        TokenTree::Ident(ident) => ident == text,
        _ => false,
    }
}

fn is_punct(token: &TokenTree, c: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == c)
}

#[cfg(test)]
mod tests {
    use quote::quote;

    #[test]
    fn an_optional_field_loses_its_option_and_nothing_else_changes() {
        let given = quote! {
            pub mod types {
                #[derive(Clone)]
                pub struct Update {
                    #[doc = "A name."]
                    #[serde(rename = "type", skip_serializing_if = "::std::option::Option::is_none")]
                    pub type_: ::std::option::Option<::omneo_types::Field<::std::vec::Vec<A>>>,
                    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                    pub other: ::std::option::Option<String>,
                }
            }
        };
        let wanted = quote! {
            pub mod types {
                #[derive(Clone)]
                pub struct Update {
                    #[doc = "A name."]
                    #[serde(rename = "type", skip_serializing_if = "::omneo_types::Field::is_absent", default)]
                    pub type_: ::omneo_types::Field<::std::vec::Vec<A>>,
                    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
                    pub other: ::std::option::Option<String>,
                }
            }
        };
        assert_eq!(super::keep(given).to_string(), wanted.to_string());
    }
}
