//! What a field holds, which decides what it can be compared with.

use std::fmt::Debug;

mod sealed {
    pub trait Sealed {}
}

/// What a [`Field`](super::Field) holds.
pub trait Kind: sealed::Sealed + Copy + Debug + 'static {}

/// Kinds that the server compares and sorts by: all that are a value of the record.
pub trait Column: Kind {}

/// Kinds whose values have an order.
#[diagnostic::on_unimplemented(
    message = "a `{Self}` field is not compared by order",
    note = "numbers, times and ids are; `filter(\"name\")` takes every operator"
)]
pub trait Ordered: Column {}

/// Kinds that have fields within them.
pub trait Nested: Kind {}

macro_rules! kinds {
    ($($(#[$doc:meta])+ $kind:ident: $($is:ident)*;)+) => {$(
        $(#[$doc])+
        #[derive(Clone, Copy, Debug)]
        pub enum $kind {}
        impl sealed::Sealed for $kind {}
        impl Kind for $kind {}
        $(impl $is for $kind {})*
    )+};
}

kinds! {
    /// Whatever the server makes of it: every operator and every value.
    Any: Column Ordered Nested;
    /// True or false, sent as 1 or 0.
    Bool: Column;
    /// An id: a number or a text.
    Id: Column Ordered;
    /// A number: never an `f64`, in which most amounts can't be written.
    Number: Column Ordered;
    /// A text, or one of a set of words.
    Text: Column;
    /// A time, sent as `YYYY-MM-DD HH:MM:SS`.
    Time: Column Ordered;
    /// Fields whose names the tenant chooses, such as custom fields by namespace and handle.
    Members: Nested;
    /// A parameter that is sent once for each value, such as `tags[]`.
    Each:;
}
