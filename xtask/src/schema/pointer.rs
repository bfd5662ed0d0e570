//! JSON pointers (RFC 6901).

/// The pointer of a member.
pub(crate) fn child(at: &str, name: &str) -> String {
    format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Whether a pointer is, or leads into, what stands at `at`.
pub(crate) fn is_within(pointer: &str, at: &str) -> bool {
    pointer
        .strip_prefix(at)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The names in a pointer.
pub(crate) fn names(pointer: &str) -> impl Iterator<Item = String> {
    pointer
        .split('/')
        .skip(1)
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
}

/// The last name in a pointer.
pub(crate) fn last(pointer: &str) -> String {
    names(pointer).last().unwrap_or_default()
}
