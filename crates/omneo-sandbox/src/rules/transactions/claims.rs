//! Claims: a customer asks that a sale of nobody is put on their profile.

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};

const CLAIM: &str = "TransactionClaim";

const MEMBERS: [&str; 4] = [
    "transaction_receipt_ref",
    "transaction_transacted_at",
    "transaction_timezone",
    "transaction_location_external_code",
];

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    let mut claim = Record::new();
    for member in MEMBERS {
        // A receipt's number may come as a number, and is text.
        let value = call.body.text(member).map_or(Value::Null, Value::from);
        claim.insert(member.to_owned(), value);
    }
    let total = call
        .body
        .amount("transaction_total")
        .map_or(Value::Null, number);
    claim.insert("transaction_total".to_owned(), total);
    claim.insert("profile_id".to_owned(), profile.value("id"));
    claim.set("status", "pending");
    claim.set("attempts", 0);
    let claim = call.create(CLAIM, claim)?;
    let receipt = claim.value("transaction_receipt_ref");
    let receipts = call.find("Transaction", &[("receipt_ref", receipt)])?;
    let mut found = None;
    for transaction in receipts {
        if is_meant(call, &claim, &transaction)? {
            found = Some(transaction);
            break;
        }
    }
    attempt(call, &claim, found).map(Answer::One)
}

/// Puts a new transaction on the profile whose claim waits for it.
pub(super) fn settle(context: &mut Context<'_>, transaction: &Record) -> Result<(), Refusal> {
    let Some(receipt) = transaction.text("receipt_ref") else {
        return Ok(());
    };
    let waiting = [
        ("transaction_receipt_ref", receipt.into()),
        ("status", "pending".into()),
    ];
    for claim in context.find(CLAIM, &waiting)? {
        if is_meant(context, &claim, transaction)? {
            attempt(context, &claim, Some(transaction.clone()))?;
            break;
        }
    }
    Ok(())
}

/// Whether a claim is for a transaction: of nobody, with the same receipt, total, day and location, as far as the claim tells.
fn is_meant(context: &Context<'_>, claim: &Record, transaction: &Record) -> Result<bool, Refusal> {
    let day = |record: &Record, member| -> Option<String> {
        record.text(member)?.get(..10).map(str::to_owned)
    };
    let claimed = day(claim, "transaction_transacted_at");
    let is_day = claimed.is_none() || claimed == day(transaction, "transacted_at");
    let is_same = !transaction.has("profile_id")
        && transaction.flag("is_void") != Some(true)
        && is_day
        && transaction.text("receipt_ref") == claim.text("transaction_receipt_ref")
        && transaction.amount("total") == claim.amount("transaction_total");
    let Some(code) = claim.text("transaction_location_external_code") else {
        return Ok(is_same);
    };
    if !is_same {
        return Ok(false);
    }
    let location = match transaction.text("location_id") {
        Some(id) => context.store().get("Location", &id)?,
        None => None,
    };
    let is_place = location.is_some_and(|location| {
        // A location that was made for a name has it as its external id.
        ["external_code", "external_id"]
            .iter()
            .any(|member| location.text(member).as_ref() == Some(&code))
    });
    Ok(is_place)
}

/// Notes that a claim was looked at, and what was found.
fn attempt(
    context: &mut Context<'_>,
    claim: &Record,
    found: Option<Record>,
) -> Result<Record, Refusal> {
    let mut done = claim.clone();
    let attempts = claim.integer("attempts").unwrap_or_default();
    done.set("attempts", attempts.saturating_add(1));
    done.set("last_checked_at", context.stamp());
    if let Some(transaction) = found {
        let mut attached = transaction.clone();
        let profile = claim.value("profile_id");
        attached.insert("profile_id".to_owned(), profile);
        attached.set("claimed_at", context.stamp());
        let attached = context.update("Transaction", &transaction, attached)?;
        done.set("status", "claimed");
        done.set("claimed_at", context.stamp());
        let id = attached.value("id");
        done.insert("claimed_transaction_id".to_owned(), id);
    }
    context.update(CLAIM, claim, done)
}
