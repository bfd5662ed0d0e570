//! Ids as a field wants them: PHP's validation refuses a number where it asks for a text.

use omneo_types::Id;

/// For a field of numbers. The server itself sends some of its ids as text.
pub(super) fn number(id: Id) -> Id {
    match id.as_i64() {
        Some(number) => number.into(),
        None => id,
    }
}

/// For a field of texts: a caller's own id may be a number there.
#[allow(clippy::needless_pass_by_value)] // it stands where `number` does
pub(super) fn text(id: Id) -> Id {
    id.to_string().into()
}
