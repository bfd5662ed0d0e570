//! Windows-1252, of which Latin-1 is the part that people mean.

use std::io::{BufRead, BufReader, Read, Result};

/// What the bytes from 0x80 to 0x9F are, by the WHATWG's table. All others are the characters of the same number.
const UPPER: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn decode(byte: u8) -> char {
    match byte {
        0x80..=0x9f => UPPER[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// Reads Windows-1252 as UTF-8.
pub(super) struct Decoder<R> {
    bytes: BufReader<R>,
    /// What did not fit into the last buffer.
    rest: [u8; 4],
    rest_from: usize,
    rest_to: usize,
}

impl<R: Read> Decoder<R> {
    pub(super) fn new(bytes: R) -> Self {
        Self {
            bytes: BufReader::with_capacity(super::input::CHUNK, bytes),
            rest: [0; 4],
            rest_from: 0,
            rest_to: 0,
        }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, out: &mut [u8]) -> Result<usize> {
        let mut written = 0;
        while written < out.len() {
            if self.rest_from < self.rest_to {
                out[written] = self.rest[self.rest_from];
                self.rest_from += 1;
                written += 1;
                continue;
            }
            let bytes = match written {
                0 => self.bytes.fill_buf()?,
                // What was decoded is not kept from the caller for want of more.
                _ => self.bytes.buffer(),
            };
            let room = &mut out[written..];
            let plain = bytes.iter().take(room.len());
            let plain = plain.take_while(|byte| byte.is_ascii()).count();
            room[..plain].copy_from_slice(&bytes[..plain]);
            written += plain;
            let next = bytes.get(plain).copied();
            match next {
                Some(byte) if written < out.len() => {
                    self.rest_to = decode(byte).encode_utf8(&mut self.rest).len();
                    self.rest_from = 0;
                    self.bytes.consume(plain + 1);
                }
                Some(_) => self.bytes.consume(plain),
                None => {
                    self.bytes.consume(plain);
                    break;
                }
            }
        }
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::Decoder;

    /// Reads at most `step` bytes at a time.
    fn decoded(bytes: &[u8], step: usize) -> String {
        let mut decoder = Decoder::new(bytes);
        let (mut text, mut buffer) = (Vec::new(), vec![0; step]);
        loop {
            match decoder.read(&mut buffer).unwrap() {
                0 => return String::from_utf8(text).unwrap(),
                read => text.extend_from_slice(&buffer[..read]),
            }
        }
    }

    #[test]
    fn every_byte_is_a_character_whatever_the_buffers_length() {
        let bytes: Vec<u8> = (0..=255).collect();
        let expected: String = bytes.iter().map(|&byte| super::decode(byte)).collect();
        assert_eq!(&expected.as_bytes()[..0x80], &bytes[..0x80]);
        assert!(expected.contains("€") && expected.ends_with("üýþÿ"));
        for step in [1, 2, 3, 4, 100, 1000] {
            assert_eq!(decoded(&bytes, step), expected, "{step}");
        }
    }
}
