//! Subscriptions that a program wants to be there: planned first, and those of other namespaces never touched.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::sync::{Arc, Mutex};

use fault_server::{Fault, FaultServer, Moment, Received, Response};
use omneo::omneo_types::Field;
use omneo::testing::ManualTimer;
use omneo::types::WebhookInput;
use omneo::webhooks::{Applied, Plan, Subscriptions, Trigger};
use omneo::{Error, ErrorKind, Omneo, RetryPolicy};
use serde_json::{Value, json};

const URL: &str = "https://shop.example.com/omneo";

/// A server that keeps subscriptions.
struct Tenant {
    server: FaultServer,
    omneo: Omneo,
    kept: Arc<Mutex<Vec<Value>>>,
}

impl Tenant {
    fn with(webhooks: impl IntoIterator<Item = Value>) -> Self {
        let server = FaultServer::start();
        let kept = Arc::new(Mutex::new(webhooks.into_iter().collect::<Vec<_>>()));
        let shelf = kept.clone();
        server.application(move |request| answer(&mut shelf.lock().unwrap(), request));
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

    async fn plan(&self, wanted: impl IntoIterator<Item = WebhookInput>) -> Result<Plan, Error> {
        let wanted: Vec<_> = wanted.into_iter().collect();
        self.omneo.webhooks().ensure("shop", wanted).await
    }

    async fn ensure(
        &self,
        wanted: impl IntoIterator<Item = WebhookInput>,
    ) -> Result<Applied, Error> {
        self.plan(wanted).await?.apply().await
    }

    /// What is there, as `namespace trigger url`.
    fn there(&self) -> Vec<String> {
        let kept = self.kept.lock().unwrap();
        let shown = kept.iter().map(|webhook| {
            let text = |name: &str| webhook[name].as_str().unwrap_or("-").to_owned();
            format!("{} {} {}", text("namespace"), text("trigger"), text("url"))
        });
        shown.collect()
    }

    /// The requests that change something.
    fn changes(&self) -> Vec<String> {
        let received = self.server.received();
        let changes = received.iter().filter(|sent| sent.method != "GET");
        changes
            .map(|sent| format!("{} {}", sent.method, sent.path()))
            .collect()
    }
}

fn answer(kept: &mut Vec<Value>, request: &Received) -> Response {
    let one = |webhook: &Value| Response::json(200, &json!({ "data": webhook }));
    let id = request
        .path()
        .strip_prefix("/v3/webhooks/")
        .map(|id| id.parse::<u64>().unwrap());
    let place = id.map(|id| kept.iter().position(|webhook| webhook["id"] == id));
    match (request.method.as_str(), place) {
        ("GET", None) => {
            let meta = json!({"current_page": 1, "last_page": 1, "total": kept.len()});
            Response::json(200, &json!({ "data": kept, "meta": meta }))
        }
        ("POST", None) => {
            let mut webhook = request.json().unwrap();
            let same = |other: &Value| {
                ["trigger", "url"]
                    .iter()
                    .all(|name| other[name] == webhook[name])
            };
            if kept.iter().any(same) {
                let taken = json!({"message": "The given data was invalid.", "errors": {"trigger": ["The trigger exists"]}});
                return Response::json(422, &taken);
            }
            webhook["id"] = (100 + kept.len()).into();
            kept.push(webhook.clone());
            one(&webhook)
        }
        ("PUT", Some(Some(place))) => {
            let Value::Object(changes) = request.json().unwrap() else {
                panic!();
            };
            kept[place].as_object_mut().unwrap().extend(changes);
            one(&kept[place])
        }
        ("DELETE", Some(Some(place))) => {
            kept.remove(place);
            Response::new(204)
        }
        (_, Some(None)) => Response::json(404, &json!({"message": "No query results for model."})),
        other => panic!("{other:?}"),
    }
}

fn webhook(id: u64, namespace: &str, trigger: &str) -> Value {
    json!({"id": id, "namespace": namespace, "trigger": trigger, "url": URL, "is_active": 1, "queue": "default",
           "retry_daily": null, "condition": [], "created_at": "2024-01-31 00:00:00"})
}

fn wanted(trigger: Trigger) -> WebhookInput {
    WebhookInput::new("shop", trigger, URL)
}

#[tokio::test]
async fn a_plan_shows_what_would_be_done_and_does_nothing() {
    let mut other = webhook(4, "other", "profile.deleted");
    other["url"] = "https://ada:pw@other.example.com/hook?token=hush#x".into();
    let mut old = webhook(3, "shop", "tier.lost");
    old["url"] = "https://ada:pw@old.example.com/hook?token=hush#x".into();
    let there = [
        webhook(1, "shop", "profile.updated"),
        webhook(2, "shop", "reward.created"),
        old,
        other,
    ];
    let tenant = Tenant::with(there);
    let low = WebhookInput {
        queue: Field::Value("low".parse().unwrap()),
        is_active: Field::Value(true.into()),
        ..wanted(Trigger::RewardCreated)
    };
    let plan = tenant
        .plan([
            wanted(Trigger::ProfileUpdated),
            low,
            wanted(Trigger::TierAchieved),
        ])
        .await
        .unwrap();
    assert_eq!(
        plan.to_string(),
        "create tier.achieved to https://shop.example.com/omneo\n\
         update 2 reward.created to https://shop.example.com/omneo: queue\n\
         delete 3 tier.lost to https://old.example.com/hook?…\n\
         keep 1 profile.updated to https://shop.example.com/omneo\n"
    );
    assert!(!plan.is_empty());
    assert!(tenant.changes().is_empty());

    let applied = plan.apply().await.unwrap();
    assert_eq!(applied.created.len(), 1);
    assert_eq!(applied.updated[0].queue.as_ref().unwrap().as_str(), "low");
    assert_eq!(applied.deleted.len(), 1);
    assert_eq!(applied.kept.len(), 1);
    // What is new comes first.
    assert_eq!(
        tenant.changes(),
        [
            "POST /v3/webhooks",
            "PUT /v3/webhooks/2",
            "DELETE /v3/webhooks/3"
        ]
    );
}

#[tokio::test]
async fn once_applied_there_is_nothing_to_do() {
    let tenant = Tenant::with([webhook(1, "shop", "tier.lost")]);
    let all = || {
        let condition = json!({"===": [{"var": "tier_handle"}, "gold"]});
        Trigger::ALL.iter().map(move |trigger| WebhookInput {
            is_active: Field::Value(true.into()),
            retry_daily: Field::Value(false.into()),
            condition: Field::Value(serde_json::from_value(condition.clone()).unwrap()),
            ..wanted(*trigger)
        })
    };
    let applied = tenant.ensure(all()).await.unwrap();
    assert_eq!((applied.created.len(), applied.updated.len()), (76, 1));
    let plan = tenant.plan(all()).await.unwrap();
    assert!(plan.is_empty(), "{plan}");
}

#[tokio::test]
async fn other_namespaces_are_never_touched() {
    let mut nobodys = webhook(3, "", "tier.lost");
    nobodys.as_object_mut().unwrap().remove("namespace");
    let tenant = Tenant::with([
        webhook(1, "shop.eu", "profile.updated"),
        webhook(2, "SHOP", "profile.deleted"),
        nobodys,
    ]);
    tenant.ensure([]).await.unwrap();
    assert!(tenant.changes().is_empty());

    tenant
        .ensure([wanted(Trigger::RewardCreated)])
        .await
        .unwrap();
    tenant.ensure([]).await.unwrap();
    assert_eq!(
        tenant.changes(),
        ["POST /v3/webhooks", "DELETE /v3/webhooks/103"]
    );
    assert_eq!(tenant.there().len(), 3);
}

#[tokio::test]
async fn what_another_namespace_has_is_shown_and_nothing_is_done() {
    let tenant = Tenant::with([
        webhook(1, "other", "profile.updated"),
        webhook(2, "shop", "tier.lost"),
    ]);
    let plan = tenant
        .plan([wanted(Trigger::ProfileUpdated)])
        .await
        .unwrap();
    let taken =
        "taken 1 profile.updated to https://shop.example.com/omneo, by the namespace other\n";
    assert!(plan.to_string().starts_with(taken), "{plan}");
    let error = plan.apply().await.unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::InvalidRequest(_)),
        "{error:?}"
    );
    assert!(tenant.changes().is_empty());
}

#[tokio::test]
async fn of_one_url_only_its_own_are_made_equal() {
    let mut elsewhere = webhook(2, "shop", "tier.lost");
    elsewhere["url"] = "https://staging.example.com/omneo".into();
    let tenant = Tenant::with([webhook(1, "shop", "tier.lost"), elsewhere]);
    let webhooks = tenant.omneo.webhooks();
    let plan = webhooks
        .ensure_at("shop", URL, [wanted(Trigger::TierAchieved)])
        .await
        .unwrap();
    plan.apply().await.unwrap();
    assert_eq!(
        tenant.there(),
        [
            "shop tier.lost https://staging.example.com/omneo",
            "shop tier.achieved https://shop.example.com/omneo"
        ]
    );
    let other = WebhookInput::new("shop", Trigger::TierLost, "https://third.example.com");
    let refused = webhooks.ensure_at("shop", URL, [other]).await.unwrap_err();
    assert!(matches!(refused.kind(), ErrorKind::InvalidRequest(_)));
}

#[tokio::test]
async fn what_is_not_wanted_of_a_field_is_left_alone() {
    let mut paused = webhook(1, "shop", "tier.lost");
    paused["is_active"] = false.into();
    let tenant = Tenant::with([paused]);
    let plan = tenant.plan([wanted(Trigger::TierLost)]).await.unwrap();
    assert!(plan.is_empty(), "{plan}");
    let active = WebhookInput {
        is_active: Field::Value(true.into()),
        ..wanted(Trigger::TierLost)
    };
    tenant.ensure([active]).await.unwrap();
    let kept = tenant.kept.lock().unwrap();
    assert_eq!(
        (&kept[0]["is_active"], &kept[0]["queue"]),
        (&json!(true), &json!("default"))
    );
}

#[tokio::test]
async fn what_can_not_be_right_is_refused_before_anything_is_sent() {
    let tenant = Tenant::with([]);
    let webhooks = tenant.omneo.webhooks();
    let twice = [wanted(Trigger::TierLost), wanted(Trigger::TierLost)];
    for refused in [
        webhooks.ensure("", []).await,
        webhooks.ensure("other", [wanted(Trigger::TierLost)]).await,
        webhooks.ensure("shop", twice).await,
    ] {
        let error = refused.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidRequest(_)),
            "{error:?}"
        );
    }
    assert!(tenant.server.received().is_empty());
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_found() {
    for fault in [
        Fault::reset(Moment::Unanswered),
        Fault::status(500).processed(),
        Fault::none().with(Response::truncated),
    ] {
        let tenant = Tenant::with([]);
        tenant.server.script([Fault::none(), fault]);
        let applied = tenant.ensure([wanted(Trigger::TierLost)]).await.unwrap();
        assert_eq!(applied.created[0].id.as_ref().unwrap(), &100);
        assert_eq!(tenant.there().len(), 1);
    }
}

#[tokio::test]
async fn a_creation_that_fails_is_the_error() {
    let tenant = Tenant::with([]);
    let invalid = json!({"message": "The given data was invalid.", "errors": {"url": ["The url is not reachable"]}});
    tenant
        .server
        .script([Fault::none(), Fault::respond(Response::json(422, &invalid))]);
    let error = tenant
        .ensure([wanted(Trigger::TierLost)])
        .await
        .unwrap_err();
    assert!(error.field_errors().contains_key("url"), "{error:?}");
}

#[tokio::test]
async fn what_is_deleted_already_is_no_error() {
    let tenant = Tenant::with([webhook(1, "shop", "tier.lost")]);
    let plan = tenant.plan([]).await.unwrap();
    tenant.kept.lock().unwrap().clear();
    assert_eq!(plan.apply().await.unwrap().deleted.len(), 1);
}
