//! What is modelled, and what is not.

use std::fmt::Write;

use crate::rules::{families, rule};
use crate::schema::SCHEMA;

/// All rules with the facts that they follow, what belongs to changes and views, and the operations that answer by their shape alone, as text. The last
/// line counts: `612 operations: 137 by rule, 475 by shape`.
pub fn rules() -> String {
    let mut text = String::new();
    let mut by_rule = 0;
    let mut by_shape = String::new();
    let _ = writeln!(text, "By rule:");
    for operation in SCHEMA.operations() {
        match rule(&operation.id) {
            Some(rule) => {
                by_rule += 1;
                let _ = writeln!(text, "  {:<44} {}", operation.id, rule.fact);
            }
            None => {
                let _ = writeln!(by_shape, "  {}", operation.id);
            }
        }
    }
    let _ = writeln!(text, "\nWith every change of a record:");
    for change in families().iter().flat_map(|family| family.changes) {
        let _ = writeln!(text, "  {:<44} {}", change.kind, change.fact);
    }
    let _ = writeln!(text, "\nWhenever a record is shown:");
    for view in families().iter().flat_map(|family| family.views) {
        let _ = writeln!(text, "  {:<44} {}", view.kind, view.fact);
    }
    let _ = writeln!(text, "\nBy the schema's shape alone:\n{by_shape}");
    let all = SCHEMA.operations().len();
    let _ = writeln!(
        text,
        "{all} operations: {by_rule} by rule, {} by shape",
        all - by_rule
    );
    text
}
