//! Operations that no handle reaches, and whatever else keeps code from being made.

use super::{Checked, Findings};
use crate::schema::surface;

pub(super) fn check(checked: &Checked<'_>) -> Findings {
    match surface::generate(checked.lowered) {
        Ok(_) => Findings::good(format!(
            "{} operations reached by handles",
            checked.lowered.operations.len()
        )),
        Err(error) => Findings::new(
            vec![format!(
                "{error:#}; see crates/omneo-codegen, or correct the schema in corrections.json"
            )],
            String::new(),
        ),
    }
}
