//! Files of CSV and NDJSON as records.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod bytes;
mod csv;
mod hostile;
mod mapping;
mod ndjson;
mod records;
mod rejects;

use omneo::readers::{Bad, Csv, Row, Rows};
use serde::de::DeserializeOwned;

fn csv(file: impl Into<Vec<u8>>) -> Csv {
    Csv::from_reader(std::io::Cursor::new(file.into()))
}

/// The records of a file without bad rows.
fn records<T: DeserializeOwned>(rows: Rows<T>) -> Vec<T> {
    rows.map(|row| row.unwrap().record).collect()
}

/// A file's rows: a line and a record, or what `Display` says.
fn outcomes<T: DeserializeOwned>(rows: Rows<T>) -> Vec<Result<(u64, T), String>> {
    rows.map(|row| match row {
        Ok(Row { line, record, .. }) => Ok((line, record)),
        Err(bad) => Err(bad.to_string()),
    })
    .collect()
}

/// The one error of a file whose rows can't be read.
fn refusal<T: DeserializeOwned + std::fmt::Debug>(mut rows: Rows<T>) -> String {
    match (rows.next(), rows.next()) {
        (Some(Err(Bad::File(error))), None) => error.to_string(),
        other => panic!("expected one error of the file, got {other:?}"),
    }
}
