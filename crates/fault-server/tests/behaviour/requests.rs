//! Requests as they come: large, in chunks, several at once, or none at all.

use fault_server::FaultServer;
use proptest::prelude::*;

use crate::client::{Client, End, GET, OK, exchange};

#[test]
fn bodies_of_many_megabytes_arrive_whole() {
    let server = FaultServer::start();
    let mut client = Client::connect(&server);
    let body: Vec<u8> = (0..32 << 20_u32).map(|n| (n % 251) as u8).collect();

    client.send(format!(
        "PUT / HTTP/1.1\r\nContent-Length: {}\r\n\r\n",
        body.len()
    ));
    client.send(&body);
    client.expect(OK);

    client.send("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    for chunk in body.chunks(100_003) {
        client.send(format!("{:x}\r\n", chunk.len()));
        client.send(chunk);
        client.send("\r\n");
    }
    client.send("0\r\n\r\n");
    client.expect(OK);

    for request in server.received() {
        assert!(request.body == body);
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn requests_sent_at_once_are_answered_in_turn() {
    let server = FaultServer::start();
    let mut client = Client::connect(&server);
    client.send(GET.repeat(3));
    client.expect(&OK.repeat(3));
    assert_eq!(server.received().len(), 3);
}

#[test]
fn a_client_that_keeps_no_connection_is_told_that_it_closes() {
    let server = FaultServer::start();
    for request in [
        "GET / HTTP/1.0\r\n\r\n",
        "GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
    ] {
        let (answer, end) = exchange(&server, request);
        assert!(answer.contains("\r\nConnection: close\r\n"), "{answer}");
        assert_eq!(end, End::Closed);
    }
}

#[test]
fn what_is_too_large_or_cut_off_is_refused() {
    let server = FaultServer::start();
    for (request, status) in [
        ("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nhalf", 400),
        ("GET / HTTP/1.1\r\nHost", 400),
        (
            "POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n",
            413,
        ),
        (&format!("GET /{} HTTP/1.1\r\n", "x".repeat(100_000)), 431),
    ] {
        let mut client = Client::connect(&server);
        client.send(request);
        client.finish();
        let (answer, end) = client.rest_of_text();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        assert_eq!(end, End::Closed);
    }
    assert!(server.received().is_empty());
}

/// Bytes that are no request: at random, or a request with some of its bytes replaced.
fn odd_bytes() -> impl Strategy<Value = Vec<u8>> {
    let request = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxx\r\n0\r\n\r\n";
    let place = (0..request.len(), any::<u8>());
    let spoilt = prop::collection::vec(place, 1..6).prop_map(|places| {
        let mut bytes = request.to_vec();
        for (index, byte) in places {
            bytes[index] = byte;
        }
        bytes
    });
    prop_oneof![prop::collection::vec(any::<u8>(), 1..300), spoilt]
}

#[test]
fn whatever_comes_is_answered() {
    let server = FaultServer::start();
    proptest!(|(bytes in odd_bytes())| {
        let mut client = Client::connect(&server);
        client.send(&bytes);
        client.finish();
        let (answer, end) = client.rest_of_text();
        let status = answer.get(..12).unwrap_or_default();
        // Some bytes of a request can be replaced, and it is one still.
        let answered = ["HTTP/1.1 400", "HTTP/1.1 413", "HTTP/1.1 200"].contains(&status);
        prop_assert!(answered, "{answer}");
        prop_assert_eq!(end, End::Closed);
    });
    let mut client = Client::connect(&server);
    client.send(GET);
    client.expect(OK);
}
