//! A loopback server that answers exactly the bytes it is told to, so that cut and odd answers can be sent too.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use super::{Answer, Body, Operation};

/// Answers one connection after another.
pub(crate) struct Server {
    address: SocketAddr,
    requests: Receiver<String>,
}

impl Server {
    /// Gives the answers in turn and then accepts no more.
    pub(crate) fn start(answers: impl IntoIterator<Item = Vec<u8>>) -> Server {
        let answers: Vec<_> = answers.into_iter().collect();
        Self::run(move |listener, requests| {
            for answer in answers {
                let (mut stream, _) = listener.accept().unwrap();
                // Nobody listens in a test that does not look at requests.
                let _ = requests.send(read_request(&mut stream));
                // A client may hang up before it has read all.
                let _ = stream.write_all(&answer);
            }
        })
    }

    /// Takes a request and never answers, until the client hangs up.
    pub(crate) fn silent() -> Server {
        Self::run(|listener, requests| {
            let (mut stream, _) = listener.accept().unwrap();
            let _ = requests.send(read_request(&mut stream));
            let _ = stream.read(&mut [0]);
        })
    }

    fn run(serve: impl FnOnce(TcpListener, Sender<String>) + Send + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, requests) = channel();
        std::thread::spawn(move || serve(listener, sender));
        Server { address, requests }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The next request, head and body.
    pub(crate) fn request(&self) -> String {
        self.requests
            .recv_timeout(Duration::from_secs(10))
            .expect("a request")
    }

    /// Whether no request came so far.
    pub(crate) fn is_untouched(&self) -> bool {
        self.requests.try_recv().is_err()
    }
}

fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut byte = [0];
    while !is_whole(&bytes) && stream.read(&mut byte).unwrap_or(0) == 1 {
        bytes.push(byte[0]);
    }
    String::from_utf8(bytes).unwrap()
}

fn is_whole(request: &[u8]) -> bool {
    let Some(end) = request.windows(4).position(|four| four == b"\r\n\r\n") else {
        return false;
    };
    let head = String::from_utf8_lossy(&request[..end]).to_ascii_lowercase();
    let body = &request[end + 4..];
    match head.split_once("content-length: ") {
        Some((_, length)) => body.len() == length.lines().next().unwrap().parse::<usize>().unwrap(),
        None => !head.contains("transfer-encoding: chunked") || body.ends_with(b"0\r\n\r\n"),
    }
}

/// An answer after which the connection is closed.
pub(crate) fn answer(status: u16, content_type: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}").into_bytes()
}

/// A JSON answer with status 200.
pub(crate) fn json(body: &str) -> Vec<u8> {
    answer(200, "application/json", body)
}

pub(crate) fn redirect(status: u16, to: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} X\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )
    .into_bytes()
}

/// An operation that takes nothing.
pub(crate) fn operation(id: &'static str, method: &'static str, path: &'static str) -> Operation {
    Operation {
        id,
        operation_id: id,
        method,
        path,
        tag: "",
        query: &[],
        body: Body::None,
        answer: Answer::Json,
        shadowed_by: &[],
    }
}
