//! Path parameters: one segment, or no request at all.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use reqwest::Url;

use super::{Error, Operation};

/// What stays as it is: RFC 3986's unreserved characters and those sub-delimiters that mean nothing in a segment.
/// `:` is among them because Omneo wants `{namespace}:{handle}` unescaped.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',');

/// Starts the marker of a refused value. An encoded value never holds `;` or `=`, and URL parsers leave them alone.
const MARKER: &str = ";=";

/// Marker, what makes a value unfit, and what a caller reads.
#[allow(clippy::type_complexity)] // a table of three columns, read in this file only
const REFUSALS: [(&str, fn(&str) -> bool, &str); 4] = [
    ("empty", |value| value.is_empty(), "is empty"),
    (
        "dots",
        |value| matches!(value, "." | ".."),
        "is `.` or `..`, which URLs drop",
    ),
    // Laravel decodes the path before it looks for a route, so `%2F` would be a slash to it.
    (
        "slash",
        |value| value.contains('/'),
        "holds a slash, which the server would take for the next path segment",
    ),
    (
        "control",
        |value| value.chars().any(char::is_control),
        "holds a control character",
    ),
];

/// Percent-encodes a path parameter as one segment.
///
/// A value that can't be sent as one segment (empty, `.`, `..`, with a slash or a control character) becomes a marker;
/// the request is then refused with [`InvalidRequest`](super::ErrorKind::InvalidRequest) before it is sent, because the
/// generated code that calls this has no way to return an error here.
#[must_use]
pub fn encode_path(value: &str) -> String {
    match REFUSALS.iter().find(|(_, unfit, _)| unfit(value)) {
        Some((tag, ..)) => format!("{MARKER}{tag}"),
        None => utf8_percent_encode(value, SEGMENT).to_string(),
    }
}

/// Percent-encodes a path parameter as one segment, where an error can be returned.
///
/// # Errors
///
/// [`InvalidRequest`](super::ErrorKind::InvalidRequest) for a value that can't be sent as one segment.
pub fn path_segment(value: &str) -> Result<String, Error> {
    match REFUSALS.iter().find(|(_, unfit, _)| unfit(value)) {
        Some((.., why)) => Err(Error::invalid_request(refused(why))),
        None => Ok(encode_path(value)),
    }
}

/// Why a parameter in the path of `url` was refused.
pub(super) fn refusal(url: &Url) -> Option<String> {
    let (_, marked) = url.path().split_once(MARKER)?;
    let why = REFUSALS
        .iter()
        .find(|(tag, ..)| marked.starts_with(tag))
        .map_or("can't be sent", |(.., why)| why);
    Some(refused(why))
}

fn refused(why: &str) -> String {
    format!("a path parameter {why}; pass the id or handle of a record")
}

/// The template of another operation that `url` would reach instead, because an id equals a literal of that template.
pub(super) fn shadow(operation: &Operation, url: &Url) -> Option<&'static str> {
    if operation.shadowed_by.is_empty() {
        return None;
    }
    let own = operation.path.split('/').count();
    operation.shadowed_by.iter().copied().find(|template| {
        // From the end, where most ids differ from most literals.
        template
            .rsplit('/')
            .zip(url.path().rsplit('/'))
            .take(own - 1)
            .all(|(literal, segment)| {
                literal.starts_with('{') || percent_decode_str(segment).eq(literal.bytes())
            })
            && template.split('/').count() == own
    })
}

/// Whether a path could be made of a template by filling in its parameters.
pub(super) fn fits(template: &str, path: &str) -> bool {
    let (mut template, mut path) = (template.split('/'), path.split('/'));
    loop {
        match (template.next(), path.next()) {
            (None, None) => return true,
            (Some(template), Some(segment)) if segment_fits(template, segment) => {}
            _ => return false,
        }
    }
}

/// Whether a segment fits one of a template: `{namespace}:{handle}` takes `shop:size`.
fn segment_fits(template: &str, segment: &str) -> bool {
    let Some((before, rest)) = template.split_once('{') else {
        return template == segment;
    };
    let Some((_, after)) = rest.split_once('}') else {
        return template == segment;
    };
    let Some(segment) = segment.strip_prefix(before) else {
        return false;
    };
    // The parameter has one character at least.
    (1..=segment.len())
        .filter(|&end| segment.is_char_boundary(end))
        .any(|end| segment_fits(after, &segment[end..]))
}

#[cfg(test)]
mod tests {
    use percent_encoding::percent_decode_str;
    use proptest::prelude::*;
    use reqwest::Url;

    use super::{encode_path, refusal, shadow};
    use crate::runtime::testing::operation;

    fn url(value: &str) -> Url {
        Url::parse(&format!(
            "https://host/api/v3/rewards/{}/items",
            encode_path(value)
        ))
        .unwrap()
    }

    #[test]
    fn a_namespace_and_handle_keep_their_colon() {
        assert_eq!(encode_path("shop:vip-level"), "shop:vip-level");
        assert_eq!(encode_path("ada@example.com"), "ada@example.com");
        assert_eq!(
            encode_path("50% off?#;=&+ \\é"),
            "50%25%20off%3F%23%3B%3D%26%2B%20%5C%C3%A9"
        );
    }

    #[test]
    fn an_encoded_dot_segment_is_no_dot_segment() {
        assert_eq!(url("%2e%2E").path(), "/api/v3/rewards/%252e%252E/items");
        assert_eq!(url("...").path(), "/api/v3/rewards/.../items");
    }

    #[test]
    fn what_is_no_segment_is_refused() {
        for value in [
            "", ".", "..", "a/b", "/", "\0", "a\nb", "\t", "\u{7f}", "\u{85}",
        ] {
            assert!(refusal(&url(value)).is_some(), "{value:?}");
        }
        assert!(refusal(&url("")).unwrap().contains("empty"));
        assert!(refusal(&url("definitions/5")).unwrap().contains("slash"));
    }

    #[test]
    fn an_id_that_is_a_literal_of_another_route_is_found() {
        let mut show = operation("rewards_show", "GET", "/v3/rewards/{reward}");
        show.shadowed_by = &[
            "/v3/rewards/definitions",
            "/v3/rewards",
            "/v3/rewards/batch.json",
        ];
        let hit = |path: &str| shadow(&show, &Url::parse(&format!("https://host{path}")).unwrap());
        assert_eq!(
            hit("/api/v3/rewards/definitions"),
            Some("/v3/rewards/definitions")
        );
        assert_eq!(
            hit("/v3/rewards/batch%2Ejson"),
            Some("/v3/rewards/batch.json")
        );
        assert_eq!(hit("/api/v3/rewards/5"), None);
        assert_eq!(hit("/api/v3/rewards/Definitions"), None);
    }

    #[test]
    fn a_shadowing_template_may_have_parameters_of_its_own() {
        let mut show = operation("shares_show", "GET", "/v3/{model}/lists/{list}");
        show.shadowed_by = &["/v3/{model}/lists/shared"];
        let hit = |path: &str| {
            shadow(
                &show,
                &Url::parse(&format!("https://host/api{path}")).unwrap(),
            )
        };
        assert_eq!(
            hit("/v3/profiles/lists/shared"),
            Some("/v3/{model}/lists/shared")
        );
        assert_eq!(hit("/v3/profiles/lists/7"), None);
    }

    proptest! {
        #[test]
        fn any_value_is_one_segment_or_refused(value in prop_oneof![any::<String>(), "[./%;=:a\\\\?#\\x00 ]{0,6}"]) {
            let url = url(&value);
            if refusal(&url).is_none() {
                let segments: Vec<_> = url.path().split('/').collect();
                prop_assert_eq!(segments.len(), 6);
                prop_assert_eq!(segments[5], "items");
                prop_assert_eq!(percent_decode_str(segments[4]).decode_utf8().unwrap(), value);
                prop_assert!(url.query().is_none() && url.fragment().is_none());
            } else {
                prop_assert!(value.is_empty() || value == "." || value == ".." || value.contains('/')
                    || value.chars().any(char::is_control));
            }
        }
    }
}
