//! The products that a profile bought.

use std::collections::HashMap;

use serde_json::json;

use super::{find, group_page};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};

#[derive(Debug, Default)]
struct Bought {
    lines: usize,
    bought: i64,
    given_back: i64,
    latest: Option<String>,
    places: Vec<String>,
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    let since = call
        .query
        .text(&["filter", "transacted_at"])
        .map(str::to_owned);
    let mut bought: HashMap<String, Bought> = HashMap::new();
    for transaction in find::of_profile(call, &profile)? {
        let at = transaction.text("transacted_at");
        if since
            .as_ref()
            .is_some_and(|since| at.as_ref() < Some(since))
        {
            continue;
        }
        let place = match transaction.text("location_id") {
            Some(id) => call.store().get("Location", &id)?,
            None => None,
        };
        let place = place.and_then(|place| place.text("type"));
        let id = transaction.value("id");
        for item in call.find("TransactionItem", &[("transaction_id", id)])? {
            let Some(variant) = item.text("product_variant_id") else {
                continue;
            };
            let sums = bought.entry(variant).or_default();
            let quantity = item.integer("quantity").unwrap_or_default();
            sums.lines += 1;
            sums.bought = sums.bought.saturating_add(quantity.max(0));
            sums.given_back = sums
                .given_back
                .saturating_add(quantity.min(0).saturating_neg());
            sums.latest = sums.latest.take().max(at.clone());
            if let Some(place) = &place
                && !sums.places.contains(place)
            {
                sums.places.push(place.clone());
            }
        }
    }
    let mut rows = Vec::new();
    for (id, sums) in bought {
        if let Some(variant) = call.store().get("ProductVariant", &id)? {
            rows.push((variant, sums));
        }
    }
    // The newest first; of one time the first variant.
    rows.sort_by(|(a, sums), (b, others)| {
        let by_time = others.latest.cmp(&sums.latest);
        by_time.then_with(|| a.integer("id").cmp(&b.integer("id")))
    });
    Ok(group_page(call, rows, |(variant, sums)| {
        row(variant, &sums)
    }))
}

fn row(mut variant: Record, sums: &Bought) -> Record {
    let counts = json!({ "purchase_qty": sums.bought, "refund_qty": sums.given_back });
    variant.set("count", sums.lines);
    variant.set("purchase_qty", sums.bought);
    variant.set("refund_qty", sums.given_back);
    variant.set("latest_transacted_at", sums.latest.clone());
    variant.set("product", counts);
    let places = (!sums.places.is_empty()).then(|| sums.places.join(","));
    variant.set("location_types", places);
    variant
}
