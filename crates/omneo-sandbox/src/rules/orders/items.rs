//! The lines of an order by themselves.

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;
use crate::rules::sales::{self, ORDER};

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let order = call.get("Order", call.param("order"))?;
    let body = call.body.clone();
    sales::add_item(call, &ORDER, &order, &body).map(Answer::One)
}

pub(super) fn update(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let order = call.get("Order", call.param("order"))?;
    let old = call.get("OrderItem", call.param("item"))?;
    if old.text("order_id") != order.text("id") {
        return Err(Refusal::NotFound);
    }
    let body = call.body.clone();
    sales::change_item(call, &ORDER, &order, &old, &body).map(Answer::One)
}
