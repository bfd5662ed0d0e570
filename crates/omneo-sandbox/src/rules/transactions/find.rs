//! Finding transactions.

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};

/// The most that are looked at for a profile.
const MOST: u64 = 1_000;

pub(super) fn external(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.param("externalId").into();
    let found = call.first("Transaction", &[("external_id", id)])?;
    found.map(Answer::One).ok_or(Refusal::NotFound)
}

pub(super) fn find(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    let mut select = call.query.select("Transaction", crate::resource::relation);
    if select.filters.is_empty() {
        let id = profile.value("id");
        select.equal.push(("profile_id".to_owned(), id));
    }
    (select.number, select.size) = (1, MOST);
    let (mut found, _) = call.store().select(&select)?;
    let id = profile.text("id");
    let is_open = |transaction: &Record| {
        let owner = transaction.text("profile_id");
        owner.is_none() || owner == id
    };
    found.retain(is_open);
    match found.is_empty() {
        true => Err(Refusal::NotFound),
        false => Ok(Answer::Many(found)),
    }
}

/// All transactions of a profile that are not void, in the order of adding.
pub(super) fn of_profile(call: &Call<'_>, profile: &Record) -> Result<Vec<Record>, Refusal> {
    let id: Value = profile.value("id");
    let mut found = call.find("Transaction", &[("profile_id", id)])?;
    found.retain(|transaction| transaction.flag("is_void") != Some(true));
    Ok(found)
}
