//! Why an instance changes.

use serde_json::Value;

use crate::record::{Record, RecordExt};

/// Why an instance changes, in the ledger's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules::incentives) enum Cause {
    Issued,
    Redeemed,
    Reversed,
    Returned,
    Edited,
    Deleted,
    /// Its time has come.
    Started,
    Expired,
}

impl Cause {
    const ALL: [Self; 8] = [
        Self::Issued,
        Self::Redeemed,
        Self::Reversed,
        Self::Returned,
        Self::Edited,
        Self::Deleted,
        Self::Started,
        Self::Expired,
    ];

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Redeemed => "redeemed",
            Self::Reversed => "reversed",
            Self::Returned => "returned",
            Self::Edited => "edited",
            Self::Deleted => "deleted",
            Self::Started => "started",
            Self::Expired => "expired",
        }
    }

    /// Notes in a record that is about to be stored why it changes; without that it was issued or edited.
    pub(in crate::rules::incentives) fn note(self, record: &mut Record) {
        record.set("_cause", self.word());
    }

    pub(super) fn take(record: &mut Record, otherwise: Self) -> Self {
        Self::named(record.remove("_cause").as_ref(), otherwise)
    }

    pub(super) fn named(word: Option<&Value>, otherwise: Self) -> Self {
        let word = word.and_then(Value::as_str);
        Self::ALL
            .into_iter()
            .find(|cause| Some(cause.word()) == word)
            .unwrap_or(otherwise)
    }
}
