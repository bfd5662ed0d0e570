//! Locations: found by any of their names, and made for a name that is new.

mod find;
mod nested;

pub(super) use find::{named, named_or_made};

use super::{Change, Family, Rule};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::rules::changes::{KEPT, tell};

pub(super) const FAMILY: Family = Family {
    rules: &[Rule {
        operation: "locations.showBy",
        fact: "A location is read by another kind of key: `external_id`, `external_code`, `handle` or `id` [seen], under that name [inferred].",
        answer: show_by,
    }],
    changes: &[Change {
        kind: "Location",
        fact: "A location's address and hours are records with ids of their own [sent]; a location that is made or changed tells `location.created` or `location.updated` [seen].",
        before: Some(nested::complete),
        after: Some(|context, old, new| tell(context, "location", KEPT, "Location", old, new)),
    }],
    views: &[],
    work: &[],
};

fn show_by(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let found = match call.param("idType") {
        "id" => call.store().get("Location", call.param("id"))?,
        member @ ("external_id" | "external_code" | "handle" | "name") => {
            call.first("Location", &[(member, call.param("id").into())])?
        }
        _ => None,
    };
    found.map(Answer::One).ok_or(Refusal::NotFound)
}
