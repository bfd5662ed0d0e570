//! What goes out with a file.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::LazyLock;

use fault_server::{Fault, Received, Response};
use futures_util::stream;
use omneo::import::{File, Handler, Importable};
use omneo::types::RewardDefinition;
use omneo::{Effect, ErrorKind};
use omneo_codegen::Source;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use crate::multipart::{Part, parts};
use crate::server::ImportServer;

const UPLOAD: &str = "POST /v3/imports";
const MAPPED: &str = "POST /v3/imports/file";

static SCHEMAS: LazyLock<Value> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corrected = Source::read(&root).and_then(|source| source.correct());
    corrected.unwrap().document()["components"]["schemas"].clone()
});

/// The parts of a request, which the schema allows and knows.
#[track_caller]
fn fitting(request: &Received, schema: &str) -> BTreeMap<String, Part> {
    let parts = parts(request);
    let whole = json!({ "allOf": [SCHEMAS[schema]], "components": { "schemas": *SCHEMAS } });
    let value = |(name, part): (&String, &Part)| {
        let schema = &SCHEMAS[schema]["properties"][name];
        assert!(!schema.is_null(), "{name}");
        let is_number = schema["type"]
            .as_array()
            .is_some_and(|types| types.contains(&json!("integer")));
        let value = match is_number {
            true => serde_json::from_str(&part.body).unwrap(),
            false => Value::from(part.body.clone()),
        };
        (name.clone(), value)
    };
    let body = Value::Object(parts.iter().map(value).collect::<Map<_, _>>());
    let validator = jsonschema::validator_for(&whole).unwrap();
    let faults: Vec<_> = validator
        .iter_errors(&body)
        .map(|fault| fault.to_string())
        .collect();
    assert!(faults.is_empty(), "{faults:?}");
    parts
}

#[tokio::test]
async fn every_handler_goes_out_as_the_schema_spells_it() {
    for handler in SCHEMAS["ImportUploadInput"]["properties"]["handler"]["enum"]
        .as_array()
        .unwrap()
    {
        let handler: Handler = handler.as_str().unwrap().parse().unwrap();
        let server = ImportServer::start();
        let file = File::bytes("a.csv", "email\na@example.com\n").content_type("text/csv");
        let import = server.omneo().upload(handler, file).await.unwrap();
        assert_eq!(*import.id(), 1);
        let [request] = &server.requests(UPLOAD)[..] else {
            panic!("one upload");
        };
        let parts = fitting(request, "ImportUploadInput");
        assert_eq!(parts["handler"].body, handler.to_string());
        assert_eq!(parts["handler"].content_type, None);
        assert_eq!(parts["file"].body, "email\na@example.com\n");
        assert_eq!(parts["file"].file_name.as_deref(), Some("a.csv"));
        assert_eq!(parts["file"].content_type.as_deref(), Some("text/csv"));
    }
}

#[tokio::test]
async fn a_handler_that_is_not_known_goes_out_as_it_is() {
    let server = ImportServer::start();
    let handler = "omneo:voucher"
        .parse::<omneo::omneo_types::OpenEnum<Handler>>()
        .unwrap();
    let file = File::bytes("a.csv", "a\n1");
    server.omneo().upload(handler, file).await.unwrap();
    assert_eq!(
        parts(&server.requests(UPLOAD)[0])["handler"].body,
        "omneo:voucher"
    );
}

#[tokio::test]
async fn a_mapped_file_goes_out_with_its_definition_name_and_meta() {
    let definition = RewardDefinition {
        id: Some(7.into()),
        ..RewardDefinition::default()
    };
    for (importable, kind) in [
        (Importable::reward(7), "reward_definition"),
        (Importable::benefit(7), "benefit_definition"),
        (Importable::credit("7"), "credit_definition"),
        (Importable::from(&definition), "reward_definition"),
    ] {
        let server = ImportServer::start();
        let import = server
            .omneo()
            .upload_mapped(
                File::bytes("a.csv", "Customer\n7"),
                [("profile_id", "Customer")],
            )
            .of(importable)
            .name("Gifts, \"January\"")
            .meta(json!({"run": 5}))
            .await
            .unwrap();
        assert_eq!(*import.id(), 1);
        let parts = fitting(&server.requests(MAPPED)[0], "ImportFileInput");
        let names: Vec<_> = parts.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "file",
                "importable_id",
                "importable_type",
                "mapping_fields",
                "meta",
                "name"
            ]
        );
        assert_eq!(parts["importable_type"].body, kind);
        assert_eq!(parts["importable_id"].body, "7");
        assert_eq!(parts["mapping_fields"].body, r#"{"profile_id":"Customer"}"#);
        assert_eq!(parts["meta"].body, r#"{"run":5}"#);
        assert_eq!(parts["name"].body, "Gifts, \"January\"");
    }
}

#[tokio::test]
async fn what_is_not_said_of_a_mapped_file_is_not_sent() {
    let server = ImportServer::start();
    let none: [(&str, &str); 0] = [];
    let file = File::bytes("a.csv", "a\n1");
    server.omneo().upload_mapped(file, none).await.unwrap();
    let parts = fitting(&server.requests(MAPPED)[0], "ImportFileInput");
    assert!(parts.keys().eq(["file", "mapping_fields"]));
    assert_eq!(parts["mapping_fields"].body, "{}");
}

#[tokio::test]
async fn what_is_wrong_with_a_file_is_said_before_anything_is_sent() {
    let server = ImportServer::start();
    let omneo = server.omneo();
    let file = || File::bytes("a.csv", "a\n1");
    let twice = omneo.upload_mapped(file(), [("value", "A"), ("value", "B")]);
    let error = twice.await.unwrap_err();
    assert!(
        error.to_string().contains("`value` is mapped twice"),
        "{error}"
    );
    let nameless = omneo
        .upload_mapped(file(), [("value", "A")])
        .of(&RewardDefinition::default());
    let error = nameless.await.unwrap_err();
    assert!(error.to_string().contains("no id"), "{error}");
    assert!(server.faults.received().is_empty());
    for file in [
        File::path("/no/such/file.csv"),
        File::bytes("a\r\nb.csv", "a\n1"),
    ] {
        let error = omneo.upload(Handler::OmneoRate, file).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidRequest(_)),
            "{error}"
        );
        assert_eq!(error.effect(), Effect::None);
    }
    assert!(server.requests(UPLOAD).is_empty());
}

#[tokio::test]
async fn a_body_of_known_length_says_it_and_another_is_chunked() {
    for length in [Some(11), None] {
        let server = ImportServer::start();
        let file = File::reader("a.csv", &b"email\na@b.c"[..], length);
        server
            .omneo()
            .upload(Handler::OmneoProfile, file)
            .await
            .unwrap();
        let request = &server.requests(UPLOAD)[0];
        assert_eq!(
            request.headers.contains_key("content-length"),
            length.is_some()
        );
        assert_eq!(
            request.headers.contains_key("transfer-encoding"),
            length.is_none()
        );
        assert_eq!(parts(request)["file"].body, "email\na@b.c");
    }
}

#[tokio::test]
async fn a_reader_that_is_not_as_long_as_it_says_leaves_nothing_at_the_server() {
    for length in [5, 500] {
        let server = ImportServer::start();
        let file = File::reader("a.csv", &b"email\na@b.c"[..], Some(length));
        let upload = server.omneo().upload(Handler::OmneoProfile, file);
        let error = upload.await.unwrap_err();
        assert!(error.to_string().contains("bytes"), "{length}: {error}");
        assert_eq!(error.effect(), Effect::None);
        assert!(server.imports().is_empty());
    }
}

#[tokio::test]
async fn a_reader_that_fails_is_not_looked_for_at_the_server() {
    let server = ImportServer::start();
    let pieces = stream::iter([
        Ok("email\n".into()),
        Err(std::io::Error::other("the disk is gone")),
    ]);
    let file = File::stream("a.csv", pieces, None);
    let error = server
        .omneo()
        .upload(Handler::OmneoProfile, file)
        .await
        .unwrap_err();
    assert_eq!(error.effect(), Effect::None);
    assert!(error.to_string().contains("the disk is gone"), "{error}");
    assert!(server.imports().is_empty());
    assert!(server.timer.pauses().is_empty());
}

#[tokio::test]
async fn a_file_is_opened_anew_after_an_attempt_that_did_nothing() {
    for fault in [
        Fault::respond(Response::new(429).retry_after(3)),
        Fault::respond(Response::new(503).retry_after(3)),
    ] {
        let server = ImportServer::start();
        server.faults.script([Fault::none(), fault]);
        let file = File::bytes("a.csv", "email\na@b.c");
        server
            .omneo()
            .upload(Handler::OmneoProfile, file)
            .await
            .unwrap();
        assert_eq!(server.requests(UPLOAD).len(), 2);
        assert_eq!(server.imports().len(), 1);
        assert_eq!(
            parts(&server.requests(UPLOAD)[1])["file"].body,
            "email\na@b.c"
        );
    }
}

#[tokio::test]
async fn a_reader_that_was_read_is_not_sent_again() {
    for (status, kind) in [(429, "429"), (401, "401")] {
        let server = ImportServer::start();
        server.faults.script([Fault::none(), Fault::status(status)]);
        let file = File::reader("a.csv", &b"email\na@b.c"[..], None);
        let error = server
            .omneo()
            .upload(Handler::OmneoProfile, file)
            .await
            .unwrap_err();
        assert_eq!(
            error.status().map(|status| status.as_u16()),
            Some(status),
            "{kind}: {error}"
        );
        assert_eq!(error.effect(), Effect::None);
        assert_eq!(server.requests(UPLOAD).len(), 1);
        assert!(server.timer.pauses().is_empty());
        if status == 429 {
            assert!(
                error.to_string().contains("can be read only once"),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn a_reader_is_sent_again_if_nothing_was_read() {
    let port = fault_server::RefusingPort::bind();
    let timer = omneo::testing::ManualTimer::new();
    let omneo = omneo::Omneo::builder()
        .base_url(format!("http://{}", port.address()))
        .token("hush")
        .timer(timer.clone())
        .build()
        .unwrap();
    let file = File::reader("a.csv", &b"email\na@b.c"[..], None);
    let error = omneo.upload(Handler::OmneoProfile, file).await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert!(error.attempts().is_some_and(|made| made.count > 1));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn names_and_mappings_come_out_as_they_went_in(
        file_name in "[^\\p{C}]{1,30}",
        name in "\\PC{0,20}",
        mapping in proptest::collection::btree_map("\\PC{0,12}", any::<String>(), 0..6),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let server = ImportServer::start();
        let file = File::bytes(file_name.clone(), "a\n1");
        let upload = server.omneo().upload_mapped(file, mapping.clone()).name(name.clone());
        runtime.block_on(async { upload.await }).unwrap();
        let parts = parts(&server.requests(MAPPED)[0]);
        prop_assert_eq!(parts["file"].file_name.as_ref(), Some(&file_name));
        prop_assert_eq!(&parts["name"].body, &name);
        let sent: BTreeMap<String, String> = serde_json::from_str(&parts["mapping_fields"].body).unwrap();
        prop_assert_eq!(sent, mapping);
    }
}
