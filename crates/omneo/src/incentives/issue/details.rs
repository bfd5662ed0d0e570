//! The fields that one family alone takes.

use omneo_api::types::{CreditDefinition, PointDefinition};
use omneo_types::Id;

use super::{Issue, TierPoints};
use crate::incentives::When;

/// What only points take.
#[derive(Clone, Debug, Default)]
#[allow(unreachable_pub)] // a sealed trait has it
pub struct PointDetails {
    pub(super) description: Option<String>,
}

/// What only credits take.
#[derive(Clone, Debug, Default)]
#[allow(unreachable_pub)] // a sealed trait has it
pub struct CreditDetails {
    pub(super) name: Option<String>,
    pub(super) message: Option<String>,
    pub(super) recipient_email: Option<String>,
    pub(super) recipient_first_name: Option<String>,
    pub(super) released_at: Option<When>,
    pub(super) credit_number: Option<String>,
    pub(super) security_code: Option<String>,
    pub(super) staff_id: Option<Id>,
    pub(super) creator_profile_id: Option<Id>,
    pub(super) location: Option<Location>,
    pub(super) locked: Option<bool>,
    pub(super) lock_expires_at: Option<When>,
}

/// A shop, by one of its names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Location {
    /// By its id in Omneo.
    Id(Id),
    /// By its id in the caller's own system.
    ExternalId(Id),
    /// By its code in the caller's own system.
    ExternalCode(String),
}

impl From<Id> for Location {
    fn from(id: Id) -> Self {
        Self::Id(id)
    }
}

impl From<i64> for Location {
    fn from(id: i64) -> Self {
        Self::Id(id.into())
    }
}

macro_rules! when_earned {
    ($($kind:ty)+) => {$(
        impl<To, V> Issue<$kind, To, V> {
            /// When the points were accrued, in place of when they were issued. Omneo's own pages disagree which of the
            /// two is earning and which is becoming spendable.
            pub fn accrued_at(mut self, time: impl Into<When>) -> Self {
                self.order.fields.accrued_at = Some(time.into());
                self
            }
        }
    )+};
}

when_earned!(PointDefinition TierPoints);

impl<To, V> Issue<PointDefinition, To, V> {
    /// What the points are for, as the customer reads it.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.order.details.description = Some(text.into());
        self
    }
}

/// A card, and whom it is for.
impl<To, V> Issue<CreditDefinition, To, V> {
    /// What it is called.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.order.details.name = Some(name.into());
        self
    }

    /// A message to the one who gets it.
    pub fn message(mut self, text: impl Into<String>) -> Self {
        self.order.details.message = Some(text.into());
        self
    }

    /// Who gets it: an email address, for one who may be no customer yet.
    pub fn recipient_email(mut self, email: impl Into<String>) -> Self {
        self.order.details.recipient_email = Some(email.into());
        self
    }

    /// The first name of the one who gets it.
    pub fn recipient_name(mut self, first_name: impl Into<String>) -> Self {
        self.order.details.recipient_first_name = Some(first_name.into());
        self
    }

    /// When it is handed out, if not at once.
    pub fn released_at(mut self, time: impl Into<When>) -> Self {
        self.order.details.released_at = Some(time.into());
        self
    }

    /// Its number, where the definition has its numbers from the caller.
    pub fn number(mut self, number: impl Into<String>) -> Self {
        self.order.details.credit_number = Some(number.into());
        self
    }

    /// Its security code. The server makes one up.
    pub fn security_code(mut self, code: impl Into<String>) -> Self {
        self.order.details.security_code = Some(code.into());
        self
    }

    /// The member of staff who issues it.
    pub fn staff(mut self, id: impl Into<Id>) -> Self {
        self.order.details.staff_id = Some(id.into());
        self
    }

    /// The profile of the one who pays for it, where the definition asks for one.
    pub fn creator(mut self, profile_id: impl Into<Id>) -> Self {
        self.order.details.creator_profile_id = Some(profile_id.into());
        self
    }

    /// Where it is issued.
    pub fn location(mut self, location: impl Into<Location>) -> Self {
        self.order.details.location = Some(location.into());
        self
    }

    /// Locks it, so that it can't be spent.
    pub fn locked(mut self) -> Self {
        self.order.details.locked = Some(true);
        self
    }

    /// Locks it up to then.
    pub fn locked_until(mut self, time: impl Into<When>) -> Self {
        self.order.details.lock_expires_at = Some(time.into());
        self.locked()
    }
}
