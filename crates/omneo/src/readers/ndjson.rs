//! Files of NDJSON.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use csv::ByteRecord;
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use super::error::{Bad, BadRow, FileError, Why};
use super::fault::What;
use super::input::{self, Bytes, Input};
use super::near::near_miss;
use super::node::join;
use super::raw::{Header, RawRow};
use super::rows::{MAX_BYTES, Rows};

/// A file of NDJSON, also called JSON Lines: one JSON object a line.
///
/// ```
/// use omneo::omneo_types::{Amount, Id};
/// use omneo::readers::Ndjson;
///
/// #[derive(serde::Deserialize)]
/// struct Order {
///     external_id: Id,
///     total: Amount,
/// }
///
/// let file = "{\"external_id\": \"POS-1\", \"total\": 12.5}\n{\"external_id\": 2, \"total\": \"7.00\"}\n";
/// for row in Ndjson::from_reader(file.as_bytes()).rows::<Order>() {
///     let row = row?;
///     println!("{}: {} of {}", row.line, row.record.external_id, row.record.total);
/// }
/// # Ok::<(), omneo::readers::Bad>(())
/// ```
#[must_use = "nothing is read before `rows`"]
pub struct Ndjson {
    bytes: Bytes,
    latin1: bool,
    max_bytes: usize,
    ignored: BTreeSet<String>,
    ignore_unknown: bool,
}

impl Ndjson {
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
            latin1: false,
            max_bytes: MAX_BYTES,
            ignored: BTreeSet::new(),
            ignore_unknown: false,
        }
    }

    /// Leaves out a member that is no field of the record, such as `meta_data` or, of every item, `items.note`.
    pub fn ignore(mut self, member: impl Into<String>) -> Self {
        self.ignored.insert(member.into());
        self
    }

    /// Leaves out every member that is no field of the record. A misspelt one is left out too.
    pub fn ignore_unknown(mut self) -> Self {
        self.ignore_unknown = true;
        self
    }

    /// Decodes Windows-1252, which holds Latin-1, rather than UTF-8.
    pub fn latin1(mut self) -> Self {
        self.latin1 = true;
        self
    }

    /// How long a line may be, 16 MiB by default. A longer one is a bad row, of which nothing is kept.
    pub fn max_bytes(mut self, max_bytes: usize) -> Self {
        self.max_bytes = max_bytes;
        self
    }

    /// The lines as records. Nothing is read before the first is asked for.
    pub fn rows<T: DeserializeOwned>(self) -> Rows<T> {
        Rows::ndjson(self)
    }
}

/// So many names are looked at for what they were meant for: each costs about a thousand reads.
const MOST_NEAR_MISSES: usize = 100;

pub(super) struct Reader {
    input: Input,
    line: Vec<u8>,
    number: u64,
    is_too_long: bool,
    max_bytes: usize,
    ignored: BTreeSet<String>,
    ignore_unknown: bool,
    near_misses: HashMap<String, Option<String>>,
    header: Arc<Header>,
}

impl Reader {
    pub(super) fn new(ndjson: Ndjson) -> Result<Self, FileError> {
        Ok(Self {
            input: Input::new(ndjson.bytes, ndjson.latin1)?,
            line: Vec::new(),
            number: 1,
            is_too_long: false,
            max_bytes: ndjson.max_bytes,
            ignored: ndjson.ignored,
            ignore_unknown: ndjson.ignore_unknown,
            near_misses: HashMap::new(),
            header: Arc::new(Header {
                names: vec!["json".to_owned()],
                delimiter: b',',
            }),
        })
    }

    pub(super) fn next<T: DeserializeOwned>(&mut self) -> Option<Result<(u64, T), Bad>> {
        loop {
            match self.next_line() {
                Ok(false) => return None,
                Ok(true) if !self.is_too_long && self.line.trim_ascii().is_empty() => {}
                Ok(true) => break,
                Err(error) => return Some(Err(Bad::File(error))),
            }
        }
        Some(match self.record() {
            Ok(record) => Ok((self.number, record)),
            Err(why) => Err(Bad::Row(BadRow::new(self.raw(), why))),
        })
    }

    /// False at the end of the file.
    fn next_line(&mut self) -> Result<bool, FileError> {
        self.line.clear();
        self.is_too_long = false;
        self.number = self.input.line();
        let mut is_read = false;
        loop {
            let input = self.input.fill()?;
            if input.is_empty() {
                return Ok(is_read);
            }
            is_read = true;
            let end = memchr::memchr(b'\n', input);
            let part = &input[..end.unwrap_or(input.len())];
            if self.line.len() + part.len() > self.max_bytes {
                self.is_too_long = true;
                self.line.clear();
            }
            if !self.is_too_long {
                self.line.extend_from_slice(part);
            }
            let length = part.len() + usize::from(end.is_some());
            self.input.consume(length);
            if end.is_some() {
                return Ok(true);
            }
        }
    }

    fn record<T: DeserializeOwned>(&mut self) -> Result<T, Why> {
        if self.is_too_long {
            return Err(Why::new(format!(
                "the line is longer than {} bytes and was not kept: end each object's line, or set `max_bytes`",
                self.max_bytes
            )));
        }
        let text = std::str::from_utf8(&self.line).map_err(|error| {
            Why::new(format!(
                "byte {} of the line is not UTF-8: save the file as UTF-8, or read it with `latin1` if it is Latin-1 or Windows-1252",
                error.valid_up_to() + 1
            ))
        })?;
        if !text.trim_ascii_start().starts_with('{') {
            return Err(Why::new("expected an object"));
        }
        let read = match self.ignore_unknown {
            true => serde_json::from_str(text).map(|record| (record, None)),
            false => self.read_strictly(text),
        };
        match read {
            Ok((record, None)) => Ok(record),
            Ok((_, Some(unknown))) => Err(self.unknown::<T>(unknown)),
            Err(_) => Err(why::<T>(text)),
        }
    }

    /// The record, and the first member that it has no field for.
    fn read_strictly<T: DeserializeOwned>(
        &self,
        text: &str,
    ) -> serde_json::Result<(T, Option<String>)> {
        let mut unknown = None;
        let mut json = serde_json::Deserializer::from_str(text);
        let record = serde_ignored::deserialize(&mut json, |path| {
            if unknown.is_none() && !self.ignored.contains(&dotted(&path, false)) {
                unknown = Some(dotted(&path, true));
            }
        })?;
        json.end()?;
        Ok((record, unknown))
    }

    fn unknown<T: DeserializeOwned>(&mut self, path: String) -> Why {
        let near = match self.near_misses.get(&path) {
            Some(near) => near.clone(),
            None if self.near_misses.len() < MOST_NEAR_MISSES => {
                let near = near_miss::<T>(&path);
                self.near_misses.insert(path.clone(), near.clone());
                near
            }
            None => None,
        };
        let is_it = near.map_or_else(String::new, |near| format!(" (is it `{near}`?)"));
        Why {
            reason: format!("is no field of the record{is_it}: `ignore` leaves it out"),
            field: path,
            ..Why::default()
        }
    }

    pub(super) fn raw(&self) -> RawRow {
        let line = self.line.strip_suffix(b"\r").unwrap_or(&self.line);
        RawRow {
            line: self.number,
            header: Arc::clone(&self.header),
            cells: match self.is_too_long {
                true => ByteRecord::new(),
                false => ByteRecord::from(vec![line]),
            },
        }
    }
}

/// Where it fails and why, which the first reading doesn't look for.
fn why<T: DeserializeOwned>(text: &str) -> Why {
    let mut json = serde_json::Deserializer::from_str(text);
    let read: Result<T, _> = serde_path_to_error::deserialize(&mut json);
    let (path, error) = match (read, json.end()) {
        (Err(error), _) => (path(error.path()), error.into_inner()),
        (Ok(_), Err(error)) => (String::new(), error),
        (Ok(_), Ok(())) => return Why::new("the type reads it only at times"),
    };
    if !error.is_data() {
        let message = error.to_string();
        let message = message
            .rsplit_once(" at line ")
            .map_or(&*message, |(message, _)| message);
        return Why::new(format!(
            "the line is not JSON: {message} at byte {}",
            error.column()
        ));
    }
    let what = What::of(&error.to_string());
    let field = match &what {
        What::Missing(name) => join(&path, name),
        _ => path,
    };
    let (reason, detail) = what.into_reason();
    Why {
        column: None,
        field,
        reason,
        detail,
    }
}

fn path(path: &serde_path_to_error::Path) -> String {
    path.iter()
        .fold(String::new(), |path, segment| match segment {
            Segment::Seq { index } => join(&path, &index.to_string()),
            Segment::Map { key } => join(&path, key),
            Segment::Enum { variant } => join(&path, variant),
            Segment::Unknown => path,
        })
}

/// `items.2.note`, or `items.note` without the places in lists.
fn dotted(path: &serde_ignored::Path<'_>, with_places: bool) -> String {
    use serde_ignored::Path;
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } if with_places => {
            join(&dotted(parent, with_places), &index.to_string())
        }
        Path::Map { parent, key } => join(&dotted(parent, with_places), key),
        Path::Seq { parent, .. }
        | Path::Some { parent }
        | Path::NewtypeStruct { parent }
        | Path::NewtypeVariant { parent } => dotted(parent, with_places),
    }
}
