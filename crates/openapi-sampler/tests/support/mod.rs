//! What all tests of samples ask for.

use jsonschema::{Draft, Registry, Validator};
use openapi_sampler::{Sampler, covered, places};
use serde_json::{Value, json};

/// A document with these component schemas.
pub(crate) fn document(schemas: Value) -> Value {
    json!({ "openapi": "3.1.0", "components": { "schemas": schemas } })
}

/// Whether a value fits the schema at a pointer.
pub(crate) fn fits(document: &Value) -> impl Fn(&str, &Value) -> bool {
    let registry = Registry::new()
        .draft(Draft::Draft202012)
        .add("urn:document", document.clone())
        .unwrap()
        .prepare()
        .unwrap();
    let validator = move |pointer: &str| -> Validator {
        let reference = json!({ "$ref": format!("urn:document#{pointer}") });
        jsonschema::draft202012::options()
            .with_registry(&registry)
            .should_validate_formats(true)
            .build(&reference)
            .unwrap()
    };
    move |pointer, value| validator(pointer).is_valid(value)
}

/// The samples of a component schema, all of which fit it and which together cover it.
pub(crate) fn assert_samples(document: &Value, name: &str) -> Vec<Value> {
    let pointer = format!("/components/schemas/{name}");
    let samples = Sampler::new(document).samples(&pointer);
    let fits = fits(document);
    for sample in &samples {
        assert!(fits(&pointer, sample), "{sample} does not fit {document}");
    }
    let shown = covered(document, &pointer, &samples, &fits);
    let places = places(document, &pointer);
    let missing = places.difference(&shown).collect::<Vec<_>>();
    assert!(
        missing.is_empty(),
        "{samples:?} show nothing of {missing:?}"
    );
    samples
}
