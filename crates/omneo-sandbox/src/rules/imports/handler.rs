//! What a row of a file becomes.

use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::batches::{self, perform};
use crate::rules::sales::{self, TRANSACTION};

/// Stores a row.
pub(super) type Store = fn(&mut Context<'_>, row: &Record) -> Result<Record, Refusal>;

/// The handlers that a file or job may name.
const HANDLERS: [(&str, Store); 9] = [
    ("omneo:profile", |context, row| {
        let mut common = Record::new();
        common.set("match_criteria", "email");
        batches::profile(context, row, &common)
    }),
    ("omneo:product", |context, row| {
        batches::product(context, row, &Record::new())
    }),
    ("omneo:reward", |context, row| {
        batches::reward(context, row, &Record::new())
    }),
    ("omneo:benefit", |context, row| {
        batches::benefit(context, row, &Record::new())
    }),
    ("omneo:redemption", redemption),
    ("omneo:transaction", |context, row| {
        let mut row = row.clone();
        // Its lines may come with a file of their own.
        row.entry("items").or_insert_with(|| json!([]));
        sales::upsert(context, &TRANSACTION, &row)
    }),
    ("omneo:transaction-item", line),
    ("omneo:location", |context, row| {
        batches::location(context, row, &Record::new())
    }),
    ("omneo:rate", |context, row| {
        perform(context, "rates.store", Vec::new(), row.clone())
    }),
];

/// The handler with a name.
pub(super) fn named(name: &str) -> Option<Store> {
    let handler = HANDLERS.iter().find(|(handler, _)| *handler == name);
    let own = DEFINITIONS.iter().find(|handler| handler.name == name);
    let handler = handler.map(|(_, store)| *store);
    handler.or_else(|| own.map(|handler| handler.store))
}

/// A handler of files that are for one definition.
#[derive(Debug)]
pub(super) struct Definition {
    pub(super) name: &'static str,
    importable: &'static str,
    /// The kind of the definition.
    pub(super) definition: &'static str,
    /// The member of a row that names it.
    pub(super) member: &'static str,
    store: Store,
}

const DEFINITIONS: [Definition; 3] = [
    Definition {
        name: "omneo:reward-definition",
        importable: "reward_definition",
        definition: "RewardDefinition",
        member: "reward_definition_id",
        store: |context, row| instance(context, "rewards.store", row),
    },
    Definition {
        name: "omneo:benefit-definition",
        importable: "benefit_definition",
        definition: "BenefitDefinition",
        member: "benefit_definition_id",
        store: |context, row| instance(context, "benefits.store", row),
    },
    Definition {
        name: "omneo:credit-definition",
        importable: "credit_definition",
        definition: "CreditDefinition",
        member: "credit_definition_id",
        store: |context, row| instance(context, "credits.store", row),
    },
];

/// The handler of files for a type of definition.
pub(super) fn of_definition(importable: &str) -> Option<&'static Definition> {
    DEFINITIONS
        .iter()
        .find(|handler| handler.importable == importable)
}

/// The member by which the rows of a handler name their definition.
pub(super) fn definition_member(name: &str) -> Option<&'static str> {
    let handler = DEFINITIONS.iter().find(|handler| handler.name == name);
    handler.map(|handler| handler.member)
}

fn instance(context: &mut Context<'_>, operation: &str, row: &Record) -> Result<Record, Refusal> {
    let mut row = row.clone();
    name_profile(context, &mut row)?;
    // What a body must have, and a file of codes or values may leave to the definition.
    if !row.has("timezone") {
        row.set("timezone", "UTC");
    }
    if operation == "benefits.store" {
        let stamp = context.stamp();
        row.entry("issued_at").or_insert_with(|| stamp.into());
    }
    if let Some(value) = row.remove("value") {
        let member = match operation {
            "benefits.store" => "value",
            _ => "value_initial",
        };
        row.entry(member).or_insert(value);
    }
    perform(context, operation, Vec::new(), row)
}

/// Names the profile of a row by its id.
fn name_profile(context: &Context<'_>, row: &mut Record) -> Result<(), Refusal> {
    let profile = context.profile_of(row)?;
    row.remove("profile_id_handle");
    if let Some(id) = profile.and_then(|profile| profile.get("id").cloned()) {
        row.insert("profile_id".to_owned(), id);
    }
    Ok(())
}

fn redemption(context: &mut Context<'_>, row: &Record) -> Result<Record, Refusal> {
    let mut row = row.clone();
    name_profile(context, &mut row)?;
    let profile = row
        .remove("profile_id")
        .as_ref()
        .and_then(crate::record::text);
    let profile = profile.ok_or_else(|| Refusal::unknown("profile_id"))?;
    perform(context, "profiles.redeem.store", vec![profile], row)
}

/// A line of the transaction that a row names by its id or its external id.
fn line(context: &mut Context<'_>, row: &Record) -> Result<Record, Refusal> {
    let transaction = match (
        row.text("transaction_id"),
        row.text("transaction_external_id"),
    ) {
        (Some(id), _) => context.store().get("Transaction", &id)?,
        (None, Some(id)) => context.first("Transaction", &[("external_id", Value::from(id))])?,
        (None, None) => None,
    };
    let transaction = transaction.ok_or_else(|| Refusal::unknown("transaction_id"))?;
    for member in ["name", "quantity", "price_current", "price_sell"] {
        if !row.has(member) {
            let name = member.replace('_', " ");
            return Err(Refusal::invalid(
                member,
                format!("The {name} field is required."),
            ));
        }
    }
    sales::add_item(context, &TRANSACTION, &transaction, row)
}
