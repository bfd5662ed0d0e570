//! The items of lists: products of the catalogue, or custom ones.

use serde_json::{Value, json};

use super::{allowed, named, products};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::changes::{KEPT, tell};
use crate::rules::{Change, Family, Rule, View};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.lists.items.index",
            fact: "The items of a list come in the order of their positions [inferred].",
            answer: |call| {
                let id = named(call)?.text("id").unwrap_or_default();
                of(call, &id).map(Answer::Many)
            },
        },
        Rule {
            operation: "profiles.lists.items.store",
            fact: "An item names a product by one of six members [seen].",
            answer: |call| {
                let list = named(call)?;
                let members = call.body.clone();
                add(call, &list, members).map(Answer::One)
            },
        },
        Rule {
            operation: "profiles.lists.items.show",
            fact: "An item is one of the list that the path names [inferred].",
            answer: |call| item(call).map(|(_, item)| Answer::One(item)),
        },
        Rule {
            operation: "profiles.lists.items.update",
            fact: "An item is changed by itself too [seen].",
            answer: update,
        },
        Rule {
            operation: "profiles.lists.items.destroy",
            fact: "Removing an item answers the items that remain [sent].",
            answer: destroy,
        },
        Rule {
            operation: "profiles.lists.custom.store",
            fact: "A product of the customer's own makes an item, if the definition allows it [seen].",
            answer: add_custom,
        },
    ],
    changes: &[Change {
        kind: KIND,
        fact: "An item has a quantity, a position after the others and the status remaining if it says nothing [inferred]; its changes are events [seen].",
        before: Some(before),
        after: Some(after),
    }],
    views: &[View {
        kind: KIND,
        fact: "An item comes with its product, its reservations and the transaction items that are linked to it [seen].",
        complete,
    }],
    work: &[],
};

const KIND: &str = "ProductListItem";

fn before(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    products::resolve(context, new)?;
    if old.is_some() {
        return Ok(());
    }
    if !new.has("position") {
        let list = new.text("product_list_id").unwrap_or_default();
        let positions = of(context, &list)?;
        let last = positions
            .iter()
            .filter_map(|item| item.integer("position"))
            .max();
        new.set("position", last.unwrap_or(0).saturating_add(1));
    }
    for (member, value) in [("quantity", json!(1)), ("status", json!("remaining"))] {
        if !new.has(member) {
            new.set(member, value);
        }
    }
    Ok(())
}

fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    if let (Some(old), None) = (old, new) {
        let equal = [("product_list_item_id", old.value("id"))];
        for reservation in context.find("ProductListReservation", &equal)? {
            context.delete("ProductListReservation", &reservation)?;
        }
    }
    tell(context, "product-list-item", KEPT, KIND, old, new)
}

fn complete(context: &Context<'_>, item: &mut Record) -> Result<(), Refusal> {
    let nested = [
        ("custom_product", "CustomProduct"),
        ("product", "Product"),
        ("product_category", "ProductCategory"),
        ("product_variant", "ProductVariant"),
        ("location", "Location"),
    ];
    for (member, kind) in nested {
        let record = match item.text(&format!("{member}_id")) {
            Some(id) => context.store().get(kind, &id)?,
            None => None,
        };
        item.set(member, record.map(Value::Object));
    }
    let equal = [("product_list_item_id", item.value("id"))];
    let reservations = context.find("ProductListReservation", &equal)?;
    let reservations: Vec<_> = reservations.into_iter().map(Value::Object).collect();
    item.set("reservations", reservations);
    Ok(())
}

/// The items of a list, by position.
pub(super) fn of(context: &Context<'_>, list: &str) -> Result<Vec<Record>, Refusal> {
    let mut items = context.find(KIND, &[("product_list_id", list.into())])?;
    items.sort_by_key(|item| item.integer("position").unwrap_or(i64::MAX));
    Ok(items)
}

/// Adds an item to a list.
pub(super) fn add(
    context: &mut Context<'_>,
    list: &Record,
    mut item: Record,
) -> Result<Record, Refusal> {
    if !products::is_named(&item) {
        return Err(Refusal::invalid(
            "product_id",
            "The product id field is required when none of product variant id, product variant sku, product variant barcode, product category id, \
             external id are present.",
        ));
    }
    quantity(context, list, &item)?;
    item.remove("id");
    item.insert("product_list_id".to_owned(), list.value("id"));
    context.create(KIND, item)
}

/// Refuses more than one of an item where the definition allows no quantity.
fn quantity(context: &Context<'_>, list: &Record, item: &Record) -> Result<(), Refusal> {
    match item.integer("quantity") {
        Some(quantity) if quantity > 1 => allowed(
            context,
            list,
            "allow_quantity",
            "quantity",
            "The list definition does not allow a quantity.",
        ),
        _ => Ok(()),
    }
}

/// Changes the items of a list to those of a body.
pub(super) fn put_all(
    call: &mut Call<'_>,
    list: &Record,
    items: &[Value],
    keep_others: bool,
) -> Result<(), Refusal> {
    let id = list.text("id").unwrap_or_default();
    let held = of(call, &id)?;
    let mut named = Vec::new();
    for (index, item) in items.iter().filter_map(Value::as_object).enumerate() {
        let within = format!("items.{index}");
        let put = match item.text("id") {
            Some(id) => {
                let old = held.iter().find(|old| old.text("id").as_ref() == Some(&id));
                let old = old.ok_or_else(|| Refusal::unknown(format!("{within}.id")))?;
                change(call, list, old, item.clone())
            }
            None => add(call, list, item.clone()),
        };
        let put = crate::rules::profiles::within(&within, put)?;
        named.push(put.text("id"));
    }
    if !keep_others {
        for other in held.iter().filter(|held| !named.contains(&held.text("id"))) {
            call.delete(KIND, other)?;
        }
    }
    Ok(())
}

fn change(
    context: &mut Context<'_>,
    list: &Record,
    old: &Record,
    changes: Record,
) -> Result<Record, Refusal> {
    quantity(context, list, &changes)?;
    let mut new = old.clone();
    new.extend(changes);
    for own in ["id", "product_list_id"] {
        new.insert(own.to_owned(), old.value(own));
    }
    context.update(KIND, old, new)
}

/// The list and the item that the path names.
fn item(call: &Call<'_>) -> Result<(Record, Record), Refusal> {
    let list = named(call)?;
    let item = call.get(KIND, call.param("item"))?;
    if item.text("product_list_id") == list.text("id") {
        Ok((list, item))
    } else {
        Err(Refusal::NotFound)
    }
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (list, old) = item(call)?;
    let changes = call.body.clone();
    change(call, &list, &old, changes).map(Answer::One)
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let (list, item) = item(call)?;
    call.delete(KIND, &item)?;
    of(call, &list.text("id").unwrap_or_default()).map(Answer::Many)
}

fn add_custom(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let list = named(call)?;
    allowed(
        call,
        &list,
        "allow_custom_product",
        "name",
        "The list definition does not allow custom products.",
    )?;
    let mut product = call.body.clone();
    let mut item = Record::new();
    for member in ["quantity", "position"] {
        if let Some(value) = product.remove(member).filter(|value| !value.is_null()) {
            item.insert(member.to_owned(), value);
        }
    }
    let product = call.create("CustomProduct", product)?;
    item.insert("custom_product_id".to_owned(), product.value("id"));
    add(call, &list, item).map(Answer::One)
}
