//! Interactions: what happened between a customer and the brand.

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::changes::tell;
use crate::rules::{Change, Family};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[],
    changes: &[Change {
        kind: KIND,
        fact: "An interaction is a profile's, named by its id or by an identity [seen], and a new one is an event [seen].",
        before: Some(before),
        after: Some(|context, old, new| tell(context, "interaction", &["created"], KIND, old, new)),
    }],
    views: &[],
    work: &[],
};

const KIND: &str = "Interaction";

fn before(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    let named = new.remove("identifier");
    if let Some(named) = named.as_ref().and_then(|named| named.as_object()) {
        let equal = [
            ("identifier", named.text("id").into()),
            ("handle", named.text("handle").into()),
        ];
        let identity = context.first("Identity", &equal)?;
        let identity = identity.ok_or_else(|| Refusal::unknown("identifier.id"))?;
        for (member, of) in [("identity_id", "id"), ("profile_id", "profile_id")] {
            new.insert(member.to_owned(), identity.value(of));
        }
    }
    if old.and_then(|old| old.get("profile_id")) == new.get("profile_id") && old.is_some() {
        return Ok(());
    }
    if context.profile_of(new)?.is_none() {
        return Err(Refusal::invalid(
            "profile_id",
            "The profile id field is required when identifier is not present.",
        ));
    }
    Ok(())
}
