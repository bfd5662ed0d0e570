//! Statuses and tags of many profiles.

use serde_json::Value;

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

/// Adds the handles in a member of a row to those of its profile.
pub(super) fn add(
    context: &mut Context<'_>,
    row: &Record,
    member: &str,
) -> Result<Record, Refusal> {
    change(context, row, member, |has, given| {
        for handle in given {
            if !has.contains(handle) {
                has.push(handle.clone());
            }
        }
    })
}

/// Takes the handles in a member of a row off its profile.
pub(super) fn remove(
    context: &mut Context<'_>,
    row: &Record,
    member: &str,
) -> Result<Record, Refusal> {
    change(context, row, member, |has, given| {
        has.retain(|handle| !given.contains(handle));
    })
}

fn change(
    context: &mut Context<'_>,
    row: &Record,
    member: &str,
    change: impl FnOnce(&mut Vec<Value>, &[Value]),
) -> Result<Record, Refusal> {
    let old = context.profile_of(row)?;
    let old = old.ok_or_else(|| Refusal::unknown("profile_id"))?;
    let mut handles = old.list(member).to_vec();
    change(&mut handles, row.list(member));
    if handles == old.list(member) {
        return Ok(old);
    }
    let mut profile = old.clone();
    profile.set(member, handles);
    context.update("Profile", &old, profile)
}
