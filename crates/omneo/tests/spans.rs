//! Spans say what was called and how it went, and nothing of whom.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(feature = "profiles")]

use std::io;
use std::sync::{Arc, Mutex};

use fault_server::{Fault, FaultServer, Moment, Response};
use httpmock::MockServer;
use omneo::Omneo;
use omneo::testing::ManualTimer;
use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What is logged of this crate, down to the level of trace.
fn logged(run: impl Future<Output = ()>) -> String {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    tracing::subscriber::with_default(subscriber, || runtime.block_on(run));
    let bytes = log.0.lock().unwrap().clone();
    let text = String::from_utf8(bytes).unwrap();
    let ours = text.lines().filter(|line| line.contains("omneo"));
    ours.collect::<Vec<_>>().join("\n")
}

fn omneo(server: &MockServer) -> Omneo {
    Omneo::builder()
        .base_url(server.base_url())
        .token("private-token")
        .timer(ManualTimer::new())
        .build()
        .unwrap()
}

#[test]
fn a_call_is_a_span_with_operation_template_status_and_attempts() {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.path("/v3/profiles/private-id");
        then.status(503)
            .json_body(json!({"message": "private-answer"}));
    });
    let log = logged(async {
        let profiles = omneo(&server).profiles().query("search", "private-query");
        profiles.get("private-id").await.unwrap_err();
    });
    let closed = log
        .lines()
        .find(|line| line.contains(" INFO omneo.call") && line.contains("close"))
        .unwrap();
    for part in [
        r#"omneo.operation="profiles_show""#,
        r#"http.request.method="GET""#,
        r#"url.template="/v3/profiles/{profile}""#,
        r#"server.address="127.0.0.1""#,
        "http.response.status_code=503",
        "omneo.attempts=4",
        "omneo.elapsed_ms=",
        r#"otel.kind="client""#,
    ] {
        assert!(closed.contains(part), "{part} is not in {closed}");
    }
    let last = "omneo.attempt{http.request.resend_count=3 http.response.status_code=503}: omneo";
    assert_eq!(log.matches(last).count(), 1, "{log}");
    assert_eq!(log.matches("to be sent again").count(), 3, "{log}");
    assert!(!log.contains("private"), "{log}");
}

#[test]
fn a_call_that_succeeds_in_the_end_has_no_error() {
    let server = FaultServer::start();
    server.application(|_| Response::json(200, &json!({"data": {}})));
    server.script([Fault::reset(Moment::Unprocessed), Fault::status(500)]);
    let log = logged(async {
        let omneo = Omneo::builder()
            .base_url(server.url())
            .token("private")
            .timer(ManualTimer::new());
        let omneo = omneo.build().unwrap();
        omneo.profiles().get("private-id").await.unwrap();
    });
    let closed = log
        .lines()
        .find(|line| line.contains(" INFO omneo.call") && line.contains("close"));
    let closed = closed.unwrap();
    assert!(closed.contains("http.response.status_code=200"), "{closed}");
    assert!(!closed.contains("error.type"), "{closed}");
    for attempt in [
        r#"{http.request.resend_count=0 error.type="transport"}"#,
        "{http.request.resend_count=1 http.response.status_code=500}",
        "{http.request.resend_count=2 http.response.status_code=200}",
    ] {
        assert!(log.contains(attempt), "{attempt} is not in {log}");
    }
}

#[test]
fn a_failure_to_reach_the_server_is_an_error_type() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let log = logged(async {
        let omneo = Omneo::builder()
            .base_url(url)
            .token("private")
            .timer(ManualTimer::new());
        let omneo = omneo.build().unwrap();
        omneo.profiles().get("private-id").await.unwrap_err();
    });
    assert!(log.contains(r#"error.type="connect""#), "{log}");
    assert!(!log.contains("private"), "{log}");
}
