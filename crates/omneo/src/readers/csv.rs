//! Files of CSV.

use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::error::{Bad, BadRow, FileError, Why};
use super::fault::{Fault, What};
use super::input::{self, Bytes, Input};
use super::mapping::{Mapping, Plan};
use super::node::{Convert, Node, is_within, join};
use super::raw::{Header, RawRow, Texts};
use super::rows::{MAX_BYTES, Rows};
use super::scan::Scanner;

/// A file of CSV, and how its columns become a record's fields.
///
/// The first row that is not empty is the header. A column gives the field of its header's name, unless [`column`](Self::column) names another.
/// A field inside another has a name with dots, in the header too: `meta.till`, and `custom_fields.0.handle` for the first of a list.
///
/// ```
/// # #[cfg(feature = "incentives")]
/// # fn main() -> Result<(), omneo::readers::Bad> {
/// use omneo::readers::Csv;
/// use omneo::types::RewardBatchItem;
///
/// let file = "\
/// Card No;reward_definition_handle;Value;Note
/// 1234567890128;birthday;12.50;
/// 1234567890135;birthday;;\"said \"\"call me\"\"\"
/// ";
/// let rewards = Csv::from_reader(file.as_bytes())
///     .delimiter(b';')
///     .column("Card No", "profile_id")
///     .constant("profile_id_handle", "card")
///     .constant("timezone", "Australia/Melbourne")
///     .column("Value", "value_initial")
///     .ignore("Note")
///     .rows::<RewardBatchItem>();
/// for row in rewards {
///     let row = row?;
///     println!("{}: {:?}", row.line, row.record.value_initial);
/// }
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "incentives"))]
/// # fn main() {}
/// ```
#[must_use = "nothing is read before `rows`"]
pub struct Csv {
    bytes: Bytes,
    delimiter: u8,
    latin1: bool,
    max_bytes: usize,
    mapping: Mapping,
}

impl Csv {
    /// A file, plain or gzip.
    ///
    /// # Errors
    ///
    /// If it can't be opened.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, FileError> {
        input::open(path.as_ref()).map(Self::from_reader)
    }

    /// The bytes of a file. They are read in chunks: no buffer is needed around it.
    pub fn from_reader(bytes: impl Read + Send + 'static) -> Self {
        Self {
            bytes: Box::new(bytes),
            delimiter: b',',
            latin1: false,
            max_bytes: MAX_BYTES,
            mapping: Mapping::default(),
        }
    }

    /// What stands between cells: `b','` by default, `b';'`, `b'\t'`.
    pub fn delimiter(mut self, delimiter: u8) -> Self {
        self.delimiter = delimiter;
        self
    }

    /// Reads a field from the column with this header, which is compared as it is, blanks and case too. A column may give several fields.
    pub fn column(mut self, header: impl Into<String>, field: impl Into<String>) -> Self {
        self.mapping.columns.push((header.into(), field.into()));
        self
    }

    /// Gives a field the same value in every row, read as a cell of that text would be.
    ///
    /// Inside a nested field or a list's item constants go along with cells: where all those cells are empty there is no such item.
    pub fn constant(mut self, field: impl Into<String>, text: impl Into<String>) -> Self {
        self.mapping.constants.push((field.into(), text.into()));
        self
    }

    /// Splits the cells of a field that is a list, at a `char` or a text. Items are not trimmed, and empty ones left out: of `a; b;;` the list at
    /// `';'` is `a` and ` b`.
    pub fn list(mut self, field: impl Into<String>, separator: impl Into<String>) -> Self {
        let separator = (field.into(), separator.into());
        self.mapping.separators.push(separator);
        self
    }

    /// Rewrites the cells of a field that are not empty to a form that it reads; None if the cell has no such form, and the row is bad.
    ///
    /// ```
    /// use omneo::omneo_types::{Flag, Timestamp};
    /// use omneo::omneo_types::jiff::civil::Date;
    /// use omneo::readers::Csv;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Order {
    ///     transacted_at: Timestamp,
    ///     is_void: Flag,
    /// }
    ///
    /// let orders = Csv::from_reader("transacted_at,is_void\n31/12/2024,N\n".as_bytes())
    ///     .convert("transacted_at", |cell| Some(Date::strptime("%d/%m/%Y", cell).ok()?.to_string()))
    ///     .convert("is_void", |cell| match cell {
    ///         "Y" => Some("1".to_owned()),
    ///         "N" => Some("0".to_owned()),
    ///         _ => None,
    ///     });
    /// for row in orders.rows::<Order>() {
    ///     let order = row?.record;
    ///     assert_eq!(order.transacted_at.as_str(), "2024-12-31");
    ///     assert!(!*order.is_void);
    /// }
    /// # Ok::<(), omneo::readers::Bad>(())
    /// ```
    pub fn convert(
        mut self,
        field: impl Into<String>,
        convert: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        let convert: (_, Convert) = (field.into(), Arc::new(convert));
        self.mapping.converts.push(convert);
        self
    }

    /// Reads an empty cell of a field as null, which clears it on the server; by default the field is absent, and left alone.
    pub fn empty_as_null(mut self, field: impl Into<String>) -> Self {
        self.mapping.empty_as_null.push(field.into());
        self
    }

    /// Leaves a column out.
    pub fn ignore(mut self, header: impl Into<String>) -> Self {
        self.mapping.ignored.insert(header.into());
        self
    }

    /// Leaves out every column whose header is no field of the record. A misspelt one is left out too.
    pub fn ignore_unknown(mut self) -> Self {
        self.mapping.ignore_unknown = true;
        self
    }

    /// Decodes Windows-1252, which holds Latin-1, rather than UTF-8.
    pub fn latin1(mut self) -> Self {
        self.latin1 = true;
        self
    }

    /// How long a row may be, 16 MiB by default. A quote that is never closed makes one row of the rest of the file.
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// The rows as records. Nothing is read before the first is asked for.
    pub fn rows<T: DeserializeOwned>(self) -> Rows<T> {
        Rows::csv(self)
    }
}

/// The rows of a file whose header was read.
pub(super) struct Reader {
    scanner: Scanner,
    header: Arc<Header>,
    root: Node,
    /// Column and field.
    columns: Vec<(usize, String)>,
}

impl Reader {
    /// Reads the header, and holds it against the record.
    pub(super) fn new<T: DeserializeOwned>(csv: Csv) -> Result<Self, FileError> {
        let delimiter = csv.delimiter;
        if matches!(delimiter, b'"' | b'\r' | b'\n') || !delimiter.is_ascii() {
            return Err(FileError::new(
                1,
                "the delimiter can't be a quote, a line end or a part of a longer character",
            ));
        }
        let input = Input::new(csv.bytes, csv.latin1)?;
        let mut scanner = Scanner::new(input, delimiter, csv.max_bytes);
        if !scanner.next()? {
            return Err(FileError::new(1, "the file is empty: it has no header"));
        }
        let error = |message| FileError::new(scanner.line(), message);
        let names = names(&scanner).map_err(error)?;
        let Plan { root, columns } = csv.mapping.plan::<T>(&names).map_err(error)?;
        Ok(Self {
            scanner,
            header: Arc::new(Header { names, delimiter }),
            root,
            columns,
        })
    }

    pub(super) fn next<T: DeserializeOwned>(&mut self) -> Option<Result<(u64, T), Bad>> {
        match self.scanner.next() {
            Ok(true) => Some(match self.record() {
                Ok(record) => Ok((self.scanner.line(), record)),
                Err(why) => Err(Bad::Row(BadRow::new(self.raw(), why))),
            }),
            Ok(false) => None,
            Err(error) => Some(Err(Bad::File(error))),
        }
    }

    fn record<T: DeserializeOwned>(&self) -> Result<T, Why> {
        let cells = self.scanner.cells();
        let (found, expected) = (cells.ends.len(), self.header.names.len());
        if found != expected {
            return Err(Why::new(format!(
                "the row has {found} cells and the header {expected}: a delimiter or a line end inside a cell needs quotes around the cell"
            )));
        }
        let texts = cells
            .texts()
            .map_err(|cell| Why::new(NO_UTF_8).in_column(cell))?;
        super::de::read(&self.root, texts).map_err(|fault| self.why(fault, texts))
    }

    fn why(&self, fault: Fault, row: Texts<'_>) -> Why {
        let mut field = fault.path().to_owned();
        if let What::Missing(name) = fault.what() {
            field = join(&field, name);
        }
        let mut columns = self.columns.iter();
        let column = columns.find(|(_, path)| is_within(&field, path));
        let column = column.map(|(column, _)| *column);
        let (reason, detail) = match (fault.into_what(), column) {
            (What::Missing(_), Some(column)) if row.get(column).is_empty() => {
                ("is required and empty".to_owned(), None)
            }
            (what, _) => what.into_reason(),
        };
        Why {
            column,
            field,
            reason,
            detail,
        }
    }

    pub(super) fn raw(&self) -> RawRow {
        RawRow {
            line: self.scanner.line(),
            header: Arc::clone(&self.header),
            cells: self.scanner.cells().iter().collect(),
        }
    }
}

const NO_UTF_8: &str = "a byte is not UTF-8: save the file as UTF-8, or read it with `latin1` if it is Latin-1 or Windows-1252";

fn names(scanner: &Scanner) -> Result<Vec<String>, String> {
    let texts = scanner
        .cells()
        .texts()
        .map_err(|cell| format!("column {} of the header: {NO_UTF_8}", cell + 1))?;
    let names: Vec<String> = texts.iter().map(str::to_owned).collect();
    match names.iter().any(|name| name.contains('\0')) {
        true => Err("the header has NUL bytes, as UTF-16 has: save the file as UTF-8".to_owned()),
        false => Ok(names),
    }
}
