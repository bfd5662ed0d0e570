//! Records that the server does not take.

use std::time::Duration;

use fault_server::{Fault, Response};
use futures_util::stream;
use serde_json::json;

use crate::kinds::point;
use crate::server::{BatchServer, FAILS, REFUSED, REFUSED_UNNAMED};
use crate::support::{marked, outcomes, profile, tally, transaction, transactions, why};

#[tokio::test]
async fn records_that_a_refusal_names_are_set_aside_and_the_rest_is_sent_again() {
    let server = BatchServer::start();
    let mut records = transactions(10);
    for place in [3, 7] {
        records[place] = marked(place, REFUSED);
    }
    let outcomes = outcomes(server.omneo().batch(), records).await;
    assert_eq!(tally(&outcomes)[1], [3, 7]);
    assert_eq!(tally(&outcomes)[0].len(), 8);
    assert_eq!(
        why(&outcomes[&3]),
        "profile_id: The selected profile is invalid."
    );
    assert_eq!(outcomes[&7].external_id.as_ref().unwrap(), &"t-7");
    assert_eq!(server.sizes(), [10, 8]);
    assert_eq!(server.stored("transactions").len(), 8);
}

#[tokio::test]
async fn a_record_that_is_refused_for_two_reasons_has_both() {
    let server = BatchServer::start();
    server.faults.script([Fault::respond(Response::json(
        422,
        &json!({"message": "No.", "errors": {
            "transactions.0.total": ["The total must be a number.", "The total is required."],
            "transactions.0.timezone": ["The timezone is unknown."],
            "transactions.1": ["The transaction is odd."],
        }}),
    ))]);
    let outcomes = outcomes(server.omneo().batch(), transactions(3)).await;
    assert_eq!(tally(&outcomes)[1], [0, 1]);
    assert_eq!(
        why(&outcomes[&0]),
        "timezone: The timezone is unknown.; \
         total: The total must be a number. The total is required."
    );
    assert_eq!(why(&outcomes[&1]), "The transaction is odd.");
}

#[tokio::test]
async fn halves_are_tried_where_a_refusal_names_no_record() {
    let server = BatchServer::start();
    let mut records = transactions(16);
    records[5] = marked(5, REFUSED_UNNAMED);
    let outcomes = outcomes(server.omneo().batch(), records).await;
    assert_eq!(tally(&outcomes)[1], [5]);
    assert!(why(&outcomes[&5]).contains("The given data was invalid."));
    assert_eq!(tally(&outcomes)[0].len(), 15);
    // 4..8 of 0..8, 4..6 of 4..8, and so on.
    assert_eq!(server.sizes(), [16, 8, 4, 4, 2, 1, 1, 2, 8]);
}

#[tokio::test]
async fn both_kinds_of_refusal_can_meet_in_a_chunk() {
    let server = BatchServer::start();
    let mut records = transactions(20);
    records[2] = marked(2, REFUSED);
    records[11] = marked(11, REFUSED_UNNAMED);
    records[12] = marked(12, FAILS);
    let outcomes = outcomes(server.omneo().batch(), records).await;
    assert_eq!(tally(&outcomes)[1], [2, 11, 12]);
    assert_eq!(server.stored("transactions").len(), 17);
}

#[tokio::test]
async fn a_refusal_that_names_records_that_were_not_sent_is_one_without_names() {
    let server = BatchServer::start();
    let odd = |key: &str| {
        let body = json!({"message": "No.", "errors": {key: ["Odd."]}});
        Fault::respond(Response::json(422, &body))
    };
    let keys = [
        "transactions.2.total",
        "transactions.9.total",
        "transactions.-1",
        "transactions",
        "",
    ];
    for key in keys {
        server.faults.script([odd(key)]);
        let batch = server.omneo().batch().wait(Duration::ZERO);
        let outcomes = outcomes(batch, transactions(2)).await;
        assert_eq!(tally(&outcomes)[3].len(), 2);
        assert!(server.sizes().ends_with(&[2, 1, 1]), "{key}");
    }
}

#[tokio::test]
async fn a_request_that_is_too_large_is_halved() {
    let server = BatchServer::start();
    server.faults.fallback(|request| match request.body.len() {
        1_000.. => Fault::status(413),
        _ => Fault::none(),
    });
    let mut records = transactions(20);
    records[0].receipt_ref = "x".repeat(1_000).into();
    let outcomes = outcomes(server.omneo().batch(), records).await;
    assert_eq!(tally(&outcomes)[1], [0]);
    assert!(why(&outcomes[&0]).contains("413"), "{:?}", outcomes[&0]);
    assert_eq!(tally(&outcomes)[0].len(), 19);
}

#[tokio::test]
async fn a_record_that_is_sent_alone_fails_alone() {
    let server = BatchServer::start();
    let refused = Response::json(404, &json!({"message": "No such profile."}));
    let conflict = Response::json(409, &json!({"message": "Not now."}));
    server
        .faults
        .script([Fault::respond(refused), Fault::respond(conflict)]);
    let mut records: Vec<_> = (0..6).map(point).collect();
    records[4].description = REFUSED.to_owned().into();
    let batch = server.omneo().batch().concurrency(1);
    let outcomes = outcomes(batch, records).await;
    assert_eq!(tally(&outcomes)[1], [0, 1, 4]);
    assert!(why(&outcomes[&0]).contains("No such profile."));
    assert_eq!(
        why(&outcomes[&4]),
        "profile_id: The selected profile is invalid."
    );
    assert_eq!(server.stored("points").len(), 3);
}

#[tokio::test]
async fn a_conflict_is_of_some_records_not_of_all() {
    let server = BatchServer::start();
    server.faults.script([Fault::status(409)]);
    let outcomes = outcomes(server.omneo().batch(), transactions(4)).await;
    assert_eq!(tally(&outcomes)[0].len(), 4);
}

#[tokio::test]
async fn profiles_are_refused_by_their_place_too() {
    let server = BatchServer::start();
    let mut records: Vec<_> = (0..4).map(profile).collect();
    records[1].company = REFUSED.to_owned().into();
    let batch = server.omneo().batch().match_criteria("email");
    let outcomes = outcomes(batch, records).await;
    assert_eq!(tally(&outcomes)[1], [1]);
    assert_eq!(server.stored("profiles").len(), 3);
}

#[tokio::test]
async fn what_is_wrong_for_all_and_names_none_does_not_take_a_request_for_each() {
    let server = BatchServer::start();
    let input: Vec<_> = (0..2_000)
        .map(|number| marked(number, REFUSED_UNNAMED))
        .collect();
    let report = server
        .omneo()
        .batch()
        .send(stream::iter(input))
        .report()
        .await;
    let stopped = report.stopped.as_ref().unwrap().to_string();
    assert!(stopped.contains("it is not the records"), "{stopped}");
    assert!(server.sizes().len() < 100, "{}", server.sizes().len());
    assert_eq!(report.failed.len() as u64, report.total);
}

#[tokio::test]
async fn bad_records_in_a_row_do_not_stop_the_others() {
    let server = BatchServer::start();
    let input = (0..500).map(|number| match number {
        0..60 => marked(number, REFUSED_UNNAMED),
        _ => transaction(number),
    });
    let report = server
        .omneo()
        .batch()
        .send(stream::iter(input))
        .report()
        .await;
    assert!(report.stopped.is_none(), "{report}");
    assert_eq!((report.succeeded, report.failed.len()), (440, 60));
}
