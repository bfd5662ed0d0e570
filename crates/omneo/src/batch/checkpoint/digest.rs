//! What records are, in one number.

use sha2::{Digest as _, Sha256};

/// The digest of one record and its place; that of several is their sum, so that it is the same in any order.
pub(in crate::batch) struct Digest(Sha256);

impl Digest {
    pub(in crate::batch) fn of(index: u64) -> Self {
        Self(Sha256::new_with_prefix(index.to_le_bytes()))
    }

    pub(in crate::batch) fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    pub(in crate::batch) fn sum(self) -> u64 {
        let digest: [u8; 32] = self.0.finalize().into();
        let [a, b, c, d, e, f, g, h, ..] = digest;
        u64::from_le_bytes([a, b, c, d, e, f, g, h])
    }
}
