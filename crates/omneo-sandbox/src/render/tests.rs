use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Habits, answer, form, record, sample};
use crate::answer::Answer;
use crate::context::Context;
use crate::query::Query;
use crate::record::Record;
use crate::schema::{Envelope, SCHEMA};
use crate::store::Store;

const URL: &str = "http://127.0.0.1:4010/v3/rewards";

/// What a test does with a store at a fixed time.
fn with<R>(habits: Habits, test: impl FnOnce(&Store, &Context<'_>) -> R) -> R {
    let store = Store::memory().expect("a store");
    let now: Timestamp = "2026-03-01T09:00:00Z".parse().expect("a time");
    test(&store, &Context::new(&store, now, habits))
}

fn record_of(value: Value) -> Record {
    match value {
        Value::Object(record) => record,
        other => panic!("{other} is no record"),
    }
}

fn shown(habits: Habits, model: &str, stored: Value) -> Value {
    with(habits, |_, context| {
        record(context, model, &record_of(stored))
    })
}

/// The body of an answer to an operation.
#[track_caller]
fn body(context: &Context<'_>, id: &str, given: Answer, query: &str) -> Value {
    let operation = SCHEMA.operation(id).expect("an operation");
    let body = answer(context, operation, given, &Query::parse(query), URL);
    let problems = SCHEMA.answer_problems(operation, operation.status, body.as_ref());
    assert!(problems.is_empty(), "{id}: {problems:#?}");
    body.expect("a body")
}

#[test]
fn the_sample_of_every_operation_fits_the_schema() {
    for habits in [Habits::Real, Habits::Strict] {
        with(habits, |_, context| {
            for operation in SCHEMA.operations() {
                let given = sample(context, operation);
                let body = answer(context, operation, given, &Query::default(), URL);
                let problems = SCHEMA.answer_problems(operation, operation.status, body.as_ref());
                assert!(
                    problems.is_empty(),
                    "{}: {problems:#?} in {body:?}",
                    operation.id
                );
                assert_eq!(body.is_none(), operation.envelope == Envelope::Empty);
            }
        });
    }
}

#[test]
fn a_record_of_every_operation_fits_the_schema_whatever_is_stored() {
    let hostile = [
        json!(null),
        json!(true),
        json!(0),
        json!(1.5),
        json!(""),
        json!("7"),
        json!("2026-03-01"),
        json!([]),
        json!({}),
        json!([1, "a", null, {}]),
        json!({ "a": { "b": [] } }),
        json!("00000000-0000-4000-8000-000000000000"),
        json!(-1),
        json!(1e300),
    ];
    for habits in [Habits::Real, Habits::Strict] {
        with(habits, |_, context| {
            for operation in SCHEMA.operations() {
                let Some(shape) = operation
                    .model
                    .as_deref()
                    .and_then(|model| form::SHAPES.named(model))
                else {
                    continue;
                };
                for value in &hostile {
                    let members = shape.members.iter();
                    let members = members.map(|member| (member.name.clone(), value.clone()));
                    let stored: Record = members.collect();
                    for given in [
                        Answer::One(stored.clone()),
                        Answer::Many(vec![stored.clone(), stored]),
                    ] {
                        let is_one = matches!(
                            operation.envelope,
                            Envelope::One | Envelope::Bare | Envelope::Free
                        );
                        if is_one == matches!(given, Answer::Many(_)) {
                            continue;
                        }
                        let body = answer(context, operation, given, &Query::default(), URL);
                        let problems =
                            SCHEMA.answer_problems(operation, operation.status, body.as_ref());
                        assert!(
                            problems.is_empty(),
                            "{} with {value}: {problems:#?}",
                            operation.id
                        );
                    }
                }
            }
        });
    }
}

#[test]
fn every_list_and_record_is_in_the_envelope_of_its_operation() {
    let count = |envelope| {
        let operations = SCHEMA.operations().iter();
        operations
            .filter(|operation| operation.envelope == envelope)
            .count()
    };
    let envelopes = [
        (Envelope::One, 343),
        (Envelope::List, 43),
        (Envelope::Page, 94),
        (Envelope::RawPage, 3),
        (Envelope::Bare, 18),
        (Envelope::BareList, 6),
        (Envelope::Empty, 100),
        (Envelope::Free, 5),
    ];
    for (envelope, expected) in envelopes {
        assert_eq!(count(envelope), expected, "{envelope:?}");
    }
    let model = |id: &str| {
        SCHEMA
            .operation(id)
            .and_then(|operation| operation.model.clone())
    };
    assert_eq!(model("rewards.index").as_deref(), Some("Reward"));
    assert_eq!(
        model("profiles.find-transactions").as_deref(),
        Some("Transaction")
    );
    assert_eq!(
        model("profiles.achievements.index").as_deref(),
        Some("ProfileAchievement")
    );
    assert_eq!(model("profiles.batch").as_deref(), Some("BatchQueued"));
    assert_eq!(
        model("rewards.batch").as_deref(),
        Some("BatchQueuedResponse")
    );
    assert_eq!(model("orders.queue"), None);
}

#[test]
fn a_nested_record_is_found_by_the_id_that_names_it() {
    with(Habits::Strict, |store, context| {
        let definition = record_of(json!({ "id": 3, "name": "Birthday", "_secret": 1 }));
        store
            .insert("RewardDefinition", &definition)
            .expect("inserted");
        let reward =
            record_of(json!({ "id": 1, "reward_definition_id": 3, "value_initial": 20, "_x": 1 }));
        let shown = record(context, "Reward", &reward);
        assert_eq!(shown["definition"]["name"], "Birthday");
        assert_eq!(shown["value_initial"], 20);
        assert_eq!(shown["expires_at"], Value::Null);
        assert!(shown.get("_x").is_none());
        assert!(shown["definition"].get("_secret").is_none());
        // What the schema does not name is not shown.
        assert!(shown.get("reward_definition_id").is_none());
    });
}

#[test]
fn a_record_is_not_shown_within_itself() {
    with(Habits::Strict, |store, context| {
        let history = record_of(json!({ "id": 1, "parent_history_id": 1 }));
        store.insert("ActionHistory", &history).expect("inserted");
        let shown = record(context, "ActionHistory", &history);
        assert_eq!(shown["parent_history"], Value::Null);
        // A chain of others ends at some depth.
        for id in 2..9 {
            let history = record_of(json!({ "id": id, "parent_history_id": id - 1 }));
            store.insert("ActionHistory", &history).expect("inserted");
        }
        let history = record_of(json!({ "id": 9, "parent_history_id": 8 }));
        let mut shown = &record(context, "ActionHistory", &history);
        let mut depth = 0;
        while shown.is_object() {
            depth += 1;
            shown = &shown["parent_history"];
        }
        assert_eq!(depth, 3);
    });
}

#[test]
fn a_nested_record_of_a_type_is_found_by_type_and_id() {
    with(Habits::Strict, |store, context| {
        let point = record_of(json!({ "id": 4, "value_initial": 10 }));
        store.insert("Point", &point).expect("inserted");
        let item = record_of(json!({ "id": 1, "type": "point", "type_id": 4, "value": 10 }));
        let shown = record(context, "RedemptionItem", &item);
        assert_eq!(shown["type_attributes"]["id"], 4);
        assert_eq!(shown["type_attributes"]["value_initial"], 10);
    });
}

#[test]
fn a_real_server_sends_text_bits_and_empty_lists_where_the_schema_allows_them() {
    let claim = json!({ "id": 1, "transaction_total": 49.99 });
    assert_eq!(
        shown(Habits::Real, "TransactionClaim", claim.clone())["transaction_total"],
        "49.99"
    );
    assert_eq!(
        shown(Habits::Strict, "TransactionClaim", claim)["transaction_total"],
        49.99
    );
    let definition = json!({ "id": 3, "meta": {} });
    let real = shown(Habits::Real, "BenefitDefinition", definition.clone());
    assert_eq!((&real["id"], &real["meta"]), (&json!("3"), &json!([])));
    let strict = shown(Habits::Strict, "BenefitDefinition", definition);
    assert_eq!((&strict["id"], &strict["meta"]), (&json!(3), &json!({})));
    let level = json!({ "id": 1, "repeats": true });
    assert_eq!(
        shown(Habits::Real, "AchievementLevel", level.clone())["repeats"],
        1
    );
    assert_eq!(
        shown(Habits::Strict, "AchievementLevel", level)["repeats"],
        true
    );
    // A code is no number, and an amount is one however it was written.
    let item = json!({ "id": 1, "sku": "007" });
    assert_eq!(shown(Habits::Strict, "TransactionItem", item)["sku"], "007");
    let claim = json!({ "id": 1, "transaction_total": "49.90" });
    assert_eq!(
        shown(Habits::Strict, "TransactionClaim", claim)["transaction_total"],
        49.9
    );
    // Where only one form is allowed, it is that.
    let reward = json!({ "id": "7", "value_initial": "20.50", "has_notified_issue": 1 });
    let shown = shown(Habits::Real, "Reward", reward);
    assert_eq!(
        (
            &shown["id"],
            &shown["value_initial"],
            &shown["has_notified_issue"]
        ),
        (&json!(7), &json!(20.5), &json!(true))
    );
}

#[test]
fn an_achievement_definition_has_two_forms_of_dates() {
    let stored = json!({ "id": 1, "starts_at": "2020-03-10", "created_at": "2019-12-09 11:29:04" });
    let real = shown(Habits::Real, "AchievementDefinition", stored.clone());
    assert_eq!(real["starts_at"], "2020-03-10T00:00:00.000000Z");
    assert_eq!(real["created_at"], "2019-12-09 11:29:04");
    let strict = shown(Habits::Strict, "AchievementDefinition", stored);
    assert_eq!(strict["starts_at"], "2020-03-10 00:00:00");
}

#[test]
fn a_page_has_laravels_links_and_numbers() {
    let records = |count: u64| {
        (0..count)
            .map(|id| record_of(json!({ "id": id })))
            .collect()
    };
    with(Habits::Strict, |_, context| {
        let page = Answer::Page {
            records: records(10),
            total: 31,
            number: 2,
            size: 10,
        };
        let query = "page[size]=10&page[number]=2&filter[is_active][eq]=1";
        let body = body(context, "rewards.index", page, query);
        let at = |number: u64| {
            format!(
                "{URL}?filter%5Bis_active%5D%5Beq%5D=1&page%5Bsize%5D=10&page%5Bnumber%5D={number}"
            )
        };
        assert_eq!(body["data"].as_array().map(Vec::len), Some(10));
        assert_eq!(
            body["links"],
            json!({ "first": at(1), "last": at(4), "prev": at(1), "next": at(3) })
        );
        let link = |label: &str, url: Option<String>, active: bool| json!({ "label": label, "url": url, "active": active });
        assert_eq!(
            body["meta"],
            json!({
                "current_page": 2, "from": 11, "last_page": 4, "path": URL, "per_page": 10, "to": 20, "total": 31,
                "links": [
                    link("&laquo; Previous", Some(at(1)), false), link("1", Some(at(1)), false), link("2", Some(at(2)), true),
                    link("3", Some(at(3)), false), link("4", Some(at(4)), false), link("Next &raquo;", Some(at(3)), false),
                ],
            })
        );
    });
}

#[test]
fn an_empty_page_has_no_first_and_last_item() {
    with(Habits::Strict, |_, context| {
        let body = body(context, "rewards.index", Answer::Many(Vec::new()), "");
        assert_eq!(
            (&body["meta"]["from"], &body["meta"]["to"]),
            (&Value::Null, &Value::Null)
        );
        assert_eq!(body["meta"]["last_page"], 1);
        assert_eq!(
            (&body["links"]["prev"], &body["links"]["next"]),
            (&Value::Null, &Value::Null)
        );
    });
}

#[test]
fn a_whole_list_is_paged_by_the_query() {
    with(Habits::Strict, |_, context| {
        let records = || (1..=20).map(|id| record_of(json!({ "id": id }))).collect();
        let body = body(
            context,
            "rewards.index",
            Answer::Many(records()),
            "page[size]=8&page[number]=3",
        );
        let ids: Vec<_> = body["data"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|reward| &reward["id"])
            .collect();
        assert_eq!(ids, [17, 18, 19, 20]);
        assert_eq!(
            (&body["meta"]["from"], &body["meta"]["to"]),
            (&json!(17), &json!(20))
        );
        // A page behind the last is empty, not refused.
        let body = self::body(
            context,
            "rewards.index",
            Answer::Many(records()),
            "page[number]=18446744073709551615",
        );
        assert_eq!(body["data"], json!([]));
    });
}

#[test]
fn many_pages_are_linked_in_part() {
    with(Habits::Strict, |_, context| {
        let page = Answer::Page {
            records: Vec::new(),
            total: 1_000_000,
            number: 5_000,
            size: 10,
        };
        let body = body(context, "rewards.index", page, "");
        let links = body["meta"]["links"].as_array().expect("a list");
        let labels: Vec<_> = links
            .iter()
            .filter_map(|link| link["label"].as_str())
            .collect();
        let expected = [
            "&laquo; Previous",
            "1",
            "2",
            "...",
            "4997",
            "4998",
            "4999",
            "5000",
            "5001",
            "5002",
            "5003",
            "...",
            "99999",
            "100000",
            "Next &raquo;",
        ];
        assert_eq!(labels, expected);
    });
}

#[test]
fn a_raw_page_holds_its_numbers_itself() {
    with(Habits::Strict, |_, context| {
        let group = record_of(json!({ "order_number": "A1", "transaction_id": 7 }));
        let body = body(
            context,
            "profiles.group_transactions",
            Answer::Many(vec![group]),
            "",
        );
        assert_eq!(
            (&body["current_page"], &body["total"], &body["last_page"]),
            (&json!(1), &json!(1), &json!(1))
        );
        assert_eq!(body["data"][0]["order_number"], "A1");
    });
}

#[test]
fn a_time_is_shown_in_omneos_form_however_it_was_sent() {
    let stored = json!({ "id": 1, "transacted_at": "2026-03-01T20:00:00+11:00", "created_at": "2026-03-01" });
    let transaction = shown(Habits::Real, "Transaction", stored);
    assert_eq!(transaction["transacted_at"], "2026-03-01 09:00:00");
    assert_eq!(transaction["created_at"], "2026-03-01 00:00:00");
    let hours = json!({ "id": 1, "day_of_week": "mon", "open_at": "09:00" });
    let hours = shown(Habits::Real, "LocationNormalHour", hours);
    assert_eq!(
        (&hours["open_at"], &hours["day_of_week"]),
        (&json!("09:00"), &json!("MON"))
    );
}

#[test]
fn a_list_that_takes_a_pages_size_is_paged() {
    with(Habits::Strict, |_, context| {
        let records = (1..=3).map(|id| record_of(json!({ "id": id }))).collect();
        let list = "profiles.attributes.custom.index";
        let body = body(context, list, Answer::Many(records), "page[size]=2");
        assert_eq!(body["data"].as_array().map(Vec::len), Some(2));
        assert_eq!(body["meta"]["total"], 3);
    });
}
