//! An Omneo that knows batches: it keeps what it was sent, works it off when it has been asked for it often enough, and
//! counts what it has twice.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fault_server::{FaultServer, Received, Response};
use omneo::testing::ManualTimer;
use omneo::{Builder, Omneo, Timer};
use serde_json::{Map, Value, json};

/// What a record has in any of its fields to be treated so.
pub(crate) const REFUSED: &str = "refused";
pub(crate) const REFUSED_UNNAMED: &str = "refused without a name";
pub(crate) const FAILS: &str = "fails";

/// How the server goes about it.
#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// How often a batch is read before it is worked off.
    pub(crate) reads: u32,
    pub(crate) items: Items,
    /// Whether answers name the batch.
    pub(crate) names_batches: bool,
    /// Whether a batch lists its items before it is worked off.
    pub(crate) lists_early: bool,
    /// Requests that are let through in a second.
    pub(crate) limit: Option<u32>,
    /// What `match_criteria` may be.
    pub(crate) criteria: &'static [&'static str],
    /// What a batch is called that is not worked off.
    pub(crate) pending: &'static str,
}

/// How a batch tells of its records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Items {
    InOrder,
    Reversed,
    /// Without `external_id`.
    Nameless,
    /// All but the last two.
    TwoMissing,
    None,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            reads: 2,
            items: Items::InOrder,
            names_batches: true,
            lists_early: true,
            limit: None,
            criteria: &["email"],
            pending: "pending",
        }
    }
}

struct Batch {
    id: String,
    /// The property of the request that has the records.
    name: String,
    criteria: Option<String>,
    job: Value,
    made_at: String,
    reads: u32,
    records: Vec<Value>,
    /// The ids of what was made, or why not: empty until it is worked off.
    results: Vec<Result<u64, String>>,
}

#[derive(Default)]
struct State {
    rules: Rules,
    batches: Vec<Batch>,
    by_id: HashMap<String, usize>,
    /// How often each body came.
    bodies: HashMap<u64, u32>,
    /// What the server has, by the property of the request that brought it.
    stored: BTreeMap<String, Vec<Value>>,
    /// Where the profiles are that have a key.
    matched: HashMap<String, usize>,
    last_id: u64,
    second: (u64, u32),
}

pub(crate) struct BatchServer {
    pub(crate) faults: FaultServer,
    pub(crate) timer: ManualTimer,
    state: Arc<Mutex<State>>,
}

impl BatchServer {
    pub(crate) fn start() -> Self {
        let this = Self {
            faults: FaultServer::start(),
            timer: ManualTimer::new(),
            state: Arc::default(),
        };
        let (state, timer) = (this.state.clone(), this.timer.clone());
        this.faults.application(move |request| {
            let now = timer.passed().as_secs();
            let made_at = jiff::Timestamp::try_from(timer.system_now()).unwrap();
            let made_at = made_at.strftime("%Y-%m-%d %H:%M:%S").to_string();
            lock(&state).answer(request, now, made_at)
        });
        this
    }

    pub(crate) fn with(change: impl FnOnce(&mut Rules)) -> Self {
        let this = Self::start();
        change(&mut lock(&this.state).rules);
        this
    }

    pub(crate) fn builder(&self) -> Builder {
        Omneo::builder()
            .base_url(self.faults.url())
            .token("hush")
            .timer(self.timer.clone())
    }

    pub(crate) fn omneo(&self) -> Omneo {
        self.builder().build().unwrap()
    }

    /// What the server has when all that it took is worked off.
    pub(crate) fn stored(&self, name: &str) -> Vec<Value> {
        let mut state = lock(&self.state);
        for place in 0..state.batches.len() {
            state.work_off(place);
        }
        state.stored.get(name).cloned().unwrap_or_default()
    }

    /// How often it has each `external_id`.
    pub(crate) fn copies(&self, name: &str) -> BTreeMap<String, usize> {
        let mut copies = BTreeMap::new();
        for record in self.stored(name) {
            let id = record["external_id"].as_str().unwrap_or_default();
            *copies.entry(id.to_owned()).or_default() += 1;
        }
        copies
    }

    /// Holds that the server has no transaction twice.
    pub(crate) fn assert_each_is_there_once(&self) {
        let copies = self.copies("transactions");
        assert!(copies.values().all(|times| *times == 1), "{copies:?}");
    }

    pub(crate) fn batches(&self) -> usize {
        lock(&self.state).batches.len()
    }

    /// The sizes of the requests with records that the server was sent, in their order.
    pub(crate) fn sizes(&self) -> Vec<usize> {
        let requests = self.requests("POST");
        let records = |request: &Arc<Received>| records(&request.json().unwrap()).1.len();
        requests.iter().map(records).collect()
    }

    pub(crate) fn requests(&self, method: &str) -> Vec<Arc<Received>> {
        let mut received = self.faults.received();
        received.retain(|request| request.method.as_str() == method);
        received
    }

    /// Makes a batch as if another client had sent it.
    pub(crate) fn insert(&self, body: &Value) {
        let made_at = jiff::Timestamp::try_from(self.timer.system_now()).unwrap();
        let made_at = made_at.strftime("%Y-%m-%d %H:%M:%S").to_string();
        lock(&self.state).make(body.to_string().as_bytes(), body, made_at);
    }
}

/// The property of a request that has the records, and these.
fn records(body: &Value) -> (String, Vec<Value>) {
    let fields = body.as_object().unwrap();
    let found = fields
        .iter()
        .find_map(|(name, value)| Some((name.clone(), value.as_array()?.clone())));
    found.unwrap_or_else(|| (String::new(), vec![body.clone()]))
}

fn exists(body: &Value) -> Response {
    match body["id"] == "nobody" {
        true => Response::json(404, &json!({"message": "No query results"})),
        false => Response::json(200, &json!({"data": {"id": body["id"]}})),
    }
}

fn has(record: &Value, mark: &str) -> bool {
    let mut fields = record.as_object().into_iter().flat_map(Map::values);
    fields.any(|value| value.as_str() == Some(mark))
}

fn refusal(errors: &Map<String, Value>) -> Response {
    let body = json!({"message": "The given data was invalid.", "errors": errors});
    Response::json(422, &body)
}

impl State {
    fn answer(&mut self, request: &Received, now: u64, made_at: String) -> Response {
        if let Some(limit) = self.rules.limit {
            if self.second.0 != now {
                self.second = (now, 0);
            }
            if self.second.1 == limit {
                return Response::new(429).retry_after(1);
            }
            self.second.1 += 1;
        }
        let path = request.path().trim_start_matches("/v3/");
        match (request.method.as_str(), path) {
            ("GET", "batches") => self.list(request.query().unwrap_or_default()),
            ("GET", path) => match path.strip_prefix("batches/") {
                Some(id) => self.show(id),
                None => self.find(path, request.query().unwrap_or_default()),
            },
            ("POST", "profiles/exists") => exists(&request.json().unwrap()),
            ("POST", "allocations/batch.json" | "webhooks/batch.json") => {
                Response::json(200, &json!({"message": "OK"}))
            }
            ("POST", path) if path.starts_with("imports/") => {
                Response::json(200, &json!({"message": "OK"}))
            }
            ("DELETE", path) if path.starts_with("custom-fields/") => {
                Response::json(200, &json!({"deleted": 2}))
            }
            ("POST" | "DELETE", path) => {
                let body = request.json().unwrap();
                match path.ends_with("batch.json") {
                    true => self.queue(path, &request.body, &body, made_at),
                    false => self.create(path, body),
                }
            }
            _ => Response::new(405),
        }
    }

    fn queue(&mut self, path: &str, bytes: &[u8], body: &Value, made_at: String) -> Response {
        let (name, records) = records(body);
        if let Some(criteria) = body["match_criteria"].as_str()
            && !self.rules.criteria.contains(&criteria)
        {
            let text = json!(["The selected match criteria is invalid."]);
            return refusal(&Map::from_iter([("match_criteria".to_owned(), text)]));
        }
        if records.len() > 500 {
            return refusal(&Map::from_iter([(
                name.clone(),
                json!([format!("The {name} must not have more than 500 items.")]),
            )]));
        }
        let named = records.iter().enumerate();
        let named = named.filter(|(_, record)| has(record, REFUSED));
        let errors: Map<_, _> = named
            .map(|(place, _)| {
                let text = json!(["The selected profile is invalid."]);
                (format!("{name}.{place}.profile_id"), text)
            })
            .collect();
        if !errors.is_empty() {
            return refusal(&errors);
        }
        if records.iter().any(|record| has(record, REFUSED_UNNAMED)) {
            return Response::json(422, &json!({"message": "The given data was invalid."}));
        }
        let id = self.make(bytes, body, made_at);
        let mut answer = json!({"message": "Queued for processing."});
        if self.rules.names_batches {
            answer["batch_id"] = id.into();
        }
        match path.starts_with("profile") {
            true => Response::json(202, &json!({ "data": answer })),
            false => Response::json(200, &answer),
        }
    }

    fn make(&mut self, bytes: &[u8], body: &Value, made_at: String) -> String {
        // The same for the same requests, whatever is sent beside them.
        let mut hasher = DefaultHasher::new();
        bytes.hash(&mut hasher);
        let hash = hasher.finish();
        let times = self.bodies.entry(hash).or_default();
        *times += 1;
        let id = format!("{hash:016x}-{times}");
        let (name, records) = records(body);
        self.by_id.insert(id.clone(), self.batches.len());
        self.batches.push(Batch {
            id: id.clone(),
            name,
            criteria: body["match_criteria"].as_str().map(str::to_owned),
            job: body["import_job_id"].clone(),
            made_at,
            reads: 0,
            records,
            results: Vec::new(),
        });
        id
    }

    /// What was created with an id of the caller's.
    fn find(&self, path: &str, query: &str) -> Response {
        let query = query.replace("%5B", "[").replace("%5D", "]");
        let (field, is_of): (_, &dyn Fn(&str) -> bool) = match path {
            "redemptions" => ("transaction_external_id", &|name| name.ends_with("/redeem")),
            _ => ("external_id", &|name| name == path),
        };
        let filter = format!("filter[{field}]=");
        let wanted = query.split('&').find_map(|pair| pair.strip_prefix(&filter));
        let stored = self.stored.iter().filter(|(name, _)| is_of(name));
        let data: Vec<_> = stored
            .flat_map(|(_, records)| records)
            .filter(|record| record[field].as_str() == wanted)
            .map(|record| json!({"id": 99, "external_id": record["external_id"]}))
            .collect();
        let total = data.len();
        let meta = json!({"current_page": 1, "last_page": 1, "per_page": 15, "total": total});
        Response::json(200, &json!({"data": data, "links": {}, "meta": meta}))
    }

    fn create(&mut self, path: &str, body: Value) -> Response {
        if has(&body, REFUSED) {
            let text = json!(["The selected profile is invalid."]);
            return refusal(&Map::from_iter([("profile_id".to_owned(), text)]));
        }
        self.last_id += 1;
        // A queue's records are where the others are.
        let name = path.split("/queue").next().unwrap_or(path);
        self.stored.entry(name.to_owned()).or_default().push(body);
        if name != path {
            return Response::json(200, &json!({"data": "OK"}));
        }
        Response::json(201, &json!({"data": {"id": self.last_id}}))
    }

    fn work_off(&mut self, place: usize) {
        let batch = &mut self.batches[place];
        if !batch.results.is_empty() {
            return;
        }
        for record in &batch.records {
            if has(record, FAILS) {
                let why = "The profile is not known.".to_owned();
                batch.results.push(Err(why));
                continue;
            }
            self.last_id += 1;
            batch.results.push(Ok(self.last_id));
            let stored = self.stored.entry(batch.name.clone()).or_default();
            let key = batch.criteria.as_ref().map(|field| &record[field]);
            match key.and_then(Value::as_str) {
                Some(key) => match self.matched.get(key) {
                    Some(place) => stored[*place] = record.clone(),
                    None => {
                        self.matched.insert(key.to_owned(), stored.len());
                        stored.push(record.clone());
                    }
                },
                None => stored.push(record.clone()),
            }
        }
    }

    fn show(&mut self, id: &str) -> Response {
        let Some(&place) = self.by_id.get(id) else {
            return Response::new(404);
        };
        self.batches[place].reads += 1;
        if self.batches[place].reads > self.rules.reads {
            self.work_off(place);
        }
        let rules = self.rules.clone();
        let batch = &self.batches[place];
        let mut data = summary(batch, &rules);
        let is_done = !batch.results.is_empty();
        let item = |(place, record): (usize, &Value)| {
            let result = batch.results.get(place);
            json!({
                "id": place + 1,
                "entity_id": result.and_then(|result| result.as_ref().ok()),
                "external_id": match rules.items {
                    Items::Nameless => &Value::Null,
                    _ => &record["external_id"],
                },
                "status": match result {
                    Some(Ok(_)) => "success",
                    Some(Err(_)) => "failed",
                    None => "pending",
                },
                "error": result.and_then(|result| result.as_ref().err()),
            })
        };
        let mut items: Vec<_> = batch.records.iter().enumerate().map(item).collect();
        match rules.items {
            _ if !is_done && !rules.lists_early => items.clear(),
            Items::InOrder | Items::Nameless => {}
            Items::Reversed => items.reverse(),
            Items::TwoMissing => items.truncate(items.len().saturating_sub(2)),
            Items::None => items.clear(),
        }
        data["items"] = items.into();
        Response::json(200, &json!({ "data": data }))
    }

    fn list(&self, query: &str) -> Response {
        let query: HashMap<_, _> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.replace("%5B", "[").replace("%5D", "]"), value))
            .collect();
        let number = |name: &str, otherwise: usize| {
            query
                .get(name)
                .map_or(otherwise, |value| value.parse().unwrap())
        };
        let is_wanted = |batch: &&Batch| {
            let size = query.get("filter[total_count]");
            let job = query.get("filter[import_job_id]");
            size.is_none_or(|size| batch.records.len().to_string() == **size)
                && job.is_none_or(|job| batch.job.as_str() == Some(job))
        };
        let (page, size) = (number("page[number]", 1), number("page[size]", 15));
        let mut found: Vec<_> = self.batches.iter().filter(is_wanted).collect();
        assert_eq!(query.get("sort"), Some(&"-created_at"));
        found.reverse();
        let total = found.len();
        let data: Vec<_> = found
            .into_iter()
            .skip((page - 1) * size)
            .take(size)
            .map(|batch| summary(batch, &self.rules))
            .collect();
        let last = total.div_ceil(size).max(1);
        Response::json(
            200,
            &json!({
                "data": data,
                "links": {},
                "meta": {"current_page": page, "last_page": last, "per_page": size, "total": total},
            }),
        )
    }
}

fn summary(batch: &Batch, rules: &Rules) -> Value {
    let done = batch.results.len();
    let failed = batch
        .results
        .iter()
        .filter(|result| result.is_err())
        .count();
    json!({
        "id": batch.id,
        "import_job_id": batch.job,
        "entity_type": batch.name,
        "total_count": batch.records.len(),
        "status": match done {
            0 => rules.pending,
            _ if failed == done => "failed",
            _ => "success",
        },
        "success_count": done - failed,
        "failed_count": failed,
        "processed_count": done,
        "created_at": batch.made_at,
        "items": null,
    })
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
