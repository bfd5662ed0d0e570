//! Amounts that callers give.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::answer::Refusal;
use crate::record::{Record, amount};

/// What no value goes above; sums of values stay exact below it.
const LIMIT: Decimal = Decimal::from_parts(1_000_000_000, 0, 0, false, 0);

/// How many decimals a value has: points come in fractions, money in other currencies too.
pub(super) const DECIMALS: u32 = 4;

/// A member that is a value, from 0; none if it is left out or null.
///
/// # Errors
///
/// 422 for one below 0, above a billion, or that is no number.
pub(super) fn given(body: &Record, member: &str) -> Result<Option<Decimal>, Refusal> {
    let value = signed(body, member)?;
    if value.is_some_and(|value| value.is_sign_negative() && !value.is_zero()) {
        let message = format!("The {} must be at least 0.", member.replace('_', " "));
        return Err(Refusal::invalid(member, message));
    }
    Ok(value)
}

/// A member that is a value, which may be below 0.
pub(super) fn signed(body: &Record, member: &str) -> Result<Option<Decimal>, Refusal> {
    let value = match body.get(member) {
        None | Some(Value::Null) => return Ok(None),
        Some(value) => amount(value),
    };
    let name = member.replace('_', " ");
    let value = value
        .ok_or_else(|| Refusal::invalid(member, format!("The {name} must be a number.")))?
        .round_dp(DECIMALS);
    if value.abs() > LIMIT {
        let message = format!("The {name} may not be greater than {LIMIT}.");
        return Err(Refusal::invalid(member, message));
    }
    Ok(Some(value))
}

/// A member that is a whole number from 1; `default` if it is left out or null.
pub(super) fn count(body: &Record, member: &str, default: i64) -> Result<i64, Refusal> {
    let name = member.replace('_', " ");
    match given(body, member)? {
        None => Ok(default),
        Some(value) if value.fract().is_zero() && value >= Decimal::ONE => i64::try_from(value)
            .map_err(|_| Refusal::invalid(member, format!("The {name} must be an integer."))),
        Some(_) => Err(Refusal::invalid(
            member,
            format!("The {name} must be a whole number of at least 1."),
        )),
    }
}
