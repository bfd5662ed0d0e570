//! Following the schema: getting it, and saying what it changes for callers.
//!
//! Whatever is said of Rust here is read from the code that the build script would write, and
//! whatever is said of the schema from the schema.

pub mod base;
pub mod bindings;
pub mod check;
pub mod diff;
pub mod fetch;
pub(crate) mod pointer;
pub mod rehearsal;
pub mod surface;

/// A path template with nameless parameters: a parameter's name is no part of what the path leads to.
pub(crate) fn nameless(path: &str) -> String {
    path.split('/')
        .map(|segment| match segment.starts_with('{') {
            true => "{}",
            false => segment,
        })
        .collect::<Vec<_>>()
        .join("/")
}
