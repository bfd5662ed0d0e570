//! A profile's orders by their order numbers.

use rust_decimal::Decimal;
use serde_json::Value;

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt, number};
use crate::rules::transactions::{Group, group_page};

pub(super) fn orders(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile()?;
    let id = profile.value("id");
    let groups = Group::all(call.find("Order", &[("profile_id", id)])?);
    Ok(group_page(call, groups, |group| {
        let mut row = Record::new();
        row.insert("order_number".to_owned(), group.newest("order_number"));
        row.insert("order_id".to_owned(), group.newest("id"));
        row.set("number_orders", group.sales.len());
        let totals = group.sales.iter().filter_map(|order| order.amount("total"));
        row.insert("total".to_owned(), number(totals.sum::<Decimal>()));
        row.set("latest_updated_at", group.latest("updated_at"));
        row.set("latest_transacted_at", group.latest("transacted_at"));
        let orders = group.sales.into_iter().map(Value::Object);
        row.set("orders", orders.collect::<Vec<_>>());
        row
    }))
}
