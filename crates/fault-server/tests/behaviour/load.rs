//! Many requests.

use fault_server::FaultServer;

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
