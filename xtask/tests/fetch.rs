//! Getting the schema, from servers on this machine: it is replaced whole or left alone.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::{Command, Output};
use std::thread;
use std::time::Duration;

use httpmock::{Method::GET, MockServer};
use reqwest::Url;
use serde_json::{Value, json};
use support::{CORRECTIONS, schema};
use tempfile::TempDir;
use xtask::schema::fetch::{From, Limits, Outcome, fetch};

/// A folder with the present schema.
fn folder() -> TempDir {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("openapi.json"), schema().to_string()).unwrap();
    fs::write(folder.path().join("corrections.json"), CORRECTIONS).unwrap();
    folder
}

/// The schema as a server may send it: with an operation renamed, and spaces of its own.
fn published() -> String {
    let mut schema = schema();
    schema["paths"]["/v3/rewards"]["get"]["operationId"] = json!("rewards.list");
    format!("{schema:#}\n\n")
}

fn serve(path: &str, body: &str) -> MockServer {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.method(GET).path(path);
        then.status(200).body(body);
    });
    server
}

fn url(text: &str) -> Url {
    text.parse().unwrap()
}

/// Fetching is refused in one line, and leaves the schema and nothing else behind.
#[track_caller]
fn refused(from: &From, limits: Limits) -> String {
    let folder = folder();
    let refusal = format!("{:#}", fetch(folder.path(), from, limits).unwrap_err());
    assert_eq!(refusal.lines().count(), 1, "{refusal}");
    let left = fs::read_to_string(folder.path().join("openapi.json")).unwrap();
    assert_eq!(left, schema().to_string());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    refusal
}

#[track_caller]
fn refused_of(server: &MockServer, path: &str) -> String {
    refused(&From::Url(url(&server.url(path))), Limits::default())
}

#[test]
fn the_schema_is_replaced_byte_for_byte() {
    let server = serve("/docs/api.json", &published());
    let folder = folder();
    let from = From::Url(url(&server.url("/docs/api.json")));
    let outcome = fetch(folder.path(), &from, Limits::default()).unwrap();
    let replaced = Outcome::Replaced {
        before: schema().to_string().into_bytes(),
        after: published().into_bytes(),
    };
    assert_eq!(outcome, replaced);
    let path = folder.path().join("openapi.json");
    assert_eq!(fs::read_to_string(&path).unwrap(), published());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);

    let written = fs::metadata(&path).unwrap().modified().unwrap();
    let outcome = fetch(folder.path(), &from, Limits::default()).unwrap();
    assert_eq!(outcome, Outcome::Same);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), written);
}

#[cfg(unix)]
#[test]
fn the_file_keeps_its_permissions() {
    use std::os::unix::fs::PermissionsExt;

    let server = serve("/api.json", &published());
    let folder = folder();
    let path = folder.path().join("openapi.json");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let from = From::Url(url(&server.url("/api.json")));
    fetch(folder.path(), &from, Limits::default()).unwrap();
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
}

#[test]
fn a_file_takes_the_place_of_a_download() {
    let folder = folder();
    let file = folder.path().join("downloaded.json");
    fs::write(&file, published()).unwrap();
    fetch(folder.path(), &From::File(file), Limits::default()).unwrap();
    let path = folder.path().join("openapi.json");
    assert_eq!(fs::read_to_string(path).unwrap(), published());

    let missing = From::File("/no/such/file.json".into());
    let refusal = refused(&missing, Limits::default());
    assert!(
        refusal.starts_with("/no/such/file.json can not be read"),
        "{refusal}"
    );
}

#[test]
fn a_page_leads_to_the_schema() {
    let server = serve("/docs/api.json", &published());
    server.mock(|when, then| {
        when.method(GET).path("/introduction");
        then.status(200)
            .header("content-type", "text/html")
            .body("<html><a href='/changelog'>Changes</a><a href='docs/api.json'>OpenAPI</a>");
    });
    let folder = folder();
    let from = From::Page(url(&server.url("/introduction")));
    fetch(folder.path(), &from, Limits::default()).unwrap();
    let path = folder.path().join("openapi.json");
    assert_eq!(fs::read_to_string(path).unwrap(), published());
}

#[test]
fn what_is_not_the_schema_is_refused() {
    let whole = schema().to_string();
    let mut small = schema();
    small["paths"]
        .as_object_mut()
        .unwrap()
        .retain(|path, _| path == "/v3/rewards");
    let mut other = schema();
    other["info"]["title"] = json!("Pets");
    for (body, why) in [
        ("<!doctype html><title>Sign in</title>", "is HTML, not JSON"),
        (&whole[..whole.len() - 9], "is cut off"),
        ("{\"message\": \"Unauthenticated.\"}", "no OpenAPI document"),
        (&small.to_string(), "2 operations, fewer than half of the 6"),
        (&other.to_string(), "is of another API"),
    ] {
        let refusal = refused_of(&serve("/api.json", body), "/api.json");
        assert!(refusal.contains(why), "{refusal}");
    }
}

#[test]
fn an_answer_that_is_no_success_is_refused() {
    let server = MockServer::start();
    let refusal = refused_of(&server, "/api.json?token=hush");
    assert!(
        refusal.ends_with("/api.json answers 404 Not Found"),
        "{refusal}"
    );
    assert!(!refusal.contains("hush"), "{refusal}");
}

#[test]
fn a_redirect_is_followed_on_the_same_host_only() {
    let server = serve("/new.json", &published());
    let redirect = |from: &str, to: String| {
        server.mock(|when, then| {
            when.method(GET).path(from);
            then.status(302).header("location", to);
        });
    };
    redirect("/old.json", "/new.json".to_owned());
    redirect(
        "/away.json",
        format!("http://localhost:{}/new.json?sign=hush", server.port()),
    );
    redirect("/round.json", "/round.json".to_owned());

    let folder = folder();
    let from = From::Url(url(&server.url("/old.json")));
    fetch(folder.path(), &from, Limits::default()).unwrap();

    let refusal = refused_of(&server, "/away.json");
    let away = format!(
        "redirects to another host, http://localhost:{}/new.json;",
        server.port()
    );
    assert!(refusal.contains(&away), "{refusal}");
    let refusal = refused_of(&server, "/round.json");
    assert!(
        refusal.ends_with("redirects more than 5 times"),
        "{refusal}"
    );
}

#[test]
fn an_answer_over_the_limit_is_refused() {
    let server = serve("/api.json", &published());
    let limits = Limits {
        bytes: published().len() as u64 - 1,
        ..Limits::default()
    };
    let refusal = refused(&From::Url(url(&server.url("/api.json"))), limits);
    assert!(refusal.contains("sends more than"), "{refusal}");
}

/// A server that reads one request, answers with these bytes, and closes if told to.
fn raw(answer: &'static [u8], closes: bool) -> Url {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 1024];
        let _ = stream.read(&mut request);
        let _ = stream.write_all(answer);
        if !closes {
            // Until the client has given up.
            let _ = stream.read(&mut request);
        }
    });
    url(&format!("http://{address}/api.json"))
}

#[test]
fn an_answer_that_breaks_off_is_refused() {
    let cut = raw(
        b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"openapi\"",
        true,
    );
    let refusal = refused(&From::Url(cut), Limits::default());
    assert!(refusal.ends_with("broke off after 10 bytes"), "{refusal}");
}

#[test]
fn an_answer_that_does_not_come_is_refused() {
    let limits = Limits {
        time: Duration::from_millis(20),
        ..Limits::default()
    };
    for answer in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"] {
        let refusal = refused(&From::Url(raw(answer, false)), limits);
        assert!(
            refusal.ends_with("did not answer within 0.02 s"),
            "{refusal}"
        );
    }
}

#[test]
fn a_server_that_is_not_there_is_named_without_its_secrets() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let from = From::Url(url(&format!(
        "http://me:hush@127.0.0.1:{port}/api.json?token=hush"
    )));
    let refusal = refused(&from, Limits::default());
    let named = format!("http://127.0.0.1:{port}/api.json can not be reached: ");
    assert!(refusal.starts_with(&named), "{refusal}");
    assert!(!refusal.contains("hush"), "{refusal}");
}

fn xtask(folder: &TempDir, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["schema", "fetch", "--root"])
        .arg(folder.path())
        .args(arguments)
        .env("NO_PROXY", "*")
        .output()
        .unwrap()
}

#[test]
fn the_command_prints_what_the_new_schema_changes() {
    let server = serve("/api.json", &published());
    let folder = folder();
    let output = xtask(&folder, &["--url", &server.url("/api.json")]);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}");
    assert!(
        printed.starts_with("openapi.json is replaced\n\nBreaking\n"),
        "{printed}"
    );
    assert!(
        printed.contains("renamed binding Client::rewards_index to Client::rewards_list"),
        "{printed}"
    );

    let output = xtask(&folder, &["--url", &server.url("/api.json")]);
    assert!(output.status.success());
    assert_eq!(output.stdout, b"openapi.json is what is published\n");
}

#[test]
fn the_command_says_in_one_line_why_it_failed() {
    let server = MockServer::start();
    let folder = folder();
    let output = xtask(&folder, &["--page", &server.url("/introduction")]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(
        said,
        format!("{} answers 404 Not Found\n", server.url("/introduction"))
    );
    let left: Value =
        serde_json::from_slice(&fs::read(folder.path().join("openapi.json")).unwrap()).unwrap();
    assert_eq!(left, schema());
}

#[test]
fn a_schema_that_makes_no_code_is_put_in_place_for_corrections_to_mend() {
    let mut broken = schema();
    broken["components"]["schemas"]["Share"] = support::reference("Gone");
    let server = serve("/api.json", &broken.to_string());
    let folder = folder();
    let output = xtask(&folder, &["--url", &server.url("/api.json")]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.starts_with("openapi.json is replaced, but no code can be made of it: "),
        "{said}"
    );
    assert!(
        said.contains("/components/schemas/Share refers to"),
        "{said}"
    );
    let left = fs::read_to_string(folder.path().join("openapi.json")).unwrap();
    assert_eq!(left, broken.to_string());
}

#[test]
fn the_command_takes_one_origin() {
    let output = xtask(
        &folder(),
        &["--url", "http://127.0.0.1:9/", "--file", "a.json"],
    );
    assert_eq!(output.status.code(), Some(2));
}
