//! Lines that fulfil an item of a list, such as a wish.

use std::collections::HashSet;

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// The kind of what links a line and an item of a list.
const LINK: &str = "~list-item-link";

pub(super) fn link(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let item = call.get("TransactionItem", call.param("item"))?;
    set(call, item)
}

pub(super) fn link_of_profile(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?.text("id");
    let item = call.get("TransactionItem", call.param("item"))?;
    let transaction = item.text("transaction_id").unwrap_or_default();
    let transaction = call.get("Transaction", &transaction)?;
    if transaction.text("profile_id") != profile {
        return Err(Refusal::NotFound);
    }
    set(call, item)
}

fn set(call: &mut Call<'_>, item: Record) -> Result<Answer, Refusal> {
    let id = call.body.text("product_list_item_id").unwrap_or_default();
    let wish = call.store().get("ProductListItem", &id)?;
    let wish = wish.ok_or_else(|| Refusal::unknown("product_list_item_id"))?;
    let key = [
        ("transaction_item_id", item.value("id")),
        ("product_list_item_id", wish.value("id")),
    ];
    let old = call.first(LINK, &key)?;
    match (call.body.text("type").as_deref(), old) {
        (Some("unlink"), Some(old)) => call.delete(LINK, &old)?,
        (Some("link"), None) => {
            let link = key.map(|(name, value)| (name.to_owned(), value));
            call.create(LINK, Record::from_iter(link))?;
            call.event("product-list-item.linked", "ProductListItem", &wish)?;
        }
        _ => {}
    }
    Ok(Answer::One(item))
}

/// The items of lists that a line is linked to.
pub(super) fn wishes(context: &Context<'_>, item: &Record) -> Result<Vec<Record>, Refusal> {
    let key = ("transaction_item_id", item.value("id"));
    others(context, key, "product_list_item_id", "ProductListItem")
}

/// The lines that an item of a list is linked to.
pub(super) fn lines(context: &Context<'_>, wish: &Record) -> Result<Vec<Record>, Refusal> {
    let key = ("product_list_item_id", wish.value("id"));
    others(context, key, "transaction_item_id", "TransactionItem")
}

fn others(
    context: &Context<'_>,
    key: (&str, Value),
    member: &str,
    kind: &str,
) -> Result<Vec<Record>, Refusal> {
    let mut found = Vec::new();
    for link in context.find(LINK, &[key])? {
        let id = link.text(member).unwrap_or_default();
        found.extend(context.store().get(kind, &id)?);
    }
    Ok(found)
}

pub(super) fn list(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let is_assigned = match call.param("type") {
        "assigned" => true,
        "unassigned" => false,
        _ => return Err(Refusal::NotFound),
    };
    let profile = call.profile()?;
    let transactions = call.find("Transaction", &[("profile_id", profile.value("id"))])?;
    let mut items = Vec::new();
    for transaction in transactions {
        items.extend(call.find(
            "TransactionItem",
            &[("transaction_id", transaction.value("id"))],
        )?);
    }
    let mut linked = HashSet::new();
    for item in &items {
        if call
            .first(LINK, &[("transaction_item_id", item.value("id"))])?
            .is_some()
        {
            linked.insert(item.text("id"));
        }
    }
    items.retain(|item| linked.contains(&item.text("id")) == is_assigned);
    Ok(Answer::Many(items))
}
