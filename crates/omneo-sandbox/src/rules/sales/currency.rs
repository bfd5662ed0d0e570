//! Amounts in another currency than the tenant's.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Sale;
use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt, amount, number};

/// Sets what follows from a sale's currency: the rate that was valid is kept with the record.
///
/// # Errors
///
/// 422 for a currency that is not configured.
pub(super) fn take(
    context: &mut Context<'_>,
    sale: &Sale,
    record: &mut Record,
    body: &Record,
) -> Result<(), Refusal> {
    if body.contains_key("currency") {
        let code = body.text("currency");
        let configured = match &code {
            Some(code) => rate(context, code)?,
            None => None,
        };
        let (id, rate) = configured.unwrap_or((Value::Null, Value::Null));
        record.insert("currency".to_owned(), code.map_or(Value::Null, Value::from));
        record.insert("currency_id".to_owned(), id);
        record.insert("currency_rate".to_owned(), rate);
    }
    let total = record.amount("total").unwrap_or_default();
    if let Some(given) = body.map("currency_value") {
        let id = context.new_id("TransactionCurrencyValue")?;
        let rate = given.amount("rate");
        let converted = rate.and_then(|rate| total.checked_mul(rate));
        let stamp = context.stamp();
        record.set(
            "currency_values",
            json!([{
                "id": id, "from": given.get("from"), "to": given.get("to"),
                "rate": rate.map(number), "total": converted.map(number),
                "created_at": stamp, "updated_at": stamp,
            }]),
        );
    }
    // An order has no member for it, and keeps none.
    if sale.kind == super::TRANSACTION.kind {
        let rate = record.get("currency_rate").and_then(amount);
        let converted = total.checked_mul(rate.unwrap_or(Decimal::ONE));
        record.insert(
            "total_converted".to_owned(),
            converted.map_or(Value::Null, number),
        );
    }
    Ok(())
}

/// The id and the rate of a currency; neither for the tenant's own. As long as none is configured, any is taken for it.
fn rate(context: &Context<'_>, code: &str) -> Result<Option<(Value, Value)>, Refusal> {
    if let Some(found) = context.first("Currency", &[("from", code.into())])? {
        let id = found.value("id");
        let rate = found.amount("rate").map_or(Value::Null, number);
        return Ok(Some((id, rate)));
    }
    let own = context.first("Currency", &[("to", code.into())])?;
    let is_any = context.store().count("Currency", &[])? == 0;
    match own.is_some() || is_any {
        true => Ok(None),
        false => Err(Refusal::unknown("currency")),
    }
}
