//! Each kind of record: where it goes, and whether the schema takes it.

use fault_server::Received;
use futures_util::stream;
use omneo::batch::{Record, State};
use omneo::omneo_types::{Id, Timestamp};
use omneo::types::{
    BenefitBatchItem, CreditInput, InteractionAction, InteractionChannel, InteractionInput,
    LocationBatchRowInput, OrderBatchRowInput, PointInput, ProductBatchRowInput,
    ProfileStatusBatchItem, ProfileTagBatchItem, TierPointInput,
};
use serde_json::{Value, json};

use crate::server::BatchServer;
use crate::support::{profile, reward, tally, transaction};

pub(crate) fn point(number: usize) -> PointInput {
    PointInput::new(3, format!("p-{number}"), 10)
}

fn at() -> Timestamp {
    "2024-01-31 10:00:00".parse().unwrap()
}

/// Holds the body of a request against the published schema.
fn check(request: &Received) {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
    let operation = &schema["paths"][request.path()]["post"];
    let wanted = &operation["requestBody"]["content"]["application/json"]["schema"];
    assert!(
        wanted.is_object(),
        "{} is not in the schema",
        request.path()
    );
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

/// Sends two of a kind, and gives the requests.
async fn send<R: Record>(
    record: impl Fn(usize) -> R,
    path: &str,
    field: Option<&str>,
) -> Vec<Value> {
    let server = BatchServer::start();
    let batch = server.omneo().batch().import_job(4).match_criteria("email");
    let run = batch.send(stream::iter([record(0), record(1)]));
    let outcomes = crate::support::collect(run).await;
    assert_eq!(tally(&outcomes)[0], [0, 1], "{path}: {outcomes:?}");
    for outcome in outcomes.values() {
        let State::Succeeded { id } = &outcome.state else {
            unreachable!()
        };
        assert!(id.is_some(), "{path}");
    }
    let requests = server.requests("POST");
    for request in &requests {
        assert_eq!(request.path(), format!("/v3/{path}"));
        check(request);
    }
    let bodies: Vec<_> = requests
        .iter()
        .map(|request| request.json().unwrap())
        .collect();
    match field {
        Some(field) => {
            assert_eq!(bodies.len(), 1, "{path}");
            assert_eq!(bodies[0][field].as_array().unwrap().len(), 2, "{path}");
        }
        None => assert_eq!(bodies.len(), 2, "{path}"),
    }
    bodies
}

#[tokio::test]
async fn each_kind_goes_to_its_endpoint_as_the_schema_wants_it() {
    let external = |number: usize| Id::from(format!("x-{number}"));
    let order = |number| OrderBatchRowInput::new(external(number), None, "Europe/Paris", 10, at());
    let benefit = |number| BenefitBatchItem::new(at(), format!("p-{number}"), "Europe/Paris");
    let product = |number| ProductBatchRowInput::new(format!("product-{number}"));
    let location = |number| LocationBatchRowInput::new(format!("Shop {number}"), "+61390000000");
    let status = |number| ProfileStatusBatchItem::new(format!("p-{number}"), ["vip"]);
    let tag = |number| ProfileTagBatchItem::new(format!("p-{number}"), ["vip"]);
    let tier = |number| TierPointInput::new(3, format!("p-{number}"), 10);
    let interaction = |_| {
        let (action, channel) = (InteractionAction::Refer, InteractionChannel::App);
        InteractionInput::new(action, channel, "visit", "shop", 1)
    };
    let mut with_job = vec![
        send(reward, "rewards/batch.json", Some("rewards")).await,
        send(benefit, "benefits/batch.json", Some("benefits")).await,
        send(transaction, "transactions/batch.json", Some("transactions")).await,
        send(product, "products/batch.json", Some("products")).await,
        send(location, "locations/batch.json", Some("locations")).await,
    ];
    let profiles = send(profile, "profiles/batch.json", Some("profiles")).await;
    assert_eq!(profiles[0]["match_criteria"], "email");
    with_job.push(profiles);
    for bodies in with_job {
        // Text in the schema.
        assert_eq!(bodies[0]["import_job_id"], json!("4"));
    }
    send(order, "orders/batch.json", Some("orders")).await;
    send(status, "profile/status/batch.json", Some("profiles")).await;
    send(tag, "profile/tags/batch.json", Some("profiles")).await;
    send(point, "points", None).await;
    send(|_| CreditInput::new(50), "credits", None).await;
    send(tier, "tiers/points", None).await;
    send(interaction, "interactions", None).await;
}
