//! Issuing tier points: they count toward a tier and can't be spent.

use jiff::tz::TimeZone;

use super::{Incentive, Names, owner, points, time, utc, value};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, number};
use crate::rules::Change;
use crate::rules::changes::{ALL, tell};
use crate::rules::incentives::tiers;

pub(super) const CHANGE: Change = Change {
    kind: "TierPoint",
    fact: "Tier points that are issued, edited or deleted change the tier of their profile at once, and tell tier-point.created, .updated or .deleted [inferred].",
    before: Some(before),
    after: Some(after),
};

/// Issues tier points to the profile that the body names; below 0 takes some away.
///
/// # Errors
///
/// 422 for an unknown profile or definition, and a value or time that can't be.
pub(crate) fn issue(context: &mut Context<'_>, body: &Record) -> Result<Record, Refusal> {
    let names = Names {
        handle: None,
        ..Names::of(Incentive::Point)
    };
    let definition = names.find(context, body)?;
    let mut point = Record::new();
    point.set("profile_id", owner(context, body)?);
    point.set("point_definition_id", definition.value("id"));
    let value = value::signed(body, "value")?.unwrap_or_default();
    point.set("value", number(value));
    points::set_times(&mut point, body, &definition)?;
    point.copy(body, &["meta", "source_id", "source_type"]);
    context.create("TierPoint", point)
}

/// What of tier points is edited; the body is not known.
const EDITED: [&str; 6] = [
    "value",
    "issued_at",
    "accrued_at",
    "meta",
    "source_id",
    "source_type",
];

pub(super) fn edit(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = call.get("TierPoint", call.param("point"))?;
    let mut new = old.clone();
    new.copy(&call.body, &EDITED);
    call.update("TierPoint", &old, new).map(Answer::One)
}

fn before(
    _context: &mut Context<'_>,
    _old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    let value = value::signed(new, "value")?.unwrap_or_default();
    new.set("value", number(value));
    for member in ["issued_at", "accrued_at"] {
        let at = time::given(new, member, &TimeZone::UTC)?;
        let at = at.map(|at| utc(at, &TimeZone::UTC, member));
        new.set(member, at.transpose()?);
    }
    Ok(())
}

fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    tell(context, "tier-point", ALL, "TierPoint", old, new)?;
    let was = old.and_then(|old| old.text("profile_id"));
    let is = new.and_then(|new| new.text("profile_id"));
    for profile in [was.filter(|was| is.as_ref() != Some(was)), is.clone()]
        .into_iter()
        .flatten()
    {
        tiers::points_changed(context, &profile)?;
    }
    Ok(())
}
