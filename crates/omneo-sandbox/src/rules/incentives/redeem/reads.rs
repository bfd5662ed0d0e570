//! Redemptions as they are read, beyond their plain lists.

use serde_json::{Value, json};

use super::{Incentive, Kind};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::{Record, RecordExt};

/// How often one instance of a profile was redeemed.
pub(super) fn count(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let incentive = Incentive::named(call.param("type")).ok_or(Refusal::NotFound)?;
    let instance = call.owned(incentive.kind(), "id", &profile)?;
    let equal = [
        ("type_id", instance.value("id")),
        ("type", incentive.name().into()),
        ("profile_id", profile.into()),
    ];
    let mut count = 0;
    for item in call.find("RedemptionItem", &equal)? {
        let id = item.text("redemption_id").unwrap_or_default();
        let redemption = call.store().get("Redemption", &id)?.unwrap_or_default();
        let is_redeemed = redemption.text("type").as_deref() == Some(Kind::Redeem.name());
        if is_redeemed && redemption.flag("_is_reversed") != Some(true) {
            count += 1;
        }
    }
    Ok(Answer::Data(json!({ "count": count })))
}

/// Pages of groups that have the same value of a member.
pub(super) fn group(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let attribute = call.param("attribute").to_owned();
    if attribute.starts_with('_') {
        return Err(Refusal::NotFound);
    }
    let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for redemption in call.find("Redemption", &[])? {
        let value = redemption.get(&attribute).cloned().unwrap_or(Value::Null);
        let place = *places.entry(value.to_string()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, redemptions)) => redemptions.push(redemption.into()),
            None => groups.push((value, vec![redemption.into()])),
        }
    }
    let groups = groups.into_iter().map(|(_, redemptions)| {
        let mut group = Record::new();
        group.set("redemptions", json!({ "data": redemptions }));
        group
    });
    Ok(Answer::Many(groups.collect()))
}

pub(super) fn linked(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    call.whole_list("Redemption", &[("linked_profile_id", profile.into())])
}

pub(super) fn linked_points(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    call.list("Point", &[("linked_profile_id", profile.into())])
}
