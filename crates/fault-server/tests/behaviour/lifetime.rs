//! How a server ends: with its value, in a test that passes, fails or has a closure that panics.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use fault_server::{Fault, FaultServer, Moment, Response};

use crate::client::{Client, GET, OK};

#[tokio::test]
async fn a_server_that_is_dropped_ends_its_connections() {
    let server = FaultServer::start();
    server.script([Fault::stall(Moment::Unanswered)]);
    let mut idle = Client::connect(&server);
    let mut stalled = Client::connect(&server);
    stalled.send(GET);
    server.stalled().await;
    drop(server);
    for client in [&mut idle, &mut stalled] {
        // A reset, if the connection was not accepted yet.
        assert!(client.rest().0.is_empty());
    }
}

#[test]
fn a_panic_in_a_closure_ends_the_server_and_comes_out_when_it_is_dropped() {
    let server = FaultServer::start();
    server.application(|request| panic!("no answer to {}", request.path()));
    let mut other = Client::connect(&server);
    let mut client = Client::connect(&server);
    client.send(GET);
    assert!(client.rest().0.is_empty());
    assert!(other.rest().0.is_empty());
    let panic = catch_unwind(AssertUnwindSafe(|| drop(server))).unwrap_err();
    assert_eq!(
        panic.downcast_ref::<String>().unwrap(),
        "no answer to /v3/rewards"
    );
}

#[test]
fn a_server_can_be_dropped_by_its_own_closure() {
    let (give, given) = mpsc::channel::<FaultServer>();
    let server = FaultServer::start();
    server.application(move |_| {
        drop(given.recv());
        Response::default()
    });
    let mut client = Client::connect(&server);
    client.send(GET);
    give.send(server).unwrap();
    client.expect(OK);
}

#[tokio::test]
#[should_panic(expected = "the server has ended")]
async fn a_wait_for_a_stall_ends_with_the_server() {
    let server = FaultServer::start();
    server.fallback(|_| panic!("a fallback that fails"));
    let mut client = Client::connect(&server);
    client.send(GET);
    server.stalled().await;
}

#[test]
fn a_test_that_fails_is_not_held_up_by_a_closure_that_waits_for_it() {
    let test = thread::spawn(|| {
        let (entered, has_entered) = mpsc::channel();
        let (_go_on, may_go_on) = mpsc::channel::<()>();
        let server = FaultServer::start();
        server.fallback(move |_| {
            entered.send(()).unwrap();
            may_go_on.recv().unwrap_or_default();
            Fault::none()
        });
        let mut client = Client::connect(&server);
        client.send(GET);
        has_entered.recv().unwrap();
        panic!("the test fails");
    });
    let panic = test.join().unwrap_err();
    assert_eq!(*panic.downcast_ref::<&str>().unwrap(), "the test fails");
}
