//! Making, changing and deleting orders, and telling of them again.

use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::rules::sales::{self, ORDER};

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = call.body.clone();
    sales::store(call, &ORDER, &body).map(Answer::One)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = call.get("Order", call.param("order"))?;
    let body = call.body.clone();
    sales::change(call, &ORDER, &old, &body).map(Answer::One)
}

pub(super) fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let order = call.get("Order", call.param("order"))?;
    sales::destroy(call, &ORDER, &order)?;
    Ok(Answer::Empty)
}

pub(super) fn resend(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let order = call.get("Order", call.param("order"))?;
    call.event("order.updated", "Order", &order)?;
    Ok(Answer::Json(json!({ "data": "OK" })))
}

pub(super) fn store_of_profile(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let body = owned(call)?;
    sales::store(call, &ORDER, &body).map(Answer::One)
}

pub(super) fn update_of_profile(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = of_profile(call)?;
    let body = owned(call)?;
    sales::change(call, &ORDER, &old, &body).map(Answer::One)
}

pub(super) fn destroy_of_profile(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let order = of_profile(call)?;
    sales::destroy(call, &ORDER, &order)?;
    Ok(Answer::Empty)
}

/// The body, with the path's profile for whichever it names.
fn owned(call: &Call<'_>) -> Result<Record, Refusal> {
    let profile = call.profile()?;
    let mut body = call.body.clone();
    body.remove("profile_id_handle");
    let id = profile.value("id");
    body.insert("profile_id".to_owned(), id);
    Ok(body)
}

/// The order that the path names, if it is the profile's.
fn of_profile(call: &Call<'_>) -> Result<Record, Refusal> {
    let profile = call.profile()?.text("id");
    let order = call.get("Order", call.param("order"))?;
    let is_own = profile.is_some() && order.text("profile_id") == profile;
    is_own.then_some(order).ok_or(Refusal::NotFound)
}
