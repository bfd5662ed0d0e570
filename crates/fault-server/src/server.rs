//! The server's life, and what a test asks of it.

use std::any::Any;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::net::TcpListener;
use tokio::runtime;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::connection;
use crate::shared::{Shared, lock};
use crate::{Fault, Received, RefusingPort, Response};

/// How many connections may wait to be accepted.
const BACKLOG: u32 = 4096;

/// A server on loopback that misbehaves on purpose, and counts what it processed.
///
/// It ends when it is dropped, with all its connections. If a closure that it was given has panicked, the server has ended
/// by then, and dropping it panics in the same way.
#[derive(Debug)]
pub struct FaultServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    /// Ends the server when it is dropped.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl FaultServer {
    /// Starts a server on a free port of 127.0.0.1, which answers each request with 200 and `{}`.
    ///
    /// # Panics
    ///
    /// If the system gives no port on loopback, or no thread.
    #[must_use]
    pub fn start() -> Self {
        Self::listen(RefusingPort::bind())
    }

    pub(crate) fn listen(port: RefusingPort) -> Self {
        let address = port.address();
        let runtime = runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .expect("the system gives what a runtime needs");
        let listener = {
            let _context = runtime.enter();
            port.socket
                .listen(BACKLOG)
                .expect("a port that was bound can be listened on")
        };
        let shared = Arc::new(Shared::new());
        let (stop, stopped) = oneshot::channel();
        let serve = {
            let shared = Arc::clone(&shared);
            move || {
                let _ended = Ended(Arc::clone(&shared));
                if let Err(panic) = runtime.block_on(accept(listener, shared, stopped)) {
                    resume_unwind(panic);
                }
            }
        };
        let thread = thread::Builder::new()
            .name("fault-server".to_owned())
            .spawn(serve)
            .expect("the system gives a thread");
        Self {
            address,
            shared,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The address that it listens on.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as a URL, without a slash at its end.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sets what a healthy server answers. It runs once for each request that is processed, one at a time.
    ///
    /// The closure may ask the server what it received; to set another application, it would wait for itself.
    pub fn application(&self, answer: impl FnMut(&Received) -> Response + Send + 'static) {
        *lock(&self.shared.application) = Box::new(answer);
    }

    /// Adds the faults of the next requests, one for each in order of arrival.
    ///
    /// A request has arrived when its last byte has; for a fault at [`Moment::Unread`](crate::Moment::Unread), its first.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        lock(&self.shared.records).script.extend(faults);
    }

    /// How many faults of the script no request has met yet.
    #[must_use]
    pub fn script_left(&self) -> usize {
        lock(&self.shared.records).script.len()
    }

    /// Sets what decides the fault of each request that comes after the script.
    ///
    /// The closure may ask the server what it received; to set another fallback, it would wait for itself.
    pub fn fallback(&self, decide: impl FnMut(&Received) -> Fault + Send + 'static) {
        *lock(&self.shared.fallback) = Box::new(decide);
    }

    /// Every request that arrived fully, in order.
    #[must_use]
    pub fn received(&self) -> Vec<Arc<Received>> {
        lock(&self.shared.records).received.clone()
    }

    /// How many requests the application processed.
    #[must_use]
    pub fn processed(&self) -> usize {
        let records = lock(&self.shared.records);
        records
            .received
            .iter()
            .filter(|request| request.processed())
            .count()
    }

    /// How many connections were accepted.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.shared.records).connections
    }

    /// How many requests were in flight at most: received, and the end of the answer not yet being sent.
    ///
    /// This tells how many a client sends at a time if each of them meets a [stall](Fault::stall), and only then: other
    /// requests are answered as soon as they are there, one after the other.
    #[must_use]
    pub fn peak_in_flight(&self) -> usize {
        lock(&self.shared.records).peak_in_flight
    }

    /// Waits until a request has met a [stall](Fault::stall). Each stall ends one such wait, whichever came first.
    ///
    /// # Panics
    ///
    /// If the server has ended because a closure panicked.
    pub async fn stalled(&self) {
        self.shared.stalls.reached.next().await;
    }

    /// Waits until the client of a stalled request has closed its connection. Each such client ends one wait.
    ///
    /// A client that has sent more than 64 KiB meanwhile is not seen to leave, as the server reads no more than that.
    ///
    /// # Panics
    ///
    /// If the server has ended because a closure panicked.
    pub async fn abandoned(&self) {
        self.shared.stalls.abandoned.next().await;
    }

    /// Lets all requests go on that have met a stall.
    pub fn release(&self) {
        self.shared.stalls.release();
    }
}

impl Drop for FaultServer {
    fn drop(&mut self) {
        self.stop = None;
        // A test that is failing already is not held up by a closure that waits for it.
        if thread::panicking() {
            return;
        }
        // A closure can hold the last handle to the server that it serves.
        let thread = self
            .thread
            .take()
            .filter(|thread| thread.thread().id() != thread::current().id());
        if let Some(Err(panic)) = thread.map(JoinHandle::join) {
            resume_unwind(panic);
        }
    }
}

/// Tells those who wait for a stall when the server ends.
struct Ended(Arc<Shared>);

impl Drop for Ended {
    fn drop(&mut self) {
        self.0.stalls.close();
    }
}

/// Serves connections until it is stopped, or until one of them panics.
async fn accept(
    listener: TcpListener,
    shared: Arc<Shared>,
    mut stopped: oneshot::Receiver<()>,
) -> Result<(), Box<dyn Any + Send>> {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            _ = &mut stopped => return Ok(()),
            Some(ended) = connections.join_next() => {
                if let Err(error) = ended && error.is_panic() {
                    return Err(error.into_panic());
                }
            }
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let number = shared.connected();
                    connections.spawn(connection::serve(stream, number, Arc::clone(&shared)));
                }
                // The client was gone before it was accepted.
                Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset) => {}
                Err(error) => panic!("accepting a connection failed: {error}"),
            },
        }
    }
}
