//! The faults as a common HTTP client reports them.

use std::error::Error;
use std::io;
use std::time::Duration;

use fault_server::{Fault, FaultServer, Moment, RefusingPort, Response};
use reqwest::Client;

fn client() -> Client {
    Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .build()
        .unwrap()
}

/// The kind of the I/O error that is at the root of this one.
fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(error) = error.downcast_ref::<io::Error>() {
            return Some(error.kind());
        }
        source = error.source();
    }
    None
}

fn report(error: &dyn Error) -> String {
    let mut report = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        report += &format!(": {error}");
        source = error.source();
    }
    report
}

#[tokio::test]
async fn a_refused_connection_is_one_until_the_server_is_up() {
    let port = RefusingPort::bind();
    let url = port.url();
    let error = client().get(&url).send().await.unwrap_err();
    assert!(error.is_connect(), "{}", report(&error));
    assert_eq!(
        io_kind(&error),
        Some(io::ErrorKind::ConnectionRefused),
        "{}",
        report(&error)
    );
    let server = port.listen();
    assert_eq!(server.url(), url);
    client().get(&url).send().await.unwrap();
    assert_eq!(server.processed(), 1);
}

#[tokio::test]
async fn a_reset_and_an_early_end_are_told_apart() {
    for moment in [
        Moment::Unread,
        Moment::Unprocessed,
        Moment::Unanswered,
        Moment::InHead,
    ] {
        let server = FaultServer::start();
        server.script([Fault::reset(moment), Fault::close(moment)]);
        let error = client().get(server.url()).send().await.unwrap_err();
        let kind = io_kind(&error);
        assert_eq!(
            kind,
            Some(io::ErrorKind::ConnectionReset),
            "{moment:?}: {}",
            report(&error)
        );
        let error = client().get(server.url()).send().await.unwrap_err();
        assert!(error.is_request(), "{}", report(&error));
        assert_eq!(io_kind(&error), None, "{moment:?}: {}", report(&error));
        assert!(
            report(&error).contains("before message completed"),
            "{}",
            report(&error)
        );
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_fails_after_its_head() {
    for (fault, part) in [
        (Fault::reset(Moment::InBody), "reset"),
        (
            Fault::close(Moment::InBody),
            "end of file before message length",
        ),
        (
            Fault::close(Moment::InBody).with(Response::chunked),
            "unexpected EOF during chunk",
        ),
    ] {
        let server = FaultServer::start();
        server.script([fault]);
        let response = client().get(server.url()).send().await.unwrap();
        assert_eq!(response.status(), 200);
        let error = response.bytes().await.unwrap_err();
        assert!(report(&error).contains(part), "{}", report(&error));
    }
}

#[tokio::test]
async fn a_stall_runs_into_the_timeout_without_a_wait() {
    for moment in Moment::ALL {
        let server = FaultServer::start();
        server.script([Fault::stall(moment)]);
        let call = tokio::spawn({
            let request = client().get(server.url());
            async move { request.send().await?.bytes().await }
        });
        server.stalled().await;
        tokio::time::pause();
        let error = call.await.unwrap().unwrap_err();
        assert!(error.is_timeout(), "{moment:?}: {}", report(&error));
        tokio::time::resume();
    }
}

#[tokio::test]
async fn a_call_that_is_dropped_leaves_its_connection() {
    let server = FaultServer::start();
    server.script([Fault::stall(Moment::Unanswered)]);
    let call = tokio::spawn(client().get(server.url()).send());
    server.stalled().await;
    call.abort();
    server.abandoned().await;
    assert_eq!(server.processed(), 1);
}

#[tokio::test]
async fn a_pooled_connection_is_reset_on_its_next_use() {
    let server = FaultServer::start();
    server.script([Fault::none().with(Response::reset_on_reuse)]);
    let client = client();
    let post = || client.post(server.url()).body("{}").send();
    post().await.unwrap().bytes().await.unwrap();
    let error = post().await.unwrap_err();
    assert_eq!(
        io_kind(&error),
        Some(io::ErrorKind::ConnectionReset),
        "{}",
        report(&error)
    );
    post().await.unwrap();
    assert_eq!(server.received().len(), 2);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_connection_is_kept_between_answers() {
    let server = FaultServer::start();
    server.script([
        Fault::none(),
        Fault::status(503),
        Fault::none().with(Response::chunked),
    ]);
    let client = client();
    for _ in 0..5 {
        client
            .post(server.url())
            .body("{}")
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_redirect_leads_to_another_server() {
    for (status, method) in [
        (301, "GET"),
        (302, "GET"),
        (303, "GET"),
        (307, "POST"),
        (308, "POST"),
    ] {
        let target = FaultServer::start();
        let server = FaultServer::start();
        let location = format!("{}/new", target.url());
        server.script([Fault::respond(Response::redirect(status, location))]);
        client().post(server.url()).body("{}").send().await.unwrap();
        assert_eq!(server.processed(), 0);
        let received = target.received();
        assert_eq!(received.len(), 1);
        assert_eq!(received[0].method, method, "{status}");
        assert_eq!(received[0].target, "/new");
    }
}

#[tokio::test]
async fn an_answer_that_is_no_http_is_an_error() {
    let server = FaultServer::start();
    server.script([
        Fault::respond(Response::raw("SSH-2.0-OpenSSH_9.6\r\n")),
        Fault::respond(Response::new(200).header("Content-Length", "many")),
    ]);
    for _ in 0..2 {
        let error = client().get(server.url()).send().await.unwrap_err();
        assert!(error.is_request(), "{}", report(&error));
    }
}

#[tokio::test]
async fn heads_without_a_body_and_slow_ones_are_read() {
    let server = FaultServer::start();
    server.script([Fault::none(), Fault::none().with(Response::slow_head)]);
    let client = client();
    let response = client.head(server.url()).send().await.unwrap();
    assert_eq!(response.headers()["content-length"], "2");
    assert_eq!(response.bytes().await.unwrap(), "");
    let response = client.get(server.url()).send().await.unwrap();
    assert_eq!(response.bytes().await.unwrap(), "{}");
    assert_eq!(server.connections(), 1);
}
