//! A bearer token.

use std::fmt;

use reqwest::header::HeaderValue;

use super::Error;

/// A bearer token that `Debug` and the headers made of it never show.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(HeaderValue);

const BEARER: &str = "Bearer ";

impl Token {
    /// Takes the token without the word `Bearer`.
    ///
    /// # Errors
    ///
    /// [`Config`](super::ErrorKind::Config) for an empty token, and for one with line breaks, blanks or
    /// other characters that a token does not have. The message does not repeat it.
    pub fn new(token: &str) -> Result<Token, Error> {
        let fault = if token.is_empty() {
            "is empty"
        } else if token.trim() != token {
            "starts or ends with a blank or line break; trim it"
        } else if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            "holds a blank, a line break or another character that no token has; pass it without `Bearer`"
        } else if let Ok(mut value) = HeaderValue::from_str(&format!("{BEARER}{token}")) {
            value.set_sensitive(true);
            return Ok(Token(value));
        } else {
            "can't be sent in a header"
        };
        Err(Error::config(format!("the token {fault}")))
    }

    /// The token itself, without the word `Bearer`: to hand it to whom it is for.
    #[must_use]
    pub fn expose(&self) -> &str {
        // `new` lets nothing in but ASCII.
        let header = self.0.to_str().unwrap_or_default();
        header.strip_prefix(BEARER).unwrap_or_default()
    }

    /// The value of an `Authorization` header, marked as sensitive.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        self.0.clone()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([hidden])")
    }
}

#[cfg(test)]
mod tests {
    use super::Token;

    #[test]
    fn a_token_is_never_shown() {
        let token = Token::new("eyJ.hush").unwrap();
        assert_eq!(
            format!("{token:?} {:?}", token.header()),
            "Token([hidden]) Sensitive"
        );
        assert_eq!(token.header().to_str().unwrap(), "Bearer eyJ.hush");
        assert_eq!(token.expose(), "eyJ.hush");
    }

    #[test]
    fn what_would_forge_a_header_is_refused() {
        for (token, why) in [
            ("", "empty"),
            ("hush\n", "trim it"),
            (" hush", "trim it"),
            ("hush\r\nX-Admin: 1", "line break"),
            ("Bearer hush", "without `Bearer`"),
            ("hush\0", "another character"),
            ("hüsh", "another character"),
        ] {
            let error = Token::new(token).unwrap_err();
            assert!(error.to_string().contains(why), "{error}");
            assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
        }
    }
}
