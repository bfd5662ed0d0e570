//! Reading a file of CSV.

use csv::{ByteRecord, ReaderBuilder};

use crate::answer::Refusal;

/// How many rows are worked off before other requests have their turn.
const PIECE: usize = 25;

/// What a file has.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) headings: Vec<String>,
    /// The cells of the rows, in pieces.
    pub(super) pieces: Vec<Vec<Vec<String>>>,
}

impl Read {
    /// How many rows there are.
    pub(super) fn count(&self) -> usize {
        self.pieces.iter().map(Vec::len).sum()
    }
}

/// Reads the headings and the rows of a file. A byte that is not UTF-8 is replaced.
///
/// # Errors
///
/// 422 for a file without headings.
pub(super) fn read(bytes: &[u8]) -> Result<Read, Refusal> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    // A row that is too short or too long is that row's failure, not the file's.
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(bytes);
    let bad = |error: csv::Error| Refusal::invalid("file", format!("The file is no CSV: {error}."));
    let headings: Vec<_> = cells(reader.byte_headers().map_err(bad)?)
        .into_iter()
        .map(|heading| heading.trim().to_owned())
        .collect();
    if headings.iter().all(String::is_empty) {
        return Err(Refusal::invalid("file", "The file has no headings."));
    }
    let mut pieces: Vec<Vec<_>> = Vec::new();
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(bad)? {
        let row = cells(&record);
        match pieces.last_mut() {
            Some(piece) if piece.len() < PIECE => piece.push(row),
            _ => pieces.push(vec![row]),
        }
    }
    Ok(Read { headings, pieces })
}

fn cells(record: &ByteRecord) -> Vec<String> {
    let cells = record.iter().map(String::from_utf8_lossy);
    cells.map(std::borrow::Cow::into_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{PIECE, read};

    #[test]
    fn a_byte_order_mark_and_spaces_are_no_part_of_a_heading() {
        let read = read("\u{feff}email , first_name\na@b.example,Ada\n".as_bytes()).expect("rows");
        assert_eq!(read.headings, ["email", "first_name"]);
        assert_eq!(read.pieces, [[["a@b.example", "Ada"]]]);
    }

    #[test]
    fn a_long_file_is_read_in_pieces() {
        let file = format!("email\n{}", "a@b.example\n".repeat(PIECE + 1));
        let read = read(file.as_bytes()).expect("rows");
        assert_eq!((read.pieces.len(), read.count()), (2, PIECE + 1));
    }

    #[test]
    fn a_file_without_headings_is_refused() {
        assert!(read(b"").is_err());
        assert!(read(b",,\na,b,c\n").is_err());
    }
}
