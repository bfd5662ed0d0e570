//! Samples of the records that answers hold, filled with values that the schema allows.
//!
//! A sample is the same in every test. Ids are `1`, or one UUID for profiles and staff; times are in January 2026, or at
//! the end of 2099 for what is ahead; an enum has its first value; a related record is short, without relations of its
//! own; a map is empty. What matters to a test is set over it:
//!
//! ```
//! # #[cfg(feature = "incentives")]
//! # {
//! use omneo_api::types::{Reward, RewardDefinition};
//! use omneo_mock::sample;
//!
//! let reward = Reward {
//!     value_remaining: Some(5.into()),
//!     definition: Some(RewardDefinition {
//!         name: Some("Birthday".to_owned()),
//!         ..sample::reward_definition()
//!     }),
//!     ..sample::reward()
//! };
//! assert_eq!(reward.value_initial, Some(20.into()));
//! # }
//! ```

// Nothing else is imported: a record may have any name.
use omneo_api::types;

macro_rules! sample {
    ($function:ident $type:ident $doc:literal $json:literal) => {
        #[doc = $doc]
        // The reading of a type is compiled where a test wants a sample of it, and for no other type.
        #[inline]
        #[must_use]
        pub fn $function() -> types::$type {
            crate::json::read($json)
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/samples.rs"));
