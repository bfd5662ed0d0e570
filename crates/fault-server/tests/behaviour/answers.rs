//! Answers that are wrong in themselves, or in how they are sent.

use std::io::Read;

use fault_server::{Fault, FaultServer, Moment, Response};
use serde_json::json;

use crate::client::{Client, End, GET, OK, answer, exchange};

/// The head and body that come of a fault, for an application with this document.
fn spoilt(fault: Fault) -> (String, Vec<u8>) {
    let server = FaultServer::start();
    server.application(|_| Response::json(200, &json!({"data": [1, 2, 3]})));
    server.script([fault]);
    answer(&server)
}

const DOCUMENT: &[u8] = br#"{"data":[1,2,3]}"#;

#[test]
fn a_refusal_has_its_headers_and_is_not_processed() {
    let server = FaultServer::start();
    server.script([
        Fault::respond(
            Response::json(429, &json!({"message": "Too Many Attempts."}))
                .retry_after(30)
                .rate_limit(60, 0)
                .header("X-RateLimit-Reset", 1_700_000_000),
        ),
        Fault::status(503).with(|response| response.retry_after("Fri, 31 Dec 1999 23:59:59 GMT")),
    ]);
    let mut client = Client::connect(&server);
    client.send(GET);
    client.expect(
        "HTTP/1.1 429 Too Many Requests\r\nContent-Type: application/json\r\nRetry-After: 30\r\n\
         X-RateLimit-Limit: 60\r\nX-RateLimit-Remaining: 0\r\nX-RateLimit-Reset: 1700000000\r\n\
         Content-Length: 32\r\n\r\n{\"message\":\"Too Many Attempts.\"}",
    );
    client.send(GET);
    client.expect(
        "HTTP/1.1 503 Service Unavailable\r\nRetry-After: Fri, 31 Dec 1999 23:59:59 GMT\r\n\
         Content-Length: 0\r\n\r\n",
    );
    assert_eq!(server.processed(), 0);
    assert_eq!(server.connections(), 1);
}

#[test]
fn an_error_can_hide_the_work_that_was_done() {
    let server = FaultServer::start();
    server.script([Fault::respond(Response::html(502, "<h1>Bad Gateway</h1>")).processed()]);
    let (head, body) = answer(&server);
    assert!(
        head.starts_with("HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html; charset=utf-8\r\n")
    );
    assert_eq!(body, b"<h1>Bad Gateway</h1>");
    assert_eq!(server.processed(), 1);
}

#[test]
fn a_success_can_hide_that_no_work_was_done() {
    let server = FaultServer::start();
    server.script([Fault::respond(Response::json(
        200,
        &json!({"message": "Server Error"}),
    ))]);
    let (head, body) = answer(&server);
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"));
    assert_eq!(body, br#"{"message":"Server Error"}"#);
    assert_eq!(server.processed(), 0);
}

#[test]
fn a_truncated_document_has_the_length_that_it_says() {
    let (head, body) = spoilt(Fault::none().with(Response::truncated));
    assert!(head.contains("\r\nContent-Length: 8\r\n"), "{head}");
    assert_eq!(body, &DOCUMENT[..8]);
}

#[test]
fn an_answer_can_be_shorter_than_it_says() {
    let (head, body) = spoilt(Fault::close(Moment::InBody));
    assert!(head.contains("\r\nContent-Length: 16\r\n"), "{head}");
    assert_eq!(body, &DOCUMENT[..8]);
}

#[test]
fn an_answer_can_have_another_type_or_no_body() {
    let (head, body) = spoilt(Fault::none().with(|response| response.content_type("text/plain")));
    assert!(head.contains("\r\nContent-Type: text/plain\r\n"), "{head}");
    assert!(!head.contains("json"), "{head}");
    assert_eq!(body, DOCUMENT);

    let (head, body) = spoilt(Fault::none().with(|response| response.body("")));
    assert!(head.contains("\r\nContent-Length: 0\r\n"), "{head}");
    assert!(body.is_empty());
}

#[test]
fn a_gzipped_answer_inflates_unless_it_is_broken_or_truncated() {
    let inflate = |body: &[u8]| {
        let mut inflated = Vec::new();
        flate2::read::GzDecoder::new(body)
            .read_to_end(&mut inflated)
            .map(|_| inflated)
    };
    let (head, body) = spoilt(Fault::none().with(Response::gzip));
    assert!(head.contains("\r\nContent-Encoding: gzip\r\n"), "{head}");
    assert_eq!(inflate(&body).unwrap(), DOCUMENT);

    let (head, body) = spoilt(Fault::none().with(Response::broken_gzip));
    assert!(head.contains("\r\nContent-Encoding: gzip\r\n"), "{head}");
    inflate(&body).unwrap_err();

    let (_, body) = spoilt(Fault::none().with(|response| response.gzip().truncated()));
    inflate(&body).unwrap_err();

    let (head, body) = spoilt(Fault::respond(Response::gzip_bomb(32)));
    assert!(head.contains("\r\nContent-Encoding: gzip\r\n"), "{head}");
    assert!(body.len() < 64 << 10, "{}", body.len());
    assert_eq!(inflate(&body).unwrap().len(), (32 << 20) + 2);
}

#[test]
fn bytes_are_sent_as_they_are() {
    let server = FaultServer::start();
    server.script([Fault::respond(
        Response::raw("HTTP/1.1 200 OK\r\nno colon\r\n\r\n").close_after(),
    )]);
    let (bytes, end) = exchange(&server, GET);
    assert_eq!(bytes, "HTTP/1.1 200 OK\r\nno colon\r\n\r\n");
    assert_eq!(end, End::Closed);
}

#[test]
fn a_slow_head_is_a_whole_one_in_the_end() {
    let server = FaultServer::start();
    server.script([Fault::none().with(Response::slow_head)]);
    let mut client = Client::connect(&server);
    client.send(GET);
    client.expect(OK);
    client.send(GET);
    client.expect(OK);
    assert_eq!(server.processed(), 2);
}

#[test]
fn an_endless_body_goes_on_until_the_client_leaves() {
    let server = FaultServer::start();
    server.script([Fault::none().with(|response| response.body("0,").endless())]);
    let mut client = Client::connect(&server);
    client.send(GET);
    client.expect(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n\
         2000\r\n0,0,0,",
    );
    let mut more = vec![0; 64 << 20];
    client.0.read_exact(&mut more).unwrap();
    drop(client);
    assert_eq!(answer(&server).1, b"{}");
}
