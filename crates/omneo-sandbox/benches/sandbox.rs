//! Simple reads a second, and a million records: `cargo bench -p omneo-sandbox`.
//!
//! The sandbox runs as its own process, pinned to nothing; its processor time counts, and the wall beside it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use omneo_sandbox::Sandbox;
use serde_json::{Value, json};

const RECORDS: usize = 1_000_000;
const READS: usize = 100_000;
const CONNECTIONS: usize = 8;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("omneo.db");
    fill(&file)?;
    let size = std::fs::metadata(&file)?.len();
    println!("file            {:>10} MiB", size / 1024 / 1024);

    let begin = Instant::now();
    let (child, address) = start(&file)?;
    println!("restart         {:>10.3} s", begin.elapsed().as_secs_f64());
    let mut sandbox = Running(child);

    for (name, path) in [
        ("a record", "/api/v3/interactions/500000"),
        ("a page", "/api/v3/interactions?page[size]=15"),
        ("a profile's", "/api/v3/interactions?filter[profile_id]=p77"),
    ] {
        let before = processor_time(sandbox.0.id())?;
        let begin = Instant::now();
        read(&address, path)?;
        let wall = begin.elapsed();
        let busy = processor_time(sandbox.0.id())? - before;
        println!(
            "{name:<12} {:>13.0} reads/s of one core ({:.0} by the wall, with the client on the same machine)",
            per_second(busy),
            per_second(wall),
        );
    }
    println!("memory          {:>10} MiB", memory(sandbox.0.id())? / 1024);
    sandbox.0.kill()?;
    Ok(())
}

fn per_second(time: Duration) -> f64 {
    READS as f64 / time.as_secs_f64()
}

struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn fill(file: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().data(file).start_blocking()?;
    let begin = Instant::now();
    let record = |number: usize| {
        json!({
            "id": number + 1, "profile_id": format!("p{}", number / 10), "channel": "email",
            "action": "open", "name": format!("Newsletter {number}"),
            "created_at": "2026-03-01 09:00:00", "updated_at": "2026-03-01 09:00:00",
        })
    };
    sandbox.insert_all("Interaction", (0..RECORDS).map(record))?;
    println!(
        "{RECORDS} records in {:>7.1} s",
        begin.elapsed().as_secs_f64()
    );
    let list = sandbox.call("GET", "/v3/interactions?page[size]=1", Value::Null);
    assert_eq!(list.body["meta"]["total"], RECORDS);
    Ok(())
}

fn start(file: &std::path::Path) -> Result<(Child, String), Box<dyn std::error::Error>> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_omneo-sandbox"))
        .args(["--port", "0", "--seed", "empty", "--data"])
        .arg(file)
        .stdout(Stdio::piped())
        .spawn()?;
    let out = child.stdout.take().ok_or("no output")?;
    let mut line = String::new();
    BufReader::new(out).read_line(&mut line)?;
    let address = line.rsplit("http://").next().ok_or("no address")?;
    Ok((child, address.trim().trim_end_matches("/api").to_owned()))
}

/// Reads a path over and over, on some connections that are kept open.
fn read(address: &str, path: &str) -> Result<(), Box<dyn std::error::Error>> {
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer sandbox-token\r\n\r\n");
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..CONNECTIONS)
            .map(|_| scope.spawn(|| reads(address, &request)))
            .collect();
        readers
            .into_iter()
            .try_for_each(|reader| reader.join().expect("no panic"))
    })?;
    Ok(())
}

fn reads(address: &str, request: &str) -> std::io::Result<()> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answer = vec![0; 256 * 1024];
    for _ in 0..READS / CONNECTIONS {
        stream.write_all(request.as_bytes())?;
        let mut read = 0;
        loop {
            read += stream.read(&mut answer[read..])?;
            let head = String::from_utf8_lossy(&answer[..read.min(512)]).into_owned();
            assert!(head.starts_with("HTTP/1.1 200"), "{head}");
            let Some(end) = head.find("\r\n\r\n") else {
                continue;
            };
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
            if length.is_some_and(|length| read >= end + 4 + length) {
                break;
            }
        }
    }
    Ok(())
}

/// The time that a process has had a processor.
fn processor_time(process: u32) -> Result<Duration, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<_> = stat
        .rsplit(')')
        .next()
        .ok_or("no fields")?
        .split(' ')
        .collect();
    let ticks = fields[12].parse::<u64>()? + fields[13].parse::<u64>()?;
    // USER_HZ is 100 wherever Linux runs.
    Ok(Duration::from_millis(ticks * 10))
}

/// The most memory that a process has had, in KiB.
fn memory(process: u32) -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmHWM")?.parse()?)
}
