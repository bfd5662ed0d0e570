//! What a price earns.

use std::collections::HashSet;

use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt, number};

pub(super) fn calculate(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let member = |name: &str| call.body.value(name);
    let mut rates = call.find(
        "Rate",
        &[
            ("handle", member("handle")),
            ("type", member("type")),
            ("code", member("code")),
        ],
    )?;
    let place = call
        .body
        .map("location")
        .and_then(|location| location.text("id"));
    rates.retain(|rate| {
        let is_here = !rate.has("location_id") || rate.text("location_id") == place;
        is_here && rate.flag("is_archived") != Some(true) && is_now(call, rate)
    });
    // A rate of this place first, then by priority, the default last.
    let best = rates.iter().max_by_key(|rate| {
        let priority = rate.integer("priority").unwrap_or_default();
        (
            rate.has("location_id"),
            priority,
            rate.flag("is_default") != Some(true),
        )
    });
    let rate = best
        .and_then(|rate| rate.amount("rate"))
        .unwrap_or_default();
    let price = call.body.amount("price").unwrap_or_default();
    let total = price.checked_mul(rate);
    let total = total.ok_or_else(|| Refusal::invalid("price", "The price is too great."))?;
    Ok(Answer::Json(json!({ "total": number(total) })))
}

fn is_now(call: &Call<'_>, rate: &Record) -> bool {
    let now = call.now();
    rate.time("start_time").is_none_or(|start| start <= now)
        && rate.time("end_time").is_none_or(|end| now < end)
}

pub(super) fn search(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let attribute = call.param("attribute").to_owned();
    let mut rates = call.find("Rate", &[])?;
    let mut seen = HashSet::new();
    rates.retain(|rate| {
        rate.text(&attribute)
            .is_some_and(|value| seen.insert(value))
    });
    Ok(Answer::Many(rates))
}
