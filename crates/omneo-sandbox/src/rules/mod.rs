//! Omneo's rules: what an operation does beyond its shape, each with the fact that it follows.
//!
//! A fact is cited as the project knows it: what Omneo's reference or a real answer shows (`seen`, `sent`), or `inferred` where the sandbox had to choose.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::Record;

mod batches;
mod changes;
mod connections;
mod custom_fields;
mod imports;
mod incentives;
mod lists;
mod locations;
mod orders;
mod products;
mod profiles;
mod queues;
mod regions;
mod sales;
pub(crate) mod tokens;
mod transactions;
mod webhooks;

/// What an operation does.
#[derive(Debug)]
pub(crate) struct Rule {
    /// `rewards.extend`.
    pub(crate) operation: &'static str,
    /// The fact, in one sentence, and how sure it is: `A reward is extended once [seen].`
    pub(crate) fact: &'static str,
    pub(crate) answer: fn(&mut Call<'_>) -> Result<Answer, Refusal>,
}

/// What is done before a record is stored: `old` is none for a new one.
type Before = fn(&mut Context<'_>, old: Option<&Record>, new: &mut Record) -> Result<(), Refusal>;

/// What is done after a record was stored or removed: `old` is none for a new one, `new` for a removed one.
type After =
    fn(&mut Context<'_>, old: Option<&Record>, new: Option<&Record>) -> Result<(), Refusal>;

/// What belongs to every change of a kind's records, whoever makes it: the plain create, update and delete of the schema's operations run these too.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) kind: &'static str,
    pub(crate) fact: &'static str,
    /// Refuses or completes a record.
    pub(crate) before: Option<Before>,
    /// What follows from the change.
    pub(crate) after: Option<After>,
}

/// Members that are derived whenever a record of a kind is shown.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) kind: &'static str,
    pub(crate) fact: &'static str,
    /// Adds the members to a copy of the record.
    pub(crate) complete: fn(&Context<'_>, &mut Record) -> Result<(), Refusal>,
}

/// What is done after a request, by name: [`Context::later`] asks for it.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&mut Context<'_>, what: &Value) -> Result<(), Refusal>,
}

/// What a family of rules is made of.
#[derive(Debug)]
pub(crate) struct Family {
    pub(crate) rules: &'static [Rule],
    pub(crate) changes: &'static [Change],
    pub(crate) views: &'static [View],
    pub(crate) work: &'static [Work],
}

/// All families.
static FAMILIES: &[Family] = &[
    // Before profiles, so that whoever is told of a new one is told its tier.
    incentives::account::FAMILY,
    incentives::achievements::FAMILY,
    incentives::allocations::FAMILY,
    incentives::balances::FAMILY,
    incentives::claim::FAMILY,
    incentives::definitions::FAMILY,
    incentives::edit::FAMILY,
    incentives::extend::FAMILY,
    incentives::issue::FAMILY,
    incentives::ledger::FAMILY,
    incentives::notify::FAMILY,
    incentives::redeem::FAMILY,
    incentives::tiers::FAMILY,
    incentives::undo::FAMILY,
    incentives::views::FAMILY,
    connections::FAMILY,
    custom_fields::inline::FAMILY,
    custom_fields::routes::FAMILY,
    lists::definitions::FAMILY,
    lists::items::FAMILY,
    lists::product_lists::FAMILY,
    lists::reservations::FAMILY,
    lists::shares::FAMILY,
    profiles::addresses::FAMILY,
    profiles::aggregations::FAMILY,
    profiles::comms::FAMILY,
    profiles::custom_attributes::FAMILY,
    profiles::dates::FAMILY,
    profiles::deletion::FAMILY,
    profiles::sync::FAMILY,
    profiles::identities::FAMILY,
    profiles::interactions::FAMILY,
    profiles::lookup::FAMILY,
    profiles::members::FAMILY,
    profiles::merge::FAMILY,
    profiles::person::FAMILY,
    profiles::regions::FAMILY,
    profiles::search::FAMILY,
    profiles::staff::FAMILY,
    profiles::view::FAMILY,
    batches::FAMILY,
    imports::FAMILY,
    locations::FAMILY,
    orders::FAMILY,
    products::FAMILY,
    queues::FAMILY,
    regions::FAMILY,
    tokens::FAMILY,
    transactions::FAMILY,
    webhooks::FAMILY,
];

pub(crate) use changes::{after, before};

/// The rules by their operations: every request asks for one.
static RULES: LazyLock<HashMap<&'static str, &'static Rule>> = LazyLock::new(|| {
    let rules = FAMILIES.iter().flat_map(|family| family.rules);
    rules.map(|rule| (rule.operation, rule)).collect()
});

/// The rule of an operation.
pub(crate) fn rule(operation: &str) -> Option<&'static Rule> {
    RULES.get(operation).copied()
}

/// Adds what is derived to a record that is shown.
pub(crate) fn complete(
    context: &Context<'_>,
    kind: &str,
    record: &mut Record,
) -> Result<(), Refusal> {
    let views = FAMILIES.iter().flat_map(|family| family.views);
    for view in views.filter(|view| view.kind == kind) {
        (view.complete)(context, record)?;
    }
    Ok(())
}

/// The piece of work with a name.
pub(crate) fn work(name: &str) -> Option<&'static Work> {
    FAMILIES
        .iter()
        .flat_map(|family| family.work)
        .find(|work| work.name == name)
}

/// All families, for the list of rules.
pub(crate) fn families() -> &'static [Family] {
    FAMILIES
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::FAMILIES;
    use crate::schema::SCHEMA;

    #[test]
    fn each_rule_is_of_an_operation_that_has_no_other() {
        let mut seen = BTreeSet::new();
        for rule in FAMILIES.iter().flat_map(|family| family.rules) {
            assert!(
                SCHEMA.operation(rule.operation).is_some(),
                "{}",
                rule.operation
            );
            assert!(
                seen.insert(rule.operation),
                "{} has two rules",
                rule.operation
            );
        }
    }

    #[test]
    fn each_piece_of_work_has_a_name_of_its_own() {
        let mut seen = BTreeSet::new();
        for work in FAMILIES.iter().flat_map(|family| family.work) {
            assert!(seen.insert(work.name), "{}", work.name);
        }
    }

    #[test]
    fn each_fact_says_how_sure_it_is() {
        let rules = FAMILIES.iter().flat_map(|family| family.rules);
        let facts = rules.map(|rule| rule.fact);
        let changes = FAMILIES.iter().flat_map(|family| family.changes);
        let facts = facts.chain(changes.map(|change| change.fact));
        let views = FAMILIES.iter().flat_map(|family| family.views);
        for fact in facts.chain(views.map(|view| view.fact)) {
            let brackets = fact.split('[').skip(1);
            let marks: Vec<_> = brackets.filter_map(|rest| rest.split(']').next()).collect();
            let is_marked = ["seen", "sent", "inferred"]
                .iter()
                .any(|word| marks.iter().any(|mark| mark.contains(word)));
            assert!(is_marked, "{fact}");
        }
    }
}
