//! The parts of the project's tasks that are more than a command.

pub mod schema;
