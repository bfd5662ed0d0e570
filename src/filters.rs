//! Fields that lists are filtered and sorted by, from the schema: a module for each kind of record, a [`Field`] for each
//! `filter[..]` of an operation that lists them.
//!
//! ```no_run
//! # #[cfg(feature = "incentives")]
//! # async fn run(api: omneo_api::Api) -> Result<(), omneo_api::Error> {
//! use omneo_api::filters::reward;
//!
//! let spent = api
//!     .rewards()
//!     .list()
//!     .filter(reward::value_remaining.eq(0)) // filter[value_remaining]=0
//!     .sort(reward::expires_at.asc()) // sort=expires_at
//!     .first()
//!     .await?;
//! # Ok(())
//! # }
//! ```
//!
//! A field's kind is that of the record's property of the same name; a name that no property has is judged by its
//! ending (`_at`, `_id`) or beginning (`is_`, `has_`), else by the schema, which calls most filters text. The fields of a
//! relation are joined with `_`: `filter[definition][type]` is `benefit::definition_type`.
//!
//! Its documentation names the operations that take a filter, as far as the schema says. For all other names there is
//! [`filter`](fn@crate::filter).

#[allow(unused_imports)]
use crate::listing::{Any, Bool, Each, Field, FilterValue, Id, Members, Number, Text, Time};
#[allow(unused_imports)]
use crate::types;

/// The fields of one kind of record.
#[allow(unused_macros)]
macro_rules! fields {
    ($module:ident $record:ident { $(#[doc = $doc:literal] $name:ident: $kind:ident = $key:literal,)+ }) => {
        #[doc = concat!("Fields of [`", stringify!($record), "`](crate::types::", stringify!($record), ").")]
        #[allow(non_upper_case_globals)] // they are named as the record's fields are
        pub mod $module {
            use super::*;

            $(
                #[doc = $doc]
                pub const $name: Field<types::$record, $kind> = Field::new($key);
            )+
        }
    };
}

/// The schema's enums, as values of text fields.
#[allow(unused_macros)]
macro_rules! words {
    ($($word:ident)+) => {$(
        impl FilterValue<Text> for types::$word {
            fn to_filter(&self) -> String {
                self.to_string()
            }
        }

        impl FilterValue<Any> for types::$word {
            fn to_filter(&self) -> String {
                self.to_string()
            }
        }
    )+};
}

include!(concat!(env!("OUT_DIR"), "/filters.rs"));
