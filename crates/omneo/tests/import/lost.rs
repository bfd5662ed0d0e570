//! Answers that are lost: no file is uploaded twice, and no other's import is taken for it.

use fault_server::{Fault, Moment, Response};
use omneo::import::{File, Follow, Handler, Importable};
use omneo::{Effect, Error};
use serde_json::json;

use crate::server::ImportServer;

const UPLOAD: &str = "POST /v3/imports";

async fn upload(server: &ImportServer) -> Result<Follow, Error> {
    let file = File::bytes("customers.csv", "email\na@b.c");
    server.omneo().upload(Handler::OmneoProfile, file).await
}

/// Meets the upload: before it, the imports are listed.
fn lose(server: &ImportServer, fault: Fault) {
    server.faults.script([Fault::none(), fault]);
}

fn losses() -> [Fault; 6] {
    [
        Fault::reset(Moment::Unanswered),
        Fault::reset(Moment::InBody),
        Fault::close(Moment::InBody),
        Fault::status(500).processed(),
        Fault::respond(Response::html(502, "<h1>Bad Gateway</h1>")).processed(),
        Fault::none().with(Response::truncated),
    ]
}

#[tokio::test]
async fn an_import_that_has_the_files_name_is_found() {
    for fault in losses() {
        let server = ImportServer::start();
        server.insert(json!({"name": "customers.csv"}));
        lose(&server, fault.clone());
        let import = upload(&server).await.unwrap();
        assert_eq!(*import.id(), 2, "{fault:?}");
        assert_eq!(server.requests(UPLOAD).len(), 1);
    }
}

#[tokio::test]
async fn an_import_that_has_no_name_is_told_and_not_taken() {
    let server = ImportServer::with(|rules| rules.names_imports = false);
    lose(&server, Fault::reset(Moment::Unanswered));
    let error = upload(&server).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    let message = error.to_string();
    assert!(
        message.contains("import 1 is new and may be the file's"),
        "{message}"
    );
    assert!(
        message.contains("before the file is uploaded again"),
        "{message}"
    );
    assert_eq!(server.requests(UPLOAD).len(), 1);
}

#[tokio::test]
async fn a_file_that_did_not_arrive_is_not_uploaded_again() {
    for fault in [Fault::reset(Moment::Unprocessed), Fault::status(500)] {
        let server = ImportServer::start();
        server.insert(json!({"name": "customers.csv"}));
        lose(&server, fault);
        let error = upload(&server).await.unwrap_err();
        assert_eq!(error.effect(), Effect::Unknown);
        assert!(
            error.to_string().contains("no new import is there"),
            "{error}"
        );
        assert_eq!(server.requests(UPLOAD).len(), 1);
        assert_eq!(server.imports().len(), 1);
    }
}

#[tokio::test]
async fn an_import_of_another_name_or_handler_is_not_taken() {
    // While the upload is under way, others import too.
    for (name, handler, is_like) in [
        ("products.csv", "omneo:profile", false),
        ("customers.csv", "omneo:product", false),
        ("customers.csv", "omneo:profile", true),
        ("customers", "omneo:profile", true),
    ] {
        let server = ImportServer::start();
        server
            .faults
            .script([Fault::none(), Fault::stall(Moment::Unprocessed)]);
        let other = async {
            server.faults.stalled().await;
            let import = server.insert(json!({"name": name}));
            server.insert_job(import, json!({"handler": handler}));
            // The client gives up before the server has begun.
            server.timer.expire_limits();
        };
        let (found, ()) = tokio::join!(upload(&server), other);
        assert_eq!(found.is_ok(), is_like, "{name} {handler}: {found:?}");
    }
}

#[tokio::test]
async fn two_imports_that_may_be_it_are_told() {
    let server = ImportServer::start();
    server
        .faults
        .script([Fault::none(), Fault::stall(Moment::Unprocessed)]);
    let other = async {
        server.faults.stalled().await;
        server.insert(json!({"name": "customers.csv"}));
        server.insert(json!({"name": "customers.csv"}));
        server.timer.expire_limits();
    };
    let (found, ()) = tokio::join!(upload(&server), other);
    let error = found.unwrap_err();
    assert!(
        error.to_string().contains("imports 2, 1 are new"),
        "{error}"
    );
}

#[tokio::test]
async fn a_mapped_file_is_found_by_the_name_that_it_was_given() {
    for (name, other, is_found) in [
        ("Gifts 1.2", 7, true),
        ("Gifts 1", 7, false),
        ("Gifts 1.2", 8, false),
    ] {
        let server = ImportServer::start();
        server
            .faults
            .script([Fault::none(), Fault::stall(Moment::Unprocessed)]);
        let importing = async {
            server.faults.stalled().await;
            server.insert(json!({
                "name": name,
                "importable_type": "reward_definition",
                "importable_id": other,
            }));
            server.timer.expire_limits();
        };
        let file = File::bytes("a.csv", "a\n1");
        let upload = server
            .omneo()
            .upload_mapped(file, [("value", "a")])
            .of(Importable::reward(7))
            .name("Gifts 1.2");
        let (found, ()) = tokio::join!(async { upload.await }, importing);
        assert_eq!(found.is_ok(), is_found, "{found:?}");
    }
}

#[tokio::test]
async fn where_imports_can_not_be_listed_an_upload_goes_out_all_the_same() {
    let forbidden = || Fault::respond(Response::json(403, &json!({"message": "No."})));
    let server = ImportServer::start();
    server.faults.script([forbidden()]);
    assert_eq!(*upload(&server).await.unwrap().id(), 1);

    let server = ImportServer::start();
    server
        .faults
        .script([forbidden(), Fault::reset(Moment::Unanswered)]);
    let error = upload(&server).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Unknown);
    assert!(error.to_string().contains("could not be read"), "{error}");
}

#[tokio::test]
async fn an_answer_without_an_id_is_a_lost_one() {
    let server = ImportServer::start();
    lose(
        &server,
        Fault::respond(Response::json(200, &json!({"data": {}}))).processed(),
    );
    assert_eq!(*upload(&server).await.unwrap().id(), 1);

    let server = ImportServer::start();
    lose(
        &server,
        Fault::respond(Response::json(200, &json!({"data": {}}))),
    );
    let error = upload(&server).await.unwrap_err();
    assert_eq!(error.effect(), Effect::Done);
}

#[tokio::test]
async fn a_refusal_is_no_lost_answer() {
    let server = ImportServer::start();
    let body =
        json!({"message": "The file is no CSV.", "errors": {"file": ["The file is no CSV."]}});
    lose(&server, Fault::respond(Response::json(422, &body)));
    let error = upload(&server).await.unwrap_err();
    assert_eq!(error.field_errors()["file"], ["The file is no CSV."]);
    assert!(server.timer.pauses().is_empty());
}

#[tokio::test]
async fn an_old_import_is_not_taken_when_a_newer_one_is_deleted() {
    let server = ImportServer::start();
    for _ in 0..101 {
        server.insert(json!({"name": "customers.csv"}));
    }
    server
        .faults
        .script([Fault::none(), Fault::stall(Moment::Unprocessed)]);
    let meanwhile = async {
        server.faults.stalled().await;
        server.delete_newest();
        server.timer.expire_limits();
    };
    let (found, ()) = tokio::join!(upload(&server), meanwhile);
    let error = found.unwrap_err();
    assert!(
        error.to_string().contains("no new import is there"),
        "{error}"
    );
}
