//! Bodies in gzip, sound and broken.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// The bytes of a gzip header without a file name, which is what the encoder writes.
const HEADER: usize = 10;

pub(crate) fn compress(body: &[u8]) -> Vec<u8> {
    encode(|encoder| encoder.write_all(body))
}

pub(crate) fn bomb(mebibytes: usize) -> Vec<u8> {
    let block = vec![b'a'; 1 << 20];
    encode(|encoder| {
        encoder.write_all(b"\"")?;
        for _ in 0..mebibytes {
            encoder.write_all(&block)?;
        }
        encoder.write_all(b"\"")
    })
}

/// Makes the type of the first block the one that deflate reserves for errors.
pub(crate) fn spoil(compressed: &[u8]) -> Vec<u8> {
    let mut spoilt = compressed.to_vec();
    if let Some(first) = spoilt.get_mut(HEADER) {
        *first = 0xff;
    }
    spoilt
}

fn encode(write: impl FnOnce(&mut GzEncoder<Vec<u8>>) -> std::io::Result<()>) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    write(&mut encoder)
        .and_then(|()| encoder.finish())
        .expect("a vector takes every byte")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    fn inflate(compressed: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut inflated = Vec::new();
        GzDecoder::new(compressed).read_to_end(&mut inflated)?;
        Ok(inflated)
    }

    #[test]
    fn a_compressed_body_inflates_to_itself() {
        assert_eq!(inflate(&compress(b"{}")).unwrap(), b"{}");
        assert_eq!(inflate(&compress(b"")).unwrap(), b"");
    }

    #[test]
    fn a_spoilt_body_does_not_inflate() {
        for body in [&b""[..], b"{}", &[b'x'; 100_000]] {
            inflate(&spoil(&compress(body))).unwrap_err();
        }
    }

    #[test]
    fn a_bomb_is_small_and_inflates_to_json() {
        let bomb = bomb(8);
        assert!(bomb.len() < 16 << 10, "{}", bomb.len());
        let text: String = serde_json::from_slice(&inflate(&bomb).unwrap()).unwrap();
        assert_eq!(text.len(), 8 << 20);
    }
}
