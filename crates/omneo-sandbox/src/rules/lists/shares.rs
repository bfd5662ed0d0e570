//! Shares of lists: codes by which others see them.

use super::{allowed, named};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::changes::tell;
use crate::rules::{Change, Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.lists.shares.index",
            fact: "The shares of a list come without pages [inferred].",
            answer: |call| {
                let list = named(call)?;
                of(call, &list).map(Answer::Many)
            },
        },
        Rule {
            operation: "profiles.lists.shares.store",
            fact: "Sharing a list makes a code, if its definition allows it [seen].",
            answer: store,
        },
        Rule {
            operation: "profiles.lists.shares.show",
            fact: "A share is named by its id, and is one of the list [inferred].",
            answer: |call| share(call).map(Answer::One),
        },
        Rule {
            operation: "profiles.lists.shares.update",
            fact: "Nothing of a share can be changed but what its body adds [inferred].",
            answer: update,
        },
        Rule {
            operation: "profiles.lists.shares.destroy",
            fact: "A list whose last share is removed is no longer shared [seen].",
            answer: destroy,
        },
        Rule {
            operation: "lists.shares.show",
            fact: "Who has the code sees the list and the profile [seen].",
            answer: |call| shared(call).map(Answer::One),
        },
        Rule {
            operation: "lists.shares.no_profile",
            fact: "Who has the code sees the list without the profile [seen].",
            answer: |call| shared(call).map(Answer::One),
        },
    ],
    changes: &[Change {
        kind: KIND,
        fact: "Making and removing a share are events [seen].",
        before: None,
        after: Some(after),
    }],
    views: &[],
    work: &[],
};

const KIND: &str = "ProductListShare";

fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    tell(
        context,
        "product-list-share",
        &["created", "deleted"],
        KIND,
        old,
        new,
    )
}

fn of(context: &Context<'_>, list: &Record) -> Result<Vec<Record>, Refusal> {
    context.find(KIND, &[("product_list_id", list.value("id"))])
}

fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let list = named(call)?;
    allowed(
        call,
        &list,
        "allow_share",
        "list",
        "The list definition does not allow its lists to be shared.",
    )?;
    let number = call.store().next_number("~share-code")?;
    let mut share = Record::new();
    share.set("handle", call.uuid(KIND, number));
    share.insert("product_list_id".to_owned(), list.value("id"));
    share.insert("profile_id".to_owned(), list.value("profile_id"));
    call.create(KIND, share).map(Answer::One)
}

fn share(call: &Call<'_>) -> Result<Record, Refusal> {
    let list = named(call)?;
    let share = call.get(KIND, call.param("share"))?;
    if share.text("product_list_id") == list.text("id") {
        Ok(share)
    } else {
        Err(Refusal::NotFound)
    }
}

fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = share(call)?;
    let mut new = call.body.clone();
    new.extend(old.clone());
    call.update(KIND, &old, new).map(Answer::One)
}

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let share = share(call)?;
    call.delete(KIND, &share)?;
    Ok(Answer::Empty)
}

/// The share with the code of the path. The schema of each answer says how much of the profile it has.
fn shared(call: &Call<'_>) -> Result<Record, Refusal> {
    let equal = [("handle", call.param("handle").into())];
    let share = call.first(KIND, &equal)?.ok_or(Refusal::NotFound)?;
    // The list of someone who was deleted is in no answer.
    call.get("Profile", &share.text("profile_id").unwrap_or_default())?;
    Ok(share)
}
