//! A document lowered and turned into Rust, so that a test says what Rust comes out.
// Each test target uses a part of it; only tests do, and they make their documents in place.
#![allow(dead_code, clippy::needless_pass_by_value, clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use openapi_lowering::{Change, Lowered, Options};
use progenitor::{CrateVers, GenerationSettings, Generator};
use serde_json::{Value, json};
use syn::{Fields, ImplItem, Item};

/// A document of OpenAPI 3.1 with these component schemas.
pub(crate) fn schemas(schemas: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Test", "version": "1"},
        "paths": {},
        "components": {"schemas": schemas},
    })
}

/// A document of OpenAPI 3.1 with these paths.
pub(crate) fn paths(paths: Value) -> Value {
    json!({"openapi": "3.1.0", "info": {"title": "Test", "version": "1"}, "paths": paths})
}

pub(crate) fn lower(document: &Value) -> Lowered {
    openapi_lowering::lower_value(document, &Options::default()).unwrap()
}

/// The Rust that progenitor makes of a document: what each type and each method looks like.
pub(crate) struct Rust {
    /// For each type its fields or variants, as `name: type`.
    pub(crate) types: BTreeMap<String, Vec<String>>,
    /// The attributes of each type, and of its fields.
    pub(crate) attributes: BTreeMap<String, String>,
    /// The signature of each method.
    pub(crate) methods: BTreeMap<String, String>,
}

pub(crate) fn rust(document: &Value) -> Rust {
    generate(&lower(document))
}

/// Generates code, and checks that no name is there twice.
pub(crate) fn generate(lowered: &Lowered) -> Rust {
    assert!(
        !has_key(&lowered.document, "anyOf"),
        "an anyOf reached progenitor"
    );
    let document = serde_json::from_value(lowered.document.clone()).unwrap();
    let mut settings = GenerationSettings::new();
    settings.with_crate("tolerant", CrateVers::Any, None);
    let tokens = Generator::new(&settings)
        .generate_tokens(&document)
        .unwrap();
    let file: syn::File = syn::parse2(tokens).unwrap();
    let mut rust = Rust {
        types: BTreeMap::new(),
        attributes: BTreeMap::new(),
        methods: BTreeMap::new(),
    };
    for item in file.items {
        match item {
            Item::Mod(module) if module.ident == "types" => {
                for item in module.content.unwrap().1 {
                    rust.add(item);
                }
            }
            Item::Impl(block) if block.trait_.is_none() => {
                for item in block.items {
                    if let ImplItem::Fn(method) = item {
                        let signature = text(&method.sig);
                        let name = method.sig.ident.to_string();
                        let before = rust.methods.insert(name.clone(), signature);
                        assert!(before.is_none(), "two methods are named {name}");
                    }
                }
            }
            _ => {}
        }
    }
    rust
}

impl Rust {
    fn add(&mut self, item: Item) {
        let (name, attributes, members) = match item {
            Item::Struct(item) => {
                let members = match &item.fields {
                    Fields::Named(fields) => fields
                        .named
                        .iter()
                        .map(|field| {
                            let name = field.ident.as_ref().unwrap();
                            format!("{name}: {}", short(&text(&field.ty)))
                        })
                        .collect(),
                    fields => fields.iter().map(|field| short(&text(&field.ty))).collect(),
                };
                (item.ident, item.attrs, members)
            }
            Item::Enum(item) => {
                let members = item.variants.iter().map(|variant| {
                    // A variant's own attributes are its name on the wire.
                    format!("{}{}", variant.ident, short(&text(&variant.fields)))
                });
                (item.ident, item.attrs, members.collect::<Vec<_>>())
            }
            _ => return,
        };
        let name = name.to_string();
        let names = members
            .iter()
            .map(|member| {
                member
                    .split([':', '(', '{', ' '])
                    .next()
                    .unwrap_or_default()
                    .to_owned()
            })
            .collect::<BTreeSet<_>>();
        assert!(
            names.len() == members.len() || members.len() == 1,
            "{name} has a member twice"
        );
        let attributes = attributes.iter().map(text).collect::<String>();
        self.attributes.insert(name.clone(), attributes);
        let before = self.types.insert(name.clone(), members);
        assert!(before.is_none(), "two types are named {name}");
    }

    /// The type of a field.
    pub(crate) fn field(&self, name: &str, field: &str) -> &str {
        let prefix = format!("{field}: ");
        self.types[name]
            .iter()
            .find_map(|member| member.strip_prefix(&prefix))
            .unwrap_or_else(|| panic!("{name} has no field {field}: {:?}", self.types[name]))
    }
}

fn text(tokens: &impl quote::ToTokens) -> String {
    tokens.to_token_stream().to_string()
}

/// Type names without their paths and blanks.
fn short(text: &str) -> String {
    let text = text.replace(' ', "").replace(",>", ">");
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars() {
        match c {
            ':' if word.ends_with(':') => word.clear(),
            ':' => word.push(':'),
            c if c.is_alphanumeric() || c == '_' => word.push(c),
            c => {
                out.push_str(&word);
                word.clear();
                out.push(c);
            }
        }
    }
    out + &word
}

fn has_key(value: &Value, key: &str) -> bool {
    match value {
        Value::Object(map) => {
            map.contains_key(key) || map.values().any(|value| has_key(value, key))
        }
        Value::Array(items) => items.iter().any(|value| has_key(value, key)),
        _ => false,
    }
}

/// What the report says of these kinds of steps, as `pointer: what`.
pub(crate) fn steps(lowered: &Lowered, change: Change) -> Vec<String> {
    let steps = lowered.report.steps().iter();
    steps
        .filter(|step| step.change == change)
        .map(|step| format!("{}: {}", step.pointer, step.what))
        .collect()
}
