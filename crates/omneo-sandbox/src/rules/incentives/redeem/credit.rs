//! Redeeming from one credit.

use rust_decimal::Decimal;

use super::{Incentive, Kind, amount, write};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};
use crate::rules::incentives::balances::Currency;
use crate::rules::incentives::{account, standing, value};

pub(super) fn answer(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    account::settle(call, &profile)?;
    let credit = call.owned("Credit", "credit", &profile)?;
    let body = call.body.clone();
    let amount = value::given(&body, "amount")?.unwrap_or_default();
    if amount <= Decimal::ZERO {
        return Err(Refusal::invalid(
            "amount",
            "The amount must be greater than 0.",
        ));
    }
    check_code(call, &credit, &body)?;
    if !standing::is_current(Incentive::Credit, &credit, call.now()) {
        return Err(Refusal::invalid(
            "amount",
            "The credit can't be redeemed now: it is expired, locked, void or not yet released.",
        ));
    }
    let left = standing::left(Incentive::Credit, &credit).dollars;
    if amount > left {
        let message = format!(
            "The amount may not be greater than what is left, {}.",
            left.normalize()
        );
        return Err(Refusal::invalid("amount", message));
    }
    let item = amount::from(call, Incentive::Credit, &credit, amount)?;
    let items: Vec<_> = item.into_iter().collect();
    let (kind, total) = (Kind::Redeem, Some(amount));
    let redemption = write(call, kind, &profile, &items, total, &Currency::OWN, &body)?;
    Ok(Answer::One(redemption))
}

/// A code that is given must be the credit's; one must be given where the definition requires it.
fn check_code(call: &Call<'_>, credit: &Record, body: &Record) -> Result<(), Refusal> {
    let code = credit.text("security_code");
    let definition = match credit.text("credit_definition_id") {
        Some(id) => call.store().get("CreditDefinition", &id)?,
        None => None,
    };
    let is_required =
        definition.and_then(|definition| definition.flag("require_security_code")) == Some(true);
    match (code, body.text("security_code")) {
        (Some(code), Some(given)) if code != given => Err(Refusal::unknown("security_code")),
        (Some(_), None) if is_required => Err(Refusal::invalid(
            "security_code",
            "The security code field is required.",
        )),
        _ => Ok(()),
    }
}
