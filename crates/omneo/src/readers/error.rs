//! What can be wrong with a row, and with a file.

use std::fmt;
use std::io;
use std::path::Path;

use super::raw::RawRow;

/// What came in the place of a row.
///
/// ```
/// use omneo::readers::{Bad, Csv, FileError};
/// # #[derive(serde::Deserialize)] struct Order { total: omneo::omneo_types::Amount }
///
/// # fn main() -> Result<(), FileError> {
/// let file = "total\n12.50\nmany\n";
/// for row in Csv::from_reader(file.as_bytes()).rows::<Order>() {
///     match row {
///         Ok(row) => println!("{}", row.record.total),
///         Err(Bad::Row(bad)) => eprintln!("set aside: {bad}"), // line 3, column 1 "total": expected a number or numeric text
///         Err(Bad::File(error)) => return Err(error),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub enum Bad {
    /// The row is wrong; the next may be right.
    Row(BadRow),
    /// The file can't be read further; nothing comes after it.
    File(FileError),
}

impl Bad {
    /// The bad row, for a file of rejects.
    ///
    /// # Errors
    ///
    /// If it is the file that can't be read further.
    pub fn into_row(self) -> Result<BadRow, FileError> {
        match self {
            Self::Row(row) => Ok(row),
            Self::File(error) => Err(error),
        }
    }
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Row(row) => row.fmt(f),
            Self::File(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Bad {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Row(_) => None,
            Self::File(error) => error.source(),
        }
    }
}

/// A row that can't be read as a record.
///
/// `Display` and `Debug` say where and what was expected, and show no value: a row holds personal data. They may go to a log; the row itself
/// belongs into a file of [`Rejects`](super::Rejects).
pub struct BadRow(Box<Inner>);

struct Inner {
    raw: RawRow,
    why: Why,
}

/// What is wrong with a row, before its cells are copied.
#[derive(Debug, Default)]
pub(super) struct Why {
    /// Index of the column.
    pub(super) column: Option<usize>,
    pub(super) field: String,
    pub(super) reason: String,
    pub(super) detail: Option<String>,
}

impl Why {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            ..Self::default()
        }
    }

    pub(super) fn in_column(mut self, column: usize) -> Self {
        self.column = Some(column);
        self
    }
}

impl BadRow {
    pub(super) fn new(raw: RawRow, why: Why) -> Self {
        Self(Box::new(Inner { raw, why }))
    }

    /// The line of the file that the row starts on, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.0.raw.line
    }

    /// The column that is wrong: its number, from 1, and its header. None if it is the row as a whole, or a line of JSON.
    #[must_use]
    pub fn column(&self) -> Option<(usize, &str)> {
        let index = self.0.why.column?;
        let name = self.0.raw.header.names.get(index);
        Some((index + 1, name.map_or("", String::as_str)))
    }

    /// The field of the record that is wrong, such as `items.2.quantity`; empty if it is the row as a whole.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.0.why.field
    }

    /// What is wrong, without the value.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.0.why.reason
    }

    /// What a type of your own said of the value: it may show the value. The types of Omneo's records need none, see
    /// [`reason`](Self::reason).
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.0.why.detail.as_deref()
    }

    /// The column or the field in a few words; empty if it is the row as a whole.
    pub(super) fn place(&self) -> String {
        match self.column() {
            Some((number, name)) => format!("column {number} {}", quoted(name)),
            None => cut(self.field()),
        }
    }

    /// The row as it stands in the file.
    #[must_use]
    pub fn raw(&self) -> &RawRow {
        &self.0.raw
    }
}

impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}", self.line())?;
        match &*self.place() {
            "" => {}
            place => write!(f, ", {place}")?,
        }
        write!(f, ": {}", self.reason())
    }
}

impl fmt::Debug for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BadRow({self})")
    }
}

impl std::error::Error for BadRow {}

/// A file that can't be read further, or columns that don't fit the record: what to correct before it is read again.
#[derive(Debug)]
pub struct FileError {
    line: u64,
    message: String,
    source: Option<io::Error>,
}

impl FileError {
    pub(super) fn new(line: u64, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
            source: None,
        }
    }

    pub(super) fn unreadable(line: u64, gzip: bool, source: io::Error) -> Self {
        let message = match (gzip, source.kind()) {
            (true, io::ErrorKind::UnexpectedEof) => {
                "the file ends inside its gzip data: fetch it again"
            }
            (true, io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData) => {
                "the gzip data is broken: fetch it again"
            }
            _ => "the file can't be read further",
        };
        Self {
            line,
            message: format!("{message} ({source})"),
            source: Some(source),
        }
    }

    pub(super) fn unopened(path: &Path, source: io::Error) -> Self {
        Self {
            line: 0,
            message: format!("{} can't be opened ({source})", path.display()),
            source: Some(source),
        }
    }

    /// The line of the file that the error is on or was met on, from 1; 0 if it could not be opened.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

impl std::error::Error for FileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.source.as_ref()?;
        Some(source)
    }
}

impl From<FileError> for io::Error {
    fn from(error: FileError) -> Self {
        let kind = error.source.as_ref().map(io::Error::kind);
        Self::new(kind.unwrap_or(io::ErrorKind::InvalidData), error)
    }
}

/// The longest name of a file's own that a message shows, in characters.
const LONGEST: usize = 80;

/// A name of a file's own, as a message shows it.
pub(super) fn quoted(name: &str) -> String {
    format!("{:?}", cut(name))
}

pub(super) fn cut(name: &str) -> String {
    match name.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &name[..end]),
        None => name.to_owned(),
    }
}
