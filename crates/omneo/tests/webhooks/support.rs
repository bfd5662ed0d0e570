//! A handler that a test can watch and hold.

use std::io;
use std::sync::{Arc, Mutex};

use omneo::webhooks::{Event, Failure};
use tokio::sync::{Semaphore, mpsc};

/// What one side of a handler sees.
#[derive(Clone)]
pub(crate) struct Gate {
    started: mpsc::UnboundedSender<String>,
    open: Arc<Semaphore>,
}

/// What the test holds of it.
pub(crate) struct Watch {
    started: mpsc::UnboundedReceiver<String>,
    open: Arc<Semaphore>,
}

pub(crate) fn gate() -> (Gate, Watch) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let open = Arc::new(Semaphore::new(0));
    let gate = Gate {
        started: sender,
        open: open.clone(),
    };
    let watch = Watch {
        started: receiver,
        open,
    };
    (gate, watch)
}

impl Gate {
    /// Tells that the event has come, and waits to be let through. An event with `fail` in its context fails.
    pub(crate) async fn pass(&self, event: Event) -> io::Result<()> {
        self.started.send(event.text().to_owned()).unwrap();
        self.open.acquire().await.unwrap().forget();
        match event.text().contains("fail") {
            true => Err(io::Error::other("no room on the shelf")),
            false => Ok(()),
        }
    }
}

impl Watch {
    /// The context of the next event that a handler begins with.
    pub(crate) async fn started(&mut self) -> String {
        self.started.recv().await.unwrap()
    }

    /// What has begun by now: on a runtime of one thread nothing more happens than there are yields for.
    pub(crate) async fn started_so_far(&mut self) -> Vec<String> {
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        let mut started = Vec::new();
        while let Ok(context) = self.started.try_recv() {
            started.push(context);
        }
        started
    }

    /// Lets so many through.
    pub(crate) fn let_through(&self, count: usize) {
        self.open.add_permits(count);
    }

    /// Lets all through from now on.
    pub(crate) fn open(&self) {
        self.open.add_permits(1_000_000);
    }
}

/// What failed, in words.
#[derive(Clone, Default)]
pub(crate) struct Failures(Arc<Mutex<Vec<String>>>);

impl Failures {
    pub(crate) fn hook(&self) -> impl Fn(Failure) + Send + Sync + 'static {
        let told = self.0.clone();
        move |failure| told.lock().unwrap().push(failure.to_string())
    }

    pub(crate) fn told(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

pub(crate) fn event(name: &str, context: &'static str) -> Event {
    Event::new(name, context).unwrap()
}
