//! Operations: names, parameters, bodies and answers that progenitor takes.

mod answers;
mod body;
mod parameters;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::naming::{self, Names};
use crate::pointer;
use crate::report::{Change, Report};
use crate::resolve::Definitions;
use crate::schema::{Direction, Schemas};
use crate::source::{as_array, as_object};
use crate::table::{self, Location};
use crate::text;
use crate::ty::{Kind, Type};

use answers::Answers;
use body::Payload;
use parameters::{Header, PathArgument};

/// The methods that reqwest has a function for.
const METHODS: &[&str] = &["get", "put", "post", "delete", "head", "patch"];
const UNBOUND_METHODS: &[&str] = &["options", "trace", "query"];

/// What progenitor's client has methods for already, or calls on itself.
const CLIENT_METHODS: &[&str] = &[
    "api_version",
    "baseurl",
    "client",
    "clone",
    "clone_from",
    "exec",
    "fmt",
    "inner",
    "new",
    "new_with_client",
    "post",
    "pre",
];

/// An operation between the source and the lowered document.
pub(crate) struct Operation {
    id: String,
    operation_id: Option<String>,
    pointer: String,
    method: &'static str,
    path: String,
    lowered_path: String,
    tags: Vec<String>,
    summary: Option<String>,
    description: Option<String>,
    path_arguments: Vec<PathArgument>,
    headers: Vec<Header>,
    lifted: Vec<table::Parameter>,
    pub(crate) payload: Payload,
    pub(crate) answers: Answers,
}

/// Where an operation stands, before it is lowered.
struct Site<'a> {
    pointer: String,
    path: String,
    method: &'static str,
    operation: &'a Map<String, Value>,
    item: &'a Map<String, Value>,
    item_pointer: String,
    id: String,
}

/// Lowers every operation: answers first, so that what both an answer and a request hold is known to
/// be read.
pub(crate) fn lower(schemas: &mut Schemas<'_>) -> Result<Vec<Operation>> {
    let sites = sites(schemas)?;
    let mut all_answers = Vec::with_capacity(sites.len());
    schemas.direction = Direction::Answer;
    for site in &sites {
        all_answers.push(answers::lower(
            schemas,
            site.operation,
            &site.pointer,
            &site.id,
        )?);
    }
    schemas.drain()?;
    schemas.direction = Direction::Request;
    let mut operations = Vec::with_capacity(sites.len());
    for (site, answers) in sites.into_iter().zip(all_answers) {
        operations.push(request(schemas, site, answers)?);
    }
    schemas.drain()?;
    Ok(operations)
}

fn sites<'a>(schemas: &mut Schemas<'a>) -> Result<Vec<Site<'a>>> {
    let source = schemas.source;
    let mut sites = Vec::new();
    for (path, item) in source.object("/paths")?.into_iter().flatten() {
        if path.starts_with("x-") {
            continue;
        }
        let at = pointer::child("/paths", path);
        let located = source.deref(item, &at)?;
        let item = as_object(located.value, &located.pointer)?;
        for method in UNBOUND_METHODS {
            if item.contains_key(*method) {
                schemas.report.add(
                    &pointer::child(&at, method),
                    Change::Dropped,
                    format!("`{method} {path}` is not bound"),
                    "reqwest has no function for the method",
                );
            }
        }
        for method in METHODS {
            let Some(operation) = item.get(*method) else {
                continue;
            };
            let here = pointer::child(&at, method);
            let operation = as_object(operation, &here)?;
            if operation.contains_key("callbacks") {
                schemas.report.add(
                    &here,
                    Change::Dropped,
                    "callbacks are not bound",
                    "they are requests that a server sends",
                );
            }
            sites.push(Site {
                pointer: here,
                path: path.clone(),
                method,
                operation,
                item,
                item_pointer: located.pointer.clone(),
                id: String::new(),
            });
        }
    }
    name(schemas, &mut sites);
    Ok(sites)
}

/// Gives every operation a name of its own: that of the source where Rust can have it. Those go
/// first, so that adding an operation without a name renames none that has one.
fn name(schemas: &mut Schemas<'_>, sites: &mut [Site<'_>]) {
    let mut names = Names::reserving(CLIENT_METHODS);
    for site in sites.iter_mut() {
        let published = published_id(site.operation);
        let Some(wanted) = published.filter(|id| has_letters(id)).map(naming::method) else {
            continue;
        };
        if !names.is_taken(&wanted) {
            site.id = names.take_snake(&wanted);
        }
    }
    for site in sites.iter_mut().filter(|site| site.id.is_empty()) {
        let derived = naming::method(&format!("{} {}", site.method, site.path));
        site.id = names.take_snake(&derived);
        let (what, why) = match published_id(site.operation) {
            None => (format!("named `{}`", site.id), "it has no operationId"),
            Some(id) => (
                format!("`{id}` is named `{}`", site.id),
                "another operation, or the client itself, has that name",
            ),
        };
        schemas
            .report
            .add(&site.pointer, Change::Renamed, what, why);
    }
}

fn published_id(operation: &Map<String, Value>) -> Option<&str> {
    operation.get("operationId")?.as_str()
}

fn has_letters(id: &str) -> bool {
    id.chars().any(unicode_ident::is_xid_continue)
}

fn tags_of(operation: &Map<String, Value>) -> Vec<String> {
    operation
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|tag| tag.as_str().map(str::to_owned))
        .collect()
}

fn request(schemas: &mut Schemas<'_>, site: Site<'_>, answers: Answers) -> Result<Operation> {
    let payload = body::lower(schemas, site.operation, &site.pointer, &site.id)?;
    let lists = [
        (site.item, site.item_pointer.as_str()),
        (site.operation, site.pointer.as_str()),
    ];
    let mut declared = BTreeMap::new();
    for (owner, at) in lists {
        let Some(list) = owner.get("parameters") else {
            continue;
        };
        let here = pointer::child(at, "parameters");
        for (index, parameter) in as_array(list, &here)?.iter().enumerate() {
            let at = pointer::child(&here, &index.to_string());
            let located = schemas.source.deref(parameter, &at)?;
            let parameter = parameters::Declared::new(&located)?;
            // An operation's own parameter stands in for the path's.
            declared.insert(
                (parameter.location.clone(), parameter.name.clone()),
                parameter,
            );
        }
    }
    let parameters = parameters::lower(schemas, &declared, &site.path, &site.id, &site.pointer)?;
    let doc = |key: &str| {
        site.operation
            .get(key)
            .and_then(Value::as_str)
            .map(text::doc)
            .filter(|text| !text.is_empty())
    };
    Ok(Operation {
        operation_id: published_id(site.operation).map(str::to_owned),
        tags: tags_of(site.operation),
        summary: doc("summary"),
        description: doc("description"),
        id: site.id,
        pointer: site.pointer,
        method: site.method,
        path: site.path,
        lowered_path: parameters.path,
        path_arguments: parameters.path_arguments,
        headers: parameters.headers,
        lifted: parameters.lifted,
        payload,
        answers,
    })
}

impl Operation {
    /// Whether the operation has one of these tags, or none at all.
    pub(crate) fn has_tag_of(&self, tags: &BTreeSet<String>) -> bool {
        self.tags.is_empty() || self.tags.iter().any(|tag| tags.contains(tag))
    }

    /// Every type that the operation names.
    pub(crate) fn types_mut(&mut self) -> Vec<&mut Type> {
        let mut types = Vec::new();
        types.extend(
            self.path_arguments
                .iter_mut()
                .map(|argument| &mut argument.ty),
        );
        types.extend(self.headers.iter_mut().map(|header| &mut header.ty));
        types.extend(self.payload.ty_mut());
        types.extend(self.answers.types_mut());
        types
    }

    pub(crate) fn types(&self) -> Vec<&Type> {
        let mut types = Vec::new();
        types.extend(self.path_arguments.iter().map(|argument| &argument.ty));
        types.extend(self.headers.iter().map(|header| &header.ty));
        types.extend(self.payload.ty());
        types.extend(self.answers.types());
        types
    }

    /// The types of the path's arguments.
    pub(crate) fn path_arguments_mut(&mut self) -> impl Iterator<Item = &mut Type> {
        self.path_arguments
            .iter_mut()
            .map(|argument| &mut argument.ty)
    }

    /// Makes text of the arguments that have no text of their own.
    pub(crate) fn settle_arguments(&mut self, definitions: &Definitions, report: &mut Report) {
        let is_enum = |name: &str| {
            definitions
                .get(name)
                .is_some_and(|definition| matches!(definition.ty.kind, Kind::Enum(_)))
        };
        let arguments = self
            .path_arguments
            .iter_mut()
            .map(|argument| (&argument.name, &mut argument.ty));
        let headers = self
            .headers
            .iter_mut()
            .map(|header| (&header.name, &mut header.ty));
        for (name, ty) in arguments.chain(headers) {
            if !parameters::settle(ty, &is_enum) {
                report.add(
                    &self.pointer,
                    Change::Changed,
                    format!("the argument `{name}` is text"),
                    "a path or a header holds one scalar",
                );
            }
        }
    }

    /// Adds the operation to the paths of the lowered document.
    pub(crate) fn emit(&self, paths: &mut Map<String, Value>) {
        let mut operation = json!({
            "operationId": self.id,
            "tags": self.tags,
            "responses": self.answers.emit(),
        });
        if let Some(summary) = &self.summary {
            operation["summary"] = summary.clone().into();
        }
        if let Some(description) = &self.description {
            operation["description"] = description.clone().into();
        }
        let parameters = self
            .path_arguments
            .iter()
            .map(PathArgument::emit)
            .chain(self.headers.iter().map(Header::emit))
            .collect::<Vec<_>>();
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        if let Some(body) = self.payload.emit() {
            operation["requestBody"] = body;
        }
        let item = paths
            .entry(self.lowered_path.clone())
            .or_insert_with(|| json!({}));
        item[self.method] = operation;
    }

    pub(crate) fn table(&self) -> table::Operation {
        table::Operation {
            id: self.id.clone(),
            operation_id: self.operation_id.clone(),
            pointer: self.pointer.clone(),
            method: self.method.to_owned(),
            path: self.path.clone(),
            tags: self.tags.clone(),
            summary: self.summary.clone(),
            description: self.description.clone(),
            path_parameters: self
                .path_arguments
                .iter()
                .map(PathArgument::table)
                .collect(),
            parameters: self.lifted.clone(),
            body: self.payload.table(),
            answer: self.answers.table(),
        }
    }

    /// The method and path of the source.
    pub(crate) fn route(&self) -> (String, String) {
        (self.method.to_owned(), self.path.clone())
    }

    fn key(&self) -> (&str, &str) {
        (&self.lowered_path, self.method)
    }
}

/// The two operations of a path that differs only in the names of its parameters can't both be
/// bound under one template; progenitor binds them as two paths, which is what they are.
pub(crate) fn check_unique(operations: &[Operation]) -> Result<()> {
    let mut seen = BTreeSet::new();
    for operation in operations {
        if !seen.insert(operation.key()) {
            return Err(Error::Path {
                path: operation.path.clone(),
                reason: "another path is the same once its parameters are named for Rust",
            });
        }
    }
    Ok(())
}

pub(crate) fn location(name: &str) -> Option<Location> {
    match name {
        "query" => Some(Location::Query),
        "cookie" => Some(Location::Cookie),
        _ => None,
    }
}
