//! The operations as the published document has them.

use omneo_api::{OPERATIONS, Operation};
use serde_json::Value;

use crate::documents::child;

/// An operation of the document.
pub(crate) struct Route {
    pub(crate) path: String,
    /// JSON pointer of the operation.
    pub(crate) pointer: String,
    /// Its entry in the crate's table.
    pub(crate) operation: Option<&'static Operation>,
}

/// A parameter of the document.
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) location: String,
    pub(crate) required: bool,
    /// JSON pointer of its schema.
    pub(crate) schema: String,
}

/// What a request or an answer carries.
pub(crate) struct Content {
    pub(crate) media_type: String,
    /// JSON pointer of its schema.
    pub(crate) schema: String,
}

const METHODS: [&str; 6] = ["delete", "get", "head", "patch", "post", "put"];

impl Route {
    /// The operation's id, or where it is in the document.
    pub(crate) fn name(&self) -> &str {
        self.operation
            .map_or(&self.pointer, |operation| operation.id)
    }

    pub(crate) fn all(document: &Value) -> Vec<Route> {
        let mut routes = Vec::new();
        for (path, item) in object(document, "/paths") {
            for method in METHODS.iter().filter(|method| item.get(**method).is_some()) {
                let capitals = method.to_uppercase();
                routes.push(Route {
                    path: path.clone(),
                    pointer: child(&child("/paths", path), method),
                    operation: OPERATIONS
                        .iter()
                        .find(|operation| operation.method == capitals && operation.path == path),
                });
            }
        }
        routes
    }

    /// The parameters of the operation, and those of its path that it does not replace.
    pub(crate) fn parameters(&self, document: &Value) -> Vec<Parameter> {
        let item = child("/paths", &self.path);
        let mut parameters = Vec::<Parameter>::new();
        for around in [&self.pointer, &item] {
            let list = format!("{around}/parameters");
            let count = document
                .pointer(&list)
                .and_then(Value::as_array)
                .map_or(0, Vec::len);
            for index in 0..count {
                let pointer = resolved(document, format!("{list}/{index}"));
                let text = |key| text(document, &format!("{pointer}/{key}"));
                let (name, location) = (text("name"), text("in"));
                if !parameters
                    .iter()
                    .any(|known| known.name == name && known.location == location)
                {
                    parameters.push(Parameter {
                        required: document.pointer(&format!("{pointer}/required"))
                            == Some(&Value::Bool(true)),
                        schema: format!("{pointer}/schema"),
                        name,
                        location,
                    });
                }
            }
        }
        parameters
    }

    /// What the request carries, in each of its media types.
    pub(crate) fn bodies(&self, document: &Value) -> Vec<Content> {
        contents(
            document,
            &resolved(document, format!("{}/requestBody", self.pointer)),
        )
    }

    /// The answers with their statuses and what they carry.
    pub(crate) fn answers(&self, document: &Value) -> Vec<(u16, Vec<Content>)> {
        let responses = format!("{}/responses", self.pointer);
        object(document, &responses)
            .filter_map(|(status, _)| {
                let pointer = resolved(document, child(&responses, status));
                Some((status.parse().ok()?, contents(document, &pointer)))
            })
            .collect()
    }
}

fn contents(document: &Value, holder: &str) -> Vec<Content> {
    let pointer = format!("{holder}/content");
    object(document, &pointer)
        .map(|(media_type, _)| Content {
            media_type: media_type.clone(),
            schema: format!("{}/schema", child(&pointer, media_type)),
        })
        .collect()
}

/// The pointer of what a reference leads to.
fn resolved(document: &Value, pointer: String) -> String {
    match document
        .pointer(&format!("{pointer}/$ref"))
        .and_then(Value::as_str)
    {
        Some(reference) => resolved(document, reference.trim_start_matches('#').to_owned()),
        None => pointer,
    }
}

fn object<'d>(document: &'d Value, pointer: &str) -> impl Iterator<Item = (&'d String, &'d Value)> {
    document
        .pointer(pointer)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

fn text(document: &Value, pointer: &str) -> String {
    document
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}
