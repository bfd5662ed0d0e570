//! Connections that are reset, closed and stalled, at each moment.

use fault_server::{Fault, FaultServer, Moment, Response};

use crate::client::{Client, End, GET, OK, exchange};

/// How much of the healthy answer there is at a moment.
fn sent(moment: Moment) -> &'static str {
    let head = OK.len() - 2;
    match moment {
        Moment::Unread | Moment::Unprocessed | Moment::Unanswered => "",
        Moment::InHead => &OK[..head / 2],
        Moment::InBody => &OK[..=head],
    }
}

fn each_moment_ends(fault: fn(Moment) -> Fault, expected: End) {
    for moment in Moment::ALL {
        let server = FaultServer::start();
        server.script([fault(moment)]);
        let (bytes, end) = exchange(&server, GET);
        assert_eq!(bytes, sent(moment), "{moment:?}");
        assert_eq!(end, expected, "{moment:?}");
        assert_eq!(
            server.received().len(),
            usize::from(moment != Moment::Unread)
        );
        assert_eq!(server.processed(), usize::from(moment.is_processed()));

        let mut client = Client::connect(&server);
        client.send(GET);
        client.expect(OK);
        assert_eq!(server.connections(), 2);
    }
}

#[test]
fn a_reset_is_seen_as_one_at_each_moment() {
    each_moment_ends(Fault::reset, End::Reset);
}

#[test]
fn a_close_is_seen_as_the_end_of_the_stream_at_each_moment() {
    each_moment_ends(Fault::close, End::Closed);
}

#[tokio::test]
async fn a_stall_keeps_the_connection_open_and_goes_on_when_released() {
    for moment in Moment::ALL {
        let server = FaultServer::start();
        server.script([Fault::stall(moment), Fault::status(503)]);
        let mut client = Client::connect(&server);
        client.send(GET);
        server.stalled().await;
        assert_eq!(client.pending(), sent(moment), "{moment:?}");
        assert_eq!(server.processed(), usize::from(moment.is_processed()));

        server.release();
        client.expect(&OK[sent(moment).len()..]);
        assert_eq!(server.processed(), 1);
        assert_eq!(server.script_left(), 1, "{moment:?}");
        client.send(GET);
        client.expect("HTTP/1.1 503");
    }
}

#[tokio::test]
async fn each_stall_is_reported_once() {
    let server = FaultServer::start();
    server.fallback(|_| Fault::stall(Moment::Unprocessed));
    let mut clients = [(); 3].map(|()| Client::connect(&server));
    for client in &mut clients {
        client.send(GET);
    }
    for _ in &clients {
        server.stalled().await;
    }
    assert_eq!(server.received().len(), 3);
    assert_eq!(server.processed(), 0);
    server.release();
    for client in &mut clients {
        client.expect(OK);
    }
    assert_eq!(server.processed(), 3);
}

#[tokio::test]
async fn a_stalled_request_ends_with_its_client() {
    let server = FaultServer::start();
    server.fallback(|_| Fault::stall(Moment::Unprocessed));
    server.script([Fault::stall(Moment::Unread)]);
    for _ in 0..3 {
        let mut client = Client::connect(&server);
        client.send(GET);
        server.stalled().await;
        drop(client);
        server.abandoned().await;
    }
    server.release();
    assert_eq!(server.received().len(), 2);
    assert_eq!(server.processed(), 0);
    assert_eq!(server.peak_in_flight(), 1);
}

#[tokio::test]
async fn what_a_client_sends_on_while_it_is_stalled_is_the_next_request() {
    let server = FaultServer::start();
    server.script([Fault::stall(Moment::Unanswered), Fault::status(503)]);
    let mut client = Client::connect(&server);
    client.send(GET);
    server.stalled().await;
    client.send(GET);
    server.release();
    client.expect(OK);
    client.expect("HTTP/1.1 503");
}

#[test]
fn an_upload_is_reset_before_it_is_read() {
    let server = FaultServer::start();
    server.script([Fault::reset(Moment::Unread)]);
    let mut client = Client::connect(&server);
    client.send("POST / HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n");
    assert_eq!(client.rest(), (Vec::new(), End::Reset));
    assert!(server.received().is_empty());
}

#[test]
fn an_upload_is_let_through_after_a_close_that_came_before_it() {
    let server = FaultServer::start();
    server.script([Fault::close(Moment::Unread)]);
    let mut client = Client::connect(&server);
    client.send("POST / HTTP/1.1\r\nContent-Length: 100000000\r\n\r\n");
    // Bytes that the server left unread would make its system reset the connection.
    client.send(vec![0; 32 << 20]);
    assert_eq!(client.rest(), (Vec::new(), End::Closed));
    assert!(server.received().is_empty());
}

#[test]
fn a_request_is_read_before_a_fallback_decides() {
    let server = FaultServer::start();
    server.fallback(|_| Fault::reset(Moment::Unread));
    assert_eq!(exchange(&server, GET), (String::new(), End::Reset));
    assert_eq!(server.received().len(), 1);
    assert_eq!(server.processed(), 0);
}

#[test]
fn a_chunked_answer_is_cut_amid_a_chunk() {
    let server = FaultServer::start();
    for (fault, expected) in [
        (Fault::close(Moment::InBody), End::Closed),
        (Fault::reset(Moment::InBody), End::Reset),
    ] {
        server.script([fault.with(|response| response.body("0123456789").chunked())]);
        let (bytes, end) = exchange(&server, GET);
        let (head, body) = bytes.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with("Transfer-Encoding: chunked"), "{head}");
        assert_eq!(body, "a\r\n0123456");
        assert_eq!(end, expected);
    }
}

#[test]
fn an_answer_without_a_body_is_cut_in_its_head() {
    let server = FaultServer::start();
    server.application(|_| Response::new(204));
    server.script([Fault::close(Moment::InBody)]);
    let (bytes, end) = exchange(&server, GET);
    assert_eq!(bytes, "HTTP/1.1 204 ");
    assert_eq!(end, End::Closed);
}

#[test]
fn a_connection_is_closed_after_an_answer_that_does_not_say_so() {
    let server = FaultServer::start();
    server.script([Fault::none().with(Response::close_after)]);
    assert_eq!(exchange(&server, GET), (OK.to_owned(), End::Closed));
    assert_eq!(server.processed(), 1);
}

#[test]
fn a_connection_is_closed_after_an_answer_that_says_so() {
    let server = FaultServer::start();
    server.script([Fault::respond(
        Response::new(503).header("connection", "Close"),
    )]);
    let (answer, end) = exchange(&server, GET);
    assert_eq!(
        answer,
        "HTTP/1.1 503 Service Unavailable\r\nconnection: Close\r\nContent-Length: 0\r\n\r\n"
    );
    assert_eq!(end, End::Closed);
}

#[test]
fn a_connection_is_reset_when_it_is_used_again() {
    let server = FaultServer::start();
    server.script([
        Fault::none().with(Response::reset_on_reuse),
        Fault::status(503),
    ]);
    let mut client = Client::connect(&server);
    client.send(GET);
    client.expect(OK);
    assert_eq!(client.pending(), "");
    client.send(GET);
    assert_eq!(client.rest(), (Vec::new(), End::Reset));
    assert_eq!(server.received().len(), 1);
    assert_eq!(server.script_left(), 1);
}
