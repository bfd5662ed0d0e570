//! Validators of the document's schemas, each made when it is first asked for.

use std::sync::OnceLock;

use jsonschema::{Draft, Registry, Validator};
use serde_json::{Value, json};

use super::formats;
use super::operation::{Operation, answer_pointer, operation_pointer};
use super::pointer::fragment;

/// The address of the document among the validators' references.
const DOCUMENT: &str = "urn:openapi";

/// Validators of every operation's body and answer.
pub(super) struct Validators {
    registry: Option<Registry<'static>>,
    bodies: Vec<OnceLock<Option<Validator>>>,
    answers: Vec<OnceLock<Option<Validator>>>,
    /// By the names of the document's shared answers.
    refusals: [(u16, OnceLock<Option<Validator>>); 4],
}

impl Validators {
    pub(super) fn new(document: &'static Value, operations: usize) -> Self {
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(DOCUMENT, document)
            .and_then(jsonschema::RegistryBuilder::prepare);
        let empty = || (0..operations).map(|_| OnceLock::new()).collect();
        Self {
            registry: registry.ok(),
            bodies: empty(),
            answers: empty(),
            refusals: [401, 403, 404, 422].map(|status| (status, OnceLock::new())),
        }
    }

    /// Of the body; none if it has none.
    pub(super) fn body(&self, operation: &Operation) -> Option<&Validator> {
        let body = operation.body.as_ref()?;
        self.once(self.bodies.get(operation.index)?, || body.schema.clone())
    }

    /// Of the answer to a success; none if it has no body.
    pub(super) fn answer(&self, operation: &Operation) -> Option<&Validator> {
        self.once(self.answers.get(operation.index)?, || {
            answer_pointer(&operation_pointer(operation), operation.status)
        })
    }

    /// Of a refusal; none if the schema says nothing of its status.
    pub(super) fn refusal(&self, status: u16) -> Option<&Validator> {
        let mut refusals = self.refusals.iter();
        let (_, cell) = refusals.find(|(known, _)| *known == status)?;
        self.once(cell, || {
            let name = match status {
                401 => "AuthenticationException",
                403 => "AuthorizationException",
                404 => "ModelNotFoundException",
                _ => "ValidationException",
            };
            format!("/components/responses/{name}/content/application~1json/schema")
        })
    }

    fn once<'v>(
        &'v self,
        cell: &'v OnceLock<Option<Validator>>,
        pointer: impl FnOnce() -> String,
    ) -> Option<&'v Validator> {
        cell.get_or_init(|| self.make(&pointer())).as_ref()
    }

    fn make(&self, pointer: &str) -> Option<Validator> {
        let schema = json!({ "$ref": format!("{DOCUMENT}#{}", fragment(pointer)) });
        let options = jsonschema::draft202012::options()
            .with_registry(self.registry.as_ref()?)
            .should_validate_formats(true);
        let options = formats::ALL
            .into_iter()
            .fold(options, |options, (name, check)| {
                options.with_format(name, check)
            });
        options.build(&schema).ok()
    }
}
