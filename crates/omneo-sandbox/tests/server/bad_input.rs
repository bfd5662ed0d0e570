//! Whatever comes in, the answer is an error, and what was there stays.

use std::io::{Read, Write};
use std::net::TcpStream;

use omneo_sandbox::Sandbox;
use proptest::prelude::*;
use serde_json::Value;

use crate::program::Program;
use crate::support::sandbox;

/// Sends bytes, and reads until the server is done.
fn send(sandbox: &Sandbox, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(sandbox.address()).expect("a connection");
    // The server may have answered and closed before all of it is written.
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn post(sandbox: &Sandbox, content_type: &str, body: &[u8]) -> String {
    let head = format!(
        "POST /api/v3/brands HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: {content_type}\r\nContent-Length: {}\r\n\r\n",
        sandbox.token(),
        body.len()
    );
    send(sandbox, &[head.as_bytes(), body].concat())
}

fn is_well(sandbox: &Sandbox) {
    let list = sandbox.call("GET", "/v3/brands", Value::Null);
    assert_eq!(list.status, 200, "{}", list.body);
}

#[test]
fn bad_json_is_a_bad_request() {
    let sandbox = sandbox();
    for body in [
        "{",
        "{\"name\":",
        "nul",
        "\u{feff}{}",
        "{\"a\":1}}",
        "\"\\ud800\"",
    ] {
        let answer = post(&sandbox, "application/json", body.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 4"), "{body}: {answer}");
    }
    let deep = [b"[".repeat(200_000), b"]".repeat(200_000)].concat();
    let answer = post(&sandbox, "application/json", &deep);
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer:.200}");
    let bytes: Vec<u8> = (0..=255).collect();
    assert!(post(&sandbox, "application/json", &bytes).starts_with("HTTP/1.1 400"));
    assert!(post(&sandbox, "multipart/form-data", b"x").starts_with("HTTP/1.1 400"));
    let broken = "multipart/form-data; boundary=b";
    assert!(post(&sandbox, broken, b"--b\r\nContent-Disp").starts_with("HTTP/1.1 400"));
    assert!(post(&sandbox, "application/json", b"[1]").starts_with("HTTP/1.1 422"));
    is_well(&sandbox);
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_read() {
    let sandbox = sandbox();
    let head = format!(
        "POST /api/v3/brands HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {}\r\nContent-Length: 99999999999\r\n\r\n",
        sandbox.token()
    );
    assert!(send(&sandbox, head.as_bytes()).starts_with("HTTP/1.1 413"));
    is_well(&sandbox);
}

#[test]
fn what_is_no_http_gets_no_records() {
    let sandbox = sandbox();
    for bytes in [
        &b"\x16\x03\x01\x02\x00\x01\x00"[..],
        b"GET\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/v3/brands HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /api/v3/%00%ff HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://[::1 HTTP/1.1\r\nHost: a\r\n\r\n",
    ] {
        let answer = send(&sandbox, bytes);
        assert!(!answer.contains("\"data\""), "{answer}");
    }
    let head = format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1_000_000));
    send(&sandbox, head.as_bytes());
    is_well(&sandbox);
}

#[test]
fn ten_thousand_open_connections_do_not_keep_others_out() {
    // In a process of its own: a process has twenty thousand files at most on some machines, and each connection is one at both ends.
    let program = Program::start(&[]);
    let mut open = Vec::new();
    for _ in 0..10_000 {
        match TcpStream::connect(&program.address) {
            Ok(mut stream) => {
                // The beginning of a head.
                let _ = stream.write_all(b"GET /api/v3/brands HTTP/1.1\r\n");
                open.push(stream);
            }
            // As many as this machine gives.
            Err(_) => break,
        }
    }
    let count = open.len();
    // Other tests of this process need some.
    open.truncate(count - 10);
    let mut stream = TcpStream::connect(&program.address).expect("a connection");
    let request = "GET /api/v3/brands HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer sandbox-token\r\n\r\n";
    stream.write_all(request.as_bytes()).expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{count}: {answer:.200}");
    assert!(count > 200, "only {count} connections could be opened");
}

fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec!["1", "0", "-1", "1e400", "2026-13-45", "[]", "%00"])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::hash_map("[a-z_]{1,12}", inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A body of the members that an operation knows, with values of any kind.
fn body(members: &[String], values: Vec<Value>) -> Value {
    let pairs = members.iter().cloned().zip(values.into_iter().cycle());
    Value::Object(pairs.collect())
}

#[test]
fn wrong_types_are_answered_whatever_they_are() {
    let schema: Value =
        serde_json::from_str(include_str!("../../../../openapi.json")).expect("JSON");
    let operations: Vec<(String, String, Vec<String>)> = schema["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, item)| {
            let item = item.as_object().expect("an item");
            item.iter().map(|(method, operation)| {
                let body = &operation["requestBody"]["content"]["application/json"]["schema"];
                let name = body["$ref"]
                    .as_str()
                    .and_then(|name| name.rsplit('/').next());
                let named = name.map(|name| &schema["components"]["schemas"][name]["properties"]);
                let members = named.and_then(Value::as_object);
                let members = members.map(|members| members.keys().cloned().collect());
                (
                    method.to_uppercase(),
                    path.clone(),
                    members.unwrap_or_default(),
                )
            })
        })
        .collect();
    let sandbox = Sandbox::builder()
        .seed(omneo_sandbox::Seed::Demo)
        .start_blocking()
        .expect("it starts");
    let snapshot = sandbox.snapshot().expect("a snapshot");
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: 4,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let cases = (
        prop::collection::vec(json_value(), 1..6),
        prop::sample::select(vec!["1", "0", "-1", "birthday", "x'y", "%2e%2e", "a:b"]),
        "[a-z\\[\\]=&.%0-9]{0,30}",
    );
    runner
        .run(&cases, |(values, value, query)| {
            for (method, path, members) in &operations {
                let mut path = path.clone();
                while let Some((before, rest)) = path.split_once('{') {
                    let after = rest.split_once('}').map_or("", |(_, after)| after);
                    path = format!("{before}{value}{after}");
                }
                let target = format!("{path}?{query}");
                let reply = sandbox.call(method, &target, body(members, values.clone()));
                let is_known_failure = path.starts_with("/v3/tiers/definitions/")
                    || path.ends_with("/tiers/calculate");
                prop_assert!(
                    (reply.status > 0 && reply.status < 500) || is_known_failure,
                    "{method} {target} {}: {} {}",
                    body(members, values.clone()),
                    reply.status,
                    reply.body
                );
            }
            sandbox.restore(&snapshot).expect("it goes back");
            Ok(())
        })
        .unwrap();
}
