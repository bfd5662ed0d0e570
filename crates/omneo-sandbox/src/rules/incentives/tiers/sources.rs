//! Tier points by what they come from.

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;

/// What tier points can come from, and its kind.
const SOURCES: [(&str, &str); 3] = [
    ("benefit", "Benefit"),
    ("transaction", "Transaction"),
    ("transaction_item", "TransactionItem"),
];

const IDENTIFIERS: [&str; 3] = ["id", "external_id", "receipt_ref"];

pub(super) fn answer(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let required = |name: &str| {
        let value = call.query.text(&[name]).filter(|value| !value.is_empty());
        value.map(str::to_owned).ok_or_else(|| {
            let message = format!("The {} field is required.", name.replace('_', " "));
            Refusal::invalid(name, message)
        })
    };
    let source = required("source")?;
    let identifier_type = required("identifier_type")?;
    let identifier = required("identifier")?;
    let (name, kind) = SOURCES
        .into_iter()
        .find(|(name, _)| *name == source)
        .ok_or_else(|| Refusal::unknown("source"))?;
    let member = IDENTIFIERS
        .into_iter()
        .find(|one| *one == identifier_type)
        .ok_or_else(|| Refusal::unknown("identifier_type"))?;
    let found = if member == "id" {
        call.store().get(kind, &identifier)?
    } else {
        call.first(kind, &[(member, identifier.into())])?
    };
    // Of what is not there, there are no points.
    let id = found
        .as_ref()
        .map(|record| record.value("id"))
        .unwrap_or_default();
    if id.is_null() {
        return Ok(Answer::Many(Vec::new()));
    }
    let of = [
        ("profile_id", profile.into()),
        ("source_id", id),
        ("source_type", name.into()),
    ];
    call.whole_list("TierPoint", &of)
}
