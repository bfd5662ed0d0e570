//! Contexts: what they are read as.

use omneo::types::Profile;
use omneo::webhooks::{Context, Event, Trigger};

use crate::support::event;

/// As Omneo's guide shows it, with the forms that the server is known for.
const PROFILE: &str = r#"{
    "id": "9332c9b2-e31c-4d49-8ec3-62a9466d339c", "first_name": "Ada", "email": "ada@example.com", "gender": null,
    "tier_handle": "gold", "joined_at": "2023-01-15 00:00:00", "birth_year": "1985", "birth_month": 9,
    "flattened_tags": ["vip", "stylist-client"], "flattened_statuses": {"0": "active"},
    "reward_balance": "25.00", "point_balance": 1500, "combined_balance_dollars": 40.0,
    "aggregations": {"spend_12m": 2450.0, "shop_count": "14"}, "tier": {"handle": "gold", "name": "Gold"},
    "attributes": {"comms": {"email_promo": 1, "sms_promo": false}, "appearance": []}, "mobile_phone": "0491 570 006"
}"#;

#[test]
fn a_profile_comes_with_its_balances_aggregations_and_tier() {
    let event = event("profile.updated", PROFILE);
    let Context::Profile(profile) = event.context() else {
        panic!("{:?}", event.context());
    };
    assert_eq!(profile.flattened_tags.unwrap().len(), 2);
    assert_eq!(profile.reward_balance.unwrap().to_string(), "25.00");
    assert_eq!(profile.aggregations.unwrap().shop_count.unwrap(), 14);
    assert_eq!(profile.tier.unwrap().name.unwrap(), "Gold");
    let comms = profile.attributes.unwrap().comms.unwrap();
    assert_eq!(comms.email_promo.map(bool::from), Some(true));
    // And as the record that the API answers, for the other fields.
    let record: Profile = event.read().unwrap();
    assert_eq!(record.mobile_phone.unwrap(), "0491 570 006");
}

#[test]
fn a_transaction_comes_with_its_profile() {
    let json = format!(
        r#"{{"id": "txn-uuid", "profile_id": "profile-uuid", "total": 149.95, "items": [{{"id": 1}}], "profile": {PROFILE}}}"#
    );
    for trigger in [
        Trigger::TransactionCreated,
        Trigger::TransactionPointsIssued,
    ] {
        let event = Event::new(trigger.name(), json.clone()).unwrap();
        let Context::Transaction(context) = event.context() else {
            panic!("{:?}", event.context());
        };
        assert_eq!(context.transaction.total.unwrap().to_string(), "149.95");
        assert_eq!(context.transaction.items.unwrap().len(), 1);
        assert_eq!(
            context.profile.unwrap().point_balance.unwrap().to_string(),
            "1500"
        );
    }
}

#[test]
fn a_tier_comes_with_profile_and_definition_wherever_they_are() {
    let at_root = format!(
        r#"{}, "definition": {{"handle": "gold"}}}}"#,
        PROFILE.trim_end_matches('}').trim_end()
    );
    let nested = [
        format!(r#"{{"profile": {PROFILE}, "tier_definition": {{"handle": "gold"}}}}"#),
        format!(r#"{{"profile": {PROFILE}, "tier": {{"handle": "gold"}}}}"#),
    ];
    for json in [at_root].into_iter().chain(nested) {
        let event = Event::new("tier.achieved", json).unwrap();
        let Context::Tier(context) = event.context() else {
            panic!("{:?} {}", event.context(), event.text());
        };
        assert_eq!(context.profile.first_name.unwrap(), "Ada");
        assert_eq!(context.definition.unwrap().handle.unwrap(), "gold");
    }
}

#[test]
fn orders_and_addresses_come_with_what_belongs_to_them() {
    let order = r#"{"id": 1, "payment": [], "profile": {"id": "p"}, "transactions": [{"id": 2}], "items": []}"#;
    let Context::Order(order) = event("order.created", order).context() else {
        panic!();
    };
    assert_eq!(order.transactions.unwrap().len(), 1);
    for name in ["address.created", "profile.address.updated"] {
        let address = r#"{"postcode": "3000", "is_default": 1, "profile": {"id": "p", "email": "ada@example.com"}}"#;
        let Context::Address(address) = event(name, address).context() else {
            panic!("{name}");
        };
        assert_eq!(address.postcode.unwrap(), "3000");
        assert_eq!(address.profile.unwrap()["email"], "ada@example.com");
    }
}

#[test]
fn every_event_of_a_documented_kind_has_a_type() {
    let untyped: Vec<_> = Trigger::ALL
        .iter()
        .filter(|trigger| {
            let context = event(trigger.name(), "{}").context();
            assert!(
                !matches!(context, Context::Unreadable(_)),
                "{trigger}: {context:?}"
            );
            matches!(context, Context::Unknown)
        })
        .map(|trigger| trigger.name())
        .collect();
    let expected = [
        "aggregation.updated",
        "profile-attribute.updated",
        "balance.updated",
    ];
    assert_eq!(untyped, expected);
}

#[test]
fn an_event_of_an_unknown_name_or_shape_is_an_event() {
    let odd = event("acme.birthday", "[1, 2]");
    assert!(matches!(odd.context(), Context::Unknown));
    assert_eq!(odd.read::<Vec<u8>>().unwrap(), [1, 2]);
    let odd = event("reward.created", r#"{"value_remaining": "a lot"}"#);
    let Context::Unreadable(error) = odd.context() else {
        panic!("{:?}", odd.context());
    };
    assert_eq!(error.path(), "value_remaining");
    assert_eq!(odd.text(), r#"{"value_remaining": "a lot"}"#);
}
