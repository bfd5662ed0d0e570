//! Events that are fired again.

use serde_json::json;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::hooks;
use crate::record::{Record, RecordExt};
use crate::schema::SCHEMA;

/// Families of triggers that are not named after the kind of their record.
const NAMED_OTHERWISE: &[(&str, &str)] = &[
    ("aggregation", "Profile"),
    ("balance", "Profile"),
    ("profile-temporary", "Profile"),
    ("tier", "Profile"),
    ("achievement", "AchievementProgress"),
];

/// The kind of the records that a context or trigger is about: `TransactionItem` of `transaction_item` and of `transaction-item.created`.
pub(super) fn kind(name: &str) -> Option<String> {
    let family = family(name);
    let mut others = NAMED_OTHERWISE.iter();
    if let Some((_, kind)) = others.find(|(other, _)| *other == family) {
        return Some((*kind).to_owned());
    }
    let words = family.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    let kind: String = words.collect();
    // A pointer into the schema must not lead elsewhere.
    let is_name = !kind.is_empty() && kind.chars().all(|letter| letter.is_ascii_alphanumeric());
    (is_name && SCHEMA.component(&kind).is_some()).then_some(kind)
}

/// What stands before the dot of a trigger.
fn family(name: &str) -> String {
    let (family, _) = name.split_once('.').unwrap_or((name, ""));
    family.replace('_', "-")
}

/// A record by its id, else by its external id; a deleted profile is none.
pub(super) fn record(
    context: &Context<'_>,
    kind: &str,
    id: &str,
) -> Result<Option<Record>, Refusal> {
    let found = match context.store().get(kind, id)? {
        Some(found) => Some(found),
        None => context.first(kind, &[("external_id", id.into())])?,
    };
    Ok(found.filter(|record| !record.has("deleted_at")))
}

/// Fires an event again for many records.
pub(super) fn batch(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let name = call.body.text("event_context").unwrap_or_default();
    let Some(kind) = kind(&name) else {
        return Err(Refusal::unknown("event_context"));
    };
    if call.body.flag("dispatch_webhooks").unwrap_or(true) {
        let webhooks = listeners(call, &name)?;
        for identifier in call.body.list("identifiers") {
            let Some(id) = crate::record::text(identifier) else {
                continue;
            };
            let Some(record) = record(call, &kind, &id)? else {
                continue;
            };
            for webhook in &webhooks {
                let trigger = webhook.text("trigger").unwrap_or_default();
                let body = hooks::context_of(call, &trigger, &kind, &record)?;
                hooks::tell(call, webhook, &trigger, &body)?;
            }
        }
    }
    Ok(Answer::Json(json!({ "message": "Queued for processing." })))
}

/// The active webhooks that are told: of this trigger, or of any of its family if only that is named; only those that the body names, if it names any.
/// The guard against loops is not asked: whoever fires an event again wants it.
fn listeners(call: &Call<'_>, name: &str) -> Result<Vec<Record>, Refusal> {
    let ids: Vec<_> = call.body.list("webhook_ids").iter().collect();
    let mut webhooks = call.find("Webhook", &[])?;
    webhooks.retain(|webhook| {
        let trigger = webhook.text("trigger").unwrap_or_default();
        let is_meant = match name.contains('.') {
            true => trigger == name,
            false => family(&trigger) == family(name),
        };
        let is_named = ids.is_empty()
            || ids
                .iter()
                .any(|id| crate::record::text(id) == webhook.text("id"));
        hooks::is_active(webhook) && is_meant && is_named
    });
    Ok(webhooks)
}
