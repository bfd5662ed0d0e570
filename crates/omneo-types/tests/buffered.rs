//! Values that serde buffers before it knows their type: `flatten`, `untagged`, tagged enums.

use omneo_types::{
    Amount, Data, Field, Flag, Id, Integer, List, Map, MaybeData, Page, Record, Scalar, Timestamp,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    id: Id,
    amount: Amount,
    integer: Integer,
    flag: Flag,
    at: Timestamp,
    php_at: Timestamp,
    scalar: Scalar,
    map: Map<Amount>,
    list: List<Integer>,
    record: Record<Data<Id>>,
    none: Record<Data<Id>>,
    field: Field<Amount>,
    maybe: MaybeData<Map<Scalar>>,
    page: Page<Id>,
}

fn sent() -> Value {
    json!({
        "id": 3.0,
        "amount": 49.99,
        "integer": "5.0",
        "flag": 1,
        "at": "2024-01-02 03:04:05",
        "php_at": {"date": "2024-01-02 03:04:05.000000", "timezone_type": 3, "timezone": "UTC"},
        "scalar": true,
        "map": ["1.5", 2],
        "list": {"1": 2, "0": "1"},
        "record": {"data": "x"},
        "none": [],
        "field": null,
        "maybe": {"data": {"a": 1.5}},
        "page": {"data": [1, "2"], "links": [], "meta": {"current_page": "1"}},
    })
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Flattened {
    #[serde(flatten)]
    everything: Everything,
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, Scalar>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum Untagged {
    Never { no_such_member: Id },
    Everything(Box<Everything>),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind")]
enum Tagged {
    Everything(Box<Everything>),
}

#[test]
fn every_way_reads_the_same() {
    let plain: Everything = serde_json::from_value(sent()).unwrap();
    let text = sent().to_string();
    assert_eq!(serde_json::from_str::<Everything>(&text).unwrap(), plain);
    assert_eq!(
        serde_json::from_reader::<_, Everything>(text.as_bytes()).unwrap(),
        plain
    );
    assert_eq!(
        serde_json::from_str::<Untagged>(&text).unwrap(),
        Untagged::Everything(Box::new(plain.clone()))
    );

    let mut tagged = sent();
    tagged["kind"] = json!("Everything");
    assert_eq!(
        serde_json::from_value::<Flattened>(tagged.clone())
            .unwrap()
            .everything,
        plain
    );
    assert_eq!(
        serde_json::from_str::<Tagged>(&tagged.to_string()).unwrap(),
        Tagged::Everything(Box::new(plain))
    );
}

#[test]
fn what_is_written_through_a_buffer_reads_again() {
    let everything: Everything = serde_json::from_value(sent()).unwrap();
    let flattened = Flattened {
        everything,
        rest: [("more".to_owned(), Scalar::from(1.5_f64.to_string()))].into(),
    };
    let text = serde_json::to_string(&flattened).unwrap();
    assert_eq!(serde_json::from_str::<Flattened>(&text).unwrap(), flattened);
    assert_eq!(
        serde_json::from_value::<Flattened>(serde_json::to_value(&flattened).unwrap()).unwrap(),
        flattened
    );
    assert!(
        text.contains(r#""amount":49.99"#) && text.contains(r#""id":3,"#),
        "{text}"
    );
}

#[test]
fn fields_of_an_option_take_null_as_none() {
    #[derive(Debug, Default, PartialEq, Deserialize)]
    struct Loose {
        id: Option<Id>,
        at: Option<Timestamp>,
        list: Option<List<Id>>,
        record: Option<Record<Data<Id>>>,
    }
    let loose: Loose = serde_json::from_str(r#"{"id": null, "at": null, "list": null}"#).unwrap();
    assert_eq!(loose, Loose::default());
}
