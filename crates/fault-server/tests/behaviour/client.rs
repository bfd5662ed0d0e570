//! A client that sees each byte, and how a connection ends.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use fault_server::FaultServer;

/// A request without a body, on a connection that the client keeps.
pub(crate) const GET: &str = "GET /v3/rewards?page=2 HTTP/1.1\r\nHost: test\r\n\r\n";

/// The answer of a healthy server, unless the test has another application.
pub(crate) const OK: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";

/// How a connection ended for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// With the end of the stream.
    Closed,
    /// With an error of the kind `ConnectionReset`.
    Reset,
}

pub(crate) struct Client(pub(crate) TcpStream);

impl Client {
    pub(crate) fn connect(server: &FaultServer) -> Self {
        let stream = TcpStream::connect(server.address()).unwrap();
        // Only for a test that fails: it fails instead of waiting for ever.
        let limit = Some(Duration::from_secs(60));
        stream.set_read_timeout(limit).unwrap();
        stream.set_write_timeout(limit).unwrap();
        Self(stream)
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).unwrap();
    }

    /// Says that nothing more will be sent.
    pub(crate) fn finish(&mut self) {
        self.0.shutdown(Shutdown::Write).unwrap();
    }

    /// Reads as many bytes as these are.
    pub(crate) fn expect(&mut self, bytes: &str) {
        let mut read = vec![0; bytes.len()];
        self.0.read_exact(&mut read).unwrap();
        assert_eq!(String::from_utf8_lossy(&read), bytes);
    }

    /// What has come by now, on a connection that is open.
    pub(crate) fn pending(&mut self) -> String {
        self.0.set_nonblocking(true).unwrap();
        let mut bytes = Vec::new();
        let error = self.0.read_to_end(&mut bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WouldBlock);
        self.0.set_nonblocking(false).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// What comes until the connection ends.
    pub(crate) fn rest(&mut self) -> (Vec<u8>, End) {
        let mut bytes = Vec::new();
        let end = match self.0.read_to_end(&mut bytes) {
            Ok(_) => End::Closed,
            Err(error) => {
                assert_eq!(error.kind(), ErrorKind::ConnectionReset);
                End::Reset
            }
        };
        (bytes, end)
    }

    /// [`rest`](Self::rest), of an answer in text.
    pub(crate) fn rest_of_text(&mut self) -> (String, End) {
        let (bytes, end) = self.rest();
        (String::from_utf8(bytes).unwrap(), end)
    }
}

/// What comes of one request on a connection of its own.
pub(crate) fn exchange(server: &FaultServer, request: &str) -> (String, End) {
    let mut client = Client::connect(server);
    client.send(request);
    client.rest_of_text()
}

/// What comes of a request whose connection the server closes, as head and body.
pub(crate) fn answer(server: &FaultServer) -> (String, Vec<u8>) {
    let mut client = Client::connect(server);
    client.send("GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
    let (bytes, end) = client.rest();
    assert_eq!(end, End::Closed);
    let head = bytes
        .windows(4)
        .position(|end| end == b"\r\n\r\n")
        .expect("an answer has a head")
        + 4;
    (
        String::from_utf8(bytes[..head].to_vec()).unwrap(),
        bytes[head..].to_vec(),
    )
}
