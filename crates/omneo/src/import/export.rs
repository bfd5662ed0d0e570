//! What the server writes of an import's jobs.

use reqwest::Url;

/// The jobs of an import in one state, as the server wrote them.
///
/// Whether it sends the rows themselves, say as CSV, or where they are to be had is not documented, and neither is the form
/// of the rows. [`failed_rows`](super::Follow::failed_rows) depends on neither.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Export {
    /// The text.
    Text(String),
    /// The text is nothing but a URL: the rows are there. It may be good for a short time, and for whoever has it.
    Url(String),
}

impl From<String> for Export {
    fn from(text: String) -> Self {
        let line = text.trim();
        let is_one = !line.contains(char::is_whitespace);
        let is_url = |url: Url| matches!(url.scheme(), "http" | "https");
        match is_one && Url::parse(line).is_ok_and(is_url) {
            true => Self::Url(line.to_owned()),
            false => Self::Text(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Export;

    #[test]
    fn a_text_that_is_nothing_but_a_url_is_one() {
        for text in [
            "https://files.example/a.csv?signature=b",
            " http://host/a\n",
        ] {
            assert_eq!(
                Export::from(text.to_owned()),
                Export::Url(text.trim().into())
            );
        }
        for text in [
            "",
            "OK",
            "url,name\nhttps://host/a,b",
            "https://host/a\nhttps://host/b",
            "omneo:profile",
            "id,name",
        ] {
            assert_eq!(Export::from(text.to_owned()), Export::Text(text.into()));
        }
    }
}
