//! The ledger of a profile, as it is read.

use super::account;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.ledgers.index",
            fact: "The ledger has an entry for each change of value, in the order of the changes, what the clock brought included [inferred].",
            answer: index,
        },
        Rule {
            operation: "profiles.ledgers.show",
            fact: "An entry is read under the profile whose ledger has it [seen].",
            answer: show,
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

fn index(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = settled(call)?;
    call.whole_list("Ledger", &[("profile_id", id.into())])
}

fn show(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = settled(call)?;
    call.owned("Ledger", "ledger", &id).map(Answer::One)
}

/// The id of the profile, whose ledger is up to date.
fn settled(call: &mut Call<'_>) -> Result<String, Refusal> {
    let profile = call.profile()?;
    let id = profile.text("id").unwrap_or_default();
    account::settle(call, &id)?;
    Ok(id)
}
