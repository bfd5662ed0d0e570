//! Deleting a profile, which keeps its data, and purging it, which does not.

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[
        Rule {
            operation: "profiles.destroy",
            fact: "A deleted profile is in no answer and its data is kept [seen]; its email, phone and identities are free again [inferred].",
            answer: destroy,
        },
        Rule {
            operation: "profiles.purge",
            fact: "A purged profile is gone with its transactions, incentives, interactions and all else that is its own [seen], deleted before or not [inferred].",
            answer: purge,
        },
    ],
    changes: &[],
    views: &[],
    work: &[],
};

/// Where deleted profiles are: beside the others, so that nothing finds them.
pub(super) const DELETED: &str = "~deleted-profile";

/// Members of any kind that name the profile whose the record is.
pub(super) const OWNERS: [&str; 3] = ["profile_id", "connected_id", "connector_id"];

/// What belongs to what a profile owns: the kind, its member, and the kind of the owner.
const PARTS: [(&str, &str, &str); 6] = [
    ("TransactionItem", "transaction_id", "Transaction"),
    ("OrderItem", "order_id", "Order"),
    ("RedemptionItem", "redemption_id", "Redemption"),
    ("ProductListItem", "product_list_id", "ProductList"),
    ("ProductListShare", "product_list_id", "ProductList"),
    ("ProductListReservation", "product_list_id", "ProductList"),
];

fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    call.delete("Profile", &profile)?;
    set_aside(call, profile, Record::new())?;
    Ok(Answer::Empty)
}

/// Keeps a profile that was removed, with its identities, which no longer stand for it.
pub(super) fn set_aside(
    context: &mut Context<'_>,
    mut profile: Record,
    notes: Record,
) -> Result<(), Refusal> {
    let id = profile.text("id").unwrap_or_default();
    let identities = context.find("Identity", &[("profile_id", id.into())])?;
    for identity in &identities {
        context.delete("Identity", identity)?;
    }
    let identities: Vec<_> = identities.into_iter().map(Value::Object).collect();
    profile.set("_identities", identities);
    profile.set("profile_type", "deleted");
    profile.set("deleted_at", context.stamp());
    profile.extend(notes);
    context.store().insert(DELETED, &profile)?;
    Ok(())
}

fn purge(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = match call.profile() {
        Ok(profile) => {
            call.delete("Profile", &profile)?;
            profile.text("id").unwrap_or_default()
        }
        Err(Refusal::NotFound) => {
            let id = call.param("profile");
            if !call.store().delete(DELETED, id)? {
                return Err(Refusal::NotFound);
            }
            id.to_owned()
        }
        Err(other) => return Err(other),
    };
    for (kind, _) in call.store().counts()? {
        for owner in OWNERS {
            for record in call.find(&kind, &[(owner, id.as_str().into())])? {
                remove(call, &kind, &record)?;
            }
        }
    }
    Ok(Answer::Empty)
}

/// Removes a record with its parts. Nothing follows from it: whoever it mattered to is gone.
fn remove(context: &Context<'_>, kind: &str, record: &Record) -> Result<(), Refusal> {
    let id = record.text("id").unwrap_or_default();
    for (part, member, owner) in PARTS {
        if owner == kind {
            for part_record in context.find(part, &[(member, id.as_str().into())])? {
                remove(context, part, &part_record)?;
            }
        }
    }
    context.store().delete(kind, &id)?;
    Ok(())
}
