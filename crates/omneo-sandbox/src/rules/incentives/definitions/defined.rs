//! What a definition is completed and checked by, by its kind.

use serde_json::Value;

use super::levels::number_levels;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::incentives::time::{self, Period};
use crate::rules::incentives::value;

/// What a kind of definition is completed and checked by.
pub(super) struct Defined {
    /// What is so unless told otherwise, as JSON.
    defaults: &'static str,
    periods: &'static [Period],
    /// Values that can't be below 0.
    values: &'static [&'static str],
    /// Whole numbers that can't be below 0.
    counts: &'static [&'static str],
}

pub(super) const REWARD: Defined = Defined {
    defaults: r#"{"period_type": "days", "is_published": true, "is_extendable": false, "is_assignable": false, "is_reassignable": false, "tags": []}"#,
    periods: &[time::EXPIRY],
    values: &["value", "max_value"],
    counts: &["period", "extend_days"],
};

pub(super) const BENEFIT: Defined = Defined {
    defaults: r#"{"period_type": "days", "max_redemptions": 1, "is_published": true, "is_archived": false, "is_extendable": false, "is_assignable": false,
        "is_reassignable": false, "is_claimable": false, "is_reclaimable": false, "total_global_redemptions": 0, "total_global_created": 0,
        "total_allocations": 0, "total_allocations_remaining": 0, "tags": []}"#,
    periods: &[time::EXPIRY],
    values: &["value"],
    counts: &["period", "max_redemptions", "max_global_redemptions"],
};

pub(super) const POINT: Defined = Defined {
    defaults: r#"{"is_reassignable": false, "tags": []}"#,
    periods: &[time::ISSUE],
    values: &[],
    counts: &["issue_period"],
};

pub(super) const CREDIT: Defined = Defined {
    defaults: r#"{"is_published": true, "is_archived": false, "require_creator": false, "require_assigned": false, "is_extendable": false,
        "is_assignable": false, "is_releasable": false, "is_reassignable": false, "require_security_code": false, "use_custom_numbers": false,
        "tags": []}"#,
    periods: &[time::EXPIRY, time::RELEASE],
    values: &["value", "max_value"],
    counts: &["period", "release_period", "extend_days"],
};

pub(super) const TIER: Defined = Defined {
    defaults: r#"{"is_assignable": false, "tags": []}"#,
    periods: &[],
    values: &["value_min", "value_maintain"],
    counts: &[],
};

pub(super) const ACHIEVEMENT: Defined = Defined {
    defaults: r#"{"is_published": true, "display_level": false, "enable_annual_earn_cycle": false, "tags": []}"#,
    periods: &[],
    values: &[],
    counts: &[],
};

impl Defined {
    fn before(&self, old: Option<&Record>, new: &mut Record) -> Result<(), Refusal> {
        match old {
            Some(old) => {
                let handle = old.get("handle").cloned();
                new.set("handle", handle);
            }
            None => {
                if let Ok(Value::Object(defaults)) = serde_json::from_str(self.defaults) {
                    for (member, value) in defaults {
                        if !new.has(&member) {
                            new.insert(member, value);
                        }
                    }
                }
            }
        }
        for member in self.values {
            value::given(new, member)?;
        }
        for member in self.counts {
            let count = value::given(new, member)?;
            if count.is_some_and(|count| !count.fract().is_zero()) {
                let message = format!("The {} must be an integer.", member.replace('_', " "));
                return Err(Refusal::invalid(*member, message));
            }
        }
        for period in self.periods {
            period.check(new)?;
        }
        Ok(())
    }
}

pub(super) fn before(
    context: &Context<'_>,
    kind: &str,
    defined: &Defined,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    defined.before(old, new)?;
    if kind == "TierDefinition" && !new.has("is_floor") {
        let is_floor = new.amount("value_min").is_some_and(|least| least.is_zero());
        new.set("is_floor", is_floor);
    }
    if kind == "AchievementDefinition" {
        number_levels(context, old, new)?;
    }
    Ok(())
}
