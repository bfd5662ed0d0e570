//! Requests with required fields are made with `new`.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use omneo_api::types::{
    ProfileTagBatchInput, ProfileTagBatchItem, RewardBatchItem, RewardDefinitionInput,
    RewardDefinitionType,
};
use serde_json::{json, to_value};

#[test]
fn what_is_required_is_sent_and_what_is_unset_is_left_out() {
    let birthday = RewardDefinitionInput::new(
        "birthday",
        "Birthday",
        30,
        RewardDefinitionType::Birthday,
        20,
    );
    let mut sent = json!({
        "handle": "birthday", "name": "Birthday", "period": 30, "type": "birthday", "value": 20,
    });
    assert_eq!(to_value(&birthday).unwrap(), sent);

    let extendable = RewardDefinitionInput {
        is_extendable: true.into(),
        ..birthday
    };
    sent["is_extendable"] = json!(true);
    assert_eq!(to_value(&extendable).unwrap(), sent);
}

#[test]
fn a_list_is_made_of_an_array() {
    let batch = ProfileTagBatchInput::new([ProfileTagBatchItem::new("p-1", ["vip", "till"])]);
    assert_eq!(
        to_value(&batch).unwrap(),
        json!({"profiles": [{"profile_id": "p-1", "tags": ["vip", "till"]}]})
    );
}

#[test]
fn what_is_required_and_may_be_null_is_given_as_an_option() {
    let reward = RewardBatchItem::new("p-1", None, "Australia/Melbourne");
    assert_eq!(
        to_value(&reward).unwrap(),
        json!({"profile_id": "p-1", "profile_id_handle": null, "timezone": "Australia/Melbourne"})
    );
}
