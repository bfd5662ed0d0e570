//! Whether a delivery is Omneo's.

use std::sync::Arc;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderName};
use omneo_api::Error;
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;

use super::{Event, Refusal};

/// The header with the signature: lower-case hex of the HMAC-SHA256 of the body.
pub const SIGNATURE_HEADER: HeaderName = HeaderName::from_static("x-omneo-hmac-sha256");

/// The header with the name of the event.
pub const EVENT_HEADER: HeaderName = HeaderName::from_static("x-omneo-event");

/// Tells Omneo's deliveries from others', by the secret that the tenant shares with Omneo. Targets sign the same way, so
/// it does for what they send too.
///
/// The body is compared byte by byte as it was sent, in constant time, and before anything of it is parsed. So it must
/// not have been decoded or reformatted on the way.
///
/// | `X-Omneo-Hmac-SHA256` | |
/// |---|---|
/// | lower-case hex, as Omneo sends it | taken |
/// | upper-case hex, blanks around it | taken: they are the same bytes, and proxies may touch them |
/// | missing, or blank | [`MissingSignature`](Refusal::MissingSignature) |
/// | there twice, even if equal | [`BadSignature`](Refusal::BadSignature): something put it there on the way |
/// | another length, no hex, bytes beyond ASCII | [`BadSignature`](Refusal::BadSignature) |
///
/// The signature covers the body alone. The name of the event is not signed, nor is there a time: who has seen a delivery
/// can repeat it, and under another name. Receive by TLS only, and see [`Seen`](super::Seen).
///
/// A clone is cheap.
///
/// ```
/// use omneo::http::HeaderMap;
/// use omneo::webhooks::{Refusal, Trigger, Verifier, sign};
///
/// let verifier = Verifier::new("hush")?;
///
/// let body = r#"{"id": "9332c9b2-e31c-4d49-8ec3-62a9466d339c"}"#;
/// let mut headers = HeaderMap::new();
/// headers.insert("x-omneo-event", "profile.updated".parse()?);
/// assert_eq!(verifier.event(&headers, body).map(drop), Err(Refusal::MissingSignature));
///
/// headers.insert("x-omneo-hmac-sha256", sign("hush", body.as_bytes()).parse()?);
/// let event = verifier.event(&headers, body)?;
/// assert_eq!(*event.trigger(), Trigger::ProfileUpdated);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    secrets: Arc<[SecretString]>,
    max_body: usize,
}

impl Verifier {
    /// The longest body that is taken, unless [`max_body`](Self::max_body) says otherwise: 2 MiB. The largest contexts are
    /// orders with their transactions, some hundred kilobytes.
    pub const MAX_BODY: usize = 2 * 1024 * 1024;

    /// Verifies by the tenant's shared secret, as it is: blanks and line ends count.
    ///
    /// # Errors
    ///
    /// `Config` if the secret is empty or blank: anyone can sign with that.
    pub fn new(secret: impl Into<SecretString>) -> Result<Self, Error> {
        Ok(Self {
            secrets: [checked(secret.into())?].into(),
            max_body: Self::MAX_BODY,
        })
    }

    /// Takes what is signed with this secret too: while one is replaced, deliveries with either may be under way.
    ///
    /// # Errors
    ///
    /// `Config` if the secret is empty or blank.
    pub fn or(self, secret: impl Into<SecretString>) -> Result<Self, Error> {
        let added = checked(secret.into())?;
        let secrets = self.secrets.iter().cloned().chain([added]);
        Ok(Self {
            secrets: secrets.collect(),
            ..self
        })
    }

    /// Takes bodies of up to this many bytes.
    #[must_use]
    pub fn max_body(self, bytes: usize) -> Self {
        Self {
            max_body: bytes,
            ..self
        }
    }

    /// Whether the body is signed by one of the secrets.
    ///
    /// # Errors
    ///
    /// `TooLarge`, `MissingSignature` or `BadSignature`.
    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
        self.check_size(body.len() as u64)?;
        let signature = signature(headers)?;
        // No secret is left out, so that the time tells nothing of which one it was.
        let signed = self.secrets.iter().fold(false, |signed, secret| {
            is_signed(secret, body, &signature) | signed
        });
        signed.then_some(()).ok_or(Refusal::BadSignature)
    }

    /// The event that was delivered, if it is Omneo's.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify), and `NotJson`. An event of an unknown name or shape is an event.
    pub fn event(&self, headers: &HeaderMap, body: impl Into<Bytes>) -> Result<Event, Refusal> {
        let body = body.into();
        self.verify(headers, &body)?;
        Event::delivered(headers, body)
    }

    pub(super) fn check_size(&self, bytes: u64) -> Result<(), Refusal> {
        match bytes > self.max_body as u64 {
            true => Err(Refusal::TooLarge {
                limit: self.max_body,
            }),
            false => Ok(()),
        }
    }

    #[cfg(feature = "_receive")]
    pub(super) fn limit(&self) -> usize {
        self.max_body
    }
}

fn checked(secret: SecretString) -> Result<SecretString, Error> {
    match secret.expose_secret().trim().is_empty() {
        true => Err(Error::config(
            "the webhooks' secret is empty; set the one that the tenant shares with Omneo",
        )),
        false => Ok(secret),
    }
}

/// The signature that was sent.
pub(super) fn signature(headers: &HeaderMap) -> Result<[u8; 32], Refusal> {
    let mut sent = headers.get_all(SIGNATURE_HEADER).iter();
    let first = sent.next().ok_or(Refusal::MissingSignature)?;
    if sent.next().is_some() {
        return Err(Refusal::BadSignature);
    }
    let hex = first.as_bytes().trim_ascii();
    if hex.is_empty() {
        return Err(Refusal::MissingSignature);
    }
    let mut signature = [0; 32];
    match base16ct::mixed::decode(hex, &mut signature) {
        Ok(bytes) if bytes.len() == 32 => Ok(signature),
        _ => Err(Refusal::BadSignature),
    }
}

fn is_signed(secret: &SecretString, body: &[u8], signature: &[u8; 32]) -> bool {
    mac(secret.expose_secret(), body).is_some_and(|mac| mac.verify_slice(signature).is_ok())
}

/// HMAC takes keys of any length, so there always is one.
fn mac(secret: &str, body: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    mac.update(body);
    Some(mac)
}

/// The signature of a body as Omneo makes it, to be sent as `X-Omneo-Hmac-SHA256`: for tests of a receiver.
///
/// The same by hand:
///
/// ```sh
/// printf '%s' "$body" | openssl dgst -sha256 -hmac "$secret"
/// ```
///
/// ```
/// use omneo::webhooks::sign;
///
/// let signature = sign("hush", br#"{"id":"txn-uuid"}"#);
/// assert_eq!(signature, "a7d454b2a32a635251167d880fee4382d90bd40f4b23e2bd2a6296ea7adfc15e");
/// ```
#[must_use]
pub fn sign(secret: &str, body: &[u8]) -> String {
    mac(secret, body).map_or_else(String::new, |mac| {
        base16ct::lower::encode_string(&mac.finalize().into_bytes())
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};
    use omneo_api::ErrorKind;
    use proptest::prelude::*;

    use super::{SIGNATURE_HEADER, Verifier, sign};
    use crate::webhooks::Refusal;

    fn headers(signatures: &[&[u8]]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for signature in signatures {
            let value = HeaderValue::from_bytes(signature).unwrap();
            headers.append(SIGNATURE_HEADER, value);
        }
        headers
    }

    fn verify(signature: &str, body: &[u8]) -> Result<(), Refusal> {
        let verifier = Verifier::new("hush").unwrap();
        verifier.verify(&headers(&[signature.as_bytes()]), body)
    }

    #[test]
    fn signatures_are_those_that_openssl_makes() {
        // printf '%b' "$body" | openssl dgst -sha256 -hmac "$secret"
        let long = "k".repeat(100);
        for (secret, body, signature) in [
            (
                "hush",
                &b""[..],
                "2a79bcad68de497348b761f400e313ec343cfd84b2f2c422fe91236ee52618cb",
            ),
            (
                "hush",
                br#"{"id":"txn-uuid"}"#,
                "a7d454b2a32a635251167d880fee4382d90bd40f4b23e2bd2a6296ea7adfc15e",
            ),
            (
                "sécret ✓",
                "{\"name\":\"Zoë ✓\"}".as_bytes(),
                "f9328aa94962af7a225cf4f5ec592204e48c012241dfe3d9f35c04029b4bc91f",
            ),
            (
                &long,
                b"\x00\x01\xff",
                "26b0cff9ad6cbaf3cf5c965792391026e18127d5d782b20ec4ffa26bd5217be0",
            ),
        ] {
            assert_eq!(sign(secret, body), signature);
            let verifier = Verifier::new(secret).unwrap();
            assert_eq!(
                verifier.verify(&headers(&[signature.as_bytes()]), body),
                Ok(())
            );
        }
    }

    #[test]
    fn the_body_is_compared_as_it_was_sent() {
        let body = br#"{"id": 1, "total": 149.95}"#;
        let signature = sign("hush", body);
        assert_eq!(verify(&signature, body), Ok(()));
        for other in [
            &br#"{"id":1,"total":149.95}"#[..],
            br#"{"id": 1, "total": 149.95"#,
            br#"{"id": 1, "total": 149.95} "#,
            br#"{"total": 149.95, "id": 1}"#,
            b"",
        ] {
            assert_eq!(verify(&signature, other), Err(Refusal::BadSignature));
        }
    }

    #[test]
    fn case_and_blanks_do_not_matter() {
        let signature = sign("hush", b"{}");
        for same in [
            signature.to_uppercase(),
            format!("  {signature}"),
            format!("{signature}\t "),
        ] {
            assert_eq!(verify(&same, b"{}"), Ok(()), "{same:?}");
        }
    }

    #[test]
    fn what_is_no_signature_is_refused() {
        let signature = sign("hush", b"{}");
        for (sent, refusal) in [
            (String::new(), Refusal::MissingSignature),
            ("  ".to_owned(), Refusal::MissingSignature),
            (signature[..62].to_owned(), Refusal::BadSignature),
            (signature[..63].to_owned(), Refusal::BadSignature),
            (format!("{signature}00"), Refusal::BadSignature),
            (format!("sha256={signature}"), Refusal::BadSignature),
            (format!("{signature}, {signature}"), Refusal::BadSignature),
            (
                format!("{} {}", &signature[..32], &signature[32..]),
                Refusal::BadSignature,
            ),
            (
                signature.replace(&signature[..1], "g"),
                Refusal::BadSignature,
            ),
            ("é".repeat(32), Refusal::BadSignature),
            ("a".repeat(100_000), Refusal::BadSignature),
        ] {
            assert_eq!(verify(&sent, b"{}"), Err(refusal), "{:.80}", sent);
        }
    }

    #[test]
    fn a_header_that_is_missing_or_there_twice_is_refused() {
        let verifier = Verifier::new("hush").unwrap();
        let signature = sign("hush", b"{}");
        let signature = signature.as_bytes();
        for (sent, refusal) in [
            (&[][..], Refusal::MissingSignature),
            (&[signature, signature], Refusal::BadSignature),
            (&[signature, b"00"], Refusal::BadSignature),
        ] {
            assert_eq!(verifier.verify(&headers(sent), b"{}"), Err(refusal));
        }
    }

    #[test]
    fn while_a_secret_is_replaced_both_are_good() {
        let verifier = Verifier::new("new").unwrap().or("old").unwrap();
        for (secret, verified) in [
            ("new", Ok(())),
            ("old", Ok(())),
            ("older", Err(Refusal::BadSignature)),
        ] {
            let signature = sign(secret, b"{}");
            assert_eq!(
                verifier.verify(&headers(&[signature.as_bytes()]), b"{}"),
                verified
            );
        }
    }

    #[test]
    fn a_secret_that_is_empty_is_refused() {
        for empty in ["", " ", "\n"] {
            let refused = [
                Verifier::new(empty).unwrap_err(),
                Verifier::new("hush").unwrap().or(empty).unwrap_err(),
            ];
            for error in refused {
                assert!(matches!(error.kind(), ErrorKind::Config(_)), "{error:?}");
            }
        }
    }

    #[test]
    fn a_body_beyond_the_limit_is_refused_whatever_its_signature() {
        let verifier = Verifier::new("hush").unwrap().max_body(4);
        let signed = |body: &[u8]| headers(&[sign("hush", body).as_bytes()]);
        assert_eq!(verifier.verify(&signed(b"1234"), b"1234"), Ok(()));
        let refusal = Err(Refusal::TooLarge { limit: 4 });
        assert_eq!(verifier.verify(&signed(b"12345"), b"12345"), refusal);
        assert_eq!(verifier.verify(&headers(&[]), b"12345"), refusal);
    }

    #[test]
    fn nothing_is_read_of_a_body_that_is_not_verified() {
        // As JSON it would be refused otherwise.
        let verifier = Verifier::new("hush").unwrap();
        let wrong = headers(&[sign("other", b"{").as_bytes()]);
        assert_eq!(
            verifier.event(&wrong, &b"{"[..]).map(drop),
            Err(Refusal::BadSignature)
        );
        let right = headers(&[sign("hush", b"{").as_bytes()]);
        assert_eq!(
            verifier.event(&right, &b"{"[..]).map(drop),
            Err(Refusal::NotJson)
        );
    }

    #[test]
    fn neither_the_secret_nor_the_expected_signature_is_shown() {
        let verifier = Verifier::new("hush").unwrap().or("quiet").unwrap();
        let refusal = verify(&sign("other", b"{}"), b"{}").unwrap_err();
        let shown = format!("{verifier:?} {refusal:?} {refusal}");
        for hidden in ["hush", "quiet", &sign("hush", b"{}")] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn any_flipped_bit_is_refused(
            secret in "[!-~]{1,80}",
            body in proptest::collection::vec(any::<u8>(), 1..300),
            bit in any::<prop::sample::Index>(),
        ) {
            let verifier = Verifier::new(secret.clone()).unwrap();
            let signature = sign(&secret, &body);
            let sent = headers(&[signature.as_bytes()]);
            prop_assert_eq!(verifier.verify(&sent, &body), Ok(()));

            let mut other = body.clone();
            let at = bit.index(body.len() * 8);
            other[at / 8] ^= 1 << (at % 8);
            prop_assert_eq!(verifier.verify(&sent, &other), Err(Refusal::BadSignature));

            let at = bit.index(256);
            let mut bytes = [0; 32];
            base16ct::lower::decode(&signature, &mut bytes).unwrap();
            bytes[at / 8] ^= 1 << (at % 8);
            let flipped = base16ct::lower::encode_string(&bytes);
            prop_assert_eq!(
                verifier.verify(&headers(&[flipped.as_bytes()]), &body),
                Err(Refusal::BadSignature)
            );
        }

        #[test]
        fn whatever_is_sent_is_answered(
            signature in proptest::collection::vec(0x20u8..=0xff, 0..100),
            body in proptest::collection::vec(any::<u8>(), 0..100),
        ) {
            let Ok(value) = HeaderValue::from_bytes(&signature) else { return Ok(()) };
            let sent = headers(&[value.as_bytes()]);
            prop_assert!(Verifier::new("hush").unwrap().event(&sent, body).is_err());
        }
    }
}
