#![doc = include_str!("../README.md")]

mod emit;
mod envelope;
mod error;
mod loose;
pub mod naming;
mod operation;
mod options;
mod pointer;
mod report;
mod resolve;
mod schema;
mod share;
mod source;
pub mod table;
mod text;
mod ty;

use serde_json::{Map, Value, json};

pub use error::Error;
pub use options::{Envelopes, Loose, Options};
pub use report::{Change, Report, Step};

use resolve::Definitions;
use schema::{Direction, Schemas};
use source::Source;
use ty::{Kind, Variant};

/// A lowered document, what was lost on the way, and what was lifted out of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Lowered {
    /// An OpenAPI 3.0 document in the forms that progenitor generates compiling code from.
    pub document: Value,
    /// Every lossy step.
    pub report: Report,
    /// The operations, in the document's order, with what their bindings leave out.
    pub operations: Vec<table::Operation>,
    /// The unions of objects that nothing but their properties tells apart.
    pub unions: Vec<table::Union>,
    /// The method and path of every operation in the source, selected or not.
    pub routes: Vec<(String, String)>,
    /// For each component schema that has a type: its name in the source, and the Rust type's.
    pub schemas: Vec<(String, String)>,
}

/// Lowers a document given as JSON text.
///
/// # Errors
///
/// If the text is no JSON, no OpenAPI document of version 3.0 or 3.1, or one whose references lead
/// nowhere or outside of it.
pub fn lower(json: &[u8], options: &Options) -> Result<Lowered, Error> {
    // A byte order mark is no JSON, but what some tools write.
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    lower_value(&serde_json::from_slice(json)?, options)
}

/// Lowers a document that is parsed already.
///
/// # Errors
///
/// As [`lower`].
pub fn lower_value(document: &Value, options: &Options) -> Result<Lowered, Error> {
    let source = Source::new(document)?;
    let mut schemas = Schemas::new(&source, options)?;
    // Everything is lowered, and what is not selected dropped afterwards: so names do not depend
    // on the selection.
    let mut operations = operation::lower(&mut schemas)?;
    operation::check_unique(&operations)?;
    for name in schemas.component_names()? {
        schemas.keep(&name)?;
    }
    let component_names = schemas.type_names()?;

    let Schemas {
        mut definitions,
        mut report,
        mut names,
        ..
    } = schemas;

    let mut types = operations
        .iter_mut()
        .flat_map(operation::Operation::types_mut)
        .collect::<Vec<_>>();
    resolve::inline_aliases(
        &mut definitions,
        &mut types,
        options.loose.is_some(),
        &mut report,
    );
    let named = component_names
        .iter()
        .map(|(_, type_name)| type_name.clone())
        .collect();
    share::types(&mut definitions, &named, &mut types, &mut names);

    if let Some(envelopes) = &options.envelopes {
        for ty in operations
            .iter_mut()
            .filter_map(|operation| operation.answers.success_mut())
        {
            if let Some(envelope) = envelope::unwrap(ty, &definitions, envelopes) {
                *ty = envelope;
            }
        }
    }
    for operation in &mut operations {
        operation.settle_arguments(&definitions, &mut report);
    }
    if let Some(loose) = &options.loose {
        let payloads = operations
            .iter()
            .filter_map(|operation| operation.payload.ty());
        resolve::note_both(&mut definitions, payloads);
        let loosening = loose::Loosening::new(loose, &definitions);
        loosening.definitions(&mut definitions, &mut report);
        for operation in &mut operations {
            for ty in operation.path_arguments_mut() {
                // Whatever its name, a path's parameter identifies something.
                loosening.loosen(ty, Some("id"), Direction::Request);
            }
            for ty in operation.answers.types_mut() {
                loosening.loosen(ty, None, Direction::Answer);
            }
            if let Some(ty) = operation.payload.ty_mut() {
                loosening.loosen(ty, None, Direction::Request);
            }
        }
    }
    let routes = operations.iter().map(operation::Operation::route).collect();
    if let Some(tags) = &options.tags {
        operations.retain(|operation| operation.has_tag_of(tags));
    }
    let kept = component_names
        .iter()
        .filter(|(name, _)| options.tags.is_none() || options.keep_schemas.contains(name))
        .map(|(_, type_name)| type_name.clone());
    let types = operations.iter().flat_map(operation::Operation::types);
    resolve::prune(&mut definitions, types, kept);
    report.finish();
    let unions = unions(&definitions);

    let mut paths = Map::new();
    for operation in &operations {
        operation.emit(&mut paths);
    }
    let schemas = definitions
        .iter()
        .map(|(name, definition)| (name.clone(), emit::definition(&definition.ty)))
        .collect::<Map<_, _>>();
    let document = json!({
        "openapi": "3.0.3",
        "info": info(document),
        "paths": paths,
        "components": { "schemas": schemas },
    });
    Ok(Lowered {
        document,
        report,
        operations: operations.iter().map(operation::Operation::table).collect(),
        unions,
        routes,
        schemas: component_names
            .into_iter()
            .filter(|(_, type_name)| definitions.contains_key(type_name))
            .collect(),
    })
}

/// serde takes the first variant that a value fits; where properties are optional, that is the
/// first of all. The table lets a caller choose the one that fits best.
fn unions(definitions: &Definitions) -> Vec<table::Union> {
    let variant = |variant: &Variant| match &variant.ty.kind {
        Kind::Ref(name) => match &definitions.get(name)?.ty.kind {
            Kind::Object(object) => Some(table::UnionVariant {
                type_name: name.clone(),
                properties: object.properties.keys().cloned().collect(),
            }),
            _ => None,
        },
        _ => None,
    };
    definitions
        .iter()
        .filter_map(|(name, definition)| match &definition.ty.kind {
            Kind::Union(union) if union.tag.is_none() => Some(table::Union {
                type_name: name.clone(),
                variants: union.variants.iter().map(variant).collect::<Option<_>>()?,
            }),
            _ => None,
        })
        .collect()
}

fn info(document: &Value) -> Value {
    let text = |key: &str| {
        document
            .pointer(&format!("/info/{key}"))
            .and_then(Value::as_str)
    };
    let mut info = json!({
        "title": text("title").unwrap_or("API"),
        "version": text("version").unwrap_or("0"),
    });
    if let Some(description) = text("description") {
        info["description"] = text::doc(description).into();
    }
    info
}
