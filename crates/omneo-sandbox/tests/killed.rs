//! Killed at any moment, it has everything that it had acknowledged.

#[path = "support/program.rs"]
mod program;

use std::ffi::OsStr;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use omneo_sandbox::Sandbox;
use serde_json::Value;

use program::Program;

/// How often it is killed.
const ROUNDS: usize = 12;

/// How many ask at the same time, so that a kill meets some of them half way.
const CALLERS: usize = 4;

/// Makes a tag; whether that was acknowledged.
fn make(stream: &mut TcpStream, handle: &str) -> bool {
    let body = format!(r#"{{"handle":"{handle}"}}"#);
    let request = format!(
        "POST /api/v3/tags HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sandbox-token\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    if stream.write_all(request.as_bytes()).is_err() {
        return false;
    }
    let mut answer = [0; 4096];
    matches!(stream.read(&mut answer), Ok(read) if answer[..read].starts_with(b"HTTP/1.1 2"))
}

#[test]
fn what_was_acknowledged_is_there_after_a_kill() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("omneo.db");
    let acknowledged = Mutex::new(Vec::new());
    for round in 0..ROUNDS {
        let program = Program::start(&[OsStr::new("--data"), file.as_os_str()]);
        let done = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for caller in 0..CALLERS {
                let (address, acknowledged, done) =
                    (program.address.as_str(), &acknowledged, &done);
                scope.spawn(move || {
                    let mut stream = TcpStream::connect(address).expect("a connection");
                    for number in 0.. {
                        let handle = format!("t-{round}-{caller}-{number}");
                        if !make(&mut stream, &handle) {
                            break;
                        }
                        acknowledged.lock().expect("no panic").push(handle);
                        done.fetch_add(1, Ordering::SeqCst);
                    }
                });
            }
            // While the others go on.
            while done.load(Ordering::SeqCst) < round * 7 + 1 {
                std::thread::yield_now();
            }
            program.kill();
        });
    }
    let sandbox = Sandbox::builder()
        .data(&file)
        .start_blocking()
        .expect("the file opens");
    for handle in acknowledged.into_inner().expect("no panic") {
        let path = format!("/v3/tags?filter[handle]={handle}");
        let found = sandbox.call("GET", &path, Value::Null).body;
        assert_eq!(found["meta"]["total"], 1, "{handle}");
    }
}
