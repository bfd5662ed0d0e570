//! A server in memory, which notes what it is asked and how much of it at once.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, LazyLock, Mutex};

use omneo_api::runtime::{BoxFuture, Call, Transport};
use omneo_api::{Api, Client, Error};
use serde_json::{Value, json};

/// A request, as the server reads it.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) request: Arc<reqwest::Request>,
}

impl Asked {
    fn of(request: reqwest::Request) -> Self {
        let pairs = request.url().query_pairs();
        Self {
            path: request.url().path().to_owned(),
            query: pairs
                .map(|(k, v)| (k.into_owned(), v.into_owned()))
                .collect(),
            request: Arc::new(request),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.query.iter().filter(|(given, _)| given == name);
        let value = values.next();
        assert!(values.next().is_none(), "{name} is sent twice: {self:?}");
        value.map(|(_, value)| value.as_str())
    }

    /// The page that is asked for.
    pub(crate) fn page(&self) -> u64 {
        self.get("page[number]")
            .map_or(1, |number| number.parse().unwrap())
    }

    pub(crate) fn size(&self) -> usize {
        self.get("page[size]")
            .map_or(15, |size| size.parse().unwrap())
    }

    /// `name=value` of all pairs but those that choose the page, joined with `&`.
    pub(crate) fn shown(&self) -> String {
        let pairs = self
            .query
            .iter()
            .filter(|(name, _)| !name.starts_with("page["));
        let pairs = pairs.map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("&")
    }
}

/// What the server answers.
pub(crate) struct Answer {
    status: u16,
    body: Value,
    /// How many times the request is polled before it is answered.
    polls: usize,
}

impl Answer {
    pub(crate) fn after(mut self, polls: usize) -> Self {
        self.polls = polls;
        self
    }
}

impl From<Value> for Answer {
    fn from(body: Value) -> Self {
        Self {
            status: 200,
            body,
            polls: 0,
        }
    }
}

pub(crate) fn failure(status: u16) -> Answer {
    Answer {
        status,
        ..json!({"message": "No."}).into()
    }
}

type Answers = dyn FnMut(&Asked) -> Answer + Send;

pub(crate) struct Server {
    answers: Mutex<Box<Answers>>,
    asked: Mutex<Vec<Asked>>,
    open: AtomicUsize,
    most: AtomicUsize,
}

impl Server {
    pub(crate) fn new(answers: impl FnMut(&Asked) -> Answer + Send + 'static) -> Arc<Self> {
        Arc::new(Self {
            answers: Mutex::new(Box::new(answers)),
            asked: Mutex::default(),
            open: AtomicUsize::default(),
            most: AtomicUsize::default(),
        })
    }

    /// Answers the pages of records with ids from 1 to `total`.
    pub(crate) fn of(total: u64) -> Arc<Self> {
        Self::new(move |asked| page(asked, &(1..=total).collect::<Vec<_>>()).into())
    }

    pub(crate) fn client(self: &Arc<Self>) -> Client {
        // One for all: to set up TLS takes longer than a test.
        static HTTP: LazyLock<reqwest::Client> = LazyLock::new(reqwest::Client::new);
        Client::with_transport("https://omneo.invalid/api", HTTP.clone(), self.clone()).unwrap()
    }

    pub(crate) fn api(self: &Arc<Self>) -> Api {
        Api::from_client(self.client())
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The one request that came.
    pub(crate) fn only(&self) -> Asked {
        let mut asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked.remove(0)
    }

    /// The numbers of the pages that were asked for, in that order.
    pub(crate) fn pages(&self) -> Vec<u64> {
        self.asked().iter().map(Asked::page).collect()
    }

    /// How many requests were on their way at once, at most.
    pub(crate) fn most(&self) -> usize {
        self.most.load(SeqCst)
    }

    /// How many requests are on their way.
    pub(crate) fn open(&self) -> usize {
        self.open.load(SeqCst)
    }
}

/// Counts a request until it is answered or dropped.
struct Open<'s>(&'s AtomicUsize);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

impl Transport for Server {
    fn send<'a>(
        &'a self,
        _: &'a reqwest::Client,
        request: reqwest::Request,
        _: Call<'a>,
    ) -> BoxFuture<'a, Result<reqwest::Response, Error>> {
        let asked = Asked::of(request);
        let answer = (self.answers.lock().unwrap())(&asked);
        self.asked.lock().unwrap().push(asked);
        let open = self.open.fetch_add(1, SeqCst) + 1;
        self.most.fetch_max(open, SeqCst);
        let open = Open(&self.open);
        Box::pin(async move {
            let _open = open;
            for _ in 0..answer.polls {
                tokio::task::yield_now().await;
            }
            let response = http::Response::builder()
                .status(answer.status)
                .header("content-type", "application/json")
                .body(answer.body.to_string());
            Ok(response.unwrap().into())
        })
    }
}

/// The page of these records that is asked for, as Laravel makes it.
pub(crate) fn page(asked: &Asked, ids: &[u64]) -> Value {
    let (number, size) = (asked.page(), asked.size());
    let start = (usize::try_from(number).unwrap() - 1).saturating_mul(size);
    let data = ids.iter().skip(start).take(size);
    let data = data.map(|id| json!({"id": id})).collect::<Vec<_>>();
    json!({
        "data": data,
        // Not to be followed.
        "links": {"next": "http://elsewhere.invalid/v3/rewards?page=9"},
        "meta": {
            "current_page": number,
            "last_page": ids.len().div_ceil(size).max(1),
            "per_page": size,
            "total": ids.len(),
        },
    })
}

/// A page of one record that tells of itself what is given.
pub(crate) fn telling(asked: &Asked, meta: &Value) -> Value {
    json!({"data": [{"id": asked.page()}], "meta": meta})
}
