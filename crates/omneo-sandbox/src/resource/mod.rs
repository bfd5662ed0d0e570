//! Plain resources: what the schema alone says of create, read, update, delete and list.

mod owner;
mod plain;
mod relation;
mod unique;

pub(crate) use plain::answer;
pub(crate) use relation::relation;
pub(crate) use unique::unique;
