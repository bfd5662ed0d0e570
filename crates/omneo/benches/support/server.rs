//! A server in a process of its own, so that its memory and its allocations are not counted.
//!
//! A benchmark starts itself again with the argument `serve`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use super::plain;

/// Serves if this process was started to; to be called first of all.
pub fn serve_if_told() {
    if std::env::args().nth(1).as_deref() != Some("serve") {
        return;
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    for stream in listener.incoming() {
        let stream = stream.unwrap();
        std::thread::spawn(move || serve(stream));
    }
}

/// How long each answer takes.
const LATENCY: &str = "BENCH_LATENCY_MS";

/// The items of the batches that came, as JSON.
static BATCHES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// `/v3/rewards/{id}` is one reward, `/v3/rewards?page[number]=n` a page of a million. A batch of transactions is worked off
/// at once.
fn serve(stream: TcpStream) -> Option<()> {
    stream.set_nodelay(true).ok()?;
    let mut out = stream.try_clone().ok()?;
    let mut lines = BufReader::new(stream);
    let latency = std::env::var(LATENCY).map_or(0, |millis| millis.parse().unwrap());
    let latency = Duration::from_millis(latency);
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if lines.read_line(&mut head).ok()? == 0 {
                return None;
            }
        }
        let length = head
            .to_ascii_lowercase()
            .split_once("content-length: ")
            .and_then(|(_, rest)| rest.lines().next()?.trim().parse().ok())
            .unwrap_or(0);
        let mut sent = Vec::new();
        lines.by_ref().take(length).read_to_end(&mut sent).ok()?;
        std::thread::sleep(latency);
        let target = head.split(' ').nth(1)?;
        let body = match target.rsplit_once("number") {
            _ if target == "/v3/transactions/batch.json" => queue(&sent),
            _ if target.starts_with("/v3/batches/") => {
                let place = target.rsplit('/').next()?.parse::<usize>().ok()?;
                let mut batches = BATCHES.lock().unwrap();
                // It is read once.
                let items = std::mem::take(&mut batches[place]);
                format!(r#"{{"data":{{"status":"success","items":[{items}]}}}}"#)
            }
            Some((_, after)) => {
                let digits = after.split(['=', '&']).nth(1)?;
                plain::page(digits.parse().ok()?, 10_000)
            }
            None if target.contains('?') => plain::page(1, 10_000),
            None => format!(r#"{{"data":{}}}"#, plain::reward(7)),
        };
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            body.len()
        );
        out.write_all(format!("{head}{body}").as_bytes()).ok()?;
    }
}

/// Takes a batch; the answer that names it.
fn queue(sent: &[u8]) -> String {
    let sent: serde_json::Value = serde_json::from_slice(sent).unwrap();
    let records = sent["transactions"].as_array().unwrap().iter();
    let items = records.map(|record| {
        let id = record["external_id"].as_str().unwrap();
        format!(r#"{{"id":1,"entity_id":7,"external_id":"{id}","status":"success","error":null}}"#)
    });
    let items = items.collect::<Vec<_>>().join(",");
    let mut batches = BATCHES.lock().unwrap();
    batches.push(items);
    let id = batches.len() - 1;
    format!(r#"{{"message":"Queued for processing.","batch_id":"{id}"}}"#)
}

/// The server, until it is dropped.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    pub fn start() -> Server {
        Self::with_latency(Duration::ZERO)
    }

    pub fn with_latency(latency: Duration) -> Server {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("serve")
            .env(LATENCY, latency.as_millis().to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut url = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut url).unwrap();
        Server {
            child,
            url: url.trim().to_owned(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
