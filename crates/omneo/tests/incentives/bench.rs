//! A mock server, a client of it, and all that the client sent.

use std::sync::{Arc, Mutex};

use omneo::testing::ManualTimer;
use omneo::{Builder, Error, ErrorKind, Omneo};
use omneo_mock::Server;
use omneo_mock::httpmock::HttpMockRequest;
use serde_json::Value;

pub(crate) const PROFILE: &str = "9332c9b2-e31c-4d49-8ec3-62a9466d339c";
pub(crate) const MELBOURNE: &str = "Australia/Melbourne";

pub(crate) struct Bench {
    pub(crate) server: Server,
    pub(crate) omneo: Omneo,
    pub(crate) timer: ManualTimer,
    sent: Arc<Mutex<Vec<Sent>>>,
}

/// A request as it arrived.
#[derive(Clone)]
pub(crate) struct Sent {
    /// Method and path under the base URL, and the query where there is one that filters.
    pub(crate) line: String,
    pub(crate) body: Value,
    /// The body as it was written.
    pub(crate) text: String,
}

impl Bench {
    pub(crate) async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    /// With a client that is set up further.
    pub(crate) async fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let server = Server::start().await;
        let sent = Arc::<Mutex<Vec<Sent>>>::default();
        let log = sent.clone();
        // The first mock is asked about every request. It meets none.
        server.mock(|when, then| {
            when.is_true(move |request| {
                log.lock().unwrap().push(Sent::new(request));
                false
            });
            then.status(500);
        });
        let timer = ManualTimer::new();
        let builder = Omneo::builder()
            .base_url(server.url())
            .token(server.token())
            .timer(timer.clone());
        let omneo = set_up(builder).build().unwrap();
        Self {
            server,
            omneo,
            timer,
            sent,
        }
    }

    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    /// The requests since the last time, without their bodies.
    pub(crate) fn take_lines(&self) -> Vec<String> {
        let sent = std::mem::take(&mut *self.sent.lock().unwrap());
        sent.into_iter().map(|sent| sent.line).collect()
    }

    /// The body of the one request that was sent.
    #[track_caller]
    pub(crate) fn body(&self) -> Value {
        let sent = self.sent();
        let lines: Vec<_> = sent.iter().map(|sent| &sent.line).collect();
        assert_eq!(lines.len(), 1, "{lines:?}");
        sent[0].body.clone()
    }

    /// That an argument was refused before anything was sent, in words that have all of these in them.
    #[track_caller]
    pub(crate) fn assert_refused<T>(&self, result: Result<T, Error>, words: &[&str]) {
        let message = refusal(result);
        for word in words {
            assert!(message.contains(word), "{word:?} is not in {message:?}");
        }
        assert_eq!(self.take_lines(), [""; 0], "{message}");
    }
}

/// What is said of a request that can't be right.
#[track_caller]
pub(crate) fn refusal<T>(result: Result<T, Error>) -> String {
    let error = result.err().expect("it is refused");
    assert!(
        matches!(error.kind(), ErrorKind::InvalidRequest(_)),
        "{error:?}"
    );
    error.to_string()
}

impl Sent {
    fn new(request: &HttpMockRequest) -> Self {
        let uri = request.uri();
        let path = uri.path();
        let path = path.strip_prefix("/api").unwrap_or(path);
        let filters = request.query_params().into_iter();
        let filters = filters.filter(|(name, _)| name.starts_with("filter"));
        let filters: Vec<_> = filters
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let query = if filters.is_empty() { "" } else { "?" };
        Self {
            line: format!(
                "{} {path}{query}{}",
                request.method_str(),
                filters.join("&")
            ),
            body: serde_json::from_slice(request.body_ref()).unwrap_or_default(),
            text: request.body_string(),
        }
    }
}
