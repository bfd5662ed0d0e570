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
    let report = bench.omneo.allocate::<D>(7, codes).await.unwrap();
    assert_eq!((report.total, report.accepted), (2, 2));
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
    let report = bench.omneo.allocate::<RewardDefinition>(7, codes).await;
    assert_eq!(report.unwrap().accepted, 1);
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
    let report = omneo
        .allocate::<BenefitDefinition>("free-alteration", ["A-1"])
        .await;
    assert_eq!(report.unwrap().accepted, 1);
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
    let unread = BenefitDefinition::default();
    bench.assert_refused(
        omneo.allocate::<RewardDefinition>(7, none).await,
        &["`codes`", "empty"],
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
async fn more_than_five_hundred_codes_go_in_several_requests() {
    let bench = Bench::start().await;
    bench
        .server
        .allocations_batch(|_, then| then.raw(200, json!({"message": "OK"})));
    let codes = (0..1_001).map(|index| Code::from(format!("A-{index}")));
    let report = bench.omneo.allocate::<RewardDefinition>(7, codes).await;
    assert_eq!(report.unwrap().accepted, 1_001);
    let sent = bench.sent();
    let mut sizes: Vec<_> = sent
        .iter()
        .map(|sent| sent.body["allocations"].as_array().unwrap().len())
        .collect();
    sizes.sort_unstable();
    assert_eq!(sizes, [1, 500, 500]);
}

#[tokio::test]
async fn a_code_that_is_refused_keeps_no_other_from_the_pool() {
    let bench = Bench::start().await;
    bench.server.allocations_batch(|_, then| {
        then.validation([("allocations.1.code", "The code has already been taken.")])
            .up_to_n_times(1);
    });
    bench
        .server
        .allocations_batch(|_, then| then.raw(200, json!({"message": "OK"})));
    let report = bench
        .omneo
        .allocate::<RewardDefinition>(7, ["A-1", "A-2", "A-3"])
        .await
        .unwrap();
    assert_eq!((report.accepted, report.failed.len()), (2, 1));
    assert_eq!(report.failed[0].index, 1);
}

#[tokio::test]
async fn what_keeps_all_codes_from_the_pool_is_an_error() {
    let bench = Bench::start().await;
    bench.server.allocations_batch(|_, then| then.forbidden());
    let allocated = bench.omneo.allocate::<RewardDefinition>(7, ["A-1"]).await;
    let error = allocated.unwrap_err();
    assert_eq!(error.status().unwrap(), 403);
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
