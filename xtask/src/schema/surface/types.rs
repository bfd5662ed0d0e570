//! The generated types: what of them a caller can name.

use std::collections::{BTreeMap, BTreeSet};

use openapi_lowering::{Lowered, naming};
use syn::{Fields, ImplItem, Item, Visibility};

use super::rust::{Method, RustType};

/// A generated struct or enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Type {
    /// What it is made of.
    pub shape: Shape,
    /// The traits that it implements, less conversions from other types.
    pub traits: BTreeSet<String>,
    /// The arguments of its `new`, if it has one: the fields that are required.
    pub constructor: Option<Vec<String>>,
    /// Whether it is `#[non_exhaustive]`.
    pub non_exhaustive: bool,
    /// The sections in whose builds it is.
    pub features: BTreeSet<&'static str>,
    /// Whether it is part of what a request carries.
    pub sent: bool,
    /// Whether it is part of an answer.
    pub read: bool,
    /// Where the schema describes it, as JSON pointers.
    pub origins: BTreeSet<String>,
}

/// What a type is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A struct with named fields.
    Struct(BTreeMap<String, Field>),
    /// A struct around one or more values.
    Tuple(Vec<RustType>),
    /// An enum: for each variant what it holds.
    Enum(BTreeMap<String, Vec<RustType>>),
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its type.
    pub ty: RustType,
    /// The property's name in JSON.
    pub property: String,
}

impl Type {
    /// Whether `T { field, ..Default::default() }` compiles.
    pub(crate) fn has_default(&self) -> bool {
        self.traits.contains("Default")
    }

    /// Whether callers make values of it: what is only read is made by this crate.
    pub(crate) fn is_made_by_callers(&self) -> bool {
        self.sent || !self.read
    }

    /// Every type in it, with the property that holds it.
    pub(crate) fn members(&self) -> Vec<(Option<&str>, &RustType)> {
        match &self.shape {
            Shape::Struct(fields) => fields
                .values()
                .map(|field| (Some(field.property.as_str()), &field.ty))
                .collect(),
            Shape::Tuple(types) => types.iter().map(|ty| (None, ty)).collect(),
            Shape::Enum(variants) => variants.values().flatten().map(|ty| (None, ty)).collect(),
        }
    }
}

/// The types of the bindings' module `types`.
pub(super) fn read(items: &[Item], lowered: &Lowered) -> BTreeMap<String, Type> {
    let local = items
        .iter()
        .filter_map(|item| match item {
            Item::Struct(item) => Some(item.ident.to_string()),
            Item::Enum(item) => Some(item.ident.to_string()),
            _ => None,
        })
        .collect::<BTreeSet<_>>();
    let properties = properties(lowered);
    let mut types = BTreeMap::new();
    for item in items {
        let (name, attributes, shape) = match item {
            Item::Struct(item) => {
                let name = item.ident.to_string();
                let shape = match &item.fields {
                    Fields::Named(_) => {
                        Shape::Struct(fields(&item.fields, properties.get(&name), &local))
                    }
                    fields => Shape::Tuple(held(fields, &local)),
                };
                (name, &item.attrs, shape)
            }
            Item::Enum(item) => {
                let variants = item.variants.iter().map(|variant| {
                    let held = held(&variant.fields, &local);
                    (variant.ident.to_string(), held)
                });
                (
                    item.ident.to_string(),
                    &item.attrs,
                    Shape::Enum(variants.collect()),
                )
            }
            _ => continue,
        };
        types.insert(
            name,
            Type {
                shape,
                traits: derives(attributes),
                constructor: None,
                non_exhaustive: attributes
                    .iter()
                    .any(|attribute| attribute.path().is_ident("non_exhaustive")),
                features: BTreeSet::new(),
                sent: false,
                read: false,
                origins: BTreeSet::new(),
            },
        );
    }
    for item in items {
        let Item::Impl(block) = item else { continue };
        if let Some((name, implemented)) = implementation(block)
            && let Some(ty) = types.get_mut(&name)
        {
            ty.traits.insert(implemented);
        }
        if let Some((name, arguments)) = constructor(block)
            && let Some(ty) = types.get_mut(&name)
        {
            ty.constructor = Some(arguments);
        }
    }
    types
}

/// For each struct the property behind each field.
fn properties(lowered: &Lowered) -> BTreeMap<String, BTreeMap<String, String>> {
    let schemas = lowered.document["components"]["schemas"].as_object();
    schemas
        .into_iter()
        .flatten()
        .filter_map(|(name, schema)| {
            let properties = schema.get("properties")?.as_object()?;
            let fields = properties
                .keys()
                .map(|property| (naming::snake(property), property.clone()));
            Some((naming::pascal(name), fields.collect()))
        })
        .collect()
}

fn fields(
    fields: &Fields,
    properties: Option<&BTreeMap<String, String>>,
    local: &BTreeSet<String>,
) -> BTreeMap<String, Field> {
    fields
        .iter()
        .filter(|field| matches!(field.vis, Visibility::Public(_)))
        .filter_map(|field| {
            let name = field.ident.as_ref()?.to_string();
            let property = properties
                .and_then(|properties| properties.get(&name))
                .unwrap_or(&name)
                .clone();
            let ty = RustType::new(&field.ty, local);
            Some((name, Field { ty, property }))
        })
        .collect()
}

fn held(fields: &Fields, local: &BTreeSet<String>) -> Vec<RustType> {
    fields
        .iter()
        .map(|field| RustType::new(&field.ty, local))
        .collect()
}

fn derives(attributes: &[syn::Attribute]) -> BTreeSet<String> {
    let mut derives = BTreeSet::new();
    for attribute in attributes {
        if attribute.path().is_ident("derive") {
            // A list that does not parse has nothing to add.
            let _ = attribute.parse_nested_meta(|meta| {
                let last = meta.path.segments.last();
                derives.extend(last.map(|segment| segment.ident.to_string()));
                Ok(())
            });
        }
    }
    // What the crate implements itself in the place of a derive is there all the same.
    derives.remove("Deserialize");
    derives.remove("Serialize");
    derives
}

/// The type and the trait of an `impl`, if the trait has no parameters.
fn implementation(block: &syn::ItemImpl) -> Option<(String, String)> {
    let (path, _) = block.trait_.as_ref()?;
    let last = path.segments.last()?;
    last.arguments
        .is_none()
        .then(|| last.ident.to_string())
        .filter(|implemented| !matches!(implemented.as_str(), "Deserialize" | "Serialize"))
        .and_then(|implemented| Some((implementor(block)?, implemented)))
}

/// The type of an `impl` that has `new`, and the names of its arguments.
fn constructor(block: &syn::ItemImpl) -> Option<(String, Vec<String>)> {
    let method = block.items.iter().find_map(|item| match item {
        ImplItem::Fn(method) if block.trait_.is_none() && method.sig.ident == "new" => Some(method),
        _ => None,
    })?;
    let method = Method::new(&method.sig, &BTreeSet::new());
    Some((implementor(block)?, method.names))
}

fn implementor(block: &syn::ItemImpl) -> Option<String> {
    let syn::Type::Path(ty) = &*block.self_ty else {
        return None;
    };
    Some(ty.path.segments.last()?.ident.to_string())
}
