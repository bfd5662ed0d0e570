//! Every fault of a server and a network, crossed with every kind of request: what the caller gets, how often the request
//! was sent, and how often the server did the work.
//!
//! The cells are written into `docs/faults.md`, which the documentation of `omneo::retry` shows. A change of them fails
//! here; `UPDATE_EXPECT=1 cargo test -p omneo --test faults` writes it down.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(all(
    feature = "commerce",
    feature = "gzip",
    feature = "incentives",
    feature = "profiles"
))]

use std::fmt::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use expect_test::expect_file;
use fault_server::{Fault, FaultServer, Moment, RefusingPort, Response};
use omneo::http::Method;
use omneo::omneo_types::Data;
use omneo::runtime::BoxFuture;
use omneo::testing::ManualTimer;
use omneo::{Error, ErrorKind, Omneo, Timer};
use serde_json::{Value, json};

/// The kinds of request: a column each.
const REQUESTS: &[(&str, Method, &str)] = &[
    ("`GET`", Method::GET, "/v3/rewards/7"),
    ("`PUT`", Method::PUT, "/v3/rewards/7"),
    ("`DELETE`", Method::DELETE, "/v3/rewards/7"),
    ("`POST`", Method::POST, "/v3/rewards"),
    ("`POST` that reads", Method::POST, "/v3/profiles/search-id"),
    (
        "upsert with its key",
        Method::POST,
        "/v3/transactions/update-create",
    ),
    (
        "`GET` that acts",
        Method::GET,
        "/v3/rewards/7/trigger-target/issue",
    ),
];

/// Those that must never be done twice.
const ONCE: [&str; 2] = ["`POST`", "`GET` that acts"];

const LIMIT: u64 = 1024 * 1024;

enum Trouble {
    /// Nothing listens. If it is to pass, somebody does after the first pause.
    Refused,
    Fault(Fault),
}

/// The faults: a row each.
fn troubles() -> Vec<(String, Trouble)> {
    let mut rows = vec![("no connection".to_owned(), Trouble::Refused)];
    let mut add = |name: &str, fault: Fault| rows.push((name.to_owned(), Trouble::Fault(fault)));
    let moments = [
        (Moment::Unread, "before the request is read"),
        (Moment::Unprocessed, "before the work"),
        (Moment::Unanswered, "after the work"),
        (Moment::InHead, "amid the headers"),
        (Moment::InBody, "amid the body"),
    ];
    for (moment, when) in moments {
        add(&format!("reset {when}"), Fault::reset(moment));
    }
    for (moment, when) in &moments[2..] {
        add(&format!("closed {when}"), Fault::close(*moment));
    }
    add(
        "closed amid a chunk",
        Fault::close(Moment::InBody).with(Response::chunked),
    );
    for (moment, when) in &moments[1..] {
        add(&format!("silence {when}"), Fault::stall(*moment));
    }
    for status in [408, 425, 429, 500, 502, 503, 504] {
        add(&format!("{status}"), Fault::status(status));
    }
    for status in [429, 503] {
        let respond = |after: &str| Fault::respond(Response::new(status).retry_after(after));
        add(&format!("{status}, `Retry-After` in seconds"), respond("7"));
        let date = "Wed, 31 Jan 2024 00:00:09 GMT";
        add(&format!("{status}, `Retry-After` as a date"), respond(date));
        add(
            &format!("{status}, `Retry-After` of a day"),
            respond("86400"),
        );
    }
    add(
        "502 with an HTML page, after the work",
        Fault::respond(Response::html(502, "<h1>Bad Gateway</h1>")).processed(),
    );
    for status in [400, 401, 403, 404, 405, 409, 413, 422, 501] {
        add(&format!("{status}"), Fault::status(status));
    }
    add(
        "307 to another address",
        Fault::respond(Response::redirect(307, "http://127.0.0.1:1/")),
    );
    add(
        "200 with broken JSON",
        Fault::none().with(Response::truncated),
    );
    add(
        "200 with an HTML page",
        Fault::respond(Response::html(200, "<h1>Maintenance</h1>")),
    );
    add(
        "200 with an error's body",
        Fault::respond(Response::json(200, &json!({"message": "Server Error"}))),
    );
    add("200 without a body", Fault::status(200));
    add(
        "another content type",
        Fault::none().with(|response| response.content_type("text/html")),
    );
    add("gzip", Fault::none().with(Response::gzip));
    add("broken gzip", Fault::none().with(Response::broken_gzip));
    add(
        "a gzip bomb",
        Fault::respond(Response::gzip_bomb(16)).processed(),
    );
    add("an endless body", Fault::none().with(Response::endless));
    rows
}

/// A clock for which somebody starts to listen in the first pause.
#[derive(Debug)]
struct Clock {
    timer: ManualTimer,
    port: Mutex<Option<RefusingPort>>,
    server: Arc<Mutex<Option<Arc<FaultServer>>>>,
}

impl Timer for Clock {
    fn now(&self) -> Instant {
        self.timer.now()
    }

    fn system_now(&self) -> SystemTime {
        self.timer.system_now()
    }

    fn sleep(&self, pause: Duration) -> BoxFuture<'static, ()> {
        if let Some(port) = self.port.lock().unwrap().take() {
            *self.server.lock().unwrap() = Some(healthy(port.listen()));
        }
        self.timer.sleep(pause)
    }

    fn limit(&self, limit: Duration) -> BoxFuture<'static, ()> {
        self.timer.limit(limit)
    }
}

fn healthy(server: FaultServer) -> Arc<FaultServer> {
    server.application(|_| Response::json(200, &json!({"data": {"id": 7}})));
    Arc::new(server)
}

/// What came of a request.
struct Cell {
    outcome: &'static str,
    attempts: u32,
    processed: usize,
}

async fn cell(
    http: &reqwest::Client,
    trouble: &Trouble,
    passes: bool,
    method: &Method,
    path: &'static str,
) -> Cell {
    let timer = ManualTimer::new();
    let server = Arc::new(Mutex::new(None));
    let (mut port, mut refused) = (None, None);
    let url = match trouble {
        Trouble::Refused => {
            let free = RefusingPort::bind();
            let url = free.url();
            *(if passes { &mut port } else { &mut refused }) = Some(free);
            url
        }
        Trouble::Fault(fault) => {
            let faulty = healthy(FaultServer::start());
            // More than a request is sent at most.
            faulty.script(vec![fault.clone(); if passes { 1 } else { 8 }]);
            let url = faulty.url();
            *server.lock().unwrap() = Some(faulty);
            url
        }
    };
    let clock = Clock {
        timer: timer.clone(),
        port: Mutex::new(port),
        server: server.clone(),
    };
    let omneo = Omneo::builder()
        .base_url(url)
        .http_client(http.clone())
        .token("hush")
        .timer(clock)
        .max_response_bytes(LIMIT)
        .build()
        .unwrap();
    let request = omneo.request(method.clone(), path);
    let request = match *method {
        Method::GET | Method::DELETE => request,
        _ => request.json(&json!({"external_id": "POS-1"})),
    };
    let watched = server.lock().unwrap().clone();
    let silence = async {
        match watched {
            Some(server) => loop {
                server.stalled().await;
                timer.expire_limits();
            },
            None => std::future::pending::<()>().await,
        }
    };
    let result = tokio::select! {
        result = request.send_whole::<Data<Value>>() => result,
        () = silence => unreachable!("it watches for ever"),
    };
    let cell = Cell {
        outcome: result.as_ref().map_or_else(outcome, |_| "ok"),
        attempts: match &result {
            Ok(answer) => answer.attempts(),
            Err(error) => error.attempts(),
        }
        .unwrap()
        .count,
        processed: server
            .lock()
            .unwrap()
            .as_ref()
            .map_or(0, |server| server.processed()),
    };
    if let Err(error) = result {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hush"), "{shown}");
    }
    cell
}

fn outcome(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Transport(_) => "Transport",
        ErrorKind::Timeout(_) => "Timeout",
        ErrorKind::NotFound(_) => "NotFound",
        ErrorKind::Validation(_) => "Validation",
        ErrorKind::Unauthenticated(_) => "Unauthenticated",
        ErrorKind::Forbidden(_) => "Forbidden",
        ErrorKind::Conflict(_) => "Conflict",
        ErrorKind::RateLimited(_) => "RateLimited",
        ErrorKind::Server(_) => "Server",
        ErrorKind::Refused(_) => "Refused",
        ErrorKind::Decode(_) => "Decode",
        ErrorKind::TooLarge { .. } => "TooLarge",
        kind => panic!("{kind:?}"),
    }
}

async fn table(passes: bool) -> String {
    // One for all cells: to set up TLS takes longer than a cell.
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    // Faults with the same cells are one row.
    let mut rows: Vec<(String, String)> = Vec::new();
    for (trouble_name, trouble) in troubles() {
        let mut cells = String::new();
        for (name, method, path) in REQUESTS {
            let cell = cell(&http, &trouble, passes, method, path).await;
            let Cell {
                outcome,
                attempts,
                processed,
            } = cell;
            assert!(
                processed <= 1 || !ONCE.contains(name),
                "{trouble_name}: {name} was done {processed} times"
            );
            let _ = write!(cells, " {outcome} {attempts}/{processed} |");
        }
        match rows.iter_mut().find(|(_, known)| *known == cells) {
            Some((names, _)) => {
                let _ = write!(names, "; {trouble_name}");
            }
            None => rows.push((trouble_name, cells)),
        }
    }
    let mut table = String::from("| fault |");
    for (name, ..) in REQUESTS {
        let _ = write!(table, " {name} |");
    }
    let _ = writeln!(table, "\n{}|", "|---".repeat(REQUESTS.len() + 1));
    for (names, cells) in rows {
        let _ = writeln!(table, "| {names} |{cells}");
    }
    table
}

#[tokio::test]
async fn every_fault_has_the_outcome_that_is_documented() {
    let text = format!(
        "Each cell has what the caller gets, then how often the request was sent and how often the server did the \
         work: `ok 2/1` is a success after two attempts, one of which did the work. The limits are the defaults.\n\n\
         A fault that comes once:\n\n{}\n\
         A fault that stays:\n\n{}",
        table(true).await,
        table(false).await,
    );
    expect_file!["../docs/faults.md"].assert_eq(&text);
}
