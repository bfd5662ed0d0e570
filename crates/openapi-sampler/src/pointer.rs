//! JSON pointers (RFC 6901).

/// Appends one reference token.
pub(crate) fn child(pointer: &str, token: &str) -> String {
    if token.contains(['~', '/']) {
        let token = token.replace('~', "~0").replace('/', "~1");
        return format!("{pointer}/{token}");
    }
    format!("{pointer}/{token}")
}

/// The pointer that a reference within the document means: `#/components/schemas/Pet`.
pub(crate) fn of_reference(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    if !fragment.contains('%') {
        return Some(fragment.to_owned());
    }
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    while let Some(byte) = rest.next() {
        let decoded = match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        };
        bytes.push(decoded);
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{child, of_reference};

    #[test]
    fn tokens_are_escaped_and_references_are_not() {
        assert_eq!(child("/paths", "/v3/a~b"), "/paths/~1v3~1a~0b");
        assert_eq!(
            of_reference("#/paths/~1a~1%7Bb%7D").as_deref(),
            Some("/paths/~1a~1{b}")
        );
        assert_eq!(of_reference("#/a%7"), None);
        assert_eq!(of_reference("#/a%zz"), None);
        assert_eq!(of_reference("other.json#/a"), None);
    }
}
