//! Definitions that a program wants to be there: created once, never changed, and compared by what their values mean.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(feature = "incentives")]

use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

use fault_server::{Fault, FaultServer, Moment, Received, Response};
use omneo::incentives::{Definition, Definitions, Difference, Ensured};
use omneo::omneo_types::Timestamp;
use omneo::runtime::Effect;
use omneo::testing::ManualTimer;
use omneo::{Error, ErrorKind, Omneo, RetryPolicy, types};
use omneo_codegen::Source;
use omneo_mock::{Form, apply};
use openapi_sampler::Sampler;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A family of definitions.
#[derive(Clone, Copy)]
struct Family {
    path: &'static str,
    record: &'static str,
}

/// A server that keeps the definitions of a family, and answers them as Omneo does.
struct Shelf {
    server: FaultServer,
    omneo: Omneo,
    kept: Arc<Mutex<Vec<Value>>>,
}

impl Shelf {
    fn of(family: Family) -> Self {
        let server = FaultServer::start();
        let kept = Arc::<Mutex<Vec<Value>>>::default();
        let shelf = kept.clone();
        server.application(move |request| answer(family, &mut shelf.lock().unwrap(), request));
        let omneo = Omneo::builder()
            .base_url(server.url())
            .token("hush")
            .timer(ManualTimer::new())
            .retry(RetryPolicy::never())
            .build();
        Self {
            server,
            omneo: omneo.unwrap(),
            kept,
        }
    }

    /// With a definition that is there already.
    fn with(family: Family, definition: &Value) -> Self {
        let shelf = Self::of(family);
        shelf.put(definition.clone());
        shelf
    }

    fn put(&self, definition: Value) {
        self.kept.lock().unwrap().push(definition);
    }

    async fn ensure<D: Definition>(&self, wanted: &Value) -> Result<Ensured<D>, Error>
    where
        <D::Definitions as Definitions>::Input: DeserializeOwned,
    {
        let wanted = serde_json::from_value(wanted.clone()).unwrap();
        self.omneo.definitions::<D>().ensure(&wanted).await
    }

    /// How many requests there were to read, and to create. There are no others: nothing is ever updated.
    fn sent(&self) -> (usize, usize) {
        let received = self.server.received();
        let count = |method| received.iter().filter(|sent| sent.method == method).count();
        let sent = (count("GET"), count("POST"));
        assert_eq!(sent.0 + sent.1, received.len());
        sent
    }
}

fn answer(family: Family, kept: &mut Vec<Value>, request: &Received) -> Response {
    let find = |handle: &str| kept.iter().find(|kept| kept["handle"] == handle).cloned();
    let shown = |definition: Value| as_sent(family, definition);
    if request.method == "POST" {
        assert_eq!(request.path(), family.path);
        let definition = request.json().unwrap();
        if find(definition["handle"].as_str().unwrap()).is_some() {
            let taken = json!({"message": "The given data was invalid.", "errors": {"handle": ["The handle exists"]}});
            return Response::json(422, &taken);
        }
        kept.push(definition.clone());
        return Response::json(200, &json!({ "data": shown(definition) }));
    }
    let by_route = format!("{}/handle/", family.path);
    if let Some(handle) = request.path().strip_prefix(&by_route) {
        return match find(handle) {
            Some(found) => Response::json(200, &json!({ "data": shown(found) })),
            None => Response::json(404, &json!({"message": "No query results for model."})),
        };
    }
    assert_eq!(request.path(), family.path);
    let handle = request.query().unwrap().split('&');
    let handle = handle.filter_map(|pair| pair.strip_prefix("filter%5Bhandle%5D="));
    let found: Vec<_> = handle.filter_map(find).map(shown).collect();
    let meta = json!({"current_page": 1, "last_page": 1, "total": found.len()});
    Response::json(200, &json!({ "data": found, "meta": meta }))
}

/// A definition as the server has it: amounts as texts, flags as numbers, empty maps as lists, dates in another form, and
/// fields of its own.
fn as_sent(family: Family, mut definition: Value) -> Value {
    apply(Form::Record(family.record), &mut definition);
    for (name, value) in definition.as_object_mut().unwrap() {
        if matches!(&**name, "starts_at" | "ends_at")
            && let Some(date) = value.as_str()
            && date.len() == "2024-01-02".len()
        {
            *value = format!("{date}T00:00:00.000000Z").into();
        }
    }
    definition["id"] = "3".into();
    definition["created_at"] = "2019-12-09 11:29:04".into();
    definition["of_tomorrow"] = json!({"seen": 1});
    definition
}

/// The schema with the corrections.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corrected = Source::read(&root).and_then(|source| source.correct());
    corrected.unwrap().document().clone()
});

/// Definitions that show whatever a family's can have, as this crate writes them.
fn definitions<D: Definition>(family: Family) -> Vec<Value>
where
    <D::Definitions as Definitions>::Input: DeserializeOwned,
{
    let mut definitions = Vec::new();
    for seed in 0..8 {
        let sampler = Sampler::new(&DOCUMENT)
            .seed(seed)
            .text(|name| name.ends_with("_at").then(|| "2027-01-31".to_owned()));
        let pointer = format!("/components/schemas/{}Input", family.record);
        for mut sample in sampler.samples(&pointer) {
            sample["handle"] = "ours".into();
            let input: <D::Definitions as Definitions>::Input =
                serde_json::from_value(sample).unwrap();
            definitions.push(serde_json::to_value(&input).unwrap());
        }
    }
    assert!(definitions.len() >= 16, "{}", family.record);
    definitions
}

/// Another value of the same kind, where there is one.
fn changed(value: &Value) -> Option<Value> {
    Some(match value {
        Value::Bool(flag) => (!flag).into(),
        Value::Number(number) => match number.as_i64() {
            Some(number) => (number ^ 1).into(),
            None => 1.into(),
        },
        Value::String(text) if text.parse::<Timestamp>().is_ok() => "2031-05-06".into(),
        Value::String(text) => format!("{text}x").into(),
        _ => return None,
    })
}

/// Every place in a definition where a single value is, as `levels.0.name`, with the value changed.
fn changes(path: &str, value: &Value) -> Vec<(String, Value)> {
    let below = |name: &str, value: &Value| -> Vec<(String, Value)> {
        let path = match path {
            "" => name.to_owned(),
            path => format!("{path}.{name}"),
        };
        changes(&path, value)
    };
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, value)| below(name, value))
            .collect(),
        Value::Array(items) => {
            let items = items.iter().enumerate();
            items
                .flat_map(|(index, value)| below(&index.to_string(), value))
                .collect()
        }
        value => changed(value)
            .map(|value| (path.to_owned(), value))
            .into_iter()
            .collect(),
    }
}

fn fields(differences: &[Difference]) -> Vec<&str> {
    differences
        .iter()
        .map(|difference| &*difference.field)
        .collect()
}

async fn is_created_if_there_is_none<D: Definition>(family: Family)
where
    <D::Definitions as Definitions>::Input: DeserializeOwned,
{
    let wanted = &definitions::<D>(family)[0];
    let shelf = Shelf::of(family);
    let ensured = shelf.ensure::<D>(wanted).await.unwrap();
    assert!(matches!(ensured, Ensured::Created(_)), "{ensured:?}");
    assert_eq!(shelf.sent(), (1, 1));
    assert_eq!(
        shelf.kept.lock().unwrap()[..],
        std::slice::from_ref(wanted)[..]
    );
    // The next start of the program.
    let ensured = shelf.ensure::<D>(wanted).await.unwrap();
    assert!(matches!(ensured, Ensured::Same(_)), "{ensured:?}");
    assert_eq!(shelf.sent(), (2, 1));
}

async fn is_the_same_in_whatever_form_the_server_has_it<D: Definition>(family: Family)
where
    <D::Definitions as Definitions>::Input: DeserializeOwned,
{
    let shelf = Shelf::of(family);
    for wanted in definitions::<D>(family) {
        *shelf.kept.lock().unwrap() = vec![wanted.clone()];
        let ensured = shelf.ensure::<D>(&wanted).await.unwrap();
        assert_eq!(ensured.differences(), [], "{wanted}");
        assert!(matches!(ensured, Ensured::Same(_)), "{wanted}");
    }
    assert_eq!(shelf.sent().1, 0);
}

async fn differs_in_exactly_what_is_otherwise<D: Definition>(family: Family)
where
    <D::Definitions as Definitions>::Input: DeserializeOwned,
{
    let shelf = Shelf::of(family);
    let mut seen = 0;
    let definitions = definitions::<D>(family).into_iter();
    // The first has every field, the second few: more of them show no more.
    for wanted in definitions.take(2) {
        for (path, value) in changes("", &wanted) {
            if path == "handle" {
                continue;
            }
            let mut found = wanted.clone();
            *found
                .pointer_mut(&format!("/{}", path.replace('.', "/")))
                .unwrap() = value.clone();
            *shelf.kept.lock().unwrap() = vec![found];
            let ensured = shelf.ensure::<D>(&wanted).await.unwrap();
            assert!(
                matches!(ensured, Ensured::Differs { .. }),
                "{path}: {value}"
            );
            assert_eq!(fields(ensured.differences()), [path]);
            seen += 1;
        }
    }
    assert!(seen > 10, "{seen}");
    assert_eq!(shelf.sent().1, 0);
}

/// What a family answers where there is none of a handle.
fn none(family: Family) -> Fault {
    match family.record {
        "BenefitDefinition" => Fault::status(404),
        _ => Fault::respond(Response::json(200, &json!({"data": []}))),
    }
}

async fn is_found_if_another_program_was_faster<D: Definition>(family: Family)
where
    <D::Definitions as Definitions>::Input: DeserializeOwned,
{
    let wanted = &definitions::<D>(family)[0];
    let other = and(wanted.clone(), json!({"name": "Other"}));
    for (there, otherwise) in [(wanted, &[][..]), (&other, &["name"])] {
        let shelf = Shelf::with(family, there);
        shelf.server.script([none(family)]);
        let ensured = shelf.ensure::<D>(wanted).await.unwrap();
        assert!(!matches!(ensured, Ensured::Created(_)), "{ensured:?}");
        assert_eq!(fields(ensured.differences()), otherwise);
        assert_eq!(shelf.sent(), (2, 1));
    }
}

async fn is_found_if_the_answer_was_lost<D: Definition>(family: Family)
where
    <D::Definitions as Definitions>::Input: DeserializeOwned,
{
    let wanted = &definitions::<D>(family)[0];
    for fault in [
        Fault::reset(Moment::Unanswered),
        Fault::status(500).processed(),
        Fault::none().with(Response::truncated),
    ] {
        let shelf = Shelf::of(family);
        shelf.server.script([Fault::none(), fault]);
        let ensured = shelf.ensure::<D>(wanted).await.unwrap();
        assert!(matches!(ensured, Ensured::Same(_)), "{ensured:?}");
        assert_eq!(shelf.sent(), (2, 1));
    }
}

/// Each row is a family, each test is made for all of them.
macro_rules! families {
    ($($name:ident: $definition:ident $path:literal)+ => $tests:tt) => {$(
        mod $name {
            use super::{Family, types::$definition};

            const FAMILY: Family = Family { path: $path, record: stringify!($definition) };

            families! { @tests $definition $tests }
        }
    )+};
    (@tests $definition:ident [$($test:ident)+]) => {$(
        #[tokio::test]
        async fn $test() {
            super::$test::<$definition>(FAMILY).await;
        }
    )+};
}

families! {
    rewards: RewardDefinition "/v3/rewards/definitions"
    benefits: BenefitDefinition "/v3/benefits/definitions"
    points: PointDefinition "/v3/points/definitions"
    credits: CreditDefinition "/v3/credits/definitions"
    tiers: TierDefinition "/v3/tiers/definitions"
    achievements: AchievementDefinition "/v3/achievements/definitions"
    => [
        is_created_if_there_is_none
        is_the_same_in_whatever_form_the_server_has_it
        differs_in_exactly_what_is_otherwise
        is_found_if_another_program_was_faster
        is_found_if_the_answer_was_lost
    ]
}

const REWARDS: Family = Family {
    path: "/v3/rewards/definitions",
    record: "RewardDefinition",
};

fn birthday() -> Value {
    json!({"handle": "birthday", "name": "Birthday", "value": 20, "period": 30, "type": "birthday"})
}

fn and(mut definition: Value, fields: Value) -> Value {
    let Value::Object(fields) = fields else {
        panic!()
    };
    definition.as_object_mut().unwrap().extend(fields);
    definition
}

/// What of a reward definition is otherwise: one that is there with these fields, as the server sends them.
async fn differences(wanted: Value, found: Value) -> Vec<String> {
    let server = FaultServer::start();
    let found = and(birthday(), found);
    server.application(move |_| Response::json(200, &json!({ "data": [found] })));
    let omneo = Omneo::builder().base_url(server.url()).token("hush");
    let definitions = omneo.build().unwrap().rewards().definitions();
    let wanted = serde_json::from_value(and(birthday(), wanted)).unwrap();
    let ensured = definitions.ensure(&wanted).await.unwrap();
    ensured
        .differences()
        .iter()
        .map(ToString::to_string)
        .collect()
}

#[tokio::test]
async fn values_are_compared_by_what_they_mean() {
    for (wanted, found) in [
        (json!({"value": 10}), json!({"value": "10.00"})),
        (json!({"value": 10.5}), json!({"value": "10.50"})),
        (json!({"period": 30}), json!({"period": "30"})),
        (json!({"is_published": true}), json!({"is_published": 1})),
        (json!({"is_published": false}), json!({"is_published": "0"})),
        (json!({"region_id": 3}), json!({"region_id": "3"})),
        (json!({"tags": []}), json!({"tags": null})),
        (json!({"icon": null}), json!({})),
        (
            json!({"absolute_expiry": "2027-01-31"}),
            json!({"absolute_expiry": "2027-01-31 00:00:00"}),
        ),
        (json!({}), json!({"icon": "cake.svg", "max_value": 5})),
    ] {
        assert_eq!(
            differences(wanted.clone(), found).await,
            [""; 0],
            "{wanted}"
        );
    }
}

#[tokio::test]
async fn differences_say_what_is_wanted_and_what_is_there() {
    for (wanted, found, said) in [
        (
            json!({"value": 10}),
            json!({"value": "10.01"}),
            "value is 10.01, wanted 10",
        ),
        (
            json!({"is_published": true}),
            json!({"is_published": 0}),
            "is_published is false, wanted true",
        ),
        (
            json!({"is_published": true}),
            json!({}),
            "is_published is null, wanted true",
        ),
        (
            json!({"icon": "a"}),
            json!({}),
            "icon is null, wanted \"a\"",
        ),
        (
            json!({"icon": null}),
            json!({"icon": "a"}),
            "icon is \"a\", wanted null",
        ),
        (
            json!({"tags": ["a"]}),
            json!({"tags": ["a", "b"]}),
            "tags is [\"a\",\"b\"], wanted [\"a\"]",
        ),
        (
            json!({"tags": ["a", "b"]}),
            json!({"tags": ["a", "c"]}),
            "tags.1 is \"c\", wanted \"b\"",
        ),
        // Texts are not numbers: every digit counts.
        (
            json!({"icon": "007"}),
            json!({"icon": "7"}),
            "icon is \"7\", wanted \"007\"",
        ),
        (
            json!({"absolute_expiry": "2027-01-31"}),
            json!({"absolute_expiry": "2027-02-01 00:00:00"}),
            "absolute_expiry is \"2027-02-01 00:00:00\", wanted \"2027-01-31\"",
        ),
    ] {
        assert_eq!(differences(wanted, found).await, [said]);
    }
}

#[tokio::test]
async fn a_refusal_for_another_reason_is_the_error() {
    let shelf = Shelf::of(REWARDS);
    let refusal = json!({"message": "The given data was invalid.", "errors": {"period": ["The period is missing"]}});
    shelf
        .server
        .script([Fault::none(), Fault::respond(Response::json(422, &refusal))]);
    let ensured = shelf.ensure::<types::RewardDefinition>(&birthday()).await;
    let error = ensured.unwrap_err();
    assert!(error.field_errors().contains_key("period"), "{error:?}");
    assert_eq!(shelf.sent(), (2, 1));
}

#[tokio::test]
async fn an_answer_that_is_lost_and_not_found_is_the_error() {
    let shelf = Shelf::of(REWARDS);
    shelf
        .server
        .script([Fault::none(), Fault::reset(Moment::Unprocessed)]);
    let ensured = shelf.ensure::<types::RewardDefinition>(&birthday()).await;
    assert_eq!(ensured.unwrap_err().effect(), Effect::Unknown);
    assert_eq!(shelf.sent(), (2, 1));
}

#[tokio::test]
async fn what_cannot_be_read_is_not_created() {
    let shelf = Shelf::of(REWARDS);
    shelf.server.script([Fault::status(403)]);
    let ensured = shelf.ensure::<types::RewardDefinition>(&birthday()).await;
    let error = ensured.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Forbidden(_)), "{error:?}");
    assert_eq!(shelf.sent(), (1, 0));
}

#[tokio::test]
async fn a_definition_without_a_handle_is_refused() {
    let shelf = Shelf::of(REWARDS);
    let nameless = and(birthday(), json!({"handle": ""}));
    let ensured = shelf.ensure::<types::RewardDefinition>(&nameless).await;
    let error = ensured.unwrap_err();
    assert!(error.to_string().contains("`handle`"), "{error}");
    assert_eq!(shelf.sent(), (0, 0));
}
