//! Where in a JSON text a decode error happened, from serde_json's line and column alone.
//!
//! Decoding again with a path-tracking deserializer would be exact, but it is generic code for each of some hundred
//! types. serde_json's position plus the first words of its message give the path for all but a few errors:
//!
//! - The column counts the bytes read of the line, so the position is a number of bytes read.
//! - An error about a scalar has the position behind the scalar; one about `[` or `{` the position before it.
//! - An error made without a position (`de::Error::custom` in a `Deserialize`, a missing field, a buffered value) gets
//!   it when the list or object *around* it is left: behind the closing bracket, before the comma that follows a
//!   member, or behind the comma and the blanks that follow a list item.

use super::redact;

/// The longest path that is spelled out.
const LONGEST: usize = 300;

/// What, by the words of its message, raised an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The text is no JSON.
    Syntax,
    /// A list or object came where something else was expected.
    Opening,
    /// A list or object as a whole: a field is missing, the length is wrong, or no closer place is known.
    Container,
    /// A value that was read in full and then refused by a type's own code.
    Value,
}

impl Cause {
    pub(super) fn of(error: &serde_json::Error, message: &str) -> Cause {
        const OPENING: [&str; 2] = ["invalid type: map", "invalid type: sequence"];
        const CONTAINER: [&str; 8] = [
            "missing field",
            "duplicate field",
            "unknown field",
            "unknown variant",
            "invalid length",
            "invalid type",
            "invalid value",
            "data did not match any variant",
        ];
        if !error.is_data() {
            Cause::Syntax
        } else if OPENING.iter().any(|start| message.starts_with(start)) {
            Cause::Opening
        } else if CONTAINER.iter().any(|start| message.starts_with(start)) {
            Cause::Container
        } else {
            Cause::Value
        }
    }
}

/// A place in a JSON text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Place<'a> {
    /// Such as `data[3].expires_at`; empty for the whole text.
    pub(super) path: String,
    /// Whether a key on the path looks like that of a secret.
    pub(super) secret: bool,
    /// The text from the start of the value on, if the position is inside it or behind it.
    pub(super) value: &'a [u8],
}

/// The place that an error at `line` and `column` (as serde_json counts them) is about.
pub(super) fn json_path_at(json: &[u8], line: usize, column: usize, cause: Cause) -> Place<'_> {
    if line == 0 {
        return Place {
            path: String::new(),
            secret: false,
            value: json,
        };
    }
    let start = match line {
        1 => 0,
        _ => json
            .iter()
            .enumerate()
            .filter(|(_, byte)| **byte == b'\n')
            .nth(line - 2)
            .map_or(json.len(), |(at, _)| at + 1),
    };
    let read = (start + column).min(json.len());
    let scan = Scan::run(&json[..read]);
    scan.place(json, json.get(read).copied(), cause)
}

/// A list or object that is being read, and which of its members.
#[derive(Clone, Copy, Debug)]
enum Frame {
    List {
        index: usize,
        start: usize,
    },
    Object {
        key: Option<(usize, usize)>,
        start: usize,
    },
}

/// What the last byte that is no blank was.
#[derive(Clone, Copy, Debug)]
enum Last {
    Opened,
    /// The end of a list or object that has members.
    Closed(Frame),
    Comma,
    Other,
}

/// The state after reading some bytes.
struct Scan {
    /// From the outermost list or object inwards.
    frames: Vec<Frame>,
    last: Last,
}

impl Scan {
    /// Reads bytes that may end anywhere. Text that is no JSON gives some state, never a panic.
    fn run(read: &[u8]) -> Scan {
        let mut scan = Scan {
            frames: Vec::new(),
            last: Last::Other,
        };
        let mut at = 0;
        while let Some(&byte) = read.get(at) {
            let from = at;
            at += 1;
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                b'"' => {
                    let end = end_of_string(read, at);
                    at = end.unwrap_or(read.len());
                    match (scan.frames.last_mut(), end) {
                        // Before its colon a key already names the place.
                        (
                            Some(Frame::Object {
                                key: key @ None,
                                start,
                            }),
                            Some(end),
                        ) => {
                            *key = Some((from, end));
                            *start = from;
                        }
                        _ => scan.begin(from),
                    }
                    scan.last = Last::Other;
                    continue;
                }
                b'[' | b'{' => {
                    scan.begin(from);
                    scan.frames.push(if byte == b'[' {
                        Frame::List {
                            index: 0,
                            start: at,
                        }
                    } else {
                        Frame::Object {
                            key: None,
                            start: at,
                        }
                    });
                    scan.last = Last::Opened;
                    continue;
                }
                b']' | b'}' => {
                    scan.last = match (scan.frames.pop(), scan.last) {
                        (Some(frame), last) if !matches!(last, Last::Opened) => Last::Closed(frame),
                        _ => Last::Other,
                    };
                    continue;
                }
                b',' => {
                    scan.last = Last::Comma;
                    match scan.frames.last_mut() {
                        Some(Frame::List { index, .. }) => *index += 1,
                        Some(Frame::Object { key, .. }) => *key = None,
                        None => {}
                    }
                    continue;
                }
                b':' => {}
                _ => {
                    if !matches!(read.get(from.wrapping_sub(1)), Some(before) if is_scalar(*before))
                    {
                        scan.begin(from);
                    }
                }
            }
            scan.last = Last::Other;
        }
        scan
    }

    /// Notes that a value begins at `from`.
    fn begin(&mut self, from: usize) {
        match self.frames.last_mut() {
            Some(Frame::List { start, .. } | Frame::Object { start, .. }) => *start = from,
            None => {}
        }
    }

    fn place(mut self, json: &[u8], next: Option<u8>, cause: Cause) -> Place<'_> {
        let opening = cause == Cause::Opening && matches!(next, Some(b'[' | b'{'));
        match (self.last, cause) {
            // The item at hand is the one before the comma, unless it is the next one that opens wrongly.
            (Last::Comma, Cause::Opening | Cause::Container | Cause::Value) if !opening => {
                match self.frames.last_mut() {
                    Some(Frame::List { .. }) if cause == Cause::Opening => {
                        self.frames.pop();
                    }
                    Some(Frame::List { index, .. }) => *index = index.saturating_sub(1),
                    _ => {}
                }
            }
            (Last::Closed(frame), Cause::Value) => self.frames.push(frame),
            (Last::Opened, _) if !opening => {
                self.frames.pop();
            }
            _ => {}
        }
        let mut place = Place {
            path: String::new(),
            secret: false,
            value: json,
        };
        for frame in &self.frames {
            let start = match *frame {
                Frame::List { index, start } => {
                    place.path.push_str(&format!("[{index}]"));
                    start
                }
                Frame::Object {
                    key: Some((from, to)),
                    start,
                } => {
                    place.push_key(&json[from..to]);
                    start
                }
                Frame::Object { key: None, start } => start,
            };
            place.value = json.get(start..).unwrap_or_default();
        }
        place.path = redact::cut(&place.path, LONGEST);
        place
    }
}

impl Place<'_> {
    fn push_key(&mut self, quoted: &[u8]) {
        let key = serde_json::from_slice(quoted)
            .unwrap_or_else(|_| String::from_utf8_lossy(quoted).into_owned());
        self.secret |= redact::is_secret(&key);
        let plain = !key.is_empty()
            && key
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '$'));
        match (plain, self.path.is_empty()) {
            (true, true) => self.path.push_str(&key),
            (true, false) => self.path.extend([".", &key]),
            (false, _) => self
                .path
                .push_str(&format!("[{:?}]", redact::cut(&key, 80))),
        }
    }
}

/// A byte of a number, `true`, `false`, `null`, or of a word that is no JSON.
fn is_scalar(byte: u8) -> bool {
    !matches!(
        byte,
        b' ' | b'\t' | b'\r' | b'\n' | b'"' | b'[' | b']' | b'{' | b'}' | b',' | b':'
    )
}

/// The position behind the quote that ends the string whose contents start at `at`.
fn end_of_string(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += match *text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => 2,
            _ => 1,
        };
    }
}

#[cfg(test)]
mod tests;
