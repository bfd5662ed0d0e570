//! Who decides what goes wrong, and what is counted.

use fault_server::{Fault, FaultServer, Moment, Response};
use serde_json::json;

use crate::client::{Client, GET, OK};

fn status(client: &mut Client, request: &str) -> String {
    client.send(request);
    client.expect("HTTP/1.1 ");
    let line = client.rest_of_text().0;
    line[..3].to_owned()
}

fn get(server: &FaultServer, target: &str) -> String {
    let request = format!("GET {target} HTTP/1.1\r\nConnection: close\r\n\r\n");
    status(&mut Client::connect(server), &request)
}

#[test]
fn faults_come_in_order_and_then_the_fallback_decides() {
    let server = FaultServer::start();
    server.fallback(|_| Fault::status(500));
    server.script([Fault::status(501), Fault::none()]);
    server.script([Fault::status(503)]);
    assert_eq!(server.script_left(), 3);
    let statuses = [(); 5].map(|()| get(&server, "/"));
    assert_eq!(statuses, ["501", "200", "503", "500", "500"]);
    assert_eq!(server.script_left(), 0);
    let processed: Vec<_> = server.received().iter().map(|r| r.processed()).collect();
    assert_eq!(processed, [false, true, false, false, false]);
}

#[test]
fn the_fallback_decides_by_the_request() {
    let server = FaultServer::start();
    server.fallback(|request| match (request.method.as_str(), request.path()) {
        ("GET", "/v3/rewards") if request.query() == Some("page=2") => Fault::status(503),
        ("GET", _) => Fault::none(),
        _ => Fault::status(405),
    });
    assert_eq!(get(&server, "/v3/rewards?page=2"), "503");
    assert_eq!(get(&server, "/v3/rewards"), "200");
    let delete = "DELETE / HTTP/1.1\r\nConnection: close\r\n\r\n";
    assert_eq!(status(&mut Client::connect(&server), delete), "405");
}

#[test]
fn the_application_runs_once_for_each_request_that_is_processed() {
    let server = FaultServer::start();
    let mut balance = 100;
    server.application(move |request| {
        balance -= request.json().unwrap()["amount"].as_i64().unwrap();
        Response::json(200, &json!({"balance": balance}))
    });
    server.script([
        Fault::status(503),
        Fault::reset(Moment::Unprocessed),
        Fault::reset(Moment::Unanswered),
        Fault::status(502).processed(),
        Fault::none(),
    ]);
    let redeem =
        "POST /redeem HTTP/1.1\r\nConnection: close\r\nContent-Length: 13\r\n\r\n{\"amount\": 7}";
    let answers = [(); 5].map(|()| {
        let mut client = Client::connect(&server);
        client.send(redeem);
        client.rest_of_text().0
    });
    assert!(answers[4].ends_with(r#"{"balance":79}"#), "{answers:?}");
    assert_eq!(server.processed(), 3);
    assert_eq!(server.received().len(), 5);
}

#[test]
fn a_request_is_recorded_as_it_came() {
    let server = FaultServer::start();
    let mut first = Client::connect(&server);
    let mut second = Client::connect(&server);
    first.send(GET);
    first.expect(OK);
    second.send("PATCH /a%20b HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Length: 2\r\n\r\n[]");
    second.expect(OK);
    first.send(GET);
    first.expect(OK);

    let received = server.received();
    assert_eq!(received[0].method, "GET");
    assert_eq!(received[0].target, "/v3/rewards?page=2");
    assert_eq!(received[0].path(), "/v3/rewards");
    assert_eq!(received[0].query(), Some("page=2"));
    assert_eq!(received[1].method, "PATCH");
    assert_eq!(received[1].path(), "/a%20b");
    assert_eq!(received[1].query(), None);
    assert_eq!(received[1].headers["authorization"], "Bearer x");
    assert_eq!(received[1].json().unwrap(), json!([]));
    assert_eq!(received[0].connection, received[2].connection);
    assert_ne!(received[0].connection, received[1].connection);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn requests_in_flight_are_counted_until_their_answer_ends() {
    let server = FaultServer::start();
    let mut clients = [(); 3].map(|()| Client::connect(&server));
    for client in &mut clients {
        client.send(GET);
        client.expect(OK);
    }
    assert_eq!(server.peak_in_flight(), 1);

    server.fallback(|_| Fault::stall(Moment::InBody));
    for client in &mut clients {
        client.send(GET);
        server.stalled().await;
    }
    assert_eq!(server.peak_in_flight(), 3);
}

#[test]
fn a_closure_may_ask_the_server() {
    let server = std::sync::Arc::new(FaultServer::start());
    let weak = std::sync::Arc::downgrade(&server);
    server.application(move |_| {
        let received = weak.upgrade().unwrap().received().len();
        Response::new(200 + u16::try_from(received).unwrap())
    });
    assert_eq!(get(&server, "/"), "201");
    assert_eq!(get(&server, "/"), "202");
}
