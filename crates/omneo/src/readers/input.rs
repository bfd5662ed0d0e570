//! The bytes of a file: unpacked, decoded, and counted by lines.

use std::fs::File;
use std::io::{BufRead, BufReader, Cursor, ErrorKind, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;

use super::error::FileError;
use super::windows_1252::Decoder;

pub(super) type Bytes = Box<dyn Read + Send>;

/// How much is read from the file at once, in bytes.
pub(super) const CHUNK: usize = 64 * 1024;

const GZIP: &[u8] = &[0x1f, 0x8b];
const UTF_8: &[u8] = &[0xef, 0xbb, 0xbf];
const UTF_16: [&[u8]; 2] = [&[0xff, 0xfe], &[0xfe, 0xff]];

/// Opens a file.
pub(super) fn open(path: &Path) -> Result<File, FileError> {
    File::open(path).map_err(|error| FileError::unopened(path, error))
}

pub(super) struct Input {
    bytes: BufReader<Bytes>,
    lines: Lines,
    gzip: bool,
}

impl Input {
    /// Reads the first bytes, which say what the rest is.
    pub(super) fn new(mut bytes: Bytes, latin1: bool) -> Result<Self, FileError> {
        let unreadable = |gzip| move |error| FileError::unreadable(1, gzip, error);
        let start = take(&mut bytes, GZIP.len()).map_err(unreadable(false))?;
        let gzip = start == GZIP;
        let mut bytes = chain(start, bytes);
        if gzip {
            bytes = Box::new(MultiGzDecoder::new(bytes));
        }
        let start = take(&mut bytes, UTF_8.len()).map_err(unreadable(gzip))?;
        if UTF_16.iter().any(|mark| start.starts_with(mark)) {
            let message = "the file is UTF-16 by its first bytes: save it as UTF-8";
            return Err(FileError::new(1, message));
        }
        let marked = start == UTF_8;
        if marked && latin1 {
            let message = "the file is UTF-8 by its first bytes: read it without `latin1`";
            return Err(FileError::new(1, message));
        }
        if !marked {
            bytes = chain(start, bytes);
        }
        if latin1 {
            bytes = Box::new(Decoder::new(bytes));
        }
        Ok(Self {
            bytes: BufReader::with_capacity(CHUNK, bytes),
            lines: Lines::default(),
            gzip,
        })
    }

    /// What was read and not yet consumed; more is read if that is nothing. Empty at the end of the file.
    pub(super) fn fill(&mut self) -> Result<&[u8], FileError> {
        loop {
            match self.bytes.fill_buf() {
                Ok(_) => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(FileError::unreadable(self.line(), self.gzip, error)),
            }
        }
        Ok(self.bytes.buffer())
    }

    pub(super) fn consume(&mut self, length: usize) {
        self.lines.count(&self.bytes.buffer()[..length]);
        self.bytes.consume(length);
    }

    /// The line of the next byte, from 1.
    pub(super) fn line(&self) -> u64 {
        self.lines.ended + 1
    }
}

/// The next bytes, at most `length`.
fn take(bytes: &mut Bytes, length: usize) -> std::io::Result<Vec<u8>> {
    let mut start = Vec::with_capacity(length);
    bytes.take(length as u64).read_to_end(&mut start)?;
    Ok(start)
}

fn chain(start: Vec<u8>, rest: Bytes) -> Bytes {
    Box::new(Cursor::new(start).chain(rest))
}

/// Lines as an editor counts them: ended by LF, CRLF or CR.
#[derive(Default)]
struct Lines {
    ended: u64,
    after_cr: bool,
}

impl Lines {
    fn count(&mut self, bytes: &[u8]) {
        let Some(last) = bytes.last() else { return };
        // A LF after a CR is of the same line end.
        let halves = memchr::memchr_iter(b'\r', bytes)
            .filter(|&at| bytes.get(at + 1) != Some(&b'\n'))
            .count();
        let after_cr = usize::from(self.after_cr && bytes[0] == b'\n');
        let ends = memchr::memchr_iter(b'\n', bytes).count() + halves - after_cr;
        self.ended += ends as u64;
        self.after_cr = *last == b'\r';
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;

    #[test]
    fn lines_are_counted_alike_however_the_bytes_are_cut() {
        for (text, ends) in [
            ("a\nb\nc", 2),
            ("a\r\nb\r\n", 2),
            ("a\rb\rc", 2),
            ("\r\n\n\r\r\n", 4),
            ("\n\r\n", 2),
        ] {
            for step in 1..=text.len() {
                let mut lines = Lines::default();
                for part in text.as_bytes().chunks(step) {
                    lines.count(part);
                }
                assert_eq!(lines.ended, ends, "{text:?} by {step}");
            }
        }
    }
}
