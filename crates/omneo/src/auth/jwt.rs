//! What a JSON web token says of itself. Its signature is the server's to check.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use omneo_api::Token;
use serde::Deserialize;

#[derive(Deserialize)]
struct Claims {
    exp: Option<f64>,
}

/// When the token expires; `None` for one that does not say so.
pub(super) fn expiry(token: &Token) -> Option<SystemTime> {
    let mut parts = token.expose().split('.');
    let (Some(_), Some(claims), Some(_), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return None;
    };
    let claims = URL_SAFE_NO_PAD.decode(claims).ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    let seconds = Duration::try_from_secs_f64(claims.exp?).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(seconds)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use omneo_api::Token;

    fn expiry(token: &str) -> Option<u64> {
        let at = super::expiry(&Token::new(token).unwrap())?;
        Some(at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs())
    }

    fn jwt(claims: &str) -> String {
        format!(
            "eyJhbGciOiJIUzI1NiJ9.{}.sig",
            URL_SAFE_NO_PAD.encode(claims)
        )
    }

    #[test]
    fn the_expiry_of_a_json_web_token_is_read() {
        assert_eq!(
            expiry(&jwt(r#"{"pid":"p","exp":1700000000}"#)),
            Some(1_700_000_000)
        );
        // Passport writes fractions.
        assert_eq!(
            expiry(&jwt(r#"{"exp":1700000000.75}"#)),
            Some(1_700_000_000)
        );
    }

    #[test]
    fn what_says_nothing_of_an_expiry_has_none() {
        let huge = jwt(r#"{"exp":1e300}"#);
        for token in [
            "opaque",
            "a.b",
            "a.b.c",
            "a.b.c.d",
            &jwt("{}"),
            &jwt(r#"{"exp":null}"#),
            &jwt(r#"{"exp":-1}"#),
            &jwt("[]"),
            &huge,
        ] {
            assert_eq!(expiry(token), None, "{token}");
        }
        assert!(SystemTime::UNIX_EPOCH.checked_add(Duration::MAX).is_none());
    }
}
