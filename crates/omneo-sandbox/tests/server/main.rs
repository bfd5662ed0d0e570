//! What a client meets before any rule: authentication, routes, errors, limits, faults, and the clock.

#[path = "../support/program.rs"]
mod program;
#[path = "../support/mod.rs"]
mod support;

mod bad_input;
mod control;
mod errors;
mod lists;
mod plain;
