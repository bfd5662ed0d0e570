//! A row as it stands in its file.

use std::fmt;
use std::sync::Arc;

use csv::ByteRecord;

/// A row as it stands in its file, for a file of [`Rejects`](super::Rejects).
///
/// `Debug` shows no cell: a row holds personal data.
#[derive(Clone)]
pub struct RawRow {
    pub(super) line: u64,
    pub(super) header: Arc<Header>,
    pub(super) cells: ByteRecord,
}

/// What the rows of a file have in common.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) names: Vec<String>,
    pub(super) delimiter: u8,
}

impl RawRow {
    /// The line of the file that the row starts on, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The header of the row's file. A line of JSON is one cell of a column `json`.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header.names
    }

    /// The cells, without the quotes around them: as many as the row has, which may not be as many as the header's. UTF-8, unless that is
    /// what is wrong with the row.
    pub fn cells(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.cells.iter()
    }
}

impl fmt::Debug for RawRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRow")
            .field("line", &self.line)
            .field("cells", &self.cells.len())
            .finish_non_exhaustive()
    }
}

/// The cells of a row where they were read.
#[derive(Clone, Copy)]
pub(super) struct Cells<'a> {
    pub(super) bytes: &'a [u8],
    /// Where in `bytes` each cell ends.
    pub(super) ends: &'a [usize],
}

impl<'a> Cells<'a> {
    pub(super) fn iter(self) -> impl Iterator<Item = &'a [u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(self.ends)
            .map(move |(start, &end)| self.bytes.get(start..end).unwrap_or_default())
    }

    /// The cells as texts, or the index of the first that is none.
    pub(super) fn texts(self) -> Result<Texts<'a>, usize> {
        match std::str::from_utf8(self.bytes) {
            // Two halves of a character, in two cells, are whole only together.
            Ok(text) if self.ends.iter().all(|&end| text.is_char_boundary(end)) => Ok(Texts {
                text,
                ends: self.ends,
            }),
            _ => Err(self
                .iter()
                .position(|cell| std::str::from_utf8(cell).is_err())
                .unwrap_or_default()),
        }
    }
}

/// The cells of a row as texts.
#[derive(Clone, Copy)]
pub(super) struct Texts<'a> {
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Texts<'a> {
    pub(super) const NONE: Texts<'static> = Texts {
        text: "",
        ends: &[],
    };

    /// The text of a cell; empty if the row has no such cell.
    #[inline]
    pub(super) fn get(self, cell: usize) -> &'a str {
        let start = cell
            .checked_sub(1)
            .map_or(Some(0), |before| self.ends.get(before).copied());
        match (start, self.ends.get(cell)) {
            (Some(start), Some(&end)) => self.text.get(start..end).unwrap_or_default(),
            _ => "",
        }
    }

    pub(super) fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.ends.len()).map(move |cell| self.get(cell))
    }
}
