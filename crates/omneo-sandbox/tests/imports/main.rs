//! Imports: files of rows, jobs, and batches that belong to one load.

#[path = "../support/mod.rs"]
mod support;

mod export;
mod files;
mod handlers;
mod jobs;
mod load;
mod mapped;
mod upload;

use omneo_sandbox::Sandbox;
use serde_json::Value;

pub(crate) use upload::{sent, uploaded};

/// What is read at a path.
#[track_caller]
pub(crate) fn read(sandbox: &Sandbox, path: &str) -> Value {
    support::done(sandbox.call("GET", path, Value::Null))
}

/// An import as it is when its rows are worked off.
#[track_caller]
pub(crate) fn worked_off(sandbox: &Sandbox, import: &Value) -> Value {
    sandbox.settle_blocking();
    read(sandbox, &path(import))
}

/// The path of an import.
pub(crate) fn path(import: &Value) -> String {
    format!("/v3/imports/{}", import["id"])
}

/// The jobs of an import, a page of a hundred.
#[track_caller]
pub(crate) fn jobs(sandbox: &Sandbox, import: &Value) -> Vec<Value> {
    let path = format!("{}/jobs?page[size]=100&sort=id", path(import));
    let jobs = read(sandbox, &path);
    jobs.as_array().expect("jobs").clone()
}
