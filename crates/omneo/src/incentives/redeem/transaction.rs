//! What a redemption says of the purchase that it belongs to.

use omneo_api::Error;
use omneo_types::{Field, Id, Map};
use serde_json::Value;

use super::find::Reference;
use crate::incentives::check;

#[derive(Clone, Debug, Default)]
pub(super) struct Transaction {
    pub(super) external_id: Option<Id>,
    pub(super) receipt_ref: Option<String>,
    pub(super) location: Option<Id>,
    pub(super) meta: Option<Map<Value>>,
}

impl Transaction {
    pub(super) fn check(&self) -> Result<(), Error> {
        if self
            .external_id
            .as_ref()
            .is_some_and(|id| id.as_str().is_empty())
        {
            return Err(check::refuse("reference", "is empty; leave it out"));
        }
        if self.receipt_ref.as_ref().is_some_and(String::is_empty) {
            return Err(check::refuse("receipt", "is empty; leave it out"));
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
            /// The caller's own id of the purchase, such as `POS-991`: that of the transaction that is sent later. Give each
            /// redemption one of its own: what is found under it is taken for this redemption.
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
