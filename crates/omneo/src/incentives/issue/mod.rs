//! Making something of a definition for a customer.

mod details;
mod fields;
#[cfg(feature = "platform")]
mod many;
#[cfg(feature = "platform")]
mod rows;
mod wire;

use std::fmt;
use std::marker::PhantomData;

use omneo_api::{Error, ErrorKind};
use omneo_types::jiff::{self, tz::TimeZone};
use omneo_types::{Id, Timestamp};

use super::definition::{Definition, DefinitionRef, Facts, Named};
use super::when::When;
use super::{check, ids, unknown};
use crate::client::Omneo;
use crate::profile::ProfileRef;

pub use details::Location;
pub(super) use fields::Fields;
pub use fields::{Counted, Dated, Expiring, External, Noted, Remaining, Valued, Zoned};
#[cfg(feature = "platform")]
pub use many::Recipient;
#[cfg(feature = "platform")]
pub use rows::Each;
pub use wire::TierPoints;
#[cfg(feature = "profiles")]
pub use wire::{Claim, ClaimAndRedeem};

/// What can be made of a definition for a customer.
///
/// The six [definitions](Definition) themselves, each in its family's usual way; and [`Claim`], [`ClaimAndRedeem`] and
/// [`TierPoints`], which have methods of their own.
pub trait Issuable: wire::Wire + Send + Sync + 'static {
    /// What it is made of.
    type Definition: Definition;

    /// What the server answers.
    type Answer: Send;

    /// Whether a profile has to be named: [`Missing`], or [`Given`] where it has not.
    type To: State;

    /// Whether a value or a count has to be given.
    type Value: State;
}

/// Whether something that an [`Issue`] needs was given: [`Given`] or [`Missing`].
pub trait State: Send + Sync + 'static {}

/// The profile is given, or need not be.
#[diagnostic::on_unimplemented(
    message = "the profile is missing",
    label = "call `.to(profile)` first"
)]
pub trait ProfileGiven: State {}

/// The value or the count is given, or need not be.
#[diagnostic::on_unimplemented(
    message = "the value or the count is missing",
    label = "call `.value(amount)`, or `.count(number)` for achievements, first"
)]
pub trait ValueGiven: State {}

/// It was given, or need not be.
#[derive(Clone, Copy, Debug)]
pub struct Given;

/// It is still to be given.
#[derive(Clone, Copy, Debug)]
pub struct Missing;

impl State for Given {}
impl State for Missing {}
impl ProfileGiven for Given {}
impl ValueGiven for Given {}

/// Makes something of a definition for a customer: made by [`Omneo::issue`] and its kin, sent by [`send`](Issue::send).
///
/// It offers the fields that the family takes, and can be sent once it has those that the family requires:
///
/// | family | requires | takes |
/// |---|---|---|
/// | rewards | `to` | `value` (else the definition's), `value_remaining`, `timezone`, `issued_at`, `expires_at`, `external_id`, `meta` |
/// | benefits | `to` | `value`, `timezone`, `issued_at`, `expires_at` (else issue and the definition's period), `external_id`, `meta` |
/// | points | `to`, `value` | `value_remaining`, `issued_at` (else now) or `accrued_at`, `expires_at`, `description`, `meta` |
/// | credits | `value` | `to`, `value_remaining`, `timezone`, `issued_at`, `expires_at`, `external_id`, `meta`, and the recipient's, the card's and the shop's own |
/// | tiers | `to` | |
/// | achievements | `to`, `count` | `issued_at`, `expires_at`, `meta` |
///
/// What can't be right is refused before it is sent, with the name of the method: an amount that is not above zero or
/// above the definition's `max_value`, where that is known; an expiry before the issue; a timezone that is no IANA name.
/// No more than the definition was looked up then.
///
/// # What is sent
///
/// One request, after look-ups that are remembered for ten minutes: a handle where the family wants an id, and the other
/// way round; the profile of an [identity](crate::identity). Each has the time limits of a call of its own.
#[must_use = "nothing is sent before `send`"]
pub struct Issue<K: Issuable, To = <K as Issuable>::To, V = <K as Issuable>::Value> {
    omneo: Omneo,
    order: Order<K>,
    state: PhantomData<(To, V)>,
}

/// What is to be made, without the customer.
struct Order<K: Issuable> {
    definition: DefinitionRef<K::Definition>,
    profile: Option<ProfileRef>,
    fields: fields::Fields,
    details: K::Details,
}

impl<K: Issuable> Issue<K> {
    pub(crate) fn new(omneo: &Omneo, definition: DefinitionRef<K::Definition>) -> Self {
        Self {
            omneo: omneo.clone(),
            order: Order {
                definition,
                profile: None,
                fields: fields::Fields::default(),
                details: K::Details::default(),
            },
            state: PhantomData,
        }
    }
}

impl<K: Issuable, To, V> Issue<K, To, V> {
    /// For this profile: an id or an [identity](crate::identity).
    pub fn to(mut self, profile: impl Into<ProfileRef>) -> Issue<K, Given, V> {
        self.order.profile = Some(profile.into());
        self.into_state()
    }

    fn into_state<T, W>(self) -> Issue<K, T, W> {
        Issue {
            omneo: self.omneo,
            order: self.order,
            state: PhantomData,
        }
    }
}

impl<K: Issuable, To, V> Issue<K, To, V> {
    /// Sends it.
    ///
    /// It is not sent twice: when the answer is lost, the error's [`effect`](Error::effect) is not `None`, and it may have
    /// been done. Where the family takes an `external_id`, lists can be filtered by it to find out.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for what can't be right, and for a handle that no definition of the family has. `Validation`
    /// for what the server refuses, with its own field errors. Whatever else keeps a call from succeeding.
    pub async fn send(self) -> Result<K::Answer, Error>
    where
        To: ProfileGiven,
        V: ValueGiven,
    {
        self.order.send(&self.omneo).await
    }
}

impl<K: Issuable> Order<K> {
    /// What does not depend on the customer: checks the fields, finds the definition and the zone.
    async fn prepare(&self, omneo: &Omneo) -> Result<Prepared, Error> {
        let shared = &omneo.shared;
        check::fields(&self.fields)?;
        let facts = shared
            .definitions
            .resolve(
                &self.definition,
                K::NAMING,
                &omneo.for_lookups(),
                shared.core.timer.now(),
            )
            .await?;
        let zone = Zone::of::<K>(self, facts.timezone.as_deref(), shared.timezone.as_deref())?;
        if let (Some(value), Some(max)) = (self.fields.value, facts.max_value) {
            check::at_most(value, max)?;
        }
        let now = super::when::moment(shared.core.timer.system_now());
        let in_zone = |when: &Option<When>| when.as_ref().map(|when| when.in_zone(&zone.zone));
        let issued_at = in_zone(&self.fields.issued_at);
        let accrued_at = in_zone(&self.fields.accrued_at);
        let expires_at = in_zone(&self.fields.expires_at);
        let begins_at = issued_at.as_ref().or(accrued_at.as_ref());
        check::expiry(expires_at.as_ref(), begins_at, now, &zone.zone)?;
        Ok(Prepared {
            facts,
            zone,
            now,
            issued_at,
            accrued_at,
            expires_at,
        })
    }

    /// What is sent for one customer.
    fn ready(&self, prepared: Prepared, profile: Option<Id>) -> wire::Ready<K::Details> {
        let fields = self.fields.clone();
        wire::Ready {
            id: prepared.facts.id.map(ids::number),
            handle: prepared.facts.handle,
            profile,
            timezone: prepared.zone.name,
            zone: prepared.zone.zone,
            now: prepared.now,
            value: fields.value,
            count: fields.count,
            value_remaining: fields.value_remaining,
            issued_at: prepared.issued_at,
            accrued_at: prepared.accrued_at,
            expires_at: prepared.expires_at,
            external_id: fields.external_id.map(ids::text),
            meta: fields.meta,
            details: self.details.clone(),
        }
    }

    async fn send(self, omneo: &Omneo) -> Result<K::Answer, Error> {
        let shared = &omneo.shared;
        self.profile.as_ref().map_or(Ok(()), ProfileRef::check)?;
        let prepared = self.prepare(omneo).await?;
        let profile = match &self.profile {
            Some(profile) => Some(omneo.profile_id(profile).await?),
            None => None,
        };
        let by_handle = prepared.facts.id.is_none();
        let ready = self.ready(prepared, profile);
        let error = match K::deliver(omneo.api(), ready).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        if !matches!(
            error.kind(),
            ErrorKind::NotFound(_) | ErrorKind::Validation(_)
        ) {
            return Err(error);
        }
        shared.definitions.forget(&self.definition);
        if let Some(ProfileRef::Identity(identity)) = &self.profile {
            shared.identities.forget(identity);
        }
        // The server's words for a handle that it does not know are its own; ours name the family.
        match (&self.definition.named, by_handle) {
            (Named::Handle(handle), true) => {
                Err(unknown::explain::<K::Definition>(error, &omneo.for_lookups(), handle).await)
            }
            _ => Err(error),
        }
    }
}

/// What does not depend on the customer.
#[derive(Clone)]
struct Prepared {
    facts: Facts,
    zone: Zone,
    now: jiff::Timestamp,
    issued_at: Option<Timestamp>,
    accrued_at: Option<Timestamp>,
    expires_at: Option<Timestamp>,
}

/// The zone of an incentive's business times.
#[derive(Clone)]
struct Zone {
    /// What is sent.
    name: Option<String>,
    zone: TimeZone,
}

impl Zone {
    fn of<K: Issuable>(
        order: &Order<K>,
        of_definition: Option<&str>,
        of_client: Option<&str>,
    ) -> Result<Self, Error> {
        let given = order.fields.timezone.as_deref();
        let name = match K::ZONE {
            ZoneField::None => None,
            ZoneField::Optional | ZoneField::Required => given.or(of_definition).or(of_client),
        };
        match name {
            Some(name) => {
                let zone = check::timezone(name)?;
                // jiff finds a zone by any case, PHP does not.
                let name = zone.iana_name().unwrap_or(name).to_owned();
                Ok(Self {
                    name: Some(name),
                    zone,
                })
            }
            None if K::ZONE == ZoneField::Required => Err(check::refuse(
                "timezone",
                "is missing, and the server requires it; name one such as \"Australia/Melbourne\" here, or for the whole client with `Builder::timezone`",
            )),
            None => Ok(Self {
                name: None,
                zone: TimeZone::UTC,
            }),
        }
    }
}

/// Whether an endpoint takes a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(unreachable_pub)] // a sealed trait has it
pub enum ZoneField {
    None,
    Optional,
    Required,
}

impl<K: Issuable, To, V> fmt::Debug for Issue<K, To, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issue")
            .field("definition", &self.order.definition)
            .finish_non_exhaustive()
    }
}

impl<K: Issuable> Clone for Order<K> {
    fn clone(&self) -> Self {
        Self {
            definition: self.definition.clone(),
            profile: self.profile.clone(),
            fields: self.fields.clone(),
            details: self.details.clone(),
        }
    }
}

impl<K: Issuable, To, V> Clone for Issue<K, To, V> {
    fn clone(&self) -> Self {
        Self {
            omneo: self.omneo.clone(),
            order: self.order.clone(),
            state: PhantomData,
        }
    }
}
