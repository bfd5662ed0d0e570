//! Making, changing, voiding and deleting transactions.

use serde_json::{Value, json};

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::rules::sales::{self, TRANSACTION};

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body.clone();
    sales::store(call, &TRANSACTION, &body).map(Answer::One)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = call.get("Transaction", call.param("transaction"))?;
    let body = call.body.clone();
    sales::change(call, &TRANSACTION, &old, &body).map(Answer::One)
}

pub(super) fn update_create(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body.clone();
    sales::upsert(call, &TRANSACTION, &body).map(Answer::One)
}

pub(super) fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let record = call.get("Transaction", call.param("transaction"))?;
    sales::destroy(call, &TRANSACTION, &record)?;
    Ok(Answer::Empty)
}

pub(super) fn unattach(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = of_profile(call)?;
    let mut record = old.clone();
    record.insert("profile_id".to_owned(), Value::Null);
    record.insert("claimed_at".to_owned(), Value::Null);
    call.update("Transaction", &old, record)?;
    Ok(ok())
}

/// The transaction that the path names, if it is the profile's.
fn of_profile(call: &Call<'_>) -> Result<Record, Refusal> {
    let profile = call.profile()?.text("id");
    let transaction = call.get("Transaction", call.param("transaction"))?;
    let is_own = profile.is_some() && transaction.text("profile_id") == profile;
    is_own.then_some(transaction).ok_or(Refusal::NotFound)
}

/// What is answered where the answer is not known.
pub(super) fn ok() -> Answer {
    Answer::Json(json!({ "data": "OK" }))
}
