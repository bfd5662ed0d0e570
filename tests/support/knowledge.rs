//! What the schema knows: whether a field that did not come back should have.

use std::path::Path;

use omneo_codegen::Source;
use serde_json::Value;

pub(crate) struct Knowledge {
    document: Value,
}

impl Knowledge {
    pub(crate) fn of_the_schema(root: &Path) -> Self {
        let corrected = Source::read(root)
            .and_then(|source| source.correct())
            .expect("the crate was built from these files");
        Self {
            document: corrected.document().clone(),
        }
    }

    /// The schemas that a property can have.
    pub(crate) fn property(&self, schema: &Value, name: &str) -> Vec<Value> {
        self.each(schema, &|map| map.get("properties")?.get(name).cloned())
    }

    /// The schemas that an item of a list can have.
    pub(crate) fn item(&self, schema: &Value) -> Vec<Value> {
        self.each(schema, &|map| map.get("items").cloned())
    }

    fn each(&self, schema: &Value, pick: &dyn Fn(&Value) -> Option<Value>) -> Vec<Value> {
        let mut found = pick(schema).into_iter().collect::<Vec<_>>();
        let reference = schema.get("$ref").and_then(Value::as_str);
        let pointer = reference.map(|reference| reference.trim_start_matches('#'));
        if let Some(target) = pointer.and_then(|pointer| self.document.pointer(pointer)) {
            found.extend(self.each(target, pick));
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for member in schema[keyword].as_array().into_iter().flatten() {
                found.extend(self.each(member, pick));
            }
        }
        found
    }
}
