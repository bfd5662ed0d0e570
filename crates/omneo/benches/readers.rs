//! Reading a file of a million rows, beside the loop that one would write by hand with `csv` and serde, or line by line with `serde_json`: rows a
//! second, and the most memory that a process had that does nothing else.

#![allow(clippy::unwrap_used)] // a benchmark that fails has nothing to say

mod support;

use std::fmt::Debug;
use std::fs::File;
use std::hint::black_box;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use omneo::omneo_types::{Amount, Id, Timestamp};
use omneo::readers::{Csv, Ndjson};
use omneo::types::RewardBatchItem;
use serde::Deserialize;
use serde::de::DeserializeOwned;

const ROWS: usize = 1_000_000;

/// What one would write down for this file.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Plain {
    external_id: String,
    profile_id: String,
    profile_id_handle: String,
    reward_definition_handle: String,
    value_initial: Option<f64>,
    issued_at: Option<String>,
    timezone: String,
}

/// The same with types that check what they hold.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Typed {
    external_id: Id,
    profile_id: Id,
    profile_id_handle: String,
    reward_definition_handle: String,
    value_initial: Option<Amount>,
    issued_at: Option<Timestamp>,
    timezone: String,
}

fn count<T, E: Debug>(rows: impl Iterator<Item = Result<T, E>>) -> usize {
    let mut count = 0;
    for row in rows {
        black_box(row.unwrap());
        count += 1;
    }
    count
}

fn csv_ours<T: DeserializeOwned>(path: &Path) -> usize {
    count(Csv::open(path).unwrap().rows::<T>())
}

fn csv_by_hand<T: DeserializeOwned>(path: &Path) -> usize {
    count(csv::Reader::from_path(path).unwrap().deserialize::<T>())
}

fn ndjson_ours<T: DeserializeOwned>(path: &Path) -> usize {
    count(Ndjson::open(path).unwrap().rows::<T>())
}

fn ndjson_by_hand<T: DeserializeOwned>(path: &Path) -> usize {
    let mut lines = BufReader::new(File::open(path).unwrap());
    let (mut line, mut count) = (String::new(), 0);
    while lines.read_line(&mut line).unwrap() > 0 {
        black_box(serde_json::from_str::<T>(&line).unwrap());
        line.clear();
        count += 1;
    }
    count
}

type Run = fn(&Path) -> usize;

const RUNS: [(&str, &str, Run); 10] = [
    ("CSV, plain struct, by hand", "csv", csv_by_hand::<Plain>),
    ("CSV, plain struct, readers", "csv", csv_ours::<Plain>),
    ("CSV, typed struct, by hand", "csv", csv_by_hand::<Typed>),
    ("CSV, typed struct, readers", "csv", csv_ours::<Typed>),
    (
        "CSV, RewardBatchItem, readers",
        "csv",
        csv_ours::<RewardBatchItem>,
    ),
    (
        "NDJSON, plain struct, by hand",
        "ndjson",
        ndjson_by_hand::<Plain>,
    ),
    (
        "NDJSON, plain struct, readers",
        "ndjson",
        ndjson_ours::<Plain>,
    ),
    (
        "NDJSON, RewardBatchItem, by hand",
        "ndjson",
        ndjson_by_hand::<RewardBatchItem>,
    ),
    (
        "NDJSON, RewardBatchItem, readers",
        "ndjson",
        ndjson_ours::<RewardBatchItem>,
    ),
    (
        "CSV in gzip, RewardBatchItem, readers",
        "gz",
        csv_ours::<RewardBatchItem>,
    ),
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    if let (Some("run"), Some(run), Some(path)) = (
        arguments.next().as_deref(),
        arguments.next(),
        arguments.next(),
    ) {
        let run = RUNS[run.parse::<usize>().unwrap()].2;
        let start = Instant::now();
        assert_eq!(run(Path::new(&path)), ROWS);
        let memory = support::peak_memory().unwrap_or_default();
        println!("{} {memory}", start.elapsed().as_secs_f64());
        return;
    }
    let folder = std::env::temp_dir().join(format!("omneo-readers-{}", std::process::id()));
    std::fs::create_dir(&folder).unwrap();
    let file = |kind: &str| folder.join(format!("rewards.{kind}"));
    generate(&file("csv"), &file("ndjson"), &file("gz"));
    println!(
        "{ROWS} rows, {} bytes of CSV",
        file("csv").metadata().unwrap().len()
    );
    // In turn, so that a machine that is slow for a while is slow for all.
    let mut best = [f64::MAX; RUNS.len()];
    let mut memory = [0; RUNS.len()];
    for _ in 0..3 {
        for (index, (_, kind, _)) in RUNS.iter().enumerate() {
            let (seconds, peak) = measured(index, &file(kind));
            best[index] = best[index].min(seconds);
            memory[index] = memory[index].max(peak);
        }
    }
    for (index, (name, ..)) in RUNS.iter().enumerate() {
        println!(
            "{name:<40} {:>9.0} rows a second {:>6.1} MiB at most",
            ROWS as f64 / best[index],
            memory[index] as f64 / f64::from(1 << 20)
        );
    }
    std::fs::remove_dir_all(folder).unwrap();
}

fn measured(run: usize, path: &PathBuf) -> (f64, u64) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["run", &run.to_string()])
        .arg(path)
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let (seconds, memory) = output.trim().split_once(' ').unwrap();
    (seconds.parse().unwrap(), memory.parse().unwrap())
}

fn generate(csv: &Path, ndjson: &Path, gzip: &Path) {
    let mut csv = BufWriter::new(File::create(csv).unwrap());
    let mut ndjson = BufWriter::new(File::create(ndjson).unwrap());
    let gzip = BufWriter::new(File::create(gzip).unwrap());
    let mut gzip = flate2::write::GzEncoder::new(gzip, flate2::Compression::default());
    let header = "external_id,profile_id,profile_id_handle,reward_definition_handle,value_initial,issued_at,timezone\n";
    for out in [&mut csv as &mut dyn Write, &mut gzip] {
        out.write_all(header.as_bytes()).unwrap();
    }
    for row in 0..ROWS {
        let (id, card) = (format!("POS-{row}"), 7_010_205_892_808 + row as u64);
        let value = format!("{}.{:02}", row % 90 + 10, row % 100);
        let time = format!(
            "2024-{:02}-{:02} 10:{:02}:00",
            row % 12 + 1,
            row % 28 + 1,
            row % 60
        );
        let cells = format!("{id},{card},card,birthday,{value},{time},Australia/Melbourne\n");
        csv.write_all(cells.as_bytes()).unwrap();
        gzip.write_all(cells.as_bytes()).unwrap();
        writeln!(
            ndjson,
            "{{\"external_id\":\"{id}\",\"profile_id\":\"{card}\",\"profile_id_handle\":\"card\",\"reward_definition_handle\":\"birthday\",\
             \"value_initial\":{value},\"issued_at\":\"{time}\",\"timezone\":\"Australia/Melbourne\"}}"
        )
        .unwrap();
    }
    csv.flush().unwrap();
    ndjson.flush().unwrap();
    gzip.finish().unwrap().flush().unwrap();
}
