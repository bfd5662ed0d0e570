use std::collections::BTreeMap;
use std::fmt;

use proptest::prelude::*;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::{Cause, json_path_at};

fn path_of(json: &[u8], error: &serde_json::Error) -> String {
    json_path_at(
        json,
        error.line(),
        error.column(),
        Cause::of(error, &error.to_string()),
    )
    .path
}

/// The path of the error that `T` gives for `json`, and for the same text over several lines.
#[track_caller]
fn assert_path<T: DeserializeOwned>(json: &str, path: &str) {
    let error = serde_json::from_str::<T>(json).map(drop).unwrap_err();
    assert_eq!(path_of(json.as_bytes(), &error), path, "{error} in {json}");
    if let Ok(value) = serde_json::from_str::<Value>(json) {
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        let error = serde_json::from_str::<T>(&pretty).map(drop).unwrap_err();
        assert_eq!(
            path_of(pretty.as_bytes(), &error),
            path,
            "{error} in {pretty}"
        );
    }
}

/// Fails as types do that read a string first and then refuse it: without a position.
#[derive(Debug)]
struct Checked;

impl<'de> Deserialize<'de> for Checked {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "good" => Ok(Checked),
            other => Err(D::Error::custom(format!("not good: {other}"))),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Either {
    #[allow(dead_code)]
    Number(u32),
    #[allow(dead_code)]
    Named { name: String },
}

#[derive(Debug, Deserialize)]
struct Row {
    #[allow(dead_code)]
    id: u32,
    #[allow(dead_code)]
    name: Option<String>,
    #[allow(dead_code)]
    checked: Option<Checked>,
    #[allow(dead_code)]
    either: Option<Either>,
    #[allow(dead_code)]
    rows: Option<Vec<Row>>,
    #[allow(dead_code)]
    map: Option<BTreeMap<String, u32>>,
}

#[derive(Debug, Deserialize)]
struct Page {
    #[allow(dead_code)]
    data: Vec<Row>,
}

#[test]
fn a_scalar_of_the_wrong_type() {
    for wrong in [
        "\"5\"",
        "true",
        "null",
        "1.5",
        "-7",
        "[]",
        "{}",
        "[1]",
        "{\"a\":1}",
    ] {
        assert_path::<Page>(
            &format!(r#"{{"data":[{{"id":1}},{{"id":{wrong},"name":"x"}}]}}"#),
            "data[1].id",
        );
        assert_path::<Page>(
            &format!(r#"{{"data":[{{"name":"x","id":{wrong}}}]}}"#),
            "data[0].id",
        );
        assert_path::<Vec<u32>>(&format!("[1,{wrong},3]"), "[1]");
        assert_path::<Vec<u32>>(&format!("[{wrong}]"), "[0]");
        assert_path::<u32>(wrong, "");
    }
    assert_path::<Vec<Vec<u32>>>("[[1],[2,[]]]", "[1][1]");
    assert_path::<Vec<Vec<u32>>>("[[1],{}]", "[1]");
    assert_path::<Page>(r#"{"data":{"id":1}}"#, "data");
    assert_path::<Page>(r#"[]"#, "");
}

#[test]
fn a_number_out_of_range() {
    assert_path::<Page>(r#"{"data":[{"id":4294967296,"name":"x"}]}"#, "data[0].id");
    assert_path::<Page>(r#"{"data":[{"id":4294967296}]}"#, "data[0].id");
}

#[test]
fn a_missing_field_is_reported_at_its_object() {
    assert_path::<Page>(r#"{"data":[{"id":1},{"name":"x"},{"id":2}]}"#, "data[1]");
    assert_path::<Page>(r#"{"data":[{"id":1,"rows":[{}]}]}"#, "data[0].rows[0]");
    assert_path::<Page>("{}", "");
    assert_path::<Page>(r#"{"data":[{}]}"#, "data[0]");
}

#[test]
fn a_duplicate_or_unknown_field_is_reported_at_its_key() {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        #[allow(dead_code)]
        a: u32,
    }
    let json = r#"[{"a":1,"b c" :2}]"#;
    let error = serde_json::from_str::<Vec<Strict>>(json)
        .map(drop)
        .unwrap_err();
    assert_eq!(path_of(json.as_bytes(), &error), r#"[0]["b c"]"#);
    let json = r#"[{"a":1,"a":2}]"#;
    let error = serde_json::from_str::<Vec<Strict>>(json)
        .map(drop)
        .unwrap_err();
    assert_eq!(path_of(json.as_bytes(), &error), "[0].a");
}

#[test]
fn a_custom_error_is_reported_at_the_value_that_raised_it() {
    assert_path::<Page>(
        r#"{"data":[{"id":1,"checked":"bad","name":"x"}]}"#,
        "data[0].checked",
    );
    assert_path::<Page>(r#"{"data":[{"id":1,"checked":"bad"}]}"#, "data[0].checked");
    assert_path::<Page>(
        r#"{"data":[{"id":1,"checked":"bad"},{"id":2}]}"#,
        "data[0].checked",
    );
    assert_path::<Vec<Checked>>(r#"["good","bad","good"]"#, "[1]");
    assert_path::<Vec<Checked>>(r#"["bad",["x"]]"#, "[0]");
    assert_path::<Vec<Checked>>(r#"["good","bad"]"#, "[1]");
    assert_path::<BTreeMap<String, Vec<Checked>>>(r#"{"a":["good"],"b":["bad"],"c":[]}"#, "b[0]");
    assert_path::<Checked>(r#""bad""#, "");
}

#[test]
fn a_buffered_value_is_reported_at_itself_or_around_it() {
    assert_path::<Page>(
        r#"{"data":[{"id":1,"either":"x","name":"x"}]}"#,
        "data[0].either",
    );
    assert_path::<Page>(
        r#"{"data":[{"id":1,"either":{"name":1},"name":"x"}]}"#,
        "data[0].either",
    );
    // At the end of the object nothing tells the last member from the object.
    assert_path::<Page>(r#"{"data":[{"either":"x"}]}"#, "data[0]");
    assert_path::<Vec<Either>>(r#"[1,"x",{"name":"y"}]"#, "[1]");
    assert_path::<Either>(r#"{"name":1}"#, "");
}

#[test]
fn a_list_refused_as_a_whole_is_reported_as_a_whole() {
    /// A map that PHP sends as `[]` when it is empty.
    #[derive(Debug)]
    struct PhpMap;
    impl<'de> Deserialize<'de> for PhpMap {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            struct V;
            impl<'de> Visitor<'de> for V {
                type Value = PhpMap;
                fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    f.write_str("a map or []")
                }
                fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<PhpMap, A::Error> {
                    match seq.next_element::<IgnoredAny>()? {
                        None => Ok(PhpMap),
                        Some(_) => Err(A::Error::invalid_type(serde::de::Unexpected::Seq, &self)),
                    }
                }
            }
            deserializer.deserialize_any(V)
        }
    }
    assert_path::<BTreeMap<String, PhpMap>>(r#"{"meta":[1],"b":[]}"#, "meta");
    assert_path::<BTreeMap<String, PhpMap>>(r#"{"meta":[1,2],"b":[]}"#, "meta");
}

#[test]
fn keys_that_need_quotes_get_them() {
    type Map = BTreeMap<String, BTreeMap<String, u32>>;
    assert_path::<Map>(
        r#"{"a.b":{"say \"hi\"\\":"x"}}"#,
        r#"["a.b"]["say \"hi\"\\"]"#,
    );
    assert_path::<Map>(r#"{"\u00e9\ud83d\ude00]":{"":null}}"#, r#"["é😀]"][""]"#);
    assert_path::<Map>(r#"{"\\":{"}":[]}}"#, r#"["\\"]["}"]"#);
    assert_path::<Map>(r#"{"größe":{"0d95-4e":true}}"#, "größe.0d95-4e");
}

#[test]
fn a_syntax_error_is_reported_where_reading_stopped() {
    assert_path::<Value>(r#"{"data":[{"id":1},{"id":tru"#, "data[1].id");
    assert_path::<Value>(r#"{"data":[{"id":1},{"id":"abc"#, "data[1].id");
    assert_path::<Value>(r#"{"data":[1,2"#, "data[1]");
    assert_path::<Value>(r#"{"data":[1,x]}"#, "data[1]");
    assert_path::<Value>(r#"{"data":"#, "data");
    assert_path::<Value>(r#"{"data":{"a" 1}}"#, "data.a");
    assert_path::<Value>("", "");
}

#[test]
fn a_position_in_lines_is_counted_in_bytes() {
    let json = "{\n  \"é\": 1,\n  \"data\": [\n    {\"id\": \"ü\"}\n  ]\n}";
    let error = serde_json::from_str::<Page>(json).unwrap_err();
    assert_eq!(error.line(), 4);
    assert_eq!(path_of(json.as_bytes(), &error), "data[0].id");
}

#[test]
fn the_value_and_its_secrecy_are_known() {
    let json = br#"{"a":{"access_token":"bad"},"b":1}"#;
    let error =
        serde_json::from_slice::<BTreeMap<String, BTreeMap<String, Checked>>>(json).unwrap_err();
    let place = json_path_at(
        json,
        error.line(),
        error.column(),
        Cause::of(&error, &error.to_string()),
    );
    assert_eq!(place.path, "a.access_token");
    assert!(place.secret);
    assert!(
        place.value.starts_with(b"\"bad\"}"),
        "{:?}",
        String::from_utf8_lossy(place.value)
    );
}

/// How the one bad leaf of a random text is refused.
#[derive(Clone, Debug)]
enum Fault {
    /// serde_json finds another type than the one asked for.
    Type(Value),
    /// The type's own code refuses a string.
    Custom,
}

/// Reads a text of the shape of `expected`, in which every leaf is a number; the leaf at `bad` is read as `Checked`.
struct Shape<'a> {
    expected: &'a Value,
    custom: bool,
}

impl<'de> DeserializeSeed<'de> for Shape<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.expected {
            Value::Array(_) => deserializer.deserialize_seq(self),
            Value::Object(_) => deserializer.deserialize_map(self),
            Value::String(_) if self.custom => Checked::deserialize(deserializer).map(drop),
            _ => u64::deserialize(deserializer).map(drop),
        }
    }
}

impl<'de> Visitor<'de> for Shape<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the shape")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        for expected in self.expected.as_array().unwrap() {
            seq.next_element_seed(Shape {
                expected,
                custom: self.custom,
            })?;
        }
        seq.next_element::<IgnoredAny>().map(drop)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<String>()? {
            map.next_value_seed(Shape {
                expected: &self.expected[&key],
                custom: self.custom,
            })?;
        }
        Ok(())
    }
}

fn tree() -> impl Strategy<Value = Value> {
    let key = prop_oneof!["[a-z_]{1,6}", any::<String>()];
    any::<u32>()
        .prop_map(Value::from)
        .prop_recursive(6, 48, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(key.clone(), inner, 0..6)
                    .prop_map(|map| map.into_iter().collect()),
            ]
        })
}

fn fault() -> impl Strategy<Value = Fault> {
    let wrong = prop_oneof![
        any::<String>().prop_map(Value::from),
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        Just(serde_json::json!(-1.5)),
        Just(serde_json::json!([])),
        Just(serde_json::json!({})),
        Just(serde_json::json!([1, {"a": "]"}])),
        Just(serde_json::json!({"a": [2]})),
    ];
    prop_oneof![wrong.prop_map(Fault::Type), Just(Fault::Custom)]
}

/// JSON pointers of all leaves.
fn leaves(value: &Value, at: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, member)| (key.clone(), member))
            .collect(),
        _ => return found.push(at.clone()),
    };
    for (step, member) in members {
        at.push(step);
        leaves(member, at, found);
        at.pop();
    }
}

/// Writes the path the slow and sure way.
fn spell(root: &Value, steps: &[String]) -> String {
    let mut path = String::new();
    let mut value = root;
    for step in steps {
        if value.is_array() {
            path += &format!("[{step}]");
            value = &value[step.parse::<usize>().unwrap()];
        } else {
            if !step.is_empty()
                && step
                    .chars()
                    .all(|c| c.is_alphanumeric() || "_-$".contains(c))
            {
                path += if path.is_empty() { "" } else { "." };
                path += step;
            } else {
                path += &format!("[{:?}]", crate::runtime::redact::cut(step, 80));
            }
            value = &value[step];
        }
    }
    crate::runtime::redact::cut(&path, super::LONGEST)
}

fn find<'a>(value: &'a mut Value, steps: &[String]) -> &'a mut Value {
    steps.iter().fold(value, |value, step| match value {
        Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
        other => &mut other[step],
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn the_path_found_is_that_of_the_one_bad_leaf(
        mut sent in tree(), fault in fault(), chosen in any::<prop::sample::Index>(), pretty in any::<bool>(),
    ) {
        let mut found = Vec::new();
        leaves(&sent, &mut Vec::new(), &mut found);
        if found.is_empty() {
            return Ok(());
        }
        let bad = chosen.get(&found).clone();
        let mut expected = sent.clone();
        let path = spell(&sent, &bad);
        let custom = matches!(fault, Fault::Custom);
        *find(&mut sent, &bad) = match fault {
            Fault::Type(wrong) => wrong,
            Fault::Custom => {
                *find(&mut expected, &bad) = Value::from("checked");
                Value::from("bad")
            }
        };
        let json = if pretty { serde_json::to_vec_pretty(&sent) } else { serde_json::to_vec(&sent) }.unwrap();
        let mut deserializer = serde_json::Deserializer::from_slice(&json);
        let error = Shape { expected: &expected, custom }.deserialize(&mut deserializer).unwrap_err();
        prop_assert_eq!(path_of(&json, &error), path, "{} in {}", error, String::from_utf8_lossy(&json));
    }

    #[test]
    fn any_bytes_and_any_position_are_taken(json in any::<Vec<u8>>(), line in 0usize..4, column in 0usize..300) {
        for cause in [Cause::Syntax, Cause::Opening, Cause::Container, Cause::Value] {
            json_path_at(&json, line, column, cause);
        }
    }

    #[test]
    fn any_cut_text_is_taken(json in "[\\[\\]{}:,\"\\\\a1 \\n]{0,40}", column in 0usize..50) {
        json_path_at(json.as_bytes(), 1, column, Cause::Value);
    }
}
