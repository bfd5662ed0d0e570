//! The options of a product: those of its variants.

use serde_json::{Map, Value};

use crate::answer::Refusal;
use crate::context::Context;
use crate::record::{Record, RecordExt};

pub(super) fn complete(context: &Context<'_>, record: &mut Record) -> Result<(), Refusal> {
    let id = record.value("id");
    let mut options = Map::new();
    for variant in context.find("ProductVariant", &[("product_id", id)])? {
        let given = variant.list("options").iter().filter_map(Value::as_object);
        for option in given {
            let (Some(name), Some(value)) = (option.text("name"), option.get("value")) else {
                continue;
            };
            let values = options
                .entry(name)
                .or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(values) = values
                && !values.contains(value)
            {
                values.push(value.clone());
            }
        }
    }
    record.set("options", options);
    Ok(())
}
