//! Types and methods as the generated code writes them, told apart from how they are shown.

use std::collections::BTreeSet;
use std::fmt;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;
use serde::{Serialize, Serializer};
use syn::visit_mut::{self, VisitMut};

/// A type, with the generated types that it mentions set apart, so that it can be compared with one
/// whose mentions have other names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RustType {
    /// The type with a blank for each mention.
    pub(crate) shape: String,
    /// The generated types that it mentions, in a fixed order.
    pub(crate) mentions: Vec<String>,
    shown: String,
}

impl RustType {
    /// Reads a type. `local` are the generated types that it may mention without a path.
    pub(super) fn new(ty: &syn::Type, local: &BTreeSet<String>) -> Self {
        let mut blank = Blank {
            local,
            mentions: Vec::new(),
        };
        let mut shape = ty.clone();
        blank.visit_type_mut(&mut shape);
        let mut shown = ty.clone();
        Short.visit_type_mut(&mut shown);
        Self {
            shape: tidy(shape.to_token_stream()),
            mentions: blank.mentions,
            shown: tidy(shown.to_token_stream()),
        }
    }

    /// `()`, what a function without a return type returns.
    pub(super) fn unit() -> Self {
        Self {
            shape: "()".to_owned(),
            mentions: Vec::new(),
            shown: "()".to_owned(),
        }
    }

    /// What stands between `{name}<` and `>`, if the type is that.
    pub(crate) fn within(&self, name: &str) -> Option<&str> {
        let shape = self.shape.strip_prefix("::")?;
        let (path, inner) = shape.split_once('<')?;
        (path.rsplit("::").next()? == name)
            .then(|| inner.strip_suffix('>'))
            .flatten()
    }
}

/// As a reader would write it: `Option<Id>` for `::std::option::Option<::omneo_types::Id>`.
impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl Serialize for RustType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.shown)
    }
}

/// A method, less its receiver.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Method {
    /// Its name.
    pub name: String,
    /// The types of its arguments.
    pub arguments: Vec<RustType>,
    /// The names of its arguments, which no caller writes.
    pub names: Vec<String>,
    /// What it returns where it succeeds.
    pub returns: RustType,
}

impl Method {
    pub(super) fn new(signature: &syn::Signature, local: &BTreeSet<String>) -> Self {
        let typed = signature.inputs.iter().filter_map(|input| match input {
            syn::FnArg::Typed(argument) => Some(argument),
            syn::FnArg::Receiver(_) => None,
        });
        let returns = match &signature.output {
            syn::ReturnType::Type(_, ty) => {
                let ty = first_argument(ty, "Result").unwrap_or(ty);
                RustType::new(first_argument(ty, "ResponseValue").unwrap_or(ty), local)
            }
            syn::ReturnType::Default => RustType::unit(),
        };
        Self {
            name: signature.ident.to_string(),
            arguments: typed
                .clone()
                .map(|argument| RustType::new(&argument.ty, local))
                .collect(),
            names: typed
                .map(|argument| tidy(argument.pat.to_token_stream()))
                .collect(),
            returns,
        }
    }

    /// The arguments as a list.
    pub(crate) fn shown_arguments(&self) -> String {
        let arguments = self.names.iter().zip(&self.arguments);
        let arguments = arguments.map(|(name, ty)| format!("{name}: {ty}"));
        format!("({})", arguments.collect::<Vec<_>>().join(", "))
    }

    /// Whether the other has the arguments of these names in another order: a call that compiles
    /// for both would mean something else.
    pub(crate) fn is_reordered(&self, other: &Self) -> bool {
        let sorted = |method: &Self| {
            let mut names = method.names.clone();
            names.sort();
            names
        };
        self.names != other.names && sorted(self) == sorted(other)
    }
}

/// `T` of a `{name}<T, …>`.
fn first_argument<'t>(ty: &'t syn::Type, name: &str) -> Option<&'t syn::Type> {
    let syn::Type::Path(path) = ty else {
        return None;
    };
    let last = path.path.segments.last()?;
    let syn::PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        syn::GenericArgument::Type(first) if last.ident == name => Some(first),
        _ => None,
    }
}

/// Puts a blank in the place of each generated type.
struct Blank<'a> {
    local: &'a BTreeSet<String>,
    mentions: Vec<String>,
}

impl VisitMut for Blank<'_> {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        let names = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect::<Vec<_>>();
        let mention = match &names[..] {
            [module, name] if module == "types" => Some(name),
            [name] if path.leading_colon.is_none() && self.local.contains(name) => Some(name),
            _ => None,
        };
        if let Some(name) = mention {
            self.mentions.push(name.clone());
            *path = syn::parse_quote!(_types);
        } else {
            visit_mut::visit_path_mut(self, path);
        }
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }
}

/// Leaves of each path what a reader needs.
struct Short;

impl VisitMut for Short {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let first = path
            .segments
            .first()
            .map(|segment| segment.ident.to_string());
        // `Value` alone says too little.
        let kept = if first.is_some_and(|first| first == "serde_json") {
            2
        } else {
            1
        };
        let skipped = path.segments.len().saturating_sub(kept);
        path.leading_colon = None;
        path.segments = std::mem::take(&mut path.segments)
            .into_iter()
            .skip(skipped)
            .collect();
    }

    fn visit_type_reference_mut(&mut self, reference: &mut syn::TypeReference) {
        reference.lifetime = None;
        visit_mut::visit_type_reference_mut(self, reference);
    }
}

/// Tokens as text, with spaces only where a reader expects them.
fn tidy(tokens: TokenStream) -> String {
    let mut out = String::new();
    write(tokens, &mut out);
    out
}

fn write(tokens: TokenStream, out: &mut String) {
    for token in tokens {
        match token {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                out.push_str(open);
                write(group.stream(), out);
                out.push_str(close);
            }
            TokenTree::Punct(punct) => match punct.as_char() {
                ',' => out.push_str(", "),
                '+' => out.push_str(" + "),
                // The comma before it is a generator's.
                '>' => {
                    out.truncate(out.trim_end_matches(", ").len());
                    out.push('>');
                }
                other => out.push(other),
            },
            word => {
                if out.ends_with(|c: char| c.is_alphanumeric() || c == '_') {
                    out.push(' ');
                }
                out.push_str(&word.to_string());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Method, RustType};

    #[test]
    fn a_type_is_shown_short_and_compared_whole() {
        let local = BTreeSet::from(["Reward".to_owned()]);
        let read = |text: &str| RustType::new(&syn::parse_str(text).unwrap(), &local);
        let ty = read(":: std :: option :: Option < :: omneo_types :: OpenEnum < Reward > >");
        assert_eq!(ty.to_string(), "Option<OpenEnum<Reward>>");
        assert_eq!(ty.mentions, ["Reward"]);
        assert_eq!(ty.within("Option"), Some("::omneo_types::OpenEnum<_types>"));
        assert_eq!(
            read("::omneo_types::Map<::serde_json::Value, >").to_string(),
            "Map<serde_json::Value>"
        );
        assert_eq!(
            read("::omneo_types::Reward").mentions,
            Vec::<String>::new(),
            "another crate's type of that name"
        );
    }

    #[test]
    fn a_method_is_its_arguments_and_what_it_answers() {
        let signature = syn::parse_str(
            "async fn get<'a>(&'a self, id: impl Into<::omneo_types::Id>, body: &'a types::A) \
             -> Result<ResponseValue<::omneo_types::Data<types::B>>, Error<()>>",
        )
        .unwrap();
        let method = Method::new(&signature, &BTreeSet::new());
        assert_eq!(method.shown_arguments(), "(id: impl Into<Id>, body: &A)");
        assert_eq!(method.returns.to_string(), "Data<B>");
        assert_eq!(method.returns.mentions, ["B"]);
    }
}
