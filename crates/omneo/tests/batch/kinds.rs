//! Each kind of record: where it goes, and whether the schema takes it.

use std::any::type_name;
use std::collections::BTreeSet;

use fault_server::Received;
use futures_util::stream;
use omneo::batch::{
    AggregationBatch, Batch, CustomFieldOwner, EventIdentifier, ForProduct, ForProfile, Queue,
    QueueCreate, Record, Remove, State,
};
use omneo::omneo_types::{Id, Timestamp};
use omneo::types::{
    AllocationBatchDefinitionInput, AllocationBatchItemInput, AllocationType, BenefitBatchItem,
    CreditInput, CustomFieldRef, ImportJobInput, ImportStatus, InteractionAction,
    InteractionChannel, InteractionInput, LocationBatchRowInput, OrderBatchRowInput, OrderInput,
    PointInput, ProductBatchRowInput, ProductQueueInput, ProductVariantInput,
    ProfileAchievementInput, ProfileStatusBatchItem, ProfileTagBatchItem, ProfileTierAssignInput,
    RedeemStrategyInput, TierPointInput, TransactionInput, TransactionUpsertInput,
    WebhookBatchInput,
};
use omneo::{Omneo, identity};
use serde_json::{Value, json};

use crate::server::BatchServer;
use crate::support::{profile, reward, transaction};

pub(crate) fn point(number: usize) -> PointInput {
    PointInput::new(3, format!("p-{number}"), 10)
}

pub(crate) fn credit(number: usize) -> CreditInput {
    CreditInput {
        external_id: Id::from(format!("c-{number}")).into(),
        ..CreditInput::new(50)
    }
}

pub(crate) fn sale(number: usize) -> TransactionInput {
    let at: Timestamp = "2024-01-31 10:00:00".parse().unwrap();
    TransactionInput {
        external_id: Id::from(format!("t-{number}")).into(),
        ..TransactionInput::new(None, "Europe/Paris", 10, at)
    }
}

/// The table of kinds, as it is read.
const TABLE: &str = include_str!("../../src/batch/record/mod.rs");

/// An older twin of `profiles/batch.json`, which names no batch.
const LEFT_OUT: [&str; 1] = ["POST /v3/profiles/batch"];

fn schema() -> Value {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap()
}

/// Holds the body of a request against the published schema.
fn check(request: &Received, method: &str, template: &str) {
    let schema = schema();
    let operation = &schema["paths"][template][method.to_lowercase()];
    assert!(
        operation.is_object(),
        "{method} {template} is not in the schema"
    );
    let wanted = &operation["requestBody"]["content"]["application/json"]["schema"];
    if wanted.is_null() {
        return;
    }
    let mut document = wanted.clone();
    document["components"] = schema["components"].clone();
    let validator = jsonschema::validator_for(&document).unwrap();
    let body = request.json().unwrap();
    let problems: Vec<_> = validator
        .iter_errors(&body)
        // Text in the schema, a number in what its own clients send.
        .filter(|problem| problem.instance_path().as_str() != "/signal")
        .map(|problem| format!("{}: {problem}", problem.instance_path()))
        .collect();
    assert!(problems.is_empty(), "{problems:?} in {body}");
}

/// Whether a path is of a template.
fn is_of(path: &str, template: &str) -> bool {
    let (path, template) = (path.split('/'), template.split('/'));
    path.clone().count() == template.clone().count()
        && path.zip(template).all(|(segment, name)| {
            segment == name || (name.starts_with('{') && !segment.is_empty())
        })
}

/// The name of a type without the modules that it is in.
fn short<T>() -> String {
    let name = type_name::<T>();
    let parts = name
        .split('<')
        .map(|part| part.rsplit("::").next().unwrap());
    parts.collect::<Vec<_>>().join("<")
}

/// What is to come of the records of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Made,
    Done,
    Queued,
    Followed,
}

impl Ends {
    fn of(state: &State) -> Option<Self> {
        Some(match state {
            State::Succeeded { id: Some(_) } => Self::Made,
            State::Succeeded { id: None } => Self::Done,
            State::Accepted { batch: None } => Self::Queued,
            State::Accepted { batch: Some(_) } => Self::Followed,
            _ => return None,
        })
    }
}

/// What was sent of each kind.
struct Kinds {
    server: BatchServer,
    omneo: Omneo,
    seen: BTreeSet<String>,
}

impl Kinds {
    fn new() -> Self {
        let server = BatchServer::start();
        let omneo = server.omneo();
        Self {
            server,
            omneo,
            seen: BTreeSet::new(),
        }
    }

    /// Sends two of a kind to an operation; gives what the requests said.
    async fn send<R: Record>(
        &mut self,
        batch: Batch<R>,
        record: impl Fn(usize) -> R,
        operation: &str,
        field: Option<&str>,
        ends: Ends,
    ) -> Vec<Value> {
        let (method, template) = operation.split_once(' ').unwrap();
        let before = self.server.faults.received().len();
        let run = batch.send(stream::iter([record(0), record(1)]));
        let outcomes = crate::support::collect(run).await;
        assert_eq!(outcomes.len(), 2, "{operation}");
        for outcome in outcomes.values() {
            assert_eq!(
                Ends::of(&outcome.state),
                Some(ends),
                "{operation}: {outcome:?}"
            );
        }
        let mut bodies = Vec::new();
        for request in self.server.faults.received().into_iter().skip(before) {
            if request.method == "GET" || request.path() == "/v3/profiles/exists" {
                continue;
            }
            assert_eq!(request.method, method, "{operation}");
            assert!(
                is_of(request.path(), template),
                "{} is not {template}",
                request.path()
            );
            check(&request, method, template);
            bodies.push(request.json().unwrap());
        }
        match field {
            Some(field) => {
                assert_eq!(bodies.len(), 1, "{operation}");
                assert_eq!(bodies[0][field].as_array().unwrap().len(), 2, "{operation}");
            }
            None => assert_eq!(bodies.len(), 2, "{operation}"),
        }
        let cell = format!("`{method} {}`", template.strip_prefix("/v3/").unwrap());
        let row = TABLE.lines().find(|line| line.contains(&cell));
        let row = row.unwrap_or_else(|| panic!("{cell} is not in the table of `Record`"));
        let name = format!("[`{}`]", short::<R>());
        assert!(row.contains(&name), "{name} is not in {row}");
        self.seen.insert(operation.to_owned());
        bodies
    }
}

#[tokio::test]
async fn each_kind_goes_to_its_endpoint_as_the_schema_wants_it() {
    let mut kinds = Kinds::new();
    let omneo = kinds.omneo.clone();
    let at = || "2024-01-31 10:00:00".parse::<Timestamp>().unwrap();
    let external = |number: usize| Id::from(format!("x-{number}"));

    // Those with an import job: it is text in the schema.
    let batch = omneo.batch().import_job(4).match_criteria("email");
    let operation = "POST /v3/profiles/batch.json";
    let sent = kinds
        .send(batch, profile, operation, Some("profiles"), Ends::Made)
        .await;
    assert_eq!(sent[0]["match_criteria"], "email");
    assert_eq!(sent[0]["import_job_id"], "4");
    macro_rules! with_job {
        ($($record:expr => $name:literal;)+) => {$(
            let (batch, operation) = (omneo.batch().import_job(4), concat!("POST /v3/", $name, "/batch.json"));
            let sent = kinds.send(batch, $record, operation, Some($name), Ends::Made).await;
            assert_eq!(sent[0]["import_job_id"], "4");
        )+};
    }
    with_job! {
        reward => "rewards";
        |number| BenefitBatchItem::new(at(), format!("p-{number}"), "Europe/Paris") => "benefits";
        transaction => "transactions";
        |number| ProductBatchRowInput::new(format!("product-{number}")) => "products";
        |number| LocationBatchRowInput::new(format!("Shop {number}"), "+61390000000") => "locations";
    }

    // Those without.
    macro_rules! without {
        ($($record:expr => $operation:literal, $field:expr, $ends:ident;)+) => {$(
            kinds.send(omneo.batch(), $record, $operation, $field, Ends::$ends).await;
        )+};
    }
    let status = |number| ProfileStatusBatchItem::new(format!("p-{number}"), ["vip"]);
    let tag = |number| ProfileTagBatchItem::new(format!("p-{number}"), ["vip"]);
    let order = |number| OrderInput {
        external_id: external(number).into(),
        ..OrderInput::new(None, "Europe/Paris", 10, at())
    };
    let upsert = |number| TransactionUpsertInput {
        external_id: external(number).into(),
        ..Default::default()
    };
    without! {
        |number| OrderBatchRowInput::new(external(number), None, "Europe/Paris", 10, at())
            => "POST /v3/orders/batch.json", Some("orders"), Made;
        status => "POST /v3/profile/status/batch.json", Some("profiles"), Made;
        |number| Remove(status(number)) => "DELETE /v3/profile/status/batch.json", Some("profiles"), Made;
        tag => "POST /v3/profile/tags/batch.json", Some("profiles"), Made;
        |number| Remove(tag(number)) => "DELETE /v3/profile/tags/batch.json", Some("profiles"), Made;
        |number| AggregationBatch(json!({"profiles": [number]}))
            => "POST /v3/profile/aggregations/batch.json", None, Followed;
        |number| Queue(upsert(number)) => "POST /v3/transactions/queue", None, Queued;
        |number| QueueCreate(sale(number)) => "POST /v3/transactions/queue/create", None, Queued;
        |number| Queue(order(number)) => "POST /v3/orders/queue", None, Queued;
        |number| QueueCreate(order(number)) => "POST /v3/orders/queue/create", None, Queued;
        |number| Queue(ProductQueueInput::new(external(number))) => "POST /v3/products/queue", None, Queued;
        |number| ForProduct::new(7, ProductVariantInput::new(10, format!("sku-{number}"), "Coat"))
            => "POST /v3/products/{product}/variants", None, Made;
        point => "POST /v3/points", None, Made;
        credit => "POST /v3/credits", None, Made;
        |number| TierPointInput::new(3, format!("p-{number}"), 10) => "POST /v3/tiers/points", None, Made;
        |number| ForProfile::new(format!("p-{number}"), ProfileTierAssignInput::new("gold"))
            => "POST /v3/profiles/{profile}/tiers/assign", None, Made;
        |number| ForProfile::new(identity("shopify", number), ProfileAchievementInput::new(1, 3))
            => "POST /v3/profiles/{profile}/achievements", None, Made;
        |number| ForProfile::new(format!("p-{number}"), RedeemStrategyInput { amount: omneo::omneo_types::Amount::from(5).into(), ..Default::default() })
            => "POST /v3/profiles/{profile}/redeem", None, Made;
        |_| InteractionInput::new(InteractionAction::Refer, InteractionChannel::App, "visit", "shop", 1)
            => "POST /v3/interactions", None, Made;
    }

    // Those with something that goes with all.
    let pool = AllocationBatchDefinitionInput::new("7", AllocationType::RewardDefinition);
    let code = |number| AllocationBatchItemInput::new(format!("A-{number}"));
    let operation = "POST /v3/allocations/batch.json";
    let field = Some("allocations");
    let sent = kinds
        .send(omneo.batch_of(pool), code, operation, field, Ends::Queued)
        .await;
    assert_eq!(
        sent[0]["definition"],
        json!({"id": "7", "type": "reward_definition"})
    );
    let event = WebhookBatchInput {
        webhook_ids: Some(vec![12.into()].into()),
        ..WebhookBatchInput::new("order", ["not sent".to_owned()])
    };
    let identifier = |number| EventIdentifier(format!("{number}"));
    let operation = "POST /v3/webhooks/batch.json";
    let field = Some("identifiers");
    let sent = kinds
        .send(
            omneo.batch_of(event),
            identifier,
            operation,
            field,
            Ends::Queued,
        )
        .await;
    assert_eq!(
        sent,
        [json!({"event_context": "order", "webhook_ids": [12], "identifiers": ["0", "1"]})]
    );
    let job = |_| ImportJobInput::new([("row", 1.into())], "omneo:profile", ImportStatus::Pending);
    let operation = "POST /v3/imports/{import}/jobs/batch.json";
    kinds
        .send(
            omneo.batch_of(4),
            job,
            operation,
            Some("jobs"),
            Ends::Queued,
        )
        .await;
    let owner = CustomFieldOwner::new("profile", "p-1");
    let gone = |number| Remove(CustomFieldRef::new(format!("field-{number}"), "shop"));
    let operation = "DELETE /v3/custom-fields/{model}/{id}/batchJsonDelete";
    let field = Some("custom_fields");
    kinds
        .send(omneo.batch_of(owner), gone, operation, field, Ends::Done)
        .await;

    // What the schema has for many at a time is there.
    for (path, operations) in schema()["paths"].as_object().unwrap() {
        let ends = [
            "batch.json",
            "/batch",
            "/batchJsonDelete",
            "/queue",
            "/queue/create",
        ];
        if !ends.iter().any(|end| path.ends_with(end)) {
            continue;
        }
        for method in operations.as_object().unwrap().keys() {
            let operation = format!("{} {path}", method.to_uppercase());
            assert!(
                kinds.seen.contains(&operation) || LEFT_OUT.contains(&operation.as_str()),
                "{operation} is new: give it a kind of record"
            );
        }
    }
    // And no row of the table is of nothing.
    let rows = TABLE.lines().filter(|line| line.starts_with("/// | [`"));
    assert_eq!(rows.count(), kinds.seen.len());
}

#[tokio::test]
async fn a_profile_that_can_not_be_looked_up_fails_alone() {
    let server = BatchServer::start();
    let visits = ["p-1", "nobody", ""].map(|id| {
        let visit = ProfileAchievementInput::new(1, 3);
        ForProfile::new(identity("shopify", id), visit)
    });
    let run = server.omneo().batch().send(stream::iter(visits));
    let outcomes = crate::support::collect(run).await;
    assert_eq!(crate::support::tally(&outcomes)[..2], [vec![0], vec![1, 2]]);
    assert_eq!(outcomes[&1].profile_id, Some("nobody".into()));
    assert_eq!(server.stored("profiles/p-1/achievements").len(), 1);
}
