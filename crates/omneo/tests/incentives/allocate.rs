//! Codes for pools.

use omneo::incentives::{Allocated, Code};
use omneo::omneo_types::Id;
use omneo::types::{
    AllocationBatchItemInput, BenefitDefinition, PointDefinition, RewardDefinition,
};
use omneo_mock::sample;
use serde_json::json;

use crate::bench::{Bench, refusal};
use crate::schema;

const LINE: &str = "POST /v3/allocations/batch.json";

async fn assert_allocated<D: Allocated>(kind: &str) {
    let bench = Bench::start().await;
    bench
        .server
        .allocations_batch(|_, then| then.raw(200, json!({"message": "OK"})));
    let codes = ["A-1", "A-2"];
    bench.omneo.allocate::<D>(7, codes).await.unwrap();
    let body = json!({
        "allocations": [{"code": "A-1"}, {"code": "A-2"}],
        "definition": {"id": "7", "type": kind},
    });
    assert_eq!(bench.body(), body);
    assert_eq!(bench.take_lines(), [LINE]);
    schema::assert_fits("allocations_batch", LINE, &body);
}

#[tokio::test]
async fn the_pool_is_told_by_id_and_type() {
    assert_allocated::<RewardDefinition>("reward_definition").await;
    assert_allocated::<BenefitDefinition>("benefit_definition").await;
    assert_allocated::<PointDefinition>("point_definition").await;
}

#[tokio::test]
async fn a_code_may_say_more() {
    let bench = Bench::start().await;
    bench
        .server
        .allocations_batch(|_, then| then.raw(200, json!({"message": "OK"})));
    let code = json!({
        "code": "A-1",
        "name": "Alteration",
        "external_id": "991",
        "value": 20,
        "valid_from": "2026-03-01 00:00:00",
        "valid_to": "2027-03-01 00:00:00",
        "meta": {"batch": 4},
    });
    let codes: AllocationBatchItemInput = serde_json::from_value(code.clone()).unwrap();
    let codes = [codes];
    bench
        .omneo
        .allocate::<RewardDefinition>(7, codes)
        .await
        .unwrap();
    let body = bench.body();
    assert_eq!(body["allocations"], json!([code]));
    schema::assert_fits("allocations_batch", LINE, &body);
}

/// Both endpoints want an id.
#[tokio::test]
async fn a_handle_is_looked_up_once_for_both() {
    let bench = Bench::start().await;
    bench
        .server
        .allocations_batch(|_, then| then.raw(200, json!({"message": "OK"})));
    bench.server.allocations_count(|when, then| {
        when.definition(7);
        then.ok(sample::allocation_count());
    });
    bench.server.benefits_definitions_handle(|when, then| {
        when.handle("free-alteration");
        then.ok(BenefitDefinition {
            id: Some(7.into()),
            ..sample::benefit_definition()
        });
    });
    let omneo = &bench.omneo;
    omneo
        .allocate::<BenefitDefinition>("free-alteration", ["A-1"])
        .await
        .unwrap();
    let count = omneo.allocation_count("free-alteration").await.unwrap();
    assert_eq!(count.remaining, sample::allocation_count().remaining);
    assert_eq!(
        bench.take_lines(),
        [
            "GET /v3/benefits/definitions/handle/free-alteration",
            LINE,
            "GET /v3/allocations/7/count",
        ]
    );
}

#[tokio::test]
async fn what_can_not_be_right_is_refused() {
    let bench = Bench::start().await;
    let omneo = &bench.omneo;
    let none: [&str; 0] = [];
    let many = (0..501).map(|index| format!("A-{index}"));
    let unread = BenefitDefinition::default();
    bench.assert_refused(
        omneo.allocate::<RewardDefinition>(7, none).await,
        &["`codes`", "empty"],
    );
    bench.assert_refused(
        omneo.allocate::<RewardDefinition>(7, many).await,
        &["`codes`", "501", "500"],
    );
    bench.assert_refused(
        omneo.allocate::<RewardDefinition>(7, ["A-1", ""]).await,
        &["`codes`", "empty code"],
    );
    bench.assert_refused(
        omneo.allocate(&unread, ["A-1"]).await,
        &["benefit definition", "neither an id nor a handle"],
    );
    bench.assert_refused(
        omneo.allocation_count("").await,
        &["handle of the benefit definition is empty"],
    );
    bench.assert_refused(
        omneo.allocation_count(Id::from("")).await,
        &["id of the benefit definition is empty"],
    );
}

#[tokio::test]
async fn five_hundred_codes_are_not_too_many() {
    let bench = Bench::start().await;
    bench
        .server
        .allocations_batch(|_, then| then.raw(200, json!({"message": "OK"})));
    let codes = (0..500).map(|index| Code::from(format!("A-{index}")));
    bench
        .omneo
        .allocate::<RewardDefinition>(7, codes)
        .await
        .unwrap();
    assert_eq!(bench.body()["allocations"].as_array().unwrap().len(), 500);
}

#[tokio::test]
async fn an_unknown_handle_is_told_before_codes_are_sent() {
    let bench = Bench::start().await;
    bench
        .server
        .benefits_definitions_handle(|_, then| then.not_found());
    let allocated = bench
        .omneo
        .allocate::<BenefitDefinition>("it", ["A-1"])
        .await;
    let message = refusal(allocated);
    assert!(
        message.contains("no benefit definition has the handle \"it\""),
        "{message}"
    );
    assert!(!bench.take_lines().contains(&LINE.to_owned()));
}
