//! Custom fields in the bodies and answers of what has them.

use serde_json::Value;

use super::{OWNERS, grouped, owned_by, put};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Change, Family, View};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[],
    changes: &[
        stored::<0>(),
        stored::<2>(),
        stored::<3>(),
        stored::<4>(),
        stored::<5>(),
        stored::<6>(),
        stored::<7>(),
        stored::<9>(),
        stored::<11>(),
        stored::<12>(),
    ],
    views: &[
        mapped::<0>(),
        listed::<2>(),
        mapped::<3>(),
        listed::<4>(),
        mapped::<5>(),
        listed::<6>(),
        listed::<7>(),
        mapped::<8>(),
        mapped::<9>(),
        listed::<12>(),
    ],
    work: &[],
};

/// Where the fields of a body wait until their owner is stored.
const ASIDE: &str = "_custom_fields";

/// The fields in the body of an owner, by its place in the table.
const fn stored<const OWNER: usize>() -> Change {
    Change {
        kind: OWNERS[OWNER].1,
        fact: "Custom fields in a body are stored by namespace and handle; others stay [inferred].",
        before: Some(|_, _, new| {
            new.remove(ASIDE);
            if let Some(fields @ Value::Array(_)) = new.remove("custom_fields") {
                new.insert(ASIDE.to_owned(), fields);
            }
            Ok(())
        }),
        after: Some(|context, _, new| match new {
            Some(new) => store(context, OWNERS[OWNER], new),
            None => Ok(()),
        }),
    }
}

/// The fields in the answer of an owner: namespace to handle to value.
const fn mapped<const OWNER: usize>() -> View {
    View {
        kind: OWNERS[OWNER].1,
        fact: "Its custom fields are a map of namespaces to maps of handles to values [seen].",
        complete: |context, record| {
            let fields = fields(context, OWNERS[OWNER].0, record)?;
            record.set("custom_fields", grouped(&fields));
            Ok(())
        },
    }
}

/// The fields in the answer of an owner: a list.
const fn listed<const OWNER: usize>() -> View {
    View {
        kind: OWNERS[OWNER].1,
        fact: "Its custom fields are a list [seen].",
        complete: |context, record| {
            let fields = fields(context, OWNERS[OWNER].0, record)?;
            let fields: Vec<_> = fields.into_iter().map(Value::Object).collect();
            record.set("custom_fields", fields);
            Ok(())
        },
    }
}

fn fields(context: &Context<'_>, owner: &str, record: &Record) -> Result<Vec<Record>, Refusal> {
    match record.text("id") {
        Some(id) => owned_by(context, owner, &id),
        None => Ok(Vec::new()),
    }
}

fn store(
    context: &mut Context<'_>,
    (owner, kind): (&str, &str),
    record: &Record,
) -> Result<(), Refusal> {
    let Some(Value::Array(fields)) = record.get(ASIDE) else {
        return Ok(());
    };
    let id = record.text("id").unwrap_or_default();
    for (index, field) in fields.iter().filter_map(Value::as_object).enumerate() {
        let stored = put(context, (owner, &id), field);
        super::super::profiles::within(&format!("custom_fields.{index}"), stored)?;
    }
    let mut record = record.clone();
    record.remove(ASIDE);
    context.store().put(kind, &record)?;
    Ok(())
}
