//! Staff: profiles with a staff number.

use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "staff.store",
            fact: "A member of staff is a profile with an identity [seen]; the identity's handle is staff [sent in 2018].",
            answer: store,
        },
        Rule {
            operation: "staff.show",
            fact: "A member of staff is answered as a list of one profile [seen].",
            answer: |call| Ok(Answer::Many(vec![named(call)?.0])),
        },
        Rule {
            operation: "staff.update",
            fact: "A change of the staff number changes the identity [inferred].",
            answer: update,
        },
        Rule {
            operation: "staff.destroy",
            fact: "Who is no longer staff stays a profile without the identity [inferred].",
            answer: destroy,
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

/// The handle of the identity that makes a profile one of staff.
const HANDLE: &str = "staff";

fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut profile = call.body.clone();
    let number = profile.remove("staff_id").unwrap_or_default();
    let identity = json!({ "handle": HANDLE, "identifier": number });
    profile.set("identities", vec![identity]);
    call.create("Profile", profile).map(Answer::One)
}

/// The member of staff that the path names by the profile's id or by the staff number, and the identity.
fn named(call: &Call<'_>) -> Result<(Record, Record), Refusal> {
    let staff = call.param("staff");
    for member in ["profile_id", "identifier"] {
        let equal = [(member, staff.into()), ("handle", HANDLE.into())];
        if let Some(identity) = call.first("Identity", &equal)? {
            let id = identity.text("profile_id").unwrap_or_default();
            return Ok((call.get("Profile", &id)?, identity));
        }
    }
    Err(Refusal::NotFound)
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (old, identity) = named(call)?;
    let mut new = old.clone();
    new.extend(call.body.clone());
    if let Some(number) = new.remove("staff_id") {
        let mut renumbered = identity.clone();
        renumbered.set("identifier", number);
        call.update("Identity", &identity, renumbered)?;
    }
    call.update("Profile", &old, new).map(Answer::One)
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (_, identity) = named(call)?;
    call.delete("Identity", &identity)?;
    Ok(Answer::Empty)
}
