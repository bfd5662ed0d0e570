//! A server that keeps redemptions, and a client of it.

use std::sync::{Arc, Mutex};

use fault_server::{Fault, FaultServer, Received, Response};
use omneo::omneo_types::{Id, Timestamp, jiff};
use omneo::testing::ManualTimer;
use omneo::{Builder, Error, Omneo, Timer};
use serde_json::{Value, json};

pub(crate) const PROFILE: &str = "9332c9b2-e31c-4d49-8ec3-62a9466d339c";
pub(crate) const REFERENCE: &str = "POS-991";

pub(crate) const REDEEM: &str = "/v3/profiles/9332c9b2-e31c-4d49-8ec3-62a9466d339c/redeem";
pub(crate) const LIST: &str = "/v3/redemptions";

pub(crate) struct Ledger {
    pub(crate) server: FaultServer,
    pub(crate) omneo: Omneo,
    pub(crate) timer: ManualTimer,
    books: Arc<Mutex<Books>>,
}

#[derive(Default)]
struct Books {
    made: Vec<Made>,
    ignores_filters: bool,
    /// How many lists have yet to be read before they show what was made.
    lag: usize,
}

/// A redemption as the list shows it, and what it can be found by. The transaction comes later, so the list need not show
/// the reference.
#[derive(Clone)]
pub(crate) struct Made {
    pub(crate) shown: Value,
    pub(crate) external_id: Option<String>,
    pub(crate) receipt: Option<String>,
}

impl Ledger {
    pub(crate) fn open() -> Self {
        Self::with(|builder| builder)
    }

    /// With a client that is set up further.
    pub(crate) fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let server = FaultServer::start();
        let timer = ManualTimer::new();
        let books = Arc::<Mutex<Books>>::default();
        let (kept, clock) = (books.clone(), timer.clone());
        server.application(move |request| kept.lock().unwrap().answer(request, &clock));
        let builder = Omneo::builder().base_url(server.url()).token("hush");
        let omneo = set_up(builder.timer(timer.clone())).build().unwrap();
        Self {
            server,
            omneo,
            timer,
            books,
        }
    }

    pub(crate) fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.server.script(faults);
    }

    pub(crate) fn enter(&self, made: Made) {
        self.books.lock().unwrap().made.push(made);
    }

    pub(crate) fn ignore_filters(&self) {
        self.books.lock().unwrap().ignores_filters = true;
    }

    /// Lists show nothing at first.
    pub(crate) fn lag(&self, lists: usize) {
        self.books.lock().unwrap().lag = lists;
    }

    /// How many redemptions there are.
    pub(crate) fn count(&self) -> usize {
        self.books.lock().unwrap().made.len()
    }

    /// The one request that was sent, as method and path, and its body; null for none.
    #[track_caller]
    pub(crate) fn request(&self) -> (String, Value) {
        let received = self.server.received();
        let [sent] = &received[..] else {
            panic!("{received:?}");
        };
        let body = match sent.body.is_empty() {
            true => Value::Null,
            false => sent.json().unwrap(),
        };
        (format!("{} {}", sent.method, sent.target), body)
    }

    /// How often a path was asked for.
    pub(crate) fn asked(&self, path: &str) -> usize {
        let received = self.server.received();
        received.iter().filter(|sent| sent.path() == path).count()
    }

    /// How many requests there were that redeem or give back.
    pub(crate) fn sent(&self) -> usize {
        let received = self.server.received();
        let redeems = |sent: &&Arc<Received>| {
            sent.path().ends_with("/redeem") || sent.path().ends_with("/return")
        };
        received.iter().filter(redeems).count()
    }

    /// The pauses that were made, in seconds.
    pub(crate) fn pauses(&self) -> Vec<u64> {
        let pauses = self.timer.pauses().into_iter();
        pauses.map(|pause| pause.as_secs()).collect()
    }

    /// Runs a call, and lets every time limit pass that it meets.
    pub(crate) async fn run<T>(&self, call: impl Future<Output = T>) -> T {
        let silence = async {
            loop {
                self.server.stalled().await;
                self.timer.expire_limits();
            }
        };
        tokio::select! {
            result = call => result,
            () = silence => unreachable!("it watches for ever"),
        }
    }

    /// Redeems an amount in one of the ways that can be looked for: the id of the redemption.
    pub(crate) async fn redeem(&self, way: Way, key: Key) -> Result<Id, Error> {
        let profile = self.omneo.profile(PROFILE);
        let id = match way {
            Way::Strategy => {
                let redeem = profile.redeem(20);
                let redeem = match key {
                    Key::None => redeem,
                    Key::Reference => redeem.reference(REFERENCE),
                    Key::Receipt => redeem.receipt(REFERENCE),
                };
                self.run(redeem.send()).await?.redemption.id
            }
            Way::Credit => {
                let redeem = profile.redeem_credit(7, 20).security_code("4711");
                let redeem = match key {
                    Key::None => redeem,
                    Key::Reference => redeem.reference(REFERENCE),
                    Key::Receipt => redeem.receipt(REFERENCE),
                };
                self.run(redeem.send()).await?.id
            }
            Way::Return => {
                let given_back = self.omneo.return_(5).amount(20);
                let given_back = match key {
                    Key::None => given_back,
                    Key::Reference => given_back.reference(REFERENCE),
                    Key::Receipt => given_back.receipt(REFERENCE),
                };
                self.run(given_back.send()).await?.id
            }
        };
        Ok(id.unwrap())
    }
}

/// How an amount is redeemed, or given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Strategy,
    Credit,
    Return,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Strategy, Self::Credit, Self::Return];

    /// What the server calls it.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Strategy | Self::Credit => "redeem",
            Self::Return => "return",
        }
    }
}

/// What it can be found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    None,
    Reference,
    Receipt,
}

impl Made {
    /// A redemption of the profile under the reference, an amount of time before the clock's.
    pub(crate) fn before(timer: &ManualTimer, age: std::time::Duration) -> Self {
        let made_at = jiff::Timestamp::try_from(timer.system_now() - age).unwrap();
        Self {
            shown: json!({
                "id": 5,
                "profile_id": PROFILE,
                "type": "redeem",
                "total": "20.00",
                "created_at": Timestamp::from(made_at),
                "transaction_id": null,
                "transaction": null,
                "meta": [],
            }),
            external_id: Some(REFERENCE.to_owned()),
            receipt: None,
        }
    }

    /// With another value of a field.
    pub(crate) fn with(mut self, field: &str, value: Value) -> Self {
        self.shown[field] = value;
        self
    }
}

impl Books {
    fn answer(&mut self, request: &Received, clock: &ManualTimer) -> Response {
        let path = request.path();
        if path == LIST {
            return self.list(request);
        }
        if path.ends_with("/balances") {
            return Response::json(200, &json!({"data": balances()}));
        }
        let is_return = path.ends_with("/5/return");
        if !path.ends_with("/redeem") && !is_return {
            return Response::json(200, &json!({"data": {"id": 5, "total": "20.00"}}));
        }
        let body = request.json().unwrap();
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        let made = Made {
            external_id: text("transaction_external_id"),
            receipt: text("transaction_receipt_ref"),
            ..Made::before(clock, std::time::Duration::ZERO)
        };
        let id = 1000 + self.made.len();
        let made = made.with("id", id.into());
        let made = match is_return {
            true => made.with("type", "return".into()),
            false => made,
        };
        let answer = match path == REDEEM || is_return {
            true => json!({
                "id": id.to_string(),
                "profile_id": PROFILE,
                "total": "20.00",
                "balances": balances(),
                "transaction_external_id": made.external_id,
                "transaction_receipt_ref": made.receipt,
                "created_at": made.shown["created_at"],
            }),
            false => made.shown.clone(),
        };
        self.made.push(made);
        Response::json(200, &json!({ "data": answer }))
    }

    fn list(&mut self, request: &Received) -> Response {
        let url = format!("http://localhost{}", request.target);
        let url = reqwest::Url::parse(&url).unwrap();
        let filter = |name: &str| {
            let mut pairs = url.query_pairs();
            let found = pairs.find(|(given, _)| *given == format!("filter[{name}]"));
            found.map(|(_, value)| value.into_owned())
        };
        let is = |name: &str, value: Option<&str>| {
            let wanted = filter(name);
            wanted.is_none() || wanted.as_deref() == value
        };
        let shown = self.made.iter().filter(|made| {
            self.ignores_filters
                || is("profile_id", made.shown["profile_id"].as_str())
                    && is("transaction_external_id", made.external_id.as_deref())
                    && is("transaction_receipt_ref", made.receipt.as_deref())
        });
        let mut shown: Vec<_> = shown.map(|made| made.shown.clone()).collect();
        if self.lag > 0 && !shown.is_empty() {
            self.lag -= 1;
            shown.clear();
        }
        let meta = json!({"current_page": 1, "last_page": 1, "total": shown.len()});
        Response::json(200, &json!({"data": shown, "meta": meta}))
    }
}

fn balances() -> Value {
    json!({"reward_balance": 27.25, "credit_balance": "60.00", "point_balance": 120})
}
