//! What the test and the server's thread share.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::stalls::Stalls;
use crate::{Fault, Received, Response};

pub(crate) type Application = Box<dyn FnMut(&Received) -> Response + Send>;
pub(crate) type Fallback = Box<dyn FnMut(&Received) -> Fault + Send>;

pub(crate) struct Shared {
    pub(crate) records: Mutex<Records>,
    pub(crate) application: Mutex<Application>,
    pub(crate) fallback: Mutex<Fallback>,
    pub(crate) stalls: Stalls,
}

#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) script: VecDeque<Fault>,
    pub(crate) received: Vec<Arc<Received>>,
    pub(crate) connections: usize,
    in_flight: usize,
    pub(crate) peak_in_flight: usize,
}

/// Locks also what a panic left locked: the panic itself is reported by the server.
pub(crate) fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub(crate) fn new() -> Self {
        Self {
            records: Mutex::default(),
            application: Mutex::new(Box::new(|_| Response::default())),
            fallback: Mutex::new(Box::new(|_| Fault::none())),
            stalls: Stalls::new(),
        }
    }

    /// Counts a connection, and numbers it.
    pub(crate) fn connected(&self) -> usize {
        let mut records = lock(&self.records);
        records.connections += 1;
        records.connections - 1
    }

    /// Takes the script's next fault if it is for a request that is not to be read.
    pub(crate) fn next_unread(&self) -> Option<Fault> {
        let script = &mut lock(&self.records).script;
        if script.front()?.is_unread() {
            return script.pop_front();
        }
        None
    }

    /// Records a request, and decides what goes wrong with it, unless it has met a fault already.
    pub(crate) fn arrived(
        self: &Arc<Self>,
        request: &Arc<Received>,
        met: Option<Fault>,
    ) -> (Fault, InFlight) {
        let mut records = lock(&self.records);
        records.received.push(Arc::clone(request));
        records.in_flight += 1;
        records.peak_in_flight = records.peak_in_flight.max(records.in_flight);
        let in_flight = InFlight(Arc::clone(self));
        let fault = met.or_else(|| records.script.pop_front());
        // The fallback may ask the server for what it received.
        drop(records);
        let fault = fault.unwrap_or_else(|| lock(&self.fallback)(request));
        (fault, in_flight)
    }

    /// Has the application process a request.
    pub(crate) fn process(&self, request: &Received) -> Response {
        lock(&self.application)(request)
    }
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("records", &self.records)
            .field("stalls", &self.stalls)
            .finish_non_exhaustive()
    }
}

/// A request that was received, and whose answer has not begun to end.
#[derive(Debug)]
pub(crate) struct InFlight(Arc<Shared>);

impl Drop for InFlight {
    fn drop(&mut self) {
        lock(&self.0.records).in_flight -= 1;
    }
}
