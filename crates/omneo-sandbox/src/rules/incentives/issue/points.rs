//! Issuing points.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::{Incentive, Names, owner, set_value, time, utc};
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::incentives::account::Cause;

/// The setting that tells how many dollars a point is. Its name is the sandbox's choice.
const WORTH: &str = "point_exchange_rate";

/// A cent.
const USUAL_WORTH: Decimal = Decimal::from_parts(1, 0, 0, false, 2);

/// Issues points to the profile that the body names.
///
/// # Errors
///
/// 422 for an unknown profile or definition, and a value or time that can't be.
pub(crate) fn issue(context: &mut Context<'_>, body: &Record) -> Result<Record, Refusal> {
    let worth = worth(context)?;
    issue_for(context, body, worth, Cause::Issued)
}

/// Issues points of so many dollars each, for another cause than that they are wanted.
pub(in crate::rules::incentives) fn issue_for(
    context: &mut Context<'_>,
    body: &Record,
    worth: Decimal,
    cause: Cause,
) -> Result<Record, Refusal> {
    let names = Names {
        handle: None,
        ..Names::of(Incentive::Point)
    };
    let definition = names.find(context, body)?;
    let mut point = Record::new();
    point.set("profile_id", owner(context, body)?);
    point.set("point_definition_id", definition.value("id"));
    set_value(&mut point, body, None)?;
    set_times(&mut point, body, &definition)?;
    let expires = time::given(body, "expires_at", &TimeZone::UTC)?;
    let expires = expires.map(|expires| utc(expires, &TimeZone::UTC, "expires_at"));
    point.set("expires_at", expires.transpose()?);
    point.set("_worth", number(worth));
    point.copy(
        body,
        &[
            "description",
            "meta",
            "linked_profile_id",
            "rate_id",
            "source_id",
            "source_type",
        ],
    );
    cause.note(&mut point);
    context.create("Point", point)
}

/// When points were earned and when they can be spent, which is after the definition's issue period if only the first is told.
///
/// # Errors
///
/// 422 if neither is told.
pub(super) fn set_times(
    instance: &mut Record,
    body: &Record,
    definition: &Record,
) -> Result<(), Refusal> {
    let zone = TimeZone::UTC;
    let accrued = time::given(body, "accrued_at", &zone)?;
    let issued = match (time::given(body, "issued_at", &zone)?, accrued) {
        (Some(issued), _) => issued,
        (None, Some(accrued)) => time::ISSUE.end(definition, accrued)?.unwrap_or(accrued),
        (None, None) => {
            return Err(Refusal::invalid(
                "issued_at",
                "The issued at field is required when accrued at is not present.",
            ));
        }
    };
    instance.set("issued_at", utc(issued, &zone, "issued_at")?);
    let accrued = accrued.map(|accrued| utc(accrued, &zone, "accrued_at"));
    instance.set("accrued_at", accrued.transpose()?);
    Ok(())
}

/// The dollars of a point: a cent, unless the tenant's setting tells otherwise. Points keep what it was when they were issued.
fn worth(context: &Context<'_>) -> Result<Decimal, Refusal> {
    let setting = context.first("Setting", &[("handle", WORTH.into())])?;
    let worth = setting.and_then(|setting| setting.amount("value"));
    Ok(worth
        .filter(|worth| *worth > Decimal::ZERO && *worth <= Decimal::ONE_THOUSAND)
        .map_or(USUAL_WORTH, |worth| worth.round_dp(6))
        .normalize())
}
