//! The program as a process of its own.

#![allow(dead_code, reason = "each test file uses what it needs")]

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// A process that runs until it is killed or dropped.
pub(crate) struct Program {
    child: Mutex<Child>,
    /// `127.0.0.1:4010`
    pub(crate) address: String,
}

impl Program {
    /// Starts it on a free port, empty.
    pub(crate) fn start(arguments: &[&OsStr]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_omneo-sandbox"))
            .args(["--port", "0", "--seed", "empty"])
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out).read_line(&mut line).expect("a line");
        let address = line.rsplit("http://").next().expect("an address");
        Self {
            child: Mutex::new(child),
            address: address.trim().trim_end_matches("/api").to_owned(),
        }
    }

    pub(crate) fn kill(&self) {
        let mut child = self.child.lock().unwrap_or_else(PoisonError::into_inner);
        child.kill().expect("it is killed");
        child.wait().expect("it ends");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let child = self.child.get_mut().unwrap_or_else(PoisonError::into_inner);
        let _ = child.kill();
        let _ = child.wait();
    }
}
