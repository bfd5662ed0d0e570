//! Every sample is what its schema describes, and is read as it is written.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::path::Path;

use omneo_codegen::Source;
use omneo_mock::{Form, apply};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

struct Sample {
    schema: &'static str,
    /// As its type writes it.
    written: Value,
    /// The same, read and written again.
    again: Value,
    /// Read and written again after it was sent as the server sends it.
    received: Value,
}

impl Sample {
    #[allow(dead_code)] // a build without sections has no samples
    fn new<T: DeserializeOwned + Serialize>(
        schema: &'static str,
        type_name: &'static str,
        sample: &T,
    ) -> Self {
        let write = |value: &T| serde_json::to_value(value).unwrap();
        let through = |value: &Value| write(&T::deserialize(value).unwrap());
        let written = write(sample);
        let mut sent = written.clone();
        apply(Form::Record(type_name), &mut sent);
        Self {
            schema,
            again: through(&written),
            received: through(&sent),
            written,
        }
    }
}

fn samples() -> Vec<Sample> {
    macro_rules! each {
        ($($function:ident $schema:literal $type:ident,)*) => {
            vec![$(Sample::new($schema, stringify!($type), &omneo_mock::sample::$function()),)*]
        };
    }
    omneo_mock::for_each_sample!(each)
}

#[test]
fn each_sample_is_read_as_it_is_written() {
    for sample in samples() {
        assert_eq!(sample.again, sample.written, "{}", sample.schema);
    }
}

#[test]
fn each_sample_is_read_the_same_from_the_forms_that_the_server_has() {
    for sample in samples() {
        assert_eq!(sample.received, sample.written, "{}", sample.schema);
    }
}

#[test]
fn each_sample_fits_its_schema() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corrected = Source::read(&root).unwrap().correct().unwrap();
    // All at once, since it takes long to read the components.
    let schemas = &corrected.document()["components"]["schemas"];
    let whole = json!({ "properties": schemas, "components": { "schemas": schemas } });
    let samples = samples().into_iter();
    let samples = samples.map(|sample| (sample.schema.to_owned(), sample.written));
    let samples = Value::Object(samples.collect());
    let faults = jsonschema::validator_for(&whole)
        .unwrap()
        .iter_errors(&samples)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect::<Vec<_>>();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn a_sample_says_something() {
    for Sample {
        schema, written, ..
    } in samples()
    {
        let members = written.as_object().unwrap();
        assert!(!members.is_empty(), "{schema}");
        for (name, value) in members {
            assert!(!value.is_null(), "{schema}.{name}");
        }
    }
}
