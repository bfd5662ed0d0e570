//! Lines by themselves.

use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;
use crate::rules::sales::{self, TRANSACTION};

pub(super) fn store(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let transaction = call.get("Transaction", call.param("transaction"))?;
    let body = call.body.clone();
    sales::add_item(call, &TRANSACTION, &transaction, &body).map(Answer::One)
}

pub(super) fn recalculate(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let old = call.get("TransactionItem", call.param("item"))?;
    let mut item = old.clone();
    item.set("is_return", sales::is_return(&item));
    sales::resolve(&call.context, &mut item)?;
    call.update("TransactionItem", &old, item).map(Answer::One)
}
