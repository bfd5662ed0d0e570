//! What a batch that the server took tells of its records.

use std::time::Duration;

use fault_server::{Fault, Response};
use futures_util::stream;
use omneo::batch::State;
use serde_json::json;

use crate::server::{BatchServer, FAILS, Items, REFUSED};
use crate::support::{marked, outcomes, reward, tally, transaction, transactions, why};

#[tokio::test]
async fn a_batch_is_read_with_growing_pauses_until_it_is_worked_off() {
    let server = BatchServer::with(|rules| rules.reads = 5);
    let outcomes = outcomes(server.omneo().batch(), transactions(3)).await;
    assert_eq!(tally(&outcomes)[0], [0, 1, 2]);
    let pauses = server.timer.pauses();
    assert_eq!(pauses.len(), 6);
    assert!(pauses.is_sorted() && pauses[0] < pauses[5], "{pauses:?}");
}

#[tokio::test]
async fn pauses_grow_no_longer_than_half_a_minute() {
    let server = BatchServer::with(|rules| rules.reads = 20);
    outcomes(server.omneo().batch(), transactions(1)).await;
    let longest = server.timer.pauses().into_iter().max();
    assert_eq!(longest, Some(Duration::from_secs(30)));
}

#[tokio::test]
async fn each_record_has_the_outcome_of_its_item() {
    for items in [Items::InOrder, Items::Reversed, Items::Nameless] {
        let server = BatchServer::with(|rules| rules.items = items);
        let mut records = transactions(5);
        records[1] = marked(1, FAILS);
        let outcomes = outcomes(server.omneo().batch(), records).await;
        assert_eq!(tally(&outcomes)[1], [1], "{items:?}");
        assert_eq!(why(&outcomes[&1]), "The profile is not known.");
        let State::Succeeded { id: Some(id) } = &outcomes[&2].state else {
            panic!("{:?}", outcomes[&2]);
        };
        assert_eq!(*id, 2, "{items:?}");
    }
}

#[tokio::test]
async fn records_of_one_external_id_take_its_items_in_their_order() {
    let server = BatchServer::start();
    let records = vec![marked(1, FAILS), transaction(2), transaction(1)];
    let outcomes = outcomes(server.omneo().batch(), records).await;
    assert_eq!(tally(&outcomes)[0], [1, 2]);
    assert_eq!(tally(&outcomes)[1], [0]);
}

#[tokio::test]
async fn records_without_external_ids_are_told_apart_by_their_place() {
    let server = BatchServer::start();
    let mut records: Vec<_> = (0..4).map(reward).collect();
    records[3].reward_definition_handle = Some(FAILS.to_owned());
    let outcomes = outcomes(server.omneo().batch(), records).await;
    assert_eq!(tally(&outcomes)[0], [0, 1, 2]);
    assert_eq!(tally(&outcomes)[1], [3]);
}

#[tokio::test]
async fn a_batch_that_lists_no_items_is_judged_by_its_counts() {
    // What fails, what succeeds, and what is not known.
    let cases = [(0, [4, 0, 0]), (4, [0, 4, 0]), (1, [0, 0, 4])];
    for (failing, counts) in cases {
        let server = BatchServer::with(|rules| rules.items = Items::None);
        let records = (0..4).map(|number| match number < failing {
            true => marked(number, FAILS),
            false => transaction(number),
        });
        let outcomes = outcomes(server.omneo().batch(), records.collect()).await;
        let tally = tally(&outcomes);
        assert_eq!([0, 1, 2].map(|state| tally[state].len()), counts);
    }
}

#[tokio::test]
async fn records_that_a_batch_does_not_list_are_judged_by_its_counts() {
    let server = BatchServer::with(|rules| rules.items = Items::TwoMissing);
    let mut records = transactions(5);
    records[0] = marked(0, FAILS);
    let outcomes = outcomes(server.omneo().batch(), records).await;
    assert_eq!(tally(&outcomes)[1], [0]);
    assert_eq!(tally(&outcomes)[0], [1, 2]);
    // One of five failed, by the counts: the one that is known.
    assert_eq!(tally(&outcomes)[2], [3, 4]);
    assert!(why(&outcomes[&3]).contains("4 succeeded and 1 failed of 5"));
}

#[tokio::test]
async fn what_is_not_worked_off_in_time_is_accepted() {
    let server = BatchServer::with(|rules| rules.reads = u32::MAX);
    let batch = server.omneo().batch().wait(Duration::from_secs(60));
    let outcomes = outcomes(batch, transactions(3)).await;
    assert_eq!(tally(&outcomes)[3], [0, 1, 2]);
    // To the second.
    assert_eq!(server.timer.passed(), Duration::from_secs(60));
    let State::Accepted { batch: Some(batch) } = &outcomes[&0].state else {
        panic!("{:?}", outcomes[&0]);
    };
    assert!(server.omneo().batches().get(batch.clone()).await.is_ok());
}

#[tokio::test]
async fn with_no_time_a_batch_is_not_read_at_all() {
    let server = BatchServer::start();
    let batch = server.omneo().batch().wait(Duration::ZERO);
    let outcomes = outcomes(batch, transactions(3)).await;
    assert_eq!(tally(&outcomes)[3], [0, 1, 2]);
    assert!(server.requests("GET").is_empty());
}

#[tokio::test]
async fn what_is_worked_off_when_time_is_up_is_told() {
    let server = BatchServer::start();
    let item = |id: &str, status: &str| json!({"external_id": id, "status": status});
    let items = json!([
        item("t-0", "success"),
        item("t-1", "failed"),
        item("t-2", "pending")
    ]);
    let half = json!({"data": {"status": "pending", "items": items}});
    server
        .faults
        .script([Fault::none(), Fault::respond(Response::json(200, &half))]);
    let batch = server.omneo().batch().wait(Duration::from_secs(1));
    let tally = tally(&outcomes(batch, transactions(3)).await);
    assert_eq!(tally, [vec![0], vec![1], vec![], vec![2]]);
}

#[tokio::test]
async fn a_batch_in_a_state_that_is_new_is_done_when_all_is_worked_off() {
    let server = BatchServer::with(|rules| rules.pending = "processing");
    let outcomes = outcomes(server.omneo().batch(), transactions(3)).await;
    assert_eq!(tally(&outcomes)[0], [0, 1, 2]);
}

#[tokio::test]
async fn a_batch_that_can_not_be_read_for_a_while_is_read_later() {
    let server = BatchServer::start();
    server
        .faults
        .script(std::iter::once(Fault::none()).chain(vec![Fault::status(500); 9]));
    let outcomes = outcomes(server.omneo().batch(), transactions(3)).await;
    assert_eq!(tally(&outcomes)[0], [0, 1, 2]);
}

#[tokio::test]
async fn a_batch_that_is_not_to_be_read_is_not_waited_for() {
    for status in [403, 404] {
        let server = BatchServer::start();
        server
            .faults
            .fallback(move |request| match request.method.as_str() {
                "GET" => Fault::status(status),
                _ => Fault::none(),
            });
        let records = stream::iter(transactions(3));
        let report = server.omneo().batch().send(records).report().await;
        assert_eq!(report.accepted, 3);
        assert!(report.stopped.is_none());
        assert!(server.requests("GET").len() <= 5);
    }
}

#[tokio::test]
async fn an_answer_that_names_no_batch_is_accepted() {
    let server = BatchServer::with(|rules| rules.names_batches = false);
    let outcomes = outcomes(server.omneo().batch(), transactions(3)).await;
    assert_eq!(tally(&outcomes)[3], [0, 1, 2]);
    assert!(matches!(
        outcomes[&0].state,
        State::Accepted { batch: None }
    ));
    assert_eq!(server.batches(), 1);
}

#[tokio::test]
async fn records_without_external_ids_are_told_by_their_profile() {
    let server = BatchServer::start();
    let mut rewards: Vec<_> = (0..4).map(reward).collect();
    // One is refused with the request, one fails with the batch.
    rewards[1].reward_definition_handle = Some(REFUSED.to_owned());
    rewards[3].reward_definition_handle = Some(FAILS.to_owned());
    let outcomes = outcomes(server.omneo().batch(), rewards).await;
    assert_eq!(tally(&outcomes)[1], [1, 3]);
    for (index, outcome) in outcomes {
        let profile = outcome.profile_id.unwrap();
        assert_eq!(profile, format!("p-{index}").as_str());
    }
}

#[tokio::test]
async fn a_report_adds_up() {
    let server = BatchServer::start();
    let mut records = transactions(100);
    records[17] = marked(17, FAILS);
    let run = server.omneo().batch().chunk(9).send(stream::iter(records));
    let report = run.report().await;
    assert_eq!((report.total, report.succeeded), (100, 99));
    assert_eq!(report.failed[0].index, 17);
    assert!(!report.is_success());
    assert_eq!(
        report.to_string(),
        "100 records: 99 succeeded, 0 accepted, 1 failed, 0 unknown"
    );
}
