//! The lists of profiles.

use serde_json::Value;

use super::{allowed, free_handle, items, named};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::changes::{KEPT, tell};
use crate::rules::{Change, Family, Rule, View};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.lists.store",
            fact: "A list is made from a definition that is active [seen], with the items of the body [seen].",
            answer: store,
        },
        Rule {
            operation: "profiles.lists.show",
            fact: "A list of a profile is named by its id or its handle [seen].",
            answer: |call| named(call).map(Answer::One),
        },
        Rule {
            operation: "profiles.lists.update",
            fact: "The items of the body are matched by id; those it doesn't name are removed, unless update_items_only is true [seen].",
            answer: update,
        },
        Rule {
            operation: "profiles.lists.destroy",
            fact: "A list is deleted if its definition allows it [inferred].",
            answer: destroy,
        },
        Rule {
            operation: "product-lists.search",
            fact: "The lists of all profiles are searched together [seen].",
            answer: |call| call.list(KIND, &[]),
        },
    ],
    changes: &[Change {
        kind: KIND,
        fact: "A list has a handle that is its own among the profile's lists [inferred]; its changes are events [seen], and its items, shares and \
               reservations end with it [inferred].",
        before: Some(before),
        after: Some(after),
    }],
    views: &[View {
        kind: KIND,
        fact: "A list comes with its definition, items and shares, and is shared while it has one [seen].",
        complete,
    }],
    work: &[],
};

const KIND: &str = "ProductList";

/// What ends with a list.
const PARTS: [&str; 3] = [
    "ProductListReservation",
    "ProductListItem",
    "ProductListShare",
];

fn before(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    new.remove("items");
    new.remove("update_items_only");
    if let Some(definition) = new.text("list_definition_id")
        && old.is_none()
    {
        let definition = context.store().get("ListDefinition", &definition)?;
        let definition = definition.ok_or_else(|| Refusal::unknown("list_definition_id"))?;
        for switch in ["is_active", "allow_new"] {
            if definition.flag(switch) == Some(false) {
                return Err(Refusal::invalid(
                    "list_definition_id",
                    "The list definition does not allow new lists.",
                ));
            }
        }
    }
    let profile = new.text("profile_id").unwrap_or_default();
    let moved = old.and_then(|old| old.text("profile_id")) != Some(profile.clone());
    if moved && context.store().get("Profile", &profile)?.is_none() {
        return Err(Refusal::unknown("profile_id"));
    }
    if !new.has("handle") {
        let wanted = slug(&new.text("name").unwrap_or_default());
        let handle = free_handle(context, &profile, &wanted)?;
        new.set("handle", handle);
    } else if moved {
        let handle = new.text("handle").unwrap_or_default();
        if free_handle(context, &profile, &handle)? != handle {
            return Err(Refusal::invalid(
                "handle",
                "The handle has already been taken.",
            ));
        }
    }
    Ok(())
}

fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    if new.is_some() {
        return tell(context, "product-list", KEPT, KIND, old, new);
    }
    let id = old.and_then(|old| old.text("id")).unwrap_or_default();
    for part in PARTS {
        for record in context.find(part, &[("product_list_id", id.as_str().into())])? {
            context.delete(part, &record)?;
        }
    }
    Ok(())
}

fn complete(context: &Context<'_>, list: &mut Record) -> Result<(), Refusal> {
    let id = list.text("id").unwrap_or_default();
    if let Some(definition) = super::definition(context, list)? {
        list.set("definition", definition);
    }
    let items = items::of(context, &id)?;
    list.set(
        "items",
        items.into_iter().map(Value::Object).collect::<Vec<_>>(),
    );
    let shares = context.find("ProductListShare", &[("product_list_id", id.into())])?;
    list.set("is_shared", !shares.is_empty());
    list.set(
        "shares",
        shares.into_iter().map(Value::Object).collect::<Vec<_>>(),
    );
    Ok(())
}

fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    let mut list = call.body.clone();
    let items = list.remove("items");
    list.insert("profile_id".to_owned(), profile.value("id"));
    let list = call.create(KIND, list)?;
    for (index, item) in items.iter().flat_map(Value::as_array).flatten().enumerate() {
        let members = item.as_object().cloned().unwrap_or_default();
        let added = items::add(call, &list, members);
        crate::rules::profiles::within(&format!("items.{index}"), added)?;
    }
    Ok(Answer::One(list))
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = named(call)?;
    allowed(
        call,
        &old,
        "allow_edit",
        "list",
        "The list definition does not allow its lists to be edited.",
    )?;
    let mut new = old.clone();
    let changes = call.body.clone();
    let keep_others = changes.flag("update_items_only") == Some(true);
    let items = changes.get("items").cloned();
    new.extend(changes.into_iter().filter(|(name, _)| {
        !["id", "handle", "items", "update_items_only"].contains(&name.as_str())
    }));
    let list = call.update(KIND, &old, new)?;
    if let Some(Value::Array(items)) = items {
        items::put_all(call, &list, &items, keep_others)?;
    }
    Ok(Answer::One(list))
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let list = named(call)?;
    allowed(
        call,
        &list,
        "allow_delete",
        "list",
        "The list definition does not allow its lists to be deleted.",
    )?;
    call.delete(KIND, &list)?;
    Ok(Answer::Empty)
}

/// A name as a handle: `Birthday Wishlist` is `birthday-wishlist`.
fn slug(name: &str) -> String {
    let name = name.to_lowercase();
    let words = name.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        "list".to_owned()
    } else {
        words.join("-")
    }
}
