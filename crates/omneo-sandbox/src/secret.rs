//! The sandbox's secret: what webhooks, ID tokens and Shopify logins are signed with.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::answer::Refusal;
use crate::store::Store;

/// The setting that holds it.
pub(crate) const SETTING: &str = "secret";

/// The secret of a store; made when it is first asked for.
pub(crate) fn secret(store: &Store) -> Result<String, Refusal> {
    if let Some(secret) = store.setting(SETTING)? {
        return Ok(secret);
    }
    let secret = random()?;
    store.set_setting(SETTING, &secret)?;
    Ok(secret)
}

/// A text that nobody guesses: 64 hex digits.
pub(crate) fn random() -> Result<String, Refusal> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| Refusal::Internal(format!("the system gave no random bytes: {error}")))?;
    Ok(hex(&bytes))
}

/// The HMAC-SHA256 of bytes.
pub(crate) fn mac(secret: &str, bytes: &[u8]) -> Vec<u8> {
    // HMAC takes keys of any length.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes()).map_or_else(
        |_| Vec::new(),
        |mut mac| {
            mac.update(bytes);
            mac.finalize().into_bytes().to_vec()
        },
    )
}

/// The HMAC-SHA256 of bytes, as lower-case hex: how Omneo signs webhooks and Shopify customers are signed.
pub(crate) fn sign(secret: &str, bytes: &[u8]) -> String {
    hex(&mac(secret, bytes))
}

/// The SHA-256 of a text, as lower-case hex.
pub(crate) fn digest(text: &str) -> String {
    hex(&<Sha256 as sha2::Digest>::digest(text.as_bytes()))
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub(crate) fn same(one: &str, other: &str) -> bool {
    // Over digests: their length says nothing of the texts'.
    let (one, other) = (digest(one), digest(other));
    let differences = one.bytes().zip(other.bytes());
    differences.fold(0, |all, (one, other)| all | (one ^ other)) == 0
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{digest, same, sign};

    #[test]
    fn a_signature_is_lower_case_hex() {
        // printf 7010205892808 | openssl dgst -sha256 -hmac shop-secret
        let expected = "192c4bacc1f3c9f1051a9570f99a6c3fec26e375d3d4c028fdd045723a6ce3c2";
        assert_eq!(sign("shop-secret", b"7010205892808"), expected);
    }

    #[test]
    fn a_digest_is_that_of_the_text() {
        // printf abc | sha256sum
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digest("abc"), expected);
    }

    #[test]
    fn texts_are_the_same_or_not() {
        assert!(same("a", "a"));
        assert!(!same("a", "b"));
        assert!(!same("a", "aa"));
    }
}
