//! Files of CSV and NDJSON as typed records, for a load of millions of rows: the memory of one row, whatever the file's length.
//!
//! ```no_run
//! # #[cfg(feature = "profiles")]
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use omneo::readers::{Csv, Rejects};
//! use omneo::types::ProfileBatchItem;
//!
//! let customers = Csv::open("customers.csv.gz")?
//!     .column("Card No", "identities.0.identifier")
//!     .constant("identities.0.handle", "card")
//!     .column("Given Name", "first_name")
//!     .column("Surname", "last_name")
//!     .column("E-Mail", "email")
//!     .list("tags", ';')
//!     .empty_as_null("title")
//!     .ignore("Store Notes")
//!     .rows::<ProfileBatchItem>();
//!
//! let mut rejects = Rejects::create("customers.rejected.csv")?;
//! for row in customers {
//!     match row {
//!         Ok(row) => println!("line {}: {}", row.line, row.record.first_name),
//!         Err(bad) => rejects.bad(&bad.into_row()?)?,
//!     }
//! }
//! rejects.finish()?;
//! # Ok(())
//! # }
//! # #[cfg(not(feature = "profiles"))]
//! # fn main() {}
//! ```
//!
//! The record is any type that serde reads: one of [`types`](crate::types), or your own.
//!
//! # What is read how
//!
//! | in the file | is |
//! |---|---|
//! | gzip, of any number of members | unpacked; known by its first bytes, not by the file's name |
//! | a byte order mark of UTF-8 | skipped |
//! | UTF-16 | an error that says to save the file as UTF-8 |
//! | a byte that is not UTF-8 | a bad row; `latin1` decodes Windows-1252 instead |
//! | LF, CRLF or CR, and none after the last row | the end of a row; NDJSON takes LF and CRLF |
//! | an empty line | skipped |
//! | a line end inside quotes | part of the cell; [`Row::line`] counts it |
//! | an empty cell, quoted or not | a field that is absent, or null by [`Csv::empty_as_null`] |
//! | any other cell | a text, which the field's type reads; nothing is trimmed by the reader |
//! | `12.50`, ` 7 `, `1e3` | a number to [`Amount`] and [`Integer`]; not `1,000` nor `$5` |
//! | `true`, `FALSE`, `1`, `0` | a [`Flag`]; not `yes` nor `Y` |
//! | `2024-12-31`, `2024-12-31 10:00:00`, ISO 8601 | a [`Timestamp`]; not `31/12/2024` |
//! | any text | an [`Id`], with its leading zeros |
//! | `a;b` in a column of [`Csv::list`] | a list |
//! | `items.0.sku` as a header or a column's field | a field of a list's item; an item without a cell that is not empty is left out |
//!
//! What a type doesn't read [`Csv::convert`] rewrites first. `bool`, numbers and enums of a type of your own are read of texts too.
//!
//! # What is wrong
//!
//! A bad row is set aside: a wrong number of cells, a value that its field doesn't take, a required cell that is empty, a line that is no object.
//! [`BadRow`] says the line, the column or the field, and why, and has the row for a file of [`Rejects`].
//!
//! The file ends with a [`FileError`] where no row after it can be trusted: it can't be read, its gzip data is broken, a quote is never closed,
//! or the header has a name twice. The header is held against the record before there is a row: a column that is no field (with the field that
//! it may be meant for), a required field without a column, a list in one cell, a constant that its field doesn't take. For JSON a member that is
//! no field makes a bad row. Fields are known by how the type reads itself, so a type that takes any (a map, `#[serde(flatten)]`, an untagged
//! enum) has no wrong ones.
//!
//! # What is shown
//!
//! Rows hold personal data. Errors name lines, columns and what was expected, never a value, and may be logged; only names from the header or of
//! JSON members are shown, cut after 80 characters. What a type of your own says of a value is in [`BadRow::detail`] alone. The values are in
//! [`RawRow`] and the file of rejects, and there with every cell as it was.
//!
//! # What the server refuses later
//!
//! [`Row::index`] is a record's place among those that were read: what a report of a batch of them tells them apart by. With the report
//! [`Rejects::find`] reads the file again and writes those rows, so that none has to be kept. Of records that are sent one by one,
//! [`Rows::raw`] is the row, for [`Rejects::refused`].
//!
//! [`Amount`]: crate::omneo_types::Amount
//! [`Flag`]: crate::omneo_types::Flag
//! [`Id`]: crate::omneo_types::Id
//! [`Integer`]: crate::omneo_types::Integer
//! [`Timestamp`]: crate::omneo_types::Timestamp

mod csv;
mod de;
mod error;
mod fault;
mod input;
mod mapping;
mod ndjson;
mod near;
mod node;
mod raw;
mod rehearse;
mod rejects;
mod rows;
mod scan;
mod windows_1252;

pub use self::csv::Csv;
pub use error::{Bad, BadRow, FileError};
pub use ndjson::Ndjson;
pub use raw::RawRow;
pub use rejects::Rejects;
pub use rows::{Row, Rows};
