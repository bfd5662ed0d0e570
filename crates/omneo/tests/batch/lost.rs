//! Answers that are lost: no record is lost with them, and none is silently doubled.

use std::time::Duration;

use fault_server::{Fault, Moment, Response};
use futures_util::stream;
use omneo::batch::{ForProfile, Queue, QueueCreate, Record, Remove, State};
use omneo::omneo_types::Id;
use omneo::types::{
    AllocationBatchDefinitionInput, AllocationBatchItemInput, AllocationType, CreditInput,
    ProfileTagBatchItem, ProfileTierAssignInput, RedeemStrategyInput, TransactionUpsertInput,
};
use serde_json::json;

use crate::kinds::{credit, point, sale};
use crate::server::{BatchServer, Items};
use crate::support::{outcomes, profile, reward, tally, transaction, transactions, why};

/// Faults after which the server has the records, or has not.
fn losses() -> Vec<(bool, Fault)> {
    vec![
        (false, Fault::reset(Moment::Unprocessed)),
        (true, Fault::reset(Moment::Unanswered)),
        (true, Fault::reset(Moment::InBody)),
        (true, Fault::close(Moment::InBody)),
        (false, Fault::status(500)),
        (true, Fault::status(500).processed()),
        (
            true,
            Fault::respond(Response::html(502, "<h1>Bad Gateway</h1>")).processed(),
        ),
        (false, Fault::status(408)),
        (true, Fault::status(408).processed()),
        (true, Fault::none().with(Response::truncated)),
    ]
}

#[tokio::test]
async fn a_batch_is_looked_for_before_it_is_sent_again() {
    for (is_processed, fault) in losses() {
        let server = BatchServer::start();
        server.faults.script([fault.clone()]);
        let outcomes = outcomes(server.omneo().batch(), transactions(5)).await;
        assert_eq!(tally(&outcomes)[0].len(), 5, "{fault:?}: {outcomes:?}");
        server.assert_each_is_there_once();
        let posts = server.requests("POST").len();
        assert_eq!(posts, if is_processed { 1 } else { 2 }, "{fault:?}");
    }
}

#[tokio::test]
async fn what_has_a_natural_key_is_sent_again() {
    for (_, fault) in losses() {
        let server = BatchServer::start();
        server.faults.script([fault.clone()]);
        let batch = server.omneo().batch().match_criteria("email");
        let outcomes = outcomes(batch, (0..5).map(profile).collect()).await;
        assert_eq!(tally(&outcomes)[0].len(), 5, "{fault:?}");
        assert_eq!(server.stored("profiles").len(), 5);
        assert_eq!(server.requests("POST").len(), 2, "{fault:?}");
    }
}

#[tokio::test]
async fn profiles_that_are_matched_by_nothing_are_not_simply_sent_again() {
    let server = BatchServer::start();
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    let outcomes = outcomes(server.omneo().batch(), (0..5).map(profile).collect()).await;
    assert_eq!(tally(&outcomes)[2].len(), 5);
    assert_eq!(server.stored("profiles").len(), 5);
}

#[tokio::test]
async fn records_without_external_ids_are_unknown_when_a_batch_may_be_theirs() {
    let server = BatchServer::start();
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    let outcomes = outcomes(server.omneo().batch(), (0..5).map(reward).collect()).await;
    assert_eq!(tally(&outcomes)[2].len(), 5);
    assert!(
        why(&outcomes[&0]).contains("external_id"),
        "{:?}",
        outcomes[&0]
    );
    assert_eq!(server.stored("rewards").len(), 5);
}

#[tokio::test]
async fn records_without_external_ids_are_sent_again_when_no_batch_can_be_theirs() {
    let server = BatchServer::start();
    let old: Vec<_> = (0..5).map(reward).collect();
    // Of another job, of another size, and of an hour before.
    server.insert(&json!({"rewards": &old, "import_job_id": "8"}));
    server.insert(&json!({"rewards": &old[..4], "import_job_id": "7"}));
    server.insert(&json!({"rewards": &old, "import_job_id": "7"}));
    server.timer.advance(Duration::from_secs(3_600));
    server.faults.script([Fault::reset(Moment::Unprocessed)]);
    let batch = server.omneo().batch().import_job(7);
    let outcomes = outcomes(batch, (0..5).map(reward).collect()).await;
    assert_eq!(tally(&outcomes)[0].len(), 5, "{outcomes:?}");
    assert_eq!(server.requests("POST").len(), 2);
}

#[tokio::test]
async fn a_batch_of_others_is_not_taken_for_the_own_one() {
    for job in [None, Some("7")] {
        let server = BatchServer::start();
        server.faults.script([Fault::reset(Moment::Unprocessed)]);
        let others: Vec<_> = (100..105).map(transaction).collect();
        server.insert(&json!({"transactions": others, "import_job_id": job}));
        let batch = server.omneo().batch();
        let batch = match job {
            Some(job) => batch.import_job(job),
            None => batch,
        };
        let outcomes = outcomes(batch, transactions(5)).await;
        assert_eq!(tally(&outcomes)[0].len(), 5);
        assert_eq!(server.stored("transactions").len(), 10);
    }
}

#[tokio::test]
async fn a_chunk_does_not_take_the_batch_of_another_that_has_no_external_ids_either() {
    // The first was not processed; the second was, and both have one size and job.
    let server = BatchServer::start();
    server.faults.script([
        Fault::reset(Moment::Unprocessed),
        Fault::reset(Moment::Unanswered),
    ]);
    let batch = server.omneo().batch().chunk(5).import_job(7);
    let outcomes = outcomes(batch, (0..10).map(reward).collect()).await;
    let tally = tally(&outcomes);
    // What is said to have succeeded is there.
    let stored: Vec<_> = server.stored("rewards");
    for index in &tally[0] {
        let profile = format!("p-{index}");
        assert!(stored.iter().any(|record| record["profile_id"] == *profile));
    }
    assert_eq!(stored.len(), tally[0].len() + 5, "{tally:?}");
}

#[tokio::test]
async fn a_batch_that_does_not_list_its_records_yet_may_be_the_own_one() {
    let server = BatchServer::with(|rules| rules.lists_early = false);
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    let found = outcomes(server.omneo().batch(), transactions(5)).await;
    // Read often enough it is worked off, and found.
    assert_eq!(tally(&found)[0].len(), 5, "{found:?}");

    let server = BatchServer::with(|rules| {
        rules.lists_early = false;
        rules.reads = u32::MAX;
    });
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    let unsure = outcomes(server.omneo().batch(), transactions(5)).await;
    assert_eq!(tally(&unsure)[2].len(), 5, "{unsure:?}");
    assert_eq!(server.stored("transactions").len(), 5);
}

#[tokio::test]
async fn a_batch_whose_items_have_no_external_ids_may_be_the_own_one() {
    let server = BatchServer::with(|rules| rules.items = Items::Nameless);
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    let outcomes = outcomes(server.omneo().batch(), transactions(5)).await;
    assert_eq!(tally(&outcomes)[2].len(), 5, "{outcomes:?}");
    assert_eq!(server.stored("transactions").len(), 5);
}

#[tokio::test]
async fn what_a_server_may_still_be_at_is_not_sent_again() {
    let server = BatchServer::start();
    server.faults.script([Fault::stall(Moment::Unprocessed)]);
    let omneo = server.omneo();
    let (outcomes, ()) = tokio::join!(outcomes(omneo.batch(), transactions(5)), async {
        server.faults.stalled().await;
        server.timer.expire_limits();
        server.faults.abandoned().await;
        server.faults.release();
    });
    assert_eq!(tally(&outcomes)[2].len(), 5, "{outcomes:?}");
    assert!(
        why(&outcomes[&0]).contains("time limit"),
        "{:?}",
        outcomes[&0]
    );
    assert_eq!(server.requests("POST").len(), 1);
}

#[tokio::test]
async fn an_answer_that_can_not_be_read_is_not_an_answer_that_never_came() {
    // The server says that it took them, and no batch has them.
    let server = BatchServer::start();
    server
        .faults
        .script([Fault::respond(Response::html(200, "<h1>Maintenance</h1>"))]);
    let outcomes = outcomes(server.omneo().batch(), transactions(5)).await;
    assert_eq!(tally(&outcomes)[2].len(), 5, "{outcomes:?}");
    assert_eq!(server.requests("POST").len(), 1);
}

#[tokio::test]
async fn a_look_that_goes_wrong_is_not_the_last() {
    let server = BatchServer::start();
    server.faults.script([
        Fault::reset(Moment::Unanswered),
        Fault::none().with(Response::truncated),
        Fault::none(),
        Fault::none().with(Response::truncated),
    ]);
    let outcomes = outcomes(server.omneo().batch(), transactions(5)).await;
    assert_eq!(tally(&outcomes)[0].len(), 5, "{outcomes:?}");
    assert_eq!(server.batches(), 1);
}

#[tokio::test]
async fn what_can_not_be_looked_for_is_unknown() {
    let server = BatchServer::start();
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    server.faults.fallback(|_| Fault::status(403));
    let outcomes = outcomes(server.omneo().batch(), transactions(5)).await;
    assert_eq!(tally(&outcomes)[2].len(), 5);
    assert!(why(&outcomes[&0]).contains("403"), "{:?}", outcomes[&0]);
}

/// How many are there after one of these faults, and what came of it.
async fn lose<R: Record<Scope = ()> + Clone>(
    record: &R,
    path: &str,
    fault: Fault,
) -> (usize, State) {
    let server = BatchServer::start();
    server.faults.script([fault]);
    let outcomes = outcomes(server.omneo().batch(), vec![record.clone()]).await;
    let state = outcomes[&0].state.clone();
    (server.stored(path).len(), state)
}

#[tokio::test]
async fn what_is_sent_alone_and_can_be_sent_twice_is_sent_again() {
    let upsert = TransactionUpsertInput {
        external_id: Id::from("t-1").into(),
        ..Default::default()
    };
    let tier = ForProfile::new("p-1", ProfileTierAssignInput::new("gold"));
    for (is_processed, fault) in losses() {
        // A queue's answer holds nothing, so that one which can't be read is one.
        let is_answered =
            format!("{fault:?}") == format!("{:?}", Fault::none().with(Response::truncated));
        let copies = 1 + usize::from(is_processed && !is_answered);
        let (count, state) = lose(&Queue(upsert.clone()), "transactions", fault.clone()).await;
        assert_eq!(count, copies, "{fault:?}");
        assert_eq!(state, State::Accepted { batch: None }, "{fault:?}");
        let (count, state) = lose(&tier, "profiles/p-1/tiers/assign", fault.clone()).await;
        assert_eq!(count, copies, "{fault:?}");
        assert!(matches!(state, State::Succeeded { .. }), "{fault:?}");
    }
    let nameless = Queue(TransactionUpsertInput::default());
    let reset = Fault::reset(Moment::Unanswered);
    let (count, state) = lose(&nameless, "transactions", reset).await;
    assert_eq!(count, 1);
    assert!(matches!(state, State::Unknown(_)), "{state:?}");
}

#[tokio::test]
async fn what_is_sent_alone_with_an_external_id_is_looked_for() {
    let redemption = RedeemStrategyInput {
        transaction_external_id: Id::from("POS-1").into(),
        ..Default::default()
    };
    let redemption = ForProfile::new("p-1", redemption);
    for (is_processed, fault) in losses() {
        for (count, state) in [
            lose(&credit(1), "credits", fault.clone()).await,
            lose(&redemption, "profiles/p-1/redeem", fault.clone()).await,
        ] {
            assert_eq!(count, 1, "{fault:?}");
            let State::Succeeded { id } = state else {
                panic!("{fault:?}: {state:?}");
            };
            // What is found has the id that the list gives it.
            let is_found = id == Some(99.into());
            assert_eq!(is_found, is_processed && id.is_some(), "{fault:?}");
        }
    }
}

#[tokio::test]
async fn what_is_not_found_may_still_be_in_a_queue() {
    for (is_processed, fault) in losses() {
        let (count, state) = lose(&QueueCreate(sale(1)), "transactions", fault.clone()).await;
        assert_eq!(count, usize::from(is_processed), "{fault:?}");
        match state {
            State::Succeeded { .. } | State::Accepted { .. } => assert!(is_processed),
            State::Unknown(why) => assert!(!is_processed && why.contains("in the queue"), "{why}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_id_that_a_filter_would_split_is_not_looked_for() {
    let credit = CreditInput {
        external_id: Id::from("a,b").into(),
        ..CreditInput::new(50)
    };
    let (count, state) = lose(&credit, "credits", Fault::reset(Moment::Unanswered)).await;
    assert_eq!(count, 1);
    assert!(matches!(state, State::Unknown(why) if why.contains("comma")));
}

#[tokio::test]
async fn what_can_not_be_looked_for_alone_is_unknown() {
    let server = BatchServer::start();
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    server
        .faults
        .fallback(|request| match request.method.as_str() {
            "GET" => Fault::status(403),
            _ => Fault::none(),
        });
    let outcomes = outcomes(server.omneo().batch(), vec![credit(1)]).await;
    assert!(why(&outcomes[&0]).contains("403"), "{:?}", outcomes[&0]);
}

#[tokio::test]
async fn a_batch_that_answers_no_id_is_not_looked_for() {
    let server = BatchServer::start();
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    let pool = AllocationBatchDefinitionInput::new("7", AllocationType::RewardDefinition);
    let codes = ["A-1", "A-2"].map(AllocationBatchItemInput::new).to_vec();
    let outcomes = outcomes(server.omneo().batch_of(pool), codes).await;
    assert_eq!(tally(&outcomes)[2], [0, 1]);
    assert!(server.requests("GET").is_empty());
    assert_eq!(server.requests("POST").len(), 1);
}

#[tokio::test]
async fn what_is_taken_away_is_taken_away_again() {
    let server = BatchServer::start();
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    let gone = Remove(ProfileTagBatchItem::new("p-1", ["vip"]));
    let outcomes = outcomes(server.omneo().batch(), vec![gone]).await;
    assert_eq!(tally(&outcomes)[0], [0]);
    assert_eq!(server.requests("DELETE").len(), 2);
}

#[tokio::test]
async fn what_is_sent_alone_and_lost_is_unknown() {
    for fault in [
        Fault::reset(Moment::Unprocessed),
        Fault::reset(Moment::Unanswered),
        Fault::status(500),
    ] {
        let server = BatchServer::start();
        server.faults.script([fault]);
        let batch = server.omneo().batch().concurrency(1);
        let outcomes = outcomes(batch, (0..3).map(point).collect()).await;
        assert_eq!(tally(&outcomes)[2], [0]);
        assert_eq!(tally(&outcomes)[0], [1, 2]);
        assert_eq!(server.requests("POST").len(), 3);
    }
}

#[tokio::test]
async fn what_is_sent_alone_is_done_though_its_answer_can_not_be_read() {
    let server = BatchServer::start();
    server
        .faults
        .script([Fault::none().with(Response::truncated)]);
    let outcomes = outcomes(server.omneo().batch(), vec![point(0)]).await;
    assert!(matches!(outcomes[&0].state, State::Succeeded { id: None }));
}

#[tokio::test]
async fn a_server_that_fails_each_time_ends_as_unknown_and_the_run_goes_on() {
    let server = BatchServer::start();
    server.faults.fallback(|request| {
        let poisoned = String::from_utf8_lossy(&request.body).contains("\"t-1\"");
        match poisoned {
            true => Fault::status(500),
            false => Fault::none(),
        }
    });
    let batch = server.omneo().batch().chunk(2);
    let run = batch.send(stream::iter(transactions(10)));
    let report = run.report().await;
    assert_eq!((report.succeeded, report.unknown.len()), (8, 2));
    assert!(report.stopped.is_none());
    assert!(server.requests("POST").len() <= 4 + 4);
}

#[tokio::test]
async fn what_was_doubled_before_is_found_by_its_external_ids_all_the_same() {
    // The same record twice in a chunk, which is lost.
    let server = BatchServer::start();
    server.faults.script([Fault::reset(Moment::Unanswered)]);
    let records = vec![transaction(1), transaction(2), transaction(1)];
    let outcomes = outcomes(server.omneo().batch(), records).await;
    assert_eq!(tally(&outcomes)[0], [0, 1, 2]);
    assert_eq!(server.batches(), 1);
}
