//! Ids: as callers have them, and as a field wants them, since PHP's validation refuses a number where it asks for a text.

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

/// `From` for each type that a caller may have an id in.
macro_rules! from_ids {
    ([$($generic:ident)?] $target:ty = $make:expr; $id:ty $(, $more:ty)*) => {
        impl$(<$generic>)? From<$id> for $target {
            fn from(id: $id) -> Self {
                let make: fn(::omneo_types::Id) -> Self = $make;
                make(id.into())
            }
        }

        $crate::incentives::ids::from_ids! { [$($generic)?] $target = $make; $($more),* }
    };
    ([$($generic:ident)?] $target:ty = $make:expr;) => {};
}
pub(super) use from_ids;
