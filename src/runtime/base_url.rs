//! The URL under which all paths lie.

use reqwest::Url;

use super::Error;

/// Checks a base URL and writes it in the one form the bindings expect: no slash at its end.
///
/// The message of an error never repeats the URL, which may hold credentials.
///
/// # Errors
///
/// [`Config`](super::ErrorKind::Config) unless it is an absolute `http` or `https` URL without query,
/// fragment, user name and password.
pub fn base_url(url: &str) -> Result<String, Error> {
    let parsed = Url::parse(url).map_err(|error| {
        invalid(&format!(
            "is no absolute URL such as https://host/api ({error})"
        ))
    })?;
    let fault = if !matches!(parsed.scheme(), "http" | "https") {
        "has to start with https:// (or http://)"
    } else if !parsed.username().is_empty() || parsed.password().is_some() {
        "must not hold a user name or password; pass a token instead"
    } else if parsed.query().is_some() {
        "must not have a query (the part from `?`)"
    } else if parsed.fragment().is_some() {
        "must not have a fragment (the part from `#`)"
    } else {
        return Ok(parsed.as_str().trim_end_matches('/').to_owned());
    };
    Err(invalid(fault))
}

fn invalid(fault: &str) -> Error {
    Error::config(format!("the base URL {fault}"))
}

#[cfg(test)]
mod tests {
    use super::base_url;

    #[test]
    fn slashes_at_the_end_are_cut() {
        for url in [
            "https://api.acme.getomneo.com/api",
            "https://api.acme.getomneo.com/api//",
            " HTTPS://API.acme.getomneo.com:443/api/ ",
        ] {
            assert_eq!(base_url(url).unwrap(), "https://api.acme.getomneo.com/api");
        }
        assert_eq!(
            base_url("http://127.0.0.1:8080/").unwrap(),
            "http://127.0.0.1:8080"
        );
    }

    #[test]
    fn a_refusal_says_what_is_wrong() {
        for (url, fault) in [
            ("", "no absolute URL"),
            ("api.acme.getomneo.com/api", "no absolute URL"),
            ("localhost:8080/api", "start with https://"),
            ("ftp://host/api", "start with https://"),
            ("https://", "no absolute URL"),
            ("https://ada:pw@host/api", "user name or password"),
            ("https://host/api?a=b", "query"),
            ("https://host/api?", "query"),
            ("https://host/api#x", "fragment"),
        ] {
            let message = base_url(url).unwrap_err().to_string();
            assert!(message.contains(fault), "{url}: {message}");
            assert!(
                !message.contains("ada") && !message.contains("a=b"),
                "{message}"
            );
        }
    }
}
