//! Many requests: how fast, and the same each time.

use std::collections::BTreeMap;
use std::thread;

use fault_server::{Fault, FaultServer, Moment, RandomFaults, Response};

use crate::client::{Client, GET, OK};

#[test]
fn ten_thousand_requests_are_counted_on_one_connection() {
    let server = FaultServer::start();
    let mut client = Client::connect(&server);
    for _ in 0..10_000 {
        client.send(GET);
        client.expect(OK);
    }
    assert_eq!(server.processed(), 10_000);
    assert_eq!(server.connections(), 1);
}

/// What each record met until its request was answered with 200, when sent by several threads at once.
fn load(seed: u64) -> BTreeMap<usize, Vec<String>> {
    const THREADS: usize = 4;
    const RECORDS: usize = 250;

    let server = FaultServer::start();
    server.application(|_| Response::new(200));
    let mut faults = RandomFaults::seeded(seed)
        .rate(
            0.2,
            [
                Fault::reset(Moment::Unprocessed),
                Fault::reset(Moment::Unanswered),
                Fault::close(Moment::InHead),
            ],
        )
        .rate(0.1, [Fault::status(429), Fault::status(503)])
        .limit_per_key(3);
    server.fallback(move |request| faults.choose_for(request.path()));

    let met = thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let server = &server;
                scope.spawn(move || {
                    (0..RECORDS)
                        .map(|record| record * THREADS + thread)
                        .map(|record| (record, attempts(server, record)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|thread| thread.join().unwrap())
            .collect::<BTreeMap<_, _>>()
    });
    let attempts: usize = met.values().map(Vec::len).sum();
    assert_eq!(server.received().len(), attempts);
    assert!(attempts > THREADS * RECORDS);
    met
}

fn attempts(server: &FaultServer, record: usize) -> Vec<String> {
    let request = format!("POST /{record} HTTP/1.1\r\nConnection: close\r\n\r\n");
    let mut met = Vec::new();
    loop {
        let mut client = Client::connect(server);
        client.send(&request);
        let (answer, end) = client.rest_of_text();
        let done = answer.starts_with("HTTP/1.1 200 ") && answer.ends_with("\r\n\r\n");
        met.push(format!("{end:?}: {answer}"));
        if done {
            return met;
        }
    }
}

#[test]
fn each_record_meets_the_same_faults_whatever_the_order() {
    let met = load(1);
    assert!(met.values().all(|attempts| attempts.len() <= 4));
    assert_eq!(load(1), met);
    assert_ne!(load(2), met);
}
