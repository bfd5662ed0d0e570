//! The schema: which operations there are, what each takes, and what it answers.

use std::sync::LazyLock;

use http::Method;
use serde_json::Value;

mod envelope;
pub(crate) mod formats;
mod operation;
mod pointer;
mod problems;
mod router;
mod validators;

pub(crate) use operation::{Envelope, Media, Operation};
pub(crate) use router::Route;

use router::Router;
use validators::Validators;

/// The schema that the sandbox answers by: the published one with the corrections.
pub(crate) static SCHEMA: LazyLock<Schema> = LazyLock::new(Schema::load);

/// Written by the build script, which fails if it is no JSON.
const DOCUMENT: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/openapi.json"));

static PARSED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_slice(DOCUMENT).unwrap_or_default());

/// All operations, and the document.
pub(crate) struct Schema {
    document: &'static Value,
    operations: Vec<Operation>,
    router: Router,
    validators: Validators,
}

impl Schema {
    fn load() -> Self {
        let document = &*PARSED;
        let operations = operation::all(document);
        let router = Router::new(&operations);
        let validators = Validators::new(document, operations.len());
        Self {
            document,
            operations,
            router,
            validators,
        }
    }

    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation with an id.
    pub(crate) fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Where a request goes; `path` starts with `/v3` or is `/health`. Literal segments win over parameters, and an empty segment is none; one slash at
    /// the end is ignored. `HEAD` goes where `GET` does.
    pub(crate) fn route<'s>(&'s self, method: &Method, path: &str) -> Route<'s> {
        self.router.route(&self.operations, method, path)
    }

    /// What is wrong with a body, as Laravel says it: (`items.0.quantity`, "The items.0.quantity must be an integer."). Numbers and booleans may come as
    /// text, as Laravel takes them. What is no object is read as an empty one, as PHP does; of a multipart body only the presence of what is required
    /// is asked for.
    pub(crate) fn problems(&self, operation: &Operation, body: &Value) -> Vec<(String, String)> {
        problems::of_body(self, operation, body)
    }

    /// What is wrong with an answer, by the schema: for the sandbox's check of itself.
    pub(crate) fn answer_problems(
        &self,
        operation: &Operation,
        status: u16,
        body: Option<&Value>,
    ) -> Vec<String> {
        problems::of_answer(self, operation, status, body)
    }

    /// The schema of a component, for [`render`](crate::render).
    pub(crate) fn component(&self, name: &str) -> Option<&'static Value> {
        self.document.get("components")?.get("schemas")?.get(name)
    }

    pub(crate) fn document(&self) -> &'static Value {
        self.document
    }
}
