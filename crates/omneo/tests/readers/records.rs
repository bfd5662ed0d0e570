//! Omneo's own records.

use omneo::omneo_types::Field;
use omneo::readers::Ndjson;
use omneo::types::{RewardBatchItem, TransactionBatchRowInput, TransactionInput};

use super::{csv, outcomes, records, refusal};

#[test]
fn a_reward_of_a_batch_is_read() {
    let file = "profile_id;profile_id_handle;timezone;reward_definition_handle;value_initial;external_id;meta.till\n\
                123;card;Australia/Melbourne;birthday;12.50;;7\n";
    let rewards = records(csv(file).delimiter(b';').rows::<RewardBatchItem>());
    assert_eq!(rewards[0].profile_id, "123");
    assert_eq!(rewards[0].value_initial.unwrap().to_string(), "12.50");
    assert_eq!(rewards[0].external_id, Field::Absent);
    assert_eq!(
        serde_json::to_value(&rewards[0]).unwrap(),
        serde_json::json!({
            "profile_id": "123", "profile_id_handle": "card", "timezone": "Australia/Melbourne",
            "reward_definition_handle": "birthday", "value_initial": 12.5, "meta": {"till": "7"}
        })
    );
}

#[test]
fn what_a_record_requires_and_does_not_know_is_said_before_the_first_row() {
    let said = refusal(csv("profile,external-id,timezone\n").rows::<RewardBatchItem>());
    for says in [
        r#"column 1 "profile" is no field of the record"#,
        "(is it `external_id`?)",
        "no column gives `profile_id`, which is required",
        "no column gives `profile_id_handle`, which is required",
    ] {
        assert!(said.contains(says), "{said}");
    }
}

#[test]
fn a_required_field_that_may_be_null_is_given_by_an_empty_constant() {
    let rewards = csv("profile_id,timezone\n1,UTC\n")
        .constant("profile_id_handle", "")
        .empty_as_null("profile_id_handle");
    assert_eq!(
        records(rewards.rows::<RewardBatchItem>())[0].profile_id_handle,
        None
    );
}

#[test]
fn a_transaction_with_items_is_read_of_a_row() {
    let file = "No,Total,Sold,items.0.name,items.0.quantity,items.0.price_current,items.0.price_sell,items.1.name,items.1.quantity,items.1.price_current,items.1.price_sell,tags\n\
                7,20,2024-01-02 03:04:05,Shirt,1,20,20,,,,,a|b\n\
                8,20,2024-01-02 03:04:05,Shirt,1,20,20,Sock,two,1,1,\n";
    let read = || {
        csv(file)
            .column("No", "external_id")
            .column("Total", "total")
            .column("Sold", "transacted_at")
            .list("tags", '|')
            .constant("timezone", "Australia/Melbourne")
    };
    let said = outcomes(read().rows::<TransactionInput>());
    assert_eq!(said.len(), 2, "{said:?}");
    let (_, first) = said[0].as_ref().unwrap();
    assert_eq!(first.items.as_ref().unwrap().len(), 1);
    assert!(
        said[1]
            .as_ref()
            .unwrap_err()
            .starts_with("line 3, column 9 \"items.1.quantity\": expected a"),
        "{said:?}"
    );
    let said = outcomes(read().rows::<TransactionBatchRowInput>());
    assert_eq!(said.len(), 2, "{said:?}");
    assert_eq!(said[0].as_ref().unwrap().1.tags.as_ref().unwrap().len(), 2);
}

#[test]
fn a_line_of_json_is_read_strictly() {
    let order = |member| {
        format!(
            "{{\"external_id\":7,\"total\":\"20\",\"transacted_at\":\"2024-01-02\",\"timezone\":\"UTC\",{member}}}\n"
        )
    };
    let file = order("\"items\":[]")
        + &order("\"items\":[],\"tag\":[]")
        + &order("\"items\":[{\"nme\":\"x\"}]");
    let said = outcomes(Ndjson::from_reader(std::io::Cursor::new(file)).rows::<TransactionInput>());
    assert!(said[0].is_ok(), "{said:?}");
    let says = |index: usize| said[index].as_ref().unwrap_err().as_str();
    assert_eq!(
        says(1),
        "line 2, tag: is no field of the record (is it `tags`?): `ignore` leaves it out"
    );
    assert_eq!(says(2), "line 3, items.0.name: is required and missing");
}
