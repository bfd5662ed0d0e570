//! The levels of an achievement, as they are defined.

use serde_json::{Value, json};

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::incentives::value;

/// An id for each level, its own if it had one: by what it is displayed as.
pub(super) fn number_levels(
    context: &Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    let mut levels = Vec::new();
    for level in new.list("levels") {
        let Value::Object(level) = level else {
            continue;
        };
        let mut level = level.clone();
        let same = old.and_then(|old| {
            let mut levels = old.list("levels").iter().filter_map(Value::as_object);
            levels.find(|one| one.get("display_number") == level.get("display_number"))
        });
        let id = match same.and_then(|same| same.get("id")) {
            Some(id) => id.clone(),
            None => context.new_id("AchievementLevel")?,
        };
        level.insert("id".to_owned(), id);
        for (member, value) in [
            ("repeats", json!(false)),
            ("allow_multiple_earn", json!(false)),
        ] {
            if !level.has(member) {
                level.set(member, value);
            }
        }
        value::count(&level, "trigger", 1)?;
        value::count(&level, "repeat_interval", 1)?;
        levels.push(Value::Object(level));
    }
    new.set("levels", levels);
    Ok(())
}
