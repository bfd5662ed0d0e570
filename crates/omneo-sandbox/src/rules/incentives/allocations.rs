//! Allocations: pools of codes, handed out with instances.

use serde_json::{Value, json};

use super::Incentive;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Change, Family, Rule};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[Rule {
        operation: "allocations.count",
        fact: "The codes of a benefit definition are counted, all, handed out and left, and by their values; the groups are [] for no codes, and the first is spelt `redeemd` [seen].",
        answer: count,
    }],
    changes: &[Change {
        kind: "Allocation",
        fact: "A code is free until it is handed out [inferred].",
        before: Some(before),
        after: Some(after),
    }],
    views: &[],
    work: &[],
};

/// Which pool a code is of: `benefit_definition/3`.
fn pool(allocation: &Record) -> Option<String> {
    let kind = allocation.text("definition_type")?;
    Some(format!("{kind}/{}", allocation.text("definition_id")?))
}

fn before(
    _context: &mut Context<'_>,
    _old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    // Members whose names end so are found by an index.
    let pool = pool(new);
    let free = pool.clone().filter(|_| !new.has("allocated_at"));
    new.set("_pool_id", pool);
    new.set("_free_pool_id", free);
    Ok(())
}

/// Keeps the numbers that a benefit definition shows of its codes.
fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let count = |record: Option<&Record>, member: &str| {
        i64::from(record.is_some_and(|record| record.has(member)))
    };
    let Some(record) = new.or(old) else {
        return Ok(());
    };
    if record.text("definition_type").as_deref() != Some("benefit_definition") {
        return Ok(());
    }
    let id = record.text("definition_id").unwrap_or_default();
    let Some(mut definition) = context.store().get("BenefitDefinition", &id)? else {
        return Ok(());
    };
    for (member, counter) in [
        ("_pool_id", "total_allocations"),
        ("_free_pool_id", "total_allocations_remaining"),
    ] {
        let more = count(new, member) - count(old, member);
        let counted = definition.integer(counter).unwrap_or(0);
        definition.set(counter, counted.saturating_add(more).max(0));
    }
    context.store().put("BenefitDefinition", &definition)?;
    Ok(())
}

fn count(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let definition = call.get("BenefitDefinition", call.param("definition"))?;
    let id = definition.text("id").unwrap_or_default();
    let pool = format!("benefit_definition/{id}");
    let all = call.find("Allocation", &[("_pool_id", pool.into())])?;
    let (redeemed, remaining): (Vec<_>, Vec<_>) = all
        .iter()
        .partition(|allocation| allocation.has("allocated_at"));
    let groups = if all.is_empty() {
        json!([])
    } else {
        json!({ "redeemd": by_value(&redeemed), "remaining": by_value(&remaining) })
    };
    Ok(Answer::Data(json!({
        "all": all.len(),
        "redeemed": redeemed.len(),
        "remaining": remaining.len(),
        "group": groups,
    })))
}

/// How many there are of each value, in the order of the first of each.
fn by_value(allocations: &[&Record]) -> Vec<Value> {
    let mut groups: Vec<(Value, u64)> = Vec::new();
    for allocation in allocations {
        let value = allocation.value("value");
        match groups.iter_mut().find(|(of, _)| *of == value) {
            Some((_, count)) => *count += 1,
            None => groups.push((value, 1)),
        }
    }
    groups
        .into_iter()
        .map(|(value, count)| json!({ "value": value, "count": count }))
        .collect()
}

/// Hands out the next free code of a definition with an instance of it, if it has a pool.
///
/// # Errors
///
/// 422 if the definition wants every instance to have one, and none is free.
pub(super) fn hand_out(
    context: &mut Context<'_>,
    incentive: Incentive,
    instance: Record,
    definition: &Record,
) -> Result<Record, Refusal> {
    let kind = format!("{}_definition", incentive.name());
    let pool = format!("{kind}/{}", definition.text("id").unwrap_or_default());
    let Some(free) = context.first("Allocation", &[("_free_pool_id", pool.into())])? else {
        return if definition.flag("force_allocation") == Some(true) {
            Err(Refusal::invalid(
                incentive.definition_id(),
                "The definition has no code left to allocate.",
            ))
        } else {
            Ok(instance)
        };
    };
    let mut taken = free.clone();
    taken.set("allocated_at", context.stamp());
    taken.set("allocated_id", instance.value("id"));
    taken.set("allocated_type", incentive.name());
    taken.set("profile_id", instance.get("profile_id").cloned());
    context.update("Allocation", &free, taken)?;
    if incentive != Incentive::Benefit {
        return Ok(instance);
    }
    let mut with_code = instance.clone();
    for code in ["redeem_code_pos", "redeem_code_online"] {
        with_code.set(code, free.get("code").cloned());
    }
    let benefit = context.update("Benefit", &instance, with_code)?;
    context.event("benefit.code.allocated", "Benefit", &benefit)?;
    Ok(benefit)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::issue;
    use crate::answer::Refusal;
    use crate::context::Context;
    use crate::record::Record;
    use crate::render::Habits;
    use crate::store::Store;

    fn record(value: &Value) -> Record {
        value.as_object().cloned().expect("a map")
    }

    /// A profile, a definition with these members, and its codes.
    fn world(context: &mut Context<'_>, more: &Value, codes: &[&str]) -> Result<Record, Refusal> {
        context.create("Profile", record(&json!({ "id": "p" })))?;
        let mut definition = record(&json!({ "name": "c", "handle": "c", "period": 1 }));
        definition.extend(record(more));
        let definition = context.create("BenefitDefinition", definition)?;
        for code in codes {
            let code = json!({
                "code": code, "definition_id": definition["id"], "definition_type": "benefit_definition",
            });
            context.create("Allocation", record(&code))?;
        }
        Ok(definition)
    }

    fn issue_one(context: &mut Context<'_>, definition: &Record) -> Result<Record, Refusal> {
        let body = json!({
            "profile_id": "p", "benefit_definition_id": definition["id"], "issued_at": null, "timezone": "UTC",
        });
        issue::benefits::issue(context, &record(&body))
    }

    #[test]
    fn codes_are_handed_out_in_their_order() {
        let store = Store::memory().expect("a store");
        let now = jiff::Timestamp::UNIX_EPOCH;
        let mut context = Context::new(&store, now, Habits::Strict);
        let definition = world(&mut context, &json!({}), &["A1", "A2"]).expect("a world");
        for code in [json!("A1"), json!("A2"), Value::Null] {
            let benefit = issue_one(&mut context, &definition).expect("a benefit");
            assert_eq!(
                benefit.get("redeem_code_pos").cloned().unwrap_or_default(),
                code
            );
        }
        let definition = context.find("BenefitDefinition", &[]).expect("definitions");
        assert_eq!(definition[0]["total_allocations"], 2);
        assert_eq!(definition[0]["total_allocations_remaining"], 0);
    }

    #[test]
    fn a_definition_that_forces_codes_issues_nothing_without_one() {
        let store = Store::memory().expect("a store");
        let now = jiff::Timestamp::UNIX_EPOCH;
        let mut context = Context::new(&store, now, Habits::Strict);
        let forced = json!({ "force_allocation": true });
        let definition = world(&mut context, &forced, &["A1"]).expect("a world");
        assert!(issue_one(&mut context, &definition).is_ok());
        let refused = issue_one(&mut context, &definition);
        assert!(matches!(refused, Err(Refusal::Invalid(_))), "{refused:?}");
    }
}
