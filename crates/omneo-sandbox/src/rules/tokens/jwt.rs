//! JSON web tokens, HS256 under the sandbox's secret.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::secret;

/// `{"alg":"HS256","typ":"JWT"}`
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// The profile of an anonymous ID token.
pub(crate) const ANONYMOUS: &str = "null";

/// How long an ID token lives. How long Omneo's do is not known.
const ID_LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// A token with these claims.
pub(super) fn make(secret: &str, claims: &Value) -> String {
    let claims = URL_SAFE_NO_PAD.encode(claims.to_string());
    let signed = format!("{HEADER}.{claims}");
    let signature = URL_SAFE_NO_PAD.encode(secret::mac(secret, signed.as_bytes()));
    format!("{signed}.{signature}")
}

/// The claims of a token with this header and a good signature.
fn claims(secret: &str, text: &str) -> Option<Record> {
    let (signed, signature) = text.rsplit_once('.')?;
    let expected = URL_SAFE_NO_PAD.encode(secret::mac(secret, signed.as_bytes()));
    if !secret::same(signature, &expected) {
        return None;
    }
    let claims = signed.strip_prefix(HEADER)?.strip_prefix('.')?;
    let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
    serde_json::from_slice(&claims).ok()
}

/// An ID token for a profile, with when it expires in Unix seconds. Its claims are those of a real one: `pid` and `exp`.
pub(crate) fn id_token(context: &Context<'_>, profile: &str) -> Result<(String, i64), Refusal> {
    let exp = context.now().as_second() + ID_LIFETIME.as_secs();
    let secret = secret::secret(context.store())?;
    Ok((make(&secret, &json!({ "pid": profile, "exp": exp })), exp))
}

/// The profile of an ID token and when that expires, if the text is one that has not.
pub(super) fn profile_of(
    context: &Context<'_>,
    text: &str,
) -> Result<Option<(String, Timestamp)>, Refusal> {
    let Some(secret) = context.store().setting(secret::SETTING)? else {
        return Ok(None);
    };
    let Some(claims) = claims(&secret, text) else {
        return Ok(None);
    };
    let exp = claims.integer("exp").unwrap_or_default();
    let exp = Timestamp::from_second(exp).unwrap_or(Timestamp::MIN);
    let profile = claims.text("pid").filter(|_| exp > context.now());
    Ok(profile.map(|profile| (profile, exp)))
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde_json::json;

    use super::{HEADER, claims, make};

    #[test]
    fn the_header_is_that_of_hs256() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
        assert_eq!(header, HEADER);
    }

    #[test]
    fn a_token_is_read_under_its_secret_only() {
        let token = make("one", &json!({ "pid": "p" }));
        assert_eq!(claims("one", &token).expect("claims")["pid"], "p");
        assert!(claims("two", &token).is_none());
    }

    #[test]
    fn what_is_no_token_has_no_claims() {
        let token = make("one", &json!({ "pid": "p" }));
        let unsigned = format!("{}.", token.rsplit_once('.').expect("a token").0);
        for text in [
            "",
            ".",
            "..",
            "a.b.c",
            &unsigned,
            &format!("{token}.x"),
            HEADER,
        ] {
            assert!(claims("one", text).is_none(), "{text}");
        }
    }
}
