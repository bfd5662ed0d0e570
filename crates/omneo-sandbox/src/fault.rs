//! Faults on purpose, to test what a client makes of them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What goes wrong with a request.
///
/// ```
/// use std::time::Duration;
/// use omneo_sandbox::Fault;
///
/// // Every twentieth batch is taken, and its answer lost.
/// let lost = Fault::lost_answer().on("transactions.batch").share(0.05);
/// // The next two requests are refused.
/// let busy = Fault::status(503).times(2);
/// let slow = Fault::latency(Duration::from_millis(50));
/// ```
#[derive(Clone, Debug)]
pub struct Fault {
    pub(crate) effect: Effect,
    operation: Option<String>,
    share: f64,
    times: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Effect {
    Latency(Duration),
    Status(u16),
    Refused,
    LostAnswer,
    Garbled,
}

impl Fault {
    fn new(effect: Effect) -> Self {
        Self {
            effect,
            operation: None,
            share: 1.0,
            times: None,
        }
    }

    /// The answer comes this much later.
    pub fn latency(pause: Duration) -> Self {
        Self::new(Effect::Latency(pause))
    }

    /// The answer has this status, and nothing is done. A status outside 400 to 599 is 500.
    pub fn status(status: u16) -> Self {
        let status = match status {
            400..=599 => status,
            _ => 500,
        };
        Self::new(Effect::Status(status))
    }

    /// The connection is closed before anything is done.
    pub fn refused() -> Self {
        Self::new(Effect::Refused)
    }

    /// What was asked is done, and the connection closed before the answer.
    pub fn lost_answer() -> Self {
        Self::new(Effect::LostAnswer)
    }

    /// The answer is a page of HTML with status 200, as a proxy may send, and nothing is done.
    pub fn garbled() -> Self {
        Self::new(Effect::Garbled)
    }

    /// Only on this operation, by its id in the schema: `rewards.store`.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Only on this share of the requests, from 0 to 1, chosen by the sandbox's seed.
    #[must_use]
    pub fn share(mut self, share: f64) -> Self {
        self.share = share;
        self
    }

    /// Only so many times.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }
}

/// The faults of a sandbox.
#[derive(Clone, Debug)]
pub struct Faults {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    faults: Vec<Fault>,
    random: fastrand::Rng,
}

impl Faults {
    pub(crate) fn new(seed: u64) -> Self {
        let inner = Inner {
            faults: Vec::new(),
            random: fastrand::Rng::with_seed(seed),
        };
        Self {
            inner: Arc::new(Mutex::new(inner)),
        }
    }

    /// Adds a fault. Of several that meet a request, all latencies count, and the first of the others.
    pub fn add(&self, fault: Fault) {
        self.lock().faults.push(fault);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.lock().faults.clear();
    }

    /// What happens to a request.
    pub(crate) fn meet(&self, operation: Option<&str>) -> Met {
        let mut met = Met::default();
        let mut inner = self.lock();
        let Inner { faults, random } = &mut *inner;
        for fault in faults.iter_mut() {
            let is_on = fault.operation.is_none() || fault.operation.as_deref() == operation;
            if !is_on
                || fault.times == Some(0)
                || (fault.share < 1.0 && random.f64() >= fault.share)
            {
                continue;
            }
            match fault.effect {
                Effect::Latency(pause) => met.pause += pause,
                _ if met.effect.is_some() => continue,
                effect => met.effect = Some(effect),
            }
            if let Some(times) = &mut fault.times {
                *times -= 1;
            }
        }
        faults.retain(|fault| fault.times != Some(0));
        met
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The faults that met one request.
#[derive(Debug, Default)]
pub(crate) struct Met {
    pub(crate) pause: Duration,
    pub(crate) effect: Option<Effect>,
}
