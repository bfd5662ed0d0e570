//! Which operations can be sent twice.
//!
//! Omneo has no idempotency keys, so what a repeat does follows from the operation. The method decides; the tables here
//! are what it decides wrongly. A test compares them with the schema.

use std::collections::HashMap;

use omneo_api::Operation;
use omneo_api::http::Method;
use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Whether a request may be sent again when the server may have done the work already.
///
/// Known for every operation. A [raw request](crate::Omneo::request) that the schema does not know goes by its method,
/// unless its options say otherwise: `.options(|options| options.extension(Repeat::Safe))`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Repeat {
    /// Twice is as good as once.
    Safe,
    /// As `Safe` if the JSON body has one of these properties, by which the server finds the record again. Without, it
    /// would make a second one.
    IfBodyHas(&'static [&'static str]),
    /// Twice does it twice.
    Unsafe,
}

/// Operations of a safe method that do something each time, by operationId: `GET`s that are actions.
///
/// Some only recalculate, but fire events for it; one that is sent again would fire them again.
const UNSAFE: &[(&str, &str)] = &[
    ("auth.authorize", "starts the browser flow"),
    ("benefits.trigger-target", "sends the notification again"),
    (
        "profiles.aggregations.calculate",
        "may fire aggregation.updated",
    ),
    ("profiles.resync", "syncs the profile anew"),
    ("profiles.tiers.calculate", "may fire the tier's events"),
    (
        "profiles.transactions.unattach",
        "the second time finds nothing to take off",
    ),
    ("rewards.trigger-target", "sends the notification again"),
];

/// `POST`s that only read, or that write the same again.
const SAFE: &[&str] = &[
    "appointment-definitions.available-slots",
    "appointment-definitions.available-slots-range",
    "appointment-definitions.available-staff",
    "auth.token",
    "automations.queries.samples",
    "profile.status.batch",
    "profiles.availability",
    "profiles.exists",
    "profiles.search-id",
    "profiles.tiers.assign",
    "rates.calculate",
    "targets.preview",
    "transactions.incentive-estimate",
];

/// `POST`s that create or update, by the properties that the server finds the record by.
const UPSERTS: &[(&str, &[&str])] = &[
    ("orders.queue", &["external_id"]),
    ("products.create-update", &["external_id"]),
    ("products.queue", &["external_id"]),
    ("products.update-create", &["external_id"]),
    ("profiles.addresses.upsert", &["external_id"]),
    ("profiles.batch", &["match_criteria"]),
    ("profiles.batch.batch", &["match_criteria"]),
    ("transactions.queue", &["external_id", "id"]),
    ("transactions.update-create", &["external_id", "id"]),
];

impl Repeat {
    /// What is known of an operation; of any other request by its method.
    #[must_use]
    pub fn of(method: &Method, operation: Option<&Operation>) -> Self {
        let by_method = match *method {
            Method::GET | Method::HEAD | Method::OPTIONS | Method::PUT | Method::DELETE => {
                Self::Safe
            }
            _ => Self::Unsafe,
        };
        let Some(id) = operation.map(|operation| operation.operation_id) else {
            return by_method;
        };
        if UNSAFE.binary_search_by_key(&id, |(id, _)| id).is_ok() {
            Self::Unsafe
        } else if SAFE.binary_search(&id).is_ok() {
            Self::Safe
        } else if let Ok(at) = UPSERTS.binary_search_by_key(&id, |(id, _)| id) {
            Self::IfBodyHas(UPSERTS[at].1)
        } else {
            by_method
        }
    }

    /// Whether a request with this body may be sent again.
    pub(crate) fn allows(self, body: Option<&[u8]>) -> bool {
        match self {
            Self::Safe => true,
            Self::Unsafe => false,
            Self::IfBodyHas(keys) => {
                let members = body.map(serde_json::from_slice::<HashMap<String, Filled>>);
                let Some(Ok(members)) = members else {
                    return false;
                };
                let filled = |key: &&str| members.get(*key).is_some_and(|Filled(filled)| *filled);
                keys.iter().any(filled)
            }
        }
    }
}

/// Whether a value says anything: not null, and no empty text. Nothing of it is kept.
struct Filled(bool);

impl<'de> Deserialize<'de> for Filled {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FilledVisitor).map(Self)
    }
}

struct FilledVisitor;

impl<'de> Visitor<'de> for FilledVisitor {
    type Value = bool;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_bool<E>(self, _: bool) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_i64<E>(self, _: i64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_u64<E>(self, _: u64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_f64<E>(self, _: f64) -> Result<bool, E> {
        Ok(true)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<bool, E> {
        Ok(!text.is_empty())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<bool, A::Error> {
        let mut any = false;
        while items.next_element::<IgnoredAny>()?.is_some() {
            any = true;
        }
        Ok(any)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<bool, A::Error> {
        let mut any = false;
        while members.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
            any = true;
        }
        Ok(any)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use omneo_api::OPERATIONS;
    use omneo_api::http::Method;

    use super::{Repeat, SAFE, UNSAFE, UPSERTS};

    fn ids(of: impl Fn(&str) -> bool) -> BTreeSet<&'static str> {
        OPERATIONS
            .iter()
            .filter(|operation| of(operation.method))
            .map(|operation| operation.operation_id)
            .collect()
    }

    #[test]
    #[cfg(all(
        feature = "appointments",
        feature = "automation",
        feature = "commerce",
        feature = "incentives",
        feature = "organisations",
        feature = "profiles",
    ))]
    fn the_tables_name_operations_of_the_schema() {
        let posts = ids(|method| method == "POST");
        let others = ids(|method| method != "POST");
        for id in SAFE.iter().chain(UPSERTS.iter().map(|(id, _)| id)) {
            assert!(posts.contains(id), "{id} is no POST of the schema");
        }
        for (id, _) in UNSAFE {
            assert!(
                others.contains(id),
                "{id} is no GET, PUT or DELETE of the schema"
            );
        }
    }

    #[test]
    fn the_tables_are_sorted_and_name_nothing_twice() {
        let unsafe_ids = UNSAFE.iter().map(|(id, _)| *id);
        let upserts = UPSERTS.iter().map(|(id, _)| *id);
        assert!(unsafe_ids.clone().is_sorted() && SAFE.is_sorted() && upserts.clone().is_sorted());
        let all: BTreeSet<_> = unsafe_ids
            .chain(upserts)
            .chain(SAFE.iter().copied())
            .collect();
        assert_eq!(all.len(), UNSAFE.len() + SAFE.len() + UPSERTS.len());
    }

    #[test]
    #[cfg(feature = "incentives")]
    fn issuing_and_redeeming_are_never_repeated() {
        for operation in OPERATIONS
            .iter()
            .filter(|operation| operation.method == "POST")
        {
            let makes_value = ["redeem", "claim", "return", "reversal", "extend"]
                .iter()
                .any(|word| operation.path.contains(word))
                || matches!(
                    operation.path,
                    "/v3/rewards"
                        | "/v3/benefits"
                        | "/v3/points"
                        | "/v3/credits"
                        | "/v3/tiers/points"
                );
            if makes_value {
                assert_eq!(
                    Repeat::of(&Method::POST, Some(operation)),
                    Repeat::Unsafe,
                    "{}",
                    operation.operation_id
                );
            }
        }
    }

    #[test]
    fn what_the_schema_does_not_know_goes_by_its_method() {
        for (method, repeat) in [
            (Method::GET, Repeat::Safe),
            (Method::PUT, Repeat::Safe),
            (Method::DELETE, Repeat::Safe),
            (Method::POST, Repeat::Unsafe),
            (Method::PATCH, Repeat::Unsafe),
        ] {
            assert_eq!(Repeat::of(&method, None), repeat, "{method}");
        }
    }

    #[test]
    fn an_upsert_is_repeated_if_its_body_has_the_key() {
        let allows =
            |body: &str| Repeat::IfBodyHas(&["external_id", "id"]).allows(Some(body.as_bytes()));
        for body in [
            r#"{"external_id":"POS-1","items":[{"a":null}]}"#,
            r#"{"items":[],"id":7}"#,
            r#"{"external_id":null,"id":"7"}"#,
        ] {
            assert!(allows(body), "{body}");
        }
        for body in [
            r#"{"external_id":null}"#,
            r#"{"external_id":""}"#,
            r#"{"items":[{"external_id":"x"}]}"#,
            "{}",
            "[]",
            "no JSON",
            "",
        ] {
            assert!(!allows(body), "{body}");
        }
        assert!(!Repeat::IfBodyHas(&["id"]).allows(None));
    }
}
