//! List definitions: what the lists of one kind may do.

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::{Change, Family};

pub(in crate::rules) const FAMILY: Family = Family {
    rules: &[],
    changes: &[Change {
        kind: "ListDefinition",
        fact: "A definition allows everything that it doesn't forbid [inferred from lists that real callers share].",
        before: Some(before),
        after: None,
    }],
    views: &[],
    work: &[],
};

/// What a definition may allow, and whether it is in use: all on, unless it says otherwise.
const SWITCHES: [&str; 8] = [
    "allow_custom_product",
    "allow_delete",
    "allow_edit",
    "allow_new",
    "allow_quantity",
    "allow_reserve",
    "allow_share",
    "is_active",
];

fn before(_: &mut Context<'_>, _: Option<&Record>, new: &mut Record) -> Result<(), Refusal> {
    for switch in SWITCHES {
        if !new.has(switch) {
            new.set(switch, true);
        }
    }
    if !new.has("is_published") {
        new.set("is_published", false);
    }
    Ok(())
}
