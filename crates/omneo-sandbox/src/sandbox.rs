//! The sandbox as a library.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use http::Method;
use jiff::Timestamp;
use serde_json::Value;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{Notify, mpsc, oneshot, watch};

use crate::auth::{Token, Tokens};
use crate::background;
use crate::clock::Clock;
use crate::context::Context;
use crate::engine::{self, Asked, Engine, Outcome, Shared};
use crate::fault::Faults;
use crate::hooks::Delivery;
use crate::limit::Limit;
use crate::log::{Log, Request};
use crate::record::RecordExt;
use crate::render::Habits;
use crate::seed::{self, Seed};
use crate::server;
use crate::store::{Store, StoreError};

/// A sandbox that runs: its server, on threads of its own, until it is dropped or [stopped](Self::stop).
///
/// Requests are answered one after the other, each whole or not at all.
#[derive(Debug)]
pub struct Sandbox {
    engine: Shared,
    address: SocketAddr,
    token: String,
    stop: watch::Sender<bool>,
    settle: mpsc::UnboundedSender<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How a sandbox is started.
#[derive(Clone, Debug)]
pub struct Builder {
    address: SocketAddr,
    data: Option<PathBuf>,
    token: String,
    secret: String,
    habits: Habits,
    at: Option<Timestamp>,
    seed: Seed,
    random: u64,
    per_minute: Option<u64>,
    checks_answers: bool,
}

/// Why a sandbox can't be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can't be listened on.
    #[error("{address} can not be listened on: {error}; choose another port, or 0 for a free one")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        error: std::io::Error,
    },
    /// The file can't be used.
    #[error("the data can not be opened: {0}")]
    Data(String),
    /// The system gives no thread or runtime.
    #[error("the system gives no thread for the sandbox: {0}")]
    Thread(std::io::Error),
    /// The first records can't be made.
    #[error("the first records can not be made: {0}")]
    Seed(String),
}

/// All of a sandbox's records at one time.
#[derive(Clone)]
pub struct Snapshot(Vec<u8>);

impl std::fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Snapshot({} bytes)", self.0.len())
    }
}

/// The sandbox could not keep or give records.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Error(String);

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

/// An answer of a sandbox.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reply {
    /// The status; 0 if a [fault](crate::Fault) kept the answer back.
    pub status: u16,
    /// The JSON; null if there is none.
    pub body: Value,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 0).into(),
            data: None,
            token: "sandbox-token".to_owned(),
            secret: "sandbox-secret".to_owned(),
            habits: Habits::Real,
            at: None,
            seed: Seed::Empty,
            random: 0,
            per_minute: None,
            checks_answers: false,
        }
    }
}

impl Builder {
    /// Where it listens; a free port of loopback if not given.
    #[must_use]
    pub fn address(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// The file that keeps its records, made if it isn't there; memory if not given.
    #[must_use]
    pub fn data(mut self, file: impl Into<PathBuf>) -> Self {
        self.data = Some(file.into());
        self
    }

    /// The token that may do everything; `sandbox-token` if not given.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = token.into();
        self
    }

    /// The secret that webhooks and tokens are signed with; `sandbox-secret` if not given.
    #[must_use]
    pub fn secret(mut self, secret: impl Into<String>) -> Self {
        self.secret = secret.into();
        self
    }

    /// Answers in one form: numbers as numbers, empty maps as maps, one form of dates. Without it, as the real server does.
    #[must_use]
    pub fn strict(mut self) -> Self {
        self.habits = Habits::Strict;
        self
    }

    /// Starts with a clock that stands at this time.
    #[must_use]
    pub fn at(mut self, at: Timestamp) -> Self {
        self.at = Some(at);
        self
    }

    /// What it starts with; nothing if not given. A file that has records already keeps those, and gets no others.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// What its UUIDs and the choices of its faults follow from.
    #[must_use]
    pub fn random(mut self, seed: u64) -> Self {
        self.random = seed;
        self
    }

    /// How many requests a token has in a minute; any number if not given.
    #[must_use]
    pub fn requests_per_minute(mut self, requests: u64) -> Self {
        self.per_minute = Some(requests);
        self
    }

    /// Holds each answer against the schema. One that the schema does not describe becomes a 500 that says what is wrong with it: for the tests of the
    /// sandbox itself, as it takes its time.
    #[must_use]
    pub fn check_answers(mut self) -> Self {
        self.checks_answers = true;
        self
    }

    /// Starts the sandbox.
    ///
    /// # Errors
    ///
    /// If the address or the file can't be used.
    pub async fn start(self) -> Result<Sandbox, StartError> {
        // Opening a file may take a while; the sandbox has its own thread for it, and this one its own for waiting.
        let (sender, receiver) = oneshot::channel();
        std::thread::Builder::new()
            .spawn(move || {
                let _ = sender.send(self.start_blocking());
            })
            .map_err(StartError::Thread)?;
        let gone = || std::io::Error::other("the thread that starts it ended");
        receiver
            .await
            .unwrap_or_else(|_| Err(StartError::Thread(gone())))
    }

    /// Starts the sandbox, from code that is not asynchronous.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub fn start_blocking(self) -> Result<Sandbox, StartError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(StartError::Thread)?;
        let listener = {
            let _inside = runtime.enter();
            let address = self.address;
            listen(address).map_err(|error| StartError::Listen { address, error })?
        };
        let address = listener.local_addr().map_err(StartError::Thread)?;
        let token = self.token.clone();
        let engine = self.engine(address)?;
        let (stop, stopped) = watch::channel(false);
        let (settle, settles) = mpsc::unbounded_channel();
        let shared = Arc::clone(&engine);
        let thread = std::thread::Builder::new()
            .name("omneo-sandbox".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    let background = background::run(Arc::clone(&shared), settles, stopped.clone());
                    tokio::join!(server::serve(listener, shared, stopped), background);
                });
            })
            .map_err(StartError::Thread)?;
        Ok(Sandbox {
            engine,
            address,
            token,
            stop,
            settle,
            thread: Some(thread),
        })
    }

    fn engine(self, address: SocketAddr) -> Result<Shared, StartError> {
        let data = |error: StoreError| StartError::Data(error.to_string());
        let store = match &self.data {
            Some(file) => Store::file(file),
            None => Store::memory(),
        };
        let store = store.map_err(data)?;
        let is_new = store.setting("seed").map_err(data)?.is_none();
        if is_new {
            store
                .set_setting("seed", &self.random.to_string())
                .map_err(data)?;
        }
        store.set_setting("secret", &self.secret).map_err(data)?;
        let mut tokens = Tokens::default();
        tokens.add(self.token.clone(), Token::all());
        let mut engine = Engine {
            store,
            clock: Clock::new(self.at),
            habits: self.habits,
            checks_answers: self.checks_answers,
            faults: Faults::new(self.random),
            limit: None,
            tokens,
            log: Log::default(),
            origin: format!("http://{address}"),
            wake: Arc::new(Notify::new()),
        };
        let now = engine.clock.now();
        crate::hooks::recover(&Context::new(&engine.store, now, engine.habits))
            .map_err(|error| StartError::Data(format!("{error:?}")))?;
        if is_new {
            seed::plant(&mut engine, self.seed, &self.token).map_err(StartError::Seed)?;
            engine.log.clear();
        }
        engine.limit = self.per_minute.map(Limit::new);
        Ok(Arc::new(std::sync::Mutex::new(engine)))
    }
}

impl Sandbox {
    /// Starts an empty sandbox on a free port of loopback, in memory.
    ///
    /// # Errors
    ///
    /// If the system gives no port or thread.
    pub async fn start() -> Result<Self, StartError> {
        Builder::default().start().await
    }

    /// How a sandbox is started otherwise.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The base URL for a client: `http://127.0.0.1:4010/api`.
    pub fn url(&self) -> String {
        format!("http://{}/api", self.address)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The token that may do everything.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// The id and the secret of its OAuth client, for `POST /v3/auth/token`.
    ///
    /// # Errors
    ///
    /// If the file is full.
    pub fn client(&self) -> Result<(String, String), Error> {
        let engine = engine::lock(&self.engine);
        let mut context = Context::new(&engine.store, engine.clock.now(), engine.habits);
        crate::rules::tokens::credentials(&mut context)
            .map_err(|_| Error("the store gives no client".to_owned()))
    }

    /// Adds a token with these scopes, whose requests are those of a namespace.
    pub fn add_token(&self, token: impl Into<String>, scopes: &[&str], namespace: Option<&str>) {
        let granted = Token {
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
            namespace: namespace.map(str::to_owned),
            ..Token::all()
        };
        engine::lock(&self.engine).tokens.add(token.into(), granted);
    }

    /// Asks the sandbox without HTTP, with the token that may do everything. The path is the schema's with its query (`/v3/rewards?page[size]=5`), the
    /// body null if there is none.
    pub fn call(&self, method: &str, path: &str, body: impl Into<Value>) -> Reply {
        let Ok(method) = method.parse::<Method>() else {
            return Reply {
                status: 405,
                body: Value::Null,
            };
        };
        let target = format!("/api{path}");
        let asked = Asked::json(method, &target, &self.token, &body.into());
        reply(engine::lock(&self.engine).answer(asked))
    }

    /// Adds a record as it is stored, without the rules for its making; its kind is the schema of its answers: `Reward`.
    ///
    /// # Errors
    ///
    /// If its id is taken, or the file is full.
    pub fn insert(&self, kind: &str, record: Value) -> Result<(), Error> {
        self.insert_all(kind, [record])
    }

    /// Adds many records as they are stored, all or none.
    ///
    /// # Errors
    ///
    /// If an id is taken, or the file is full.
    pub fn insert_all(
        &self,
        kind: &str,
        records: impl IntoIterator<Item = Value>,
    ) -> Result<(), Error> {
        let engine = engine::lock(&self.engine);
        engine.store.begin()?;
        let context =
            crate::context::Context::new(&engine.store, engine.clock.now(), engine.habits);
        for record in records {
            let Value::Object(mut record) = record else {
                engine.store.rollback()?;
                return Err(Error("a record is a JSON object".to_owned()));
            };
            if !record.has("id") {
                let id = context.new_id(kind);
                let id = id.map_err(|_| Error("the store gives no id".to_owned()))?;
                record.insert("id".to_owned(), id);
            }
            if let Err(error) = engine.store.insert(kind, &record) {
                engine.store.rollback()?;
                return Err(error.into());
            }
        }
        Ok(engine.store.commit()?)
    }

    /// Its clock.
    pub fn clock(&self) -> Clock {
        engine::lock(&self.engine).clock.clone()
    }

    /// Its faults.
    pub fn faults(&self) -> Faults {
        engine::lock(&self.engine).faults.clone()
    }

    /// The last 1,000 requests, oldest first.
    pub fn requests(&self) -> Vec<Request> {
        engine::lock(&self.engine).log.all()
    }

    /// Webhooks that were or are to be delivered, oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        crate::hooks::deliveries(&engine::lock(&self.engine).store).unwrap_or_default()
    }

    /// Waits until all that is due by the clock has been done: batches, imports, webhooks.
    pub async fn settle(&self) {
        let _ = self.when_settled().await;
    }

    /// As [`settle`](Self::settle), from code that is not asynchronous.
    pub fn settle_blocking(&self) {
        let _ = self.when_settled().blocking_recv();
    }

    fn when_settled(&self) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let _ = self.settle.send(sender);
        receiver
    }

    /// All records, to be given to [`restore`](Self::restore).
    ///
    /// # Errors
    ///
    /// If memory or disk are full.
    pub fn snapshot(&self) -> Result<Snapshot, Error> {
        Ok(Snapshot(engine::lock(&self.engine).store.snapshot()?))
    }

    /// Goes back to a snapshot.
    ///
    /// # Errors
    ///
    /// If memory or disk are full.
    pub fn restore(&self, snapshot: &Snapshot) -> Result<(), Error> {
        let mut engine = engine::lock(&self.engine);
        engine.store.restore(&snapshot.0)?;
        let context = Context::new(&engine.store, engine.clock.now(), engine.habits);
        crate::hooks::recover(&context)
            .map_err(|_| Error("the webhooks of the snapshot can not be kept".to_owned()))?;
        engine.tokens.forget();
        engine.wake.notify_one();
        Ok(())
    }

    /// Answers what is under way, and stops.
    pub async fn stop(mut self) {
        let Some(thread) = self.halt() else { return };
        let (sender, receiver) = oneshot::channel();
        let wait = move || {
            let _ = thread.join();
            let _ = sender.send(());
        };
        if std::thread::Builder::new().spawn(wait).is_ok() {
            let _ = receiver.await;
        }
    }

    fn halt(&mut self) -> Option<JoinHandle<()>> {
        let _ = self.stop.send(true);
        self.thread.take()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        if let Some(thread) = self.halt() {
            let _ = thread.join();
        }
    }
}

/// How many connections may wait to be taken; the system may allow fewer.
const WAITING: u32 = 4096;

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4(),
        SocketAddr::V6(_) => TcpSocket::new_v6(),
    }?;
    // A port that a sandbox had just before can be had again.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(WAITING)
}

fn reply(outcome: Outcome) -> Reply {
    match outcome {
        Outcome::Answered { answer, .. } => Reply {
            status: answer.status,
            body: serde_json::from_slice(&answer.body).unwrap_or_default(),
        },
        Outcome::Closed { .. } => Reply {
            status: 0,
            body: Value::Null,
        },
    }
}
