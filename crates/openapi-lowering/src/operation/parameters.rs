//! Parameters: those of the path and headers are arguments, the others are lifted into a table.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::emit;
use crate::error::{Error, Result};
use crate::naming::{self, Names};
use crate::pointer;
use crate::report::Change;
use crate::schema::Schemas;
use crate::source::{Located, as_object};
use crate::table::{self, Location};
use crate::text;
use crate::ty::{Kind, Type};

pub(super) struct Parameters {
    pub(super) path: String,
    pub(super) path_arguments: Vec<PathArgument>,
    pub(super) headers: Vec<Header>,
    pub(super) lifted: Vec<table::Parameter>,
}

pub(super) struct PathArgument {
    pub(super) name: String,
    argument: String,
    pub(super) ty: Type,
    description: Option<String>,
}

pub(super) struct Header {
    pub(super) name: String,
    required: bool,
    pub(super) ty: Type,
    description: Option<String>,
}

/// A parameter as the source declares it.
pub(super) struct Declared<'a> {
    pub(super) location: String,
    pub(super) name: String,
    map: &'a Map<String, Value>,
    at: String,
}

impl<'a> Declared<'a> {
    pub(super) fn new(located: &Located<'a>) -> Result<Self> {
        let map = as_object(located.value, &located.pointer)?;
        let text = |key: &str| {
            map.get(key)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or_else(|| Error::Unexpected {
                    pointer: pointer::child(&located.pointer, key),
                    found: map.get(key).map_or("missing", crate::source::kind),
                    expected: "text",
                })
        };
        Ok(Self {
            location: text("in")?,
            name: text("name")?,
            map,
            at: located.pointer.clone(),
        })
    }

    fn text(&self, key: &str) -> Option<&'a str> {
        self.map.get(key)?.as_str()
    }

    fn description(&self) -> Option<String> {
        self.text("description")
            .map(text::doc)
            .filter(|text| !text.is_empty())
    }

    fn flag(&self, key: &str) -> Option<bool> {
        self.map.get(key)?.as_bool()
    }

    /// The schema, and the media type where the value is encoded as one.
    fn schema(&self) -> (Option<(&'a Value, String)>, Option<&'a str>) {
        if let Some(schema) = self.map.get("schema") {
            return (Some((schema, pointer::child(&self.at, "schema"))), None);
        }
        let content = self.map.get("content").and_then(Value::as_object);
        match content.and_then(|content| content.iter().next()) {
            Some((media_type, value)) => {
                let at = pointer::child(&self.at, "content");
                let at = pointer::child(&pointer::child(&at, media_type), "schema");
                (
                    value.get("schema").map(|schema| (schema, at)),
                    Some(media_type),
                )
            }
            None => (None, None),
        }
    }
}

/// Words that progenitor uses in the body of every method.
const LOCALS: &[&str] = &["body", "header_map", "info", "self", "value"];

/// Headers that OpenAPI leaves to the client, whatever a document says of them.
const CLIENT_HEADERS: &[&str] = &["accept", "authorization", "content-type"];

pub(super) fn lower(
    schemas: &mut Schemas<'_>,
    declared: &BTreeMap<(String, String), Declared<'_>>,
    path: &str,
    id: &str,
    at: &str,
) -> Result<Parameters> {
    let mut lowered = Parameters {
        path: String::new(),
        path_arguments: Vec::new(),
        headers: Vec::new(),
        lifted: Vec::new(),
    };
    let mut names = Names::reserving(LOCALS);

    // Headers can't be renamed, so they get their names first.
    for parameter in declared.values().filter(|p| p.location == "header") {
        let lower_case = parameter.name.to_ascii_lowercase();
        let dropped = if CLIENT_HEADERS.contains(&lower_case.as_str()) {
            Some("OpenAPI leaves this header to the client")
        } else if !is_header_name(&parameter.name) {
            Some("it is no name of a header")
        } else if names.is_taken(&naming::method(&parameter.name)) {
            Some("another header makes the same Rust name")
        } else {
            None
        };
        if let Some(why) = dropped {
            schemas.report.add(
                &parameter.at,
                Change::Dropped,
                format!("the header `{}` is no argument", parameter.name),
                why,
            );
            continue;
        }
        names.take(&naming::method(&parameter.name));
        let required = parameter.flag("required") == Some(true);
        lowered.headers.push(Header {
            name: parameter.name.clone(),
            required,
            ty: scalar(schemas, parameter, id)?,
            description: parameter.description(),
        });
    }

    for segment in template(path)? {
        let name = match segment {
            Segment::Text(text) => {
                lowered.path.push_str(text);
                continue;
            }
            Segment::Parameter(name) => name,
        };
        let known = lowered
            .path_arguments
            .iter()
            .find(|known| known.name == name);
        if let Some(known) = known {
            lowered.path.push_str(&format!("{{{}}}", known.argument));
            continue;
        }
        let parameter = declared.get(&("path".to_owned(), name.to_owned()));
        let (ty, description) = match parameter {
            Some(parameter) => (scalar(schemas, parameter, id)?, parameter.description()),
            None => {
                schemas.report.add(
                    at,
                    Change::Changed,
                    format!("the path's `{name}` is text"),
                    "the parameter is not declared",
                );
                (Type::text(), None)
            }
        };
        let argument = names.take_snake(&naming::method(name));
        lowered.path.push_str(&format!("{{{argument}}}"));
        lowered.path_arguments.push(PathArgument {
            name: name.to_owned(),
            argument,
            ty,
            description,
        });
    }
    if !lowered.path.starts_with('/') {
        lowered.path.insert(0, '/');
    }

    for parameter in declared.values() {
        match parameter.location.as_str() {
            "path" => {
                if !lowered
                    .path_arguments
                    .iter()
                    .any(|argument| argument.name == parameter.name)
                {
                    schemas.report.add(
                        &parameter.at,
                        Change::Dropped,
                        format!("the path parameter `{}` is no argument", parameter.name),
                        "the path does not have it",
                    );
                }
            }
            "header" => {}
            other => match super::location(other) {
                Some(location) => lowered.lifted.push(lift(schemas, parameter, location)?),
                None => schemas.report.add(
                    &parameter.at,
                    Change::Dropped,
                    format!("the parameter `{}` is not sent", parameter.name),
                    "OpenAPI knows path, query, header and cookie",
                ),
            },
        }
    }
    Ok(lowered)
}

/// The type of an argument that is sent as text.
fn scalar(schemas: &mut Schemas<'_>, parameter: &Declared<'_>, id: &str) -> Result<Type> {
    let (Some((schema, at)), None) = parameter.schema() else {
        return Ok(Type::text());
    };
    if let Some(style) = parameter.text("style")
        && style != "simple"
    {
        schemas.report.add(
            &parameter.at,
            Change::Changed,
            format!("the style `{style}` is left to the caller"),
            "the argument is sent as it is given",
        );
        return Ok(Type::text());
    }
    let mut ty = schemas.inline(schema, &at, &format!("{id} {}", parameter.name))?;
    ty.nullable = false;
    ty.default = None;
    ty.doc = None;
    Ok(ty)
}

/// What an argument's type becomes once it is known what references lead to: text for all that
/// has no text of its own.
pub(super) fn settle(ty: &mut Type, is_enum: &dyn Fn(&str) -> bool) -> bool {
    let printable = match &ty.kind {
        Kind::Boolean | Kind::Integer(_) | Kind::Number(_) | Kind::Native(_) => true,
        Kind::Text(text) => !text.is_checked(),
        Kind::Ref(name) => is_enum(name),
        _ => false,
    };
    if !printable {
        *ty = Type::text();
    }
    printable
}

fn lift(
    schemas: &Schemas<'_>,
    parameter: &Declared<'_>,
    location: Location,
) -> Result<table::Parameter> {
    let (schema, content) = parameter.schema();
    let mut kind = "string".to_owned();
    let mut values = Vec::new();
    let mut description = parameter.description();
    if let Some((schema, at)) = schema {
        let schema = schemas.source.deref(schema, &at)?.value;
        let ty = match schema.get("type") {
            Some(Value::Array(types)) => types.iter().find(|ty| *ty != "null"),
            other => other,
        };
        if let Some(ty) = ty.and_then(Value::as_str) {
            ty.clone_into(&mut kind);
        }
        let item = schema.get("items").unwrap_or(schema);
        values.extend(
            item.get("enum")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter(|value| !value.is_null())
                .map(|value| {
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned)
                }),
        );
        description = description.or_else(|| {
            schema
                .get("description")
                .and_then(Value::as_str)
                .map(text::doc)
        });
    }
    let style = parameter.text("style").unwrap_or("form").to_owned();
    Ok(table::Parameter {
        name: parameter.name.clone(),
        location,
        kind,
        required: parameter.flag("required") == Some(true),
        explode: parameter.flag("explode").unwrap_or(style == "form"),
        style,
        content: content.map(str::to_owned),
        values,
        description,
    })
}

enum Segment<'p> {
    Text(&'p str),
    Parameter(&'p str),
}

fn template(path: &str) -> Result<Vec<Segment<'_>>> {
    let error = |reason| Error::Path {
        path: path.to_owned(),
        reason,
    };
    let mut segments = Vec::new();
    let mut rest = path;
    while let Some(open) = rest.find(['{', '}']) {
        let (text, tail) = rest.split_at(open);
        let Some(tail) = tail.strip_prefix('{') else {
            return Err(error("a `}` closes nothing"));
        };
        let close = tail
            .find(['{', '}'])
            .filter(|close| tail[*close..].starts_with('}'))
            .ok_or_else(|| error("a `{` is not closed"))?;
        let name = &tail[..close];
        if name.is_empty() {
            return Err(error("a parameter has no name"));
        }
        if !text.is_empty() {
            segments.push(Segment::Text(text));
        }
        segments.push(Segment::Parameter(name));
        rest = &tail[close + 1..];
    }
    if !rest.is_empty() {
        segments.push(Segment::Text(rest));
    }
    Ok(segments)
}

fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b))
}

impl PathArgument {
    pub(super) fn emit(&self) -> Value {
        parameter(
            "path",
            &self.argument,
            true,
            &self.ty,
            self.description.as_deref(),
        )
    }

    pub(super) fn table(&self) -> table::PathParameter {
        table::PathParameter {
            name: self.name.clone(),
            argument: self.argument.clone(),
            rust_type: emit::rust(&self.ty),
            description: self.description.clone(),
        }
    }
}

impl Header {
    pub(super) fn emit(&self) -> Value {
        parameter(
            "header",
            &self.name,
            self.required,
            &self.ty,
            self.description.as_deref(),
        )
    }
}

fn parameter(
    location: &str,
    name: &str,
    required: bool,
    ty: &Type,
    description: Option<&str>,
) -> Value {
    let mut value = json!({
        "in": location,
        "name": name,
        "required": required,
        "schema": emit::schema(ty),
    });
    if let Some(description) = description {
        value["description"] = description.into();
    }
    value
}
