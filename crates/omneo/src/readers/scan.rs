//! The rows of a file of CSV.

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::error::FileError;
use super::input::Input;
use super::raw::Cells;

/// More cells than any spreadsheet has columns.
const MOST_CELLS: usize = 1 << 16;

/// Splits a file into rows and cells, as csv's own reader does. That one knows neither the line of a row after empty lines or CRLF nor whether the
/// last quote was closed, and reads a row however long it is.
pub(super) struct Scanner {
    input: Input,
    parser: Reader,
    /// The row that was read last, and room for longer ones.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    length: usize,
    cells: usize,
    line: u64,
    max_bytes: usize,
}

impl Scanner {
    pub(super) fn new(input: Input, delimiter: u8, max_bytes: usize) -> Self {
        let mut parser = ReaderBuilder::new().delimiter(delimiter).build();
        // The parser would take a byte order mark off its first input, which ours has none of any more.
        parser.read_record(b"\n", &mut [0], &mut [0]);
        Self {
            input,
            parser,
            bytes: vec![0; 4096],
            ends: vec![0; 64],
            length: 0,
            cells: 0,
            line: 1,
            max_bytes,
        }
    }

    /// Reads the next row that is not empty; false at the end of the file.
    pub(super) fn next(&mut self) -> Result<bool, FileError> {
        (self.length, self.cells) = (0, 0);
        if !self.skip_line_ends()? {
            return Ok(false);
        }
        self.line = self.input.line();
        let mut read = 0;
        loop {
            if self.length == self.bytes.len() {
                self.bytes.resize(self.length * 2, 0);
            }
            if self.cells == self.ends.len() {
                if self.cells >= MOST_CELLS {
                    let message =
                        format!("the row that starts here has more than {MOST_CELLS} cells");
                    return Err(FileError::new(self.line, message));
                }
                self.ends.resize(self.cells * 2, 0);
            }
            let input = self.input.fill()?;
            let is_end = input.is_empty();
            let (result, consumed, length, cells) = self.parser.read_record(
                // A line end more ends the last row, unless that is inside quotes.
                if is_end { b"\n" } else { input },
                &mut self.bytes[self.length..],
                &mut self.ends[self.cells..],
            );
            self.length += length;
            self.cells += cells;
            if !is_end {
                self.input.consume(consumed);
                read += consumed;
            }
            if read > self.max_bytes {
                let message = format!(
                    "the row that starts here is longer than {} bytes: close its quote if that was left open, or set `max_bytes`",
                    self.max_bytes
                );
                return Err(FileError::new(self.line, message));
            }
            match result {
                ReadRecordResult::Record => return Ok(true),
                _ if is_end && consumed > 0 => {
                    return Err(FileError::new(
                        self.line,
                        "the row that starts here has a quote that is never closed, so all after it is one cell: close it, and double quotes inside cells",
                    ));
                }
                _ => {}
            }
        }
    }

    /// False at the end of the file.
    fn skip_line_ends(&mut self) -> Result<bool, FileError> {
        loop {
            let input = self.input.fill()?;
            let length = input.len();
            let ends = input
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'));
            let ends = ends.count();
            self.input.consume(ends);
            if ends < length {
                return Ok(true);
            }
            if length == 0 {
                return Ok(false);
            }
        }
    }

    /// The line that the row starts on.
    pub(super) fn line(&self) -> u64 {
        self.line
    }

    pub(super) fn cells(&self) -> Cells<'_> {
        Cells {
            bytes: &self.bytes[..self.length],
            ends: &self.ends[..self.cells],
        }
    }
}
