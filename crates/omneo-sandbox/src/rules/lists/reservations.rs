//! Reservations: promises to buy an item of a shared list.

use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use super::{allowed, definition};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, stamp};
use crate::rules::{Change, Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "list.items.reservations.index",
            fact: "The reservations of an item come without pages [seen].",
            answer: |call| {
                let item = item(call)?;
                of(call, &item).map(Answer::Many)
            },
        },
        Rule {
            operation: "list.items.reservations.store",
            fact: "An item of a shared list is reserved by a profile or by an id from elsewhere, if the definition allows it [seen].",
            answer: store,
        },
        Rule {
            operation: "list.items.reservations.show",
            fact: "A reservation is one of the item that the path names [inferred].",
            answer: |call| reservation(call).map(|(_, reservation)| Answer::One(reservation)),
        },
        Rule {
            operation: "list.items.reservations.update",
            fact: "The quantity of a reservation is changed within what is left of the item [inferred].",
            answer: update,
        },
        Rule {
            operation: "list.items.reservations.destroy",
            fact: "What was reserved is free again when the reservation is removed [seen].",
            answer: destroy,
        },
        Rule {
            operation: "profiles.reservations.index",
            fact: "The reservations that a profile made come with their items [seen].",
            answer: |call| {
                let profile = call.profile()?;
                call.list(KIND, &[("profile_id", profile.value("id"))])
            },
        },
    ],
    changes: &[Change {
        kind: KIND,
        fact: "All reservations of an item together are at most its quantity; those that expired don't count [inferred].",
        before: Some(before),
        after: None,
    }],
    views: &[],
    work: &[],
};

const KIND: &str = "ProductListReservation";

fn before(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    let item = new.text("product_list_item_id").unwrap_or_default();
    let item = context.get("ProductListItem", &item)?;
    let quantity = new.integer("quantity").unwrap_or_default();
    if quantity < 1 {
        return Err(Refusal::invalid(
            "quantity",
            "The quantity must be at least 1.",
        ));
    }
    let mut left = item.integer("quantity").unwrap_or(1);
    for other in of(context, &item)? {
        let is_same = old.is_some_and(|old| old.get("id") == other.get("id"));
        let has_expired = other
            .time("expires_at")
            .is_some_and(|end| end <= context.now());
        if !is_same && !has_expired {
            left = left.saturating_sub(other.integer("quantity").unwrap_or_default());
        }
    }
    if quantity > left {
        return Err(Refusal::invalid(
            "quantity",
            format!("The quantity may not be greater than {}.", left.max(0)),
        ));
    }
    if new.has("profile_id") {
        context.profile_of(new)?;
    }
    Ok(())
}

fn of(context: &Context<'_>, item: &Record) -> Result<Vec<Record>, Refusal> {
    context.find(KIND, &[("product_list_item_id", item.value("id"))])
}

/// The item that the path names.
fn item(call: &Call<'_>) -> Result<Record, Refusal> {
    call.get("ProductListItem", call.param("item"))
}

fn reservation(call: &Call<'_>) -> Result<(Record, Record), Refusal> {
    let item = item(call)?;
    let reservation = call.get(KIND, call.param("reservation"))?;
    if reservation.text("product_list_item_id") == item.text("id") {
        Ok((item, reservation))
    } else {
        Err(Refusal::NotFound)
    }
}

fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let item = item(call)?;
    let list = call.get(
        "ProductList",
        &item.text("product_list_id").unwrap_or_default(),
    )?;
    allowed(
        call,
        &list,
        "allow_reserve",
        "product_list_item_id",
        "The list definition does not allow reservations.",
    )?;
    let shares = [("product_list_id", list.value("id"))];
    if call.first("ProductListShare", &shares)?.is_none() {
        return Err(Refusal::invalid(
            "product_list_item_id",
            "The list is not shared.",
        ));
    }
    let mut reservation = call.body.clone();
    if !reservation.has("profile_id") && !reservation.has("external_profile_id") {
        return Err(Refusal::invalid(
            "profile_id",
            "The profile id field is required when external profile id is not present.",
        ));
    }
    if !reservation.has("expires_at") {
        let expires = expiry(call, &list)?;
        reservation.set("expires_at", expires.map(stamp));
    }
    reservation.insert("product_list_item_id".to_owned(), item.value("id"));
    reservation.insert("product_list_id".to_owned(), list.value("id"));
    call.create(KIND, reservation).map(Answer::One)
}

/// When a reservation made now expires, by the list's definition.
fn expiry(context: &Context<'_>, list: &Record) -> Result<Option<Timestamp>, Refusal> {
    let Some(definition) = definition(context, list)? else {
        return Ok(None);
    };
    let unit = definition
        .text("reservation_period_type")
        .unwrap_or_default();
    if unit == "absolute_date" {
        return Ok(definition.time("reservation_absolute_expiry"));
    }
    let Some(count) = definition.integer("reservation_period") else {
        return Ok(None);
    };
    let span = match unit.as_str() {
        "weeks" => Span::new().try_weeks(count),
        "months" => Span::new().try_months(count),
        "years" => Span::new().try_years(count),
        "days" => Span::new().try_days(count),
        _ => return Ok(None),
    };
    let now = context.now().to_zoned(TimeZone::UTC);
    let end = span.ok().and_then(|span| now.checked_add(span).ok());
    Ok(end.map(|end| end.timestamp()))
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (_, old) = reservation(call)?;
    let mut new = old.clone();
    new.copy(&call.body, &["quantity", "expires_at", "timezone"]);
    call.update(KIND, &old, new).map(Answer::One)
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (_, reservation) = reservation(call)?;
    call.delete(KIND, &reservation)?;
    Ok(Answer::Empty)
}
