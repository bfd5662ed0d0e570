//! What a redemption says of the purchase that it belongs to.

use std::time::Duration;

use omneo_api::Error;
use omneo_types::{Field, Id, Map};
use serde_json::Value;

use super::find::{self, Reference};
use crate::incentives::check;

#[derive(Clone, Debug)]
pub(super) struct Transaction {
    pub(super) external_id: Option<Id>,
    pub(super) receipt_ref: Option<String>,
    pub(super) location: Option<Id>,
    pub(super) meta: Option<Map<Value>>,
    pub(super) look_for: Duration,
    pub(super) looks_first: bool,
}

impl Default for Transaction {
    fn default() -> Self {
        Self {
            external_id: None,
            receipt_ref: None,
            location: None,
            meta: None,
            look_for: find::LOOK_FOR,
            looks_first: false,
        }
    }
}

impl Transaction {
    pub(super) fn check(&self) -> Result<(), Error> {
        let id = self.external_id.as_ref().map(Id::as_str);
        let receipt = self.receipt_ref.as_deref();
        for (argument, value) in [("reference", id.as_deref()), ("receipt", receipt)] {
            match value {
                Some("") => return Err(check::refuse(argument, "is empty; leave it out")),
                // Laravel's filters take a comma for the end of a value.
                Some(value) if value.contains(',') => {
                    return Err(check::refuse(
                        argument,
                        "has a comma, so that it could not be looked for; leave the comma out",
                    ));
                }
                _ => {}
            }
        }
        if self.looks_first && self.reference().is_none() {
            return Err(check::refuse(
                "look_first",
                "has nothing to look for; give a `reference` or a `receipt`",
            ));
        }
        Ok(())
    }

    /// What the redemption can be found by.
    pub(super) fn reference(&self) -> Option<Reference> {
        let by_id = self.external_id.clone().map(Reference::ExternalId);
        by_id.or_else(|| self.receipt_ref.clone().map(Reference::Receipt))
    }

    pub(super) fn external_id(&self) -> Field<Id> {
        Field::or_absent(self.external_id.clone())
    }

    pub(super) fn receipt_ref(&self) -> Field<String> {
        Field::or_absent(self.receipt_ref.clone())
    }

    pub(super) fn location(&self) -> Field<Id> {
        Field::or_absent(self.location.clone())
    }

    pub(super) fn meta(&self) -> Field<Map<Value>> {
        Field::or_absent(self.meta.clone())
    }
}

/// The setters of a builder with a `transaction`.
macro_rules! transaction_setters {
    ($($builder:ident)+) => {$(
        impl $builder {
            /// The caller's own id of the purchase, such as `POS-991`: that of the transaction that is sent later.
            ///
            /// What is found under it when an answer is lost is taken for this redemption, if it is of this profile and not
            /// of more than was asked for. Where a purchase is paid by several, tell them apart: `POS-991/1`, `POS-991/2`.
            pub fn reference(mut self, external_id: impl Into<Id>) -> Self {
                // A number is sent as the text that the schema has.
                let text = external_id.into().to_string();
                self.transaction.external_id = Some(text.into());
                self
            }

            /// The number on the receipt of the purchase. Where there is no [`reference`](Self::reference), it serves as one.
            pub fn receipt(mut self, number: impl Into<String>) -> Self {
                self.transaction.receipt_ref = Some(number.into());
                self
            }

            /// How long it is looked for when its answer is lost, before it is sent once more. 7 s, with looks after 1, 3 and 7;
            /// with no time at all it is neither looked for nor sent again. A till that can't wait sets this beside
            /// [`deadline`](crate::HandleExt::deadline), which holds for each request alone.
            pub fn look_for(mut self, time: Duration) -> Self {
                self.transaction.look_for = time;
                self
            }

            /// Looks for the reference before anything is sent, at any age: for a program that was broken off and does not
            /// know what it did.
            pub fn look_first(mut self) -> Self {
                self.transaction.looks_first = true;
                self
            }

            /// Where it happens: the id of a location.
            pub fn location(mut self, id: impl Into<Id>) -> Self {
                self.transaction.location = Some(id.into());
                self
            }

            /// Adds an entry to its `meta`: data of the caller's own.
            pub fn meta(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
                let meta = self.transaction.meta.get_or_insert_default();
                meta.insert(key.into(), value.into());
                self
            }
        }
    )+};
}

use super::credit::RedeemCredit;
use super::strategy::{Redeem, Return};

transaction_setters! { Redeem RedeemCredit Return }
