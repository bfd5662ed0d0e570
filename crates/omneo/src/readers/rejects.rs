//! Files of the rows that were not taken.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::fs::File;
use std::io::{Error, ErrorKind, Result, Write};
use std::path::Path;
use std::sync::Arc;

use csv::{ByteRecord, IntoInnerError, Writer, WriterBuilder};
use serde::de::DeserializeOwned;

use super::error::{Bad, BadRow};
use super::raw::{Header, RawRow};
use super::rows::Rows;

/// The columns before the file's own. [`Csv`](super::Csv) leaves them out.
pub(super) const COLUMNS: [&str; 2] = ["rejected_line", "rejected_reason"];

/// A file of the rows that were not taken, as CSV with the delimiter and the columns of the file that they are from, and two before these:
/// `rejected_line` and `rejected_reason`. Corrected, it is read as that file was: [`Csv`](super::Csv) leaves the two columns out.
///
/// Cells are written as they were, whatever they hold: one that begins with `=` is a formula to a spreadsheet. Import the file there as text.
/// Lines of NDJSON are cells of one column `json`. Without rows the file is empty.
///
/// ```
/// use omneo::readers::{Csv, Rejects};
/// # #[derive(serde::Deserialize)] struct Order { total: omneo::omneo_types::Amount }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut rejects = Rejects::new(Vec::new());
/// let file = "till,total\n7,12.50\n8,many\n";
/// for row in Csv::from_reader(file.as_bytes()).ignore("till").rows::<Order>() {
///     match row {
///         Ok(row) => println!("{}", row.record.total),
///         Err(bad) => rejects.bad(&bad.into_row()?)?,
///     }
/// }
/// let rejects = String::from_utf8(rejects.finish()?)?;
/// assert_eq!(
///     rejects,
///     "rejected_line,rejected_reason,till,total\n\
///      3,\"column 2 \"\"total\"\": expected a number or numeric text\",8,many\n"
/// );
/// # Ok(())
/// # }
/// ```
pub struct Rejects<W: Write> {
    state: State<W>,
    rows: u64,
}

enum State<W: Write> {
    Empty(W),
    Rows(Box<Writer<W>>, Arc<Header>),
    /// Only while the header is written.
    Broken,
}

impl Rejects<File> {
    /// A new file; one that is there is replaced.
    ///
    /// # Errors
    ///
    /// If it can't be written.
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        File::create(path).map(Self::new)
    }
}

impl<W: Write> Rejects<W> {
    /// Writes to anything. It is buffered here.
    pub fn new(out: W) -> Self {
        Self {
            state: State::Empty(out),
            rows: 0,
        }
    }

    /// Writes a bad row.
    ///
    /// # Errors
    ///
    /// If it can't be written, or is of a file with another header.
    pub fn bad(&mut self, bad: &BadRow) -> Result<()> {
        let (place, detail) = (bad.place(), bad.detail().unwrap_or_default());
        let reason = match (place.is_empty(), detail.is_empty()) {
            (true, true) => bad.reason().to_owned(),
            (false, true) => format!("{place}: {}", bad.reason()),
            (true, false) => format!("{}: {detail}", bad.reason()),
            (false, false) => format!("{place}: {}: {detail}", bad.reason()),
        };
        self.refused(bad.raw(), reason)
    }

    /// Writes a row that the server refused, or that is not taken for any other reason.
    ///
    /// # Errors
    ///
    /// If it can't be written, or is of a file with another header.
    pub fn refused(&mut self, row: &RawRow, reason: impl Display) -> Result<()> {
        if let State::Empty(_) = self.state {
            self.start(&row.header)?;
        }
        let State::Rows(writer, header) = &mut self.state else {
            return Err(Error::other("the header could not be written"));
        };
        if *header != row.header {
            return Err(Error::new(
                ErrorKind::InvalidInput,
                "the row is of a file with another header: write it to another file",
            ));
        }
        let mut cells = ByteRecord::new();
        cells.push_field(row.line().to_string().as_bytes());
        cells.push_field(reason.to_string().as_bytes());
        own(header, row.cells()).for_each(|cell| cells.push_field(cell));
        writer.write_byte_record(&cells)?;
        self.rows += 1;
        Ok(())
    }

    /// Writes the rows of these indices, with a reason each, which a second reading of the file finds again: for what a batch reports of its
    /// records at its end, when the rows are gone. The rows have to be read as they were the first time.
    ///
    /// Only indices and reasons are in memory. Bad rows are passed over, as they were written the first time.
    ///
    /// ```
    /// use omneo::readers::{Csv, Rejects};
    /// # #[derive(serde::Deserialize)] struct Order { total: omneo::omneo_types::Amount }
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let orders = || Csv::from_reader("total\n12.50\n0\n".as_bytes()).rows::<Order>();
    /// // All are sent, and the one of index 1 is refused.
    /// let refused = [(1, "a transaction needs a total")];
    /// let mut rejects = Rejects::new(Vec::new());
    /// rejects.find(orders(), refused)?;
    /// assert_eq!(
    ///     String::from_utf8(rejects.finish()?)?,
    ///     "rejected_line,rejected_reason,total\n3,a transaction needs a total,0\n"
    /// );
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If the file can't be read, a row can't be written, or the file has fewer rows than such an index.
    pub fn find<T: DeserializeOwned, R: Display>(
        &mut self,
        mut rows: Rows<T>,
        refused: impl IntoIterator<Item = (u64, R)>,
    ) -> Result<()> {
        let mut refused: BTreeMap<u64, R> = refused.into_iter().collect();
        while !refused.is_empty() {
            match rows.next() {
                Some(Ok(row)) => {
                    if let (Some(reason), Some(raw)) = (refused.remove(&row.index), rows.raw()) {
                        self.refused(&raw, reason)?;
                    }
                }
                Some(Err(Bad::Row(_))) => {}
                Some(Err(Bad::File(error))) => return Err(error.into()),
                None => {
                    return Err(Error::new(
                        ErrorKind::InvalidInput,
                        format!(
                            "{} rows are not in the file: read it as it was read the first time",
                            refused.len()
                        ),
                    ));
                }
            }
        }
        Ok(())
    }

    /// How many rows were written.
    #[must_use]
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes what is still buffered, and gives back what was written to. A file that is only dropped may lack its last rows.
    ///
    /// # Errors
    ///
    /// If it can't be written.
    pub fn finish(self) -> Result<W> {
        match self.state {
            State::Empty(out) => Ok(out),
            State::Rows(writer, _) => writer.into_inner().map_err(IntoInnerError::into_error),
            State::Broken => Err(Error::other("the header could not be written")),
        }
    }

    fn start(&mut self, header: &Arc<Header>) -> Result<()> {
        let State::Empty(out) = std::mem::replace(&mut self.state, State::Broken) else {
            return Ok(());
        };
        let mut writer = WriterBuilder::new()
            .delimiter(header.delimiter)
            // Rows with a wrong number of cells too.
            .flexible(true)
            .from_writer(out);
        let names = header.names.iter().map(String::as_str);
        writer.write_record(COLUMNS.into_iter().chain(own(header, names)))?;
        self.state = State::Rows(Box::new(writer), Arc::clone(header));
        Ok(())
    }
}

/// Those of a row's cells that are not of an earlier file of rejects.
fn own<'a, C>(header: &Header, cells: impl Iterator<Item = C> + 'a) -> impl Iterator<Item = C> {
    let names: Vec<bool> = header
        .names
        .iter()
        .map(|name| !COLUMNS.contains(&name.as_str()))
        .collect();
    cells
        .enumerate()
        .filter_map(move |(at, cell)| names.get(at).copied().unwrap_or(true).then_some(cell))
}

impl<W: Write> std::fmt::Debug for Rejects<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Rejects")
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}
