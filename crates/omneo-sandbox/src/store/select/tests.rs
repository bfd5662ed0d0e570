//! Pages, filters and sort keys over a few records.

use rusqlite::params_from_iter;
use serde_json::{Value, json};

use super::Selection;
use crate::query::samples::relation;
use crate::query::{Filter, Operator, Query, Select, Sort};
use crate::record::Record;
use crate::store::Store;

pub(super) fn store(records: &[(&str, Value)]) -> Store {
    let store = Store::memory().unwrap();
    for (kind, body) in records {
        store.insert(kind, body.as_object().unwrap()).unwrap();
    }
    store
}

pub(super) fn ids(records: &[Record]) -> Vec<i64> {
    records
        .iter()
        .map(|record| record["id"].as_i64().unwrap())
        .collect()
}

#[track_caller]
fn found(store: &Store, kind: &str, query: &str) -> Vec<i64> {
    let select = Query::parse(query).select(kind, relation);
    let (records, total) = store.select(&select).unwrap();
    assert_eq!(total, records.len() as u64, "{query}");
    ids(&records)
}

/// Rewards 1 to 3 of two definitions and two profiles, who have identities.
fn world() -> Store {
    store(&[
        (
            "RewardDefinition",
            json!({ "id": 1, "handle": "vip", "type": "gift" }),
        ),
        (
            "RewardDefinition",
            json!({ "id": 2, "handle": "new", "type": "gift" }),
        ),
        (
            "Profile",
            json!({ "id": "10", "email": "Ada@x.io", "first_name": "Ada", "last_name": "Lovelace", "updated_at": "2026" }),
        ),
        (
            "Profile",
            json!({ "id": "20", "email": "eve@x.io", "first_name": "Eve", "last_name": "Love", "_secret": "ada" }),
        ),
        (
            "Identity",
            json!({ "id": 1, "profile_id": "10", "handle": "shopify", "identifier": "S-1" }),
        ),
        (
            "Identity",
            json!({ "id": 2, "profile_id": "10", "handle": "pos", "identifier": "P-1" }),
        ),
        (
            "CustomField",
            json!({ "id": 1, "profile_id": "10", "namespace": "shoe", "handle": "size", "value": 42 }),
        ),
        (
            "CustomField",
            json!({ "id": 2, "profile_id": "20", "namespace": "hat", "handle": "size", "value": 42 }),
        ),
        ("Tag", json!({ "id": 1, "handle": "gold", "name": "Gold!" })),
        (
            "Reward",
            json!({ "id": 1, "reward_definition_id": 1, "profile_id": "10", "value": 5, "tag_handles": ["gold", "x"], "meta": { "colour": "Red", "sizes": [1, 2] } }),
        ),
        (
            "Reward",
            json!({ "id": 2, "reward_definition_id": 2, "profile_id": "20", "value": 12.5, "is_void": true, "labels": ["a", "b"], "meta": { "deep": { "colour": "blue" } } }),
        ),
        (
            "Reward",
            json!({ "id": 3, "reward_definition_id": "1", "profile_id": null, "value": 100, "is_void": false, "items": [{ "sku": "A" }, { "sku": "B" }], "expires_at": "2026-01-01 00:00:00" }),
        ),
    ])
}

#[test]
fn filters_select_records() {
    let store = world();
    let cases: [(&str, &[i64]); 42] = [
        ("", &[1, 2, 3]),
        ("filter[value]=5", &[1]),
        ("filter[value]=5.0", &[1]),
        ("filter[value][gt]=12", &[2, 3]),
        ("filter[value][gte]=12.5&filter[value][lt]=100", &[2]),
        ("filter[value][ne]=5", &[2, 3]),
        ("filter[value][in]=5, 100", &[1, 3]),
        ("filter[value][gt]=x", &[]),
        ("filter[is_void]=1", &[2]),
        ("filter[is_void]=true", &[2]),
        ("filter[is_void]=0", &[3]),
        ("filter[is_void]=false", &[3]),
        ("filter[is_void][nullable]=1", &[1]),
        ("filter[is_void][nullable]=0", &[2, 3]),
        ("filter[expires_at][lte]=2026-01-01", &[]),
        ("filter[expires_at][lte]=2026-01-02", &[3]),
        ("filter[reward_definition_id]=1", &[1, 3]),
        ("filter[reward_definition_id][in]=2,1", &[1, 2, 3]),
        ("filter[reward_definition_id][in]=2,9", &[2]),
        ("filter[profile_id][nullable]=1", &[3]),
        ("filter[id]=2", &[2]),
        ("filter[id][in]=3,1", &[1, 3]),
        ("filter[meta][colour]=red", &[1]),
        ("filter[meta.deep.colour]=BLUE", &[2]),
        ("filter[labels]=b", &[2]),
        ("filter[items][sku]=b", &[3]),
        ("filter[items.sku][in]=x,a", &[3]),
        ("filter[definition][handle]=vip", &[1, 3]),
        ("filter[definition.type]=gift", &[1, 2, 3]),
        ("filter[definition][handle][in]=new,x", &[2]),
        ("filter[profile.email]=ada@x.io", &[1]),
        ("filter[profile.identities.identifier]=p-1", &[1]),
        ("filter[profile][nullable]=1", &[3]),
        ("filter[profile][nullable]=0", &[1, 2]),
        ("filter[profile][last_name][gte]=lovelace", &[1]),
        ("filter[tags.name]=gold!", &[1]),
        ("filter[search_with][profile.first_name]=D", &[1]),
        ("filter[json_contains]=red", &[1]),
        ("filter[json_contains]=blue", &[2]),
        ("filter[json_contains][meta]=2", &[1]),
        ("filter[json_contains][tag_handles]=gold", &[1]),
        ("filter[nothing]=x", &[]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&store, "Reward", query), expected, "{query}");
    }
}

#[test]
fn a_search_finds_every_word_in_what_is_shown() {
    let store = store(&[
        (
            "X",
            json!({ "id": 1, "first": "Ada", "last": "Lovelace", "note": "50% \"off\"", "made_at": "tea" }),
        ),
        (
            "X",
            json!({ "id": 2, "first": "Eve", "last": "Love_", "_note": "ada", "list": ["tea"] }),
        ),
    ]);
    let cases: [(&str, &[i64]); 10] = [
        ("ada", &[1]),
        ("LOVE", &[1, 2]),
        ("love+ada", &[1]),
        ("%25", &[1]),
        ("_", &[2]),
        ("%22off%22", &[1]),
        ("first", &[]),
        ("tea", &[]),
        ("%5C", &[]),
        ("ada+eve", &[]),
    ];
    for (text, expected) in cases {
        let query = format!("filter[search]={text}");
        assert_eq!(found(&store, "X", &query), expected, "{query}");
    }
    assert_eq!(found(&store, "X", "filter[search_with][last]=e_"), [2]);
    assert_eq!(found(&store, "X", "filter[search_with][_note]=eve"), [1, 2]);
}

#[test]
fn a_custom_field_is_found_by_all_of_its_names() {
    let store = world();
    let profiles = |query: &str| {
        let select = Query::parse(query).select("Profile", relation);
        let (records, _) = store.select(&select).unwrap();
        records
            .iter()
            .map(|record| record["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(profiles("filter[custom_field][shoe][size]=42"), ["10"]);
    assert_eq!(profiles("filter[custom_field][shoe][size][gt]=42"), [""; 0]);
    assert_eq!(profiles("filter[custom_field][hat][size][gte]=42"), ["20"]);
    assert_eq!(profiles("filter[custom_field][hat][colour]=42"), [""; 0]);
    assert_eq!(profiles("filter[identities][nullable]=1"), ["20"]);
}

#[test]
fn a_scope_holds_beside_filters() {
    let store = world();
    let mut select = Query::parse("filter[reward_definition_id]=1").select("Reward", relation);
    select.equal.push(("profile_id".to_owned(), json!("10")));
    select.equal.push(("value".to_owned(), json!(5)));
    let (records, total) = store.select(&select).unwrap();
    assert_eq!((ids(&records), total), (vec![1], 1));
    select.equal.push(("is_void".to_owned(), json!(true)));
    assert_eq!(store.select(&select).unwrap(), (Vec::new(), 0));
}

#[test]
fn pages_go_through_all_records_once() {
    let records: Vec<_> = (1..=25)
        .map(|id| ("X", json!({ "id": id, "owner_id": id % 2, "rank": -id })))
        .collect();
    let store = store(&records);
    for (sort, is_owned) in [
        ("", false),
        ("sort=rank", false),
        ("", true),
        ("sort=-rank", true),
    ] {
        let mut seen = Vec::new();
        for number in 1..=4 {
            let query = format!("{sort}&page[size]=10&page[number]={number}");
            let mut select = Query::parse(&query).select("X", relation);
            if is_owned {
                select.equal.push(("owner_id".to_owned(), json!(1)));
            }
            let (records, total) = store.select(&select).unwrap();
            assert_eq!(total, if is_owned { 13 } else { 25 });
            seen.extend(ids(&records));
        }
        let mut expected: Vec<i64> = (1..=25).filter(|id| !is_owned || id % 2 == 1).collect();
        if sort == "sort=rank" {
            expected.reverse();
        }
        assert_eq!(seen, expected, "{sort} {is_owned}");
    }
}

#[test]
fn a_page_beyond_the_last_is_empty() {
    let store = world();
    let query = format!("page[number]={}&page[size]=100", u64::MAX);
    let select = Query::parse(&query).select("Reward", relation);
    assert_eq!(store.select(&select).unwrap(), (Vec::new(), 3));
}

#[test]
fn records_are_sorted_by_each_key_and_then_by_the_order_of_adding() {
    let store = store(&[
        (
            "X",
            json!({ "id": 1, "name": "b", "rank": 10, "meta": { "n": 2 } }),
        ),
        (
            "X",
            json!({ "id": 2, "name": "A", "rank": 9, "meta": { "n": 1 } }),
        ),
        ("X", json!({ "id": 3, "name": "B", "rank": 10.5 })),
        ("X", json!({ "id": 4, "name": "a", "rank": 10 })),
    ]);
    let cases = [
        ("sort=name", [2, 4, 1, 3]),
        ("sort=-name", [1, 3, 2, 4]),
        ("sort=rank", [2, 1, 4, 3]),
        ("sort=-rank,name", [3, 4, 1, 2]),
        ("sort=name,-rank", [4, 2, 3, 1]),
        ("sort=-meta.n", [1, 2, 3, 4]),
        ("sort=-id", [4, 3, 2, 1]),
        ("sort=nothing", [1, 2, 3, 4]),
    ];
    for (query, expected) in cases {
        assert_eq!(found(&store, "X", query), expected, "{query}");
    }
}

#[test]
fn what_a_caller_writes_is_never_sql() {
    let store = world();
    for hostile in [
        "'",
        "' OR 1=1 --",
        "\") OR 1=1 --",
        "?1",
        "$",
        "a[0]",
        "a[#-1]",
        "%",
        "\u{0}",
        "';DROP TABLE records;",
    ] {
        let name = vec![hostile.to_owned()];
        let filter = |operator| Filter {
            relations: Vec::new(),
            path: name.clone(),
            operator,
            value: hostile.to_owned(),
            beside: vec![(hostile.to_owned(), hostile.to_owned())],
        };
        let operators = [
            Operator::Eq,
            Operator::In,
            Operator::Gte,
            Operator::Search,
            Operator::JsonContains,
        ];
        for operator in operators {
            let select = Select {
                kind: "Reward".to_owned(),
                filters: vec![filter(operator)],
                sort: vec![Sort {
                    path: name.clone(),
                    is_descending: true,
                }],
                number: 1,
                size: 10,
                ..Select::default()
            };
            assert_eq!(
                store.select(&select).unwrap().1,
                0,
                "{hostile} {operator:?}"
            );
        }
    }
}

#[test]
fn the_longest_query_is_answered() {
    let store = world();
    let long = "x,".repeat(20_000);
    let mut query = format!("filter[search]={long}&filter[name][in]={long}&filter[id][in]={long}");
    for number in 0..200 {
        query.push_str(&format!(
            "&filter[profile.identities.f{number}.a.b][in]={number},2,3,4,5,6,7,8,9"
        ));
    }
    query.push_str(&format!("&sort={}", "a.b.c,".repeat(200)));
    let select = Query::parse(&query).select("Reward", relation);
    assert_eq!(store.select(&select).unwrap().1, 0);
}

#[test]
fn a_related_record_is_looked_up_by_the_index() {
    let store = world();
    let queries = [
        ("Reward", "filter[profile.identities.identifier]=x"),
        ("Profile", "filter[identities.identifier]=x"),
        ("Reward", "filter[definition.handle]=x"),
        ("Profile", "filter[custom_field][a][b]=x"),
    ];
    for (kind, query) in queries {
        let select = Query::parse(query).select(kind, relation);
        let selection = Selection::of(&store, &select).unwrap();
        let text = format!(
            "EXPLAIN QUERY PLAN SELECT count(*) {}",
            selection.from(false)
        );
        let mut statement = store.connection.prepare(&text).unwrap();
        let values = params_from_iter(selection.conditions.values());
        let steps = statement.query_map(values, |row| row.get::<_, String>(3));
        let steps: Vec<_> = steps.unwrap().collect::<Result<_, _>>().unwrap();
        assert!(
            !steps.iter().any(|step| step.contains("records_kind")),
            "{query}: {steps:#?}"
        );
    }
}
