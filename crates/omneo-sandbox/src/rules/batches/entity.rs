//! What a batch can be of, and how one record of it is stored.

use serde_json::Value;

use super::{attach, perform, perform::run};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{products, sales};

/// Stores one record; `common` has the members of the body beside the records.
type Store = fn(&mut Context<'_>, row: &Record, common: &Record) -> Result<Record, Refusal>;

/// What the records of an endpoint are.
#[derive(Debug)]
pub(super) struct Entity {
    /// The operations that take them.
    pub(super) operations: &'static [&'static str],
    /// What a batch calls them.
    pub(super) name: &'static str,
    /// The member of the body that has them.
    pub(super) member: &'static str,
    pub(super) store: Store,
}

/// The member of most bodies about profiles.
const PROFILES: &str = "profiles";

/// All of them.
pub(super) const ENTITIES: &[Entity] = &[
    Entity {
        operations: &["profiles.batch", "profiles.batch.batch"],
        name: "profile",
        member: PROFILES,
        store: profile,
    },
    Entity {
        operations: &["rewards.batch"],
        name: "reward",
        member: "rewards",
        store: reward,
    },
    Entity {
        operations: &["benefits.batch"],
        name: "benefit",
        member: "benefits",
        store: benefit,
    },
    Entity {
        operations: &["transactions.batch"],
        name: "transaction",
        member: "transactions",
        store: |context, row, _| sale(context, &sales::TRANSACTION, row),
    },
    Entity {
        operations: &["orders.batch"],
        name: "order",
        member: "orders",
        store: |context, row, _| sale(context, &sales::ORDER, row),
    },
    Entity {
        operations: &["products.batch"],
        name: "product",
        member: "products",
        store: product,
    },
    Entity {
        operations: &["locations.batch"],
        name: "location",
        member: "locations",
        store: location,
    },
    Entity {
        operations: &["profile.status.batch"],
        name: "profile_status",
        member: PROFILES,
        store: |context, row, _| attach::add(context, row, "statuses"),
    },
    Entity {
        operations: &["profile.status.batch.destroy"],
        name: "profile_status_removal",
        member: PROFILES,
        store: |context, row, _| attach::remove(context, row, "statuses"),
    },
    Entity {
        operations: &["profile.tags.batch"],
        name: "profile_tag",
        member: PROFILES,
        store: |context, row, _| attach::add(context, row, "tags"),
    },
    Entity {
        operations: &["profile.tags.batch.destroy"],
        name: "profile_tag_removal",
        member: PROFILES,
        store: |context, row, _| attach::remove(context, row, "tags"),
    },
    Entity {
        operations: &["profile.aggregations.batch"],
        name: "profile_aggregation",
        member: PROFILES,
        store: aggregation,
    },
];

/// The entity of an operation.
pub(super) fn of_operation(operation: &str) -> Option<&'static Entity> {
    ENTITIES
        .iter()
        .find(|entity| entity.operations.contains(&operation))
}

/// The entity with a name.
pub(super) fn named(name: &str) -> Option<&'static Entity> {
    ENTITIES.iter().find(|entity| entity.name == name)
}

/// Changes the profile with the same value of `match_criteria`, or adds one.
pub(in crate::rules) fn profile(
    context: &mut Context<'_>,
    row: &Record,
    common: &Record,
) -> Result<Record, Refusal> {
    let criteria = common.text("match_criteria");
    let value = match criteria.as_deref() {
        None => None,
        Some(member @ ("email" | "id" | "profile_id")) => row.text(member),
        Some(handle) => {
            let identities = row.list("identities").iter().filter_map(Value::as_object);
            let mut named =
                identities.filter(|identity| identity.text("handle").as_deref() == Some(handle));
            named.find_map(|identity| identity.text("identifier"))
        }
    };
    let found = match value {
        None => None,
        Some(value) => match context.profile_by(&value, criteria.as_deref()) {
            Ok(profile) => profile.text("id"),
            Err(Refusal::NotFound) => None,
            Err(refusal) => return Err(refusal),
        },
    };
    match found {
        // Unlike those of an update, a batch's identities have no ids.
        Some(id) => run(context, "profiles.update", vec![id], row.clone()),
        None => perform(context, "profiles.store", Vec::new(), row.clone()),
    }
}

/// The row with the id of the profile that it names.
fn for_profile(context: &Context<'_>, row: &Record) -> Result<Record, Refusal> {
    let profile = context.profile_of(row)?;
    let mut row = row.clone();
    row.remove("profile_id_handle");
    if let Some(id) = profile.and_then(|profile| profile.get("id").cloned()) {
        row.insert("profile_id".to_owned(), id);
    }
    Ok(row)
}

pub(in crate::rules) fn reward(
    context: &mut Context<'_>,
    row: &Record,
    _: &Record,
) -> Result<Record, Refusal> {
    let row = for_profile(context, row)?;
    perform(context, "rewards.store", Vec::new(), row)
}

pub(in crate::rules) fn benefit(
    context: &mut Context<'_>,
    row: &Record,
    _: &Record,
) -> Result<Record, Refusal> {
    let mut row = for_profile(context, row)?;
    if let Some(handle) = row.remove("benefit_definition_handle")
        && !row.has("benefit_definition_id")
    {
        let definition = context.first("BenefitDefinition", &[("handle", handle)])?;
        let unknown = || Refusal::unknown("benefit_definition_handle");
        let definition = definition.ok_or_else(unknown)?;
        // The id of a benefit definition is sent as text, and taken as a number.
        let id = definition.integer("id").map_or(Value::Null, Value::from);
        row.insert("benefit_definition_id".to_owned(), id);
    }
    perform(context, "benefits.store", Vec::new(), row)
}

fn sale(context: &mut Context<'_>, sale: &sales::Sale, row: &Record) -> Result<Record, Refusal> {
    let Some(id) = row.text("id") else {
        return sales::store(context, sale, row);
    };
    let old = context.store().get(sale.kind, &id)?;
    let old = old.ok_or_else(|| Refusal::unknown("id"))?;
    sales::change(context, sale, &old, row)
}

pub(in crate::rules) fn product(
    context: &mut Context<'_>,
    row: &Record,
    _: &Record,
) -> Result<Record, Refusal> {
    products::row(context, row)
}

pub(in crate::rules) fn location(
    context: &mut Context<'_>,
    row: &Record,
    _: &Record,
) -> Result<Record, Refusal> {
    let mut row = row.clone();
    match row.remove("id").as_ref().and_then(crate::record::text) {
        Some(id) => match perform(context, "locations.update", vec![id], row) {
            Err(Refusal::NotFound) => Err(Refusal::unknown("id")),
            done => done,
        },
        None => perform(context, "locations.store", Vec::new(), row),
    }
}

fn aggregation(context: &mut Context<'_>, row: &Record, _: &Record) -> Result<Record, Refusal> {
    let profile = context.profile_of(row)?;
    let profile = profile.and_then(|profile| profile.text("id"));
    let profile = profile.ok_or_else(|| Refusal::unknown("profile_id"))?;
    let values = vec![profile.clone()];
    perform(
        context,
        "profiles.aggregations.calculate",
        values,
        Record::new(),
    )?;
    context.get("Profile", &profile)
}
