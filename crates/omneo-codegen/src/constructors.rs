//! A constructor for each struct that has required fields, and so no `Default`.

use std::collections::{BTreeMap, BTreeSet};

use openapi_lowering::{Lowered, naming};
use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::quote;
use serde_json::Value;
use syn::FieldsNamed;

/// For each type that is made of properties, the fields that are required.
pub(crate) type Required = BTreeMap<String, BTreeSet<String>>;

/// What the schemas require.
pub(crate) fn required(lowered: &Lowered) -> Required {
    let schemas = lowered.document["components"]["schemas"].as_object();
    schemas
        .into_iter()
        .flatten()
        .filter_map(|(name, schema)| {
            let fields = schema["required"].as_array()?.iter();
            let fields = fields.filter_map(Value::as_str).map(naming::snake);
            Some((naming::pascal(name), fields.collect()))
        })
        .collect()
}

/// Adds `new` after each struct with a required field. The types of its arguments are those of the fields.
pub(crate) fn add(tokens: TokenStream, required: &Required) -> TokenStream {
    let mut out = Vec::<TokenTree>::new();
    // The struct whose body comes next.
    let mut name: Option<Ident> = None;
    let mut after_keyword = false;
    for token in tokens {
        let is_keyword = matches!(&token, TokenTree::Ident(ident) if ident == "struct");
        match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                if let Some(name) = name.take() {
                    let constructor = required
                        .get(&name.to_string())
                        .and_then(|required| constructor(&name, &group, required));
                    out.push(group.into());
                    out.extend(constructor.into_iter().flatten());
                } else {
                    let mut inner = Group::new(Delimiter::Brace, add(group.stream(), required));
                    inner.set_span(group.span());
                    out.push(inner.into());
                }
            }
            TokenTree::Ident(ident) => {
                if after_keyword {
                    name = Some(ident.clone());
                }
                out.push(ident.into());
            }
            // A tuple struct has no body.
            TokenTree::Punct(punct) if punct.as_char() == ';' => {
                name = None;
                out.push(punct.into());
            }
            other => out.push(other),
        }
        after_keyword = is_keyword;
    }
    out.into_iter().collect()
}

/// The constructor of a struct, if one of its fields is required.
///
/// Every other field has a `Default`, which stands for unset: the lowering for tolerant types keeps no default of the
/// schema. All paths are whole, as a type may be named `Into`.
fn constructor(name: &Ident, body: &Group, required: &BTreeSet<String>) -> Option<TokenStream> {
    let body = TokenTree::from(body.clone());
    let FieldsNamed { named, .. } = syn::parse2(body.into()).ok()?;
    let (mut parameters, mut values) = (Vec::new(), Vec::new());
    for field in named {
        let (name, ty) = (field.ident?, field.ty);
        values.push(if required.contains(&name.to_string()) {
            parameters.push(quote! { #name: impl ::std::convert::Into<#ty> });
            quote! { #name: ::std::convert::Into::into(#name) }
        } else {
            quote! { #name: ::std::default::Default::default() }
        });
    }
    (!parameters.is_empty()).then(|| {
        quote! {
            impl #name {
                #[doc = "With what is required; everything else is unset."]
                #[must_use]
                pub fn new(#(#parameters),*) -> Self {
                    Self { #(#values),* }
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use proc_macro2::TokenStream;
    use quote::quote;

    use super::{Required, add};

    fn required(fields: &[&str]) -> Required {
        let fields = fields.iter().map(|&field| field.to_owned()).collect();
        [("A".to_owned(), fields)].into()
    }

    /// The text without spaces, of which syn leaves others between `>` and `>`.
    fn text(tokens: &TokenStream) -> String {
        tokens.to_string().replace(' ', "")
    }

    /// What is added, given that all of `given` is kept before it.
    #[track_caller]
    fn added(given: TokenStream, required: &Required) -> String {
        let (given, all) = (text(&given), text(&add(given, required)));
        let Some(added) = all.strip_prefix(&given) else {
            panic!("{all} does not begin with {given}");
        };
        added.to_owned()
    }

    #[test]
    fn required_fields_are_given_in_their_order_and_the_others_unset() {
        let given = quote! {
            #[derive(Clone)]
            pub struct A {
                #[doc = "A, b."]
                pub list: ::omneo_types::List<::std::collections::HashMap<String, A>>,
                pub new: ::std::option::Option<::std::boxed::Box<A>>,
                pub type_: ::std::string::String,
            }
        };
        let wanted = quote! {
            impl A {
                #[doc = "With what is required; everything else is unset."]
                #[must_use]
                pub fn new(
                    list: impl ::std::convert::Into<::omneo_types::List<::std::collections::HashMap<String, A>>>,
                    type_: impl ::std::convert::Into<::std::string::String>
                ) -> Self {
                    Self {
                        list: ::std::convert::Into::into(list),
                        new: ::std::default::Default::default(),
                        type_: ::std::convert::Into::into(type_)
                    }
                }
            }
        };
        assert_eq!(added(given, &required(&["list", "type_"])), text(&wanted));
    }

    #[test]
    fn nothing_is_added_where_no_field_is_required() {
        for given in [
            quote! { pub struct A { pub b: Option<u8> } },
            quote! { pub struct A {} },
            quote! { pub struct A(pub B); pub mod c { impl A { fn b() {} } } },
            quote! { pub enum A { B { b: u8 } } },
            quote! { pub struct B { pub c: u8 } },
        ] {
            assert_eq!(added(given, &required(&["c"])), "");
        }
    }
}
