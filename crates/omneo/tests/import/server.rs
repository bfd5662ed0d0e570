//! An Omneo that knows imports: a row of a file is a job, which is worked off when the import was read often enough; a job
//! that is finalized has succeeded if it has as many batches as it is told.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use fault_server::{FaultServer, Received, Response};
use omneo::Omneo;
use omneo::testing::ManualTimer;
use serde_json::{Map, Value, json};

use crate::multipart::parts;

/// What a row has in any of its cells to fail.
pub(crate) const FAILS: &str = "fails";

#[derive(Clone, Debug)]
pub(crate) struct Rules {
    /// How often an import is read before it is worked off.
    pub(crate) reads: u32,
    /// Whether imports are named after their files.
    pub(crate) names_imports: bool,
    /// Whether lists are filtered.
    pub(crate) filters: bool,
    /// How much the id of a job is above the one before.
    pub(crate) step: u64,
    /// How many rows a job has.
    pub(crate) rows_per_job: usize,
    pub(crate) export: &'static str,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            reads: 2,
            names_imports: true,
            filters: true,
            step: 1,
            rows_per_job: 1,
            export: "email\nada@example.com\n",
        }
    }
}

#[derive(Default)]
struct State {
    rules: Rules,
    imports: Vec<Value>,
    /// Of all imports.
    jobs: Vec<Value>,
    batches: Vec<Value>,
    reads: HashMap<u64, u32>,
    next_job: u64,
}

pub(crate) struct ImportServer {
    pub(crate) faults: FaultServer,
    pub(crate) timer: ManualTimer,
    state: Arc<Mutex<State>>,
}

impl ImportServer {
    pub(crate) fn start() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut Rules)) -> Self {
        let this = Self {
            faults: FaultServer::start(),
            timer: ManualTimer::new(),
            state: Arc::default(),
        };
        change(&mut lock(&this.state).rules);
        let state = this.state.clone();
        this.faults
            .application(move |request| lock(&state).answer(request));
        this
    }

    pub(crate) fn omneo(&self) -> Omneo {
        Omneo::builder()
            .base_url(self.faults.url())
            .token("hush")
            .timer(self.timer.clone())
            .build()
            .unwrap()
    }

    pub(crate) fn imports(&self) -> Vec<Value> {
        lock(&self.state).imports.clone()
    }

    pub(crate) fn jobs(&self) -> Vec<Value> {
        lock(&self.state).jobs.clone()
    }

    pub(crate) fn batches(&self) -> Vec<Value> {
        lock(&self.state).batches.clone()
    }

    /// Makes an import as if another client had.
    pub(crate) fn insert(&self, import: Value) -> u64 {
        lock(&self.state).add_import(import)
    }

    /// Deletes the newest import as if another client had.
    pub(crate) fn delete_newest(&self) {
        lock(&self.state).imports.pop();
    }

    /// Gives an import a job as if another client had.
    pub(crate) fn insert_job(&self, import: u64, job: Value) -> u64 {
        lock(&self.state).add_job(import, job)
    }

    /// Makes a batch as if another client had.
    pub(crate) fn insert_batch(&self, job: u64) {
        lock(&self.state)
            .batches
            .push(json!({"id": "other", "import_job_id": job, "total_count": 3}));
    }

    /// The requests of a method to a path, such as `POST /v3/imports`.
    pub(crate) fn requests(&self, line: &str) -> Vec<Arc<Received>> {
        let mut received = self.faults.received();
        received.retain(|request| format!("{} {}", request.method, request.path()) == line);
        received
    }
}

impl State {
    fn add_import(&mut self, mut import: Value) -> u64 {
        let id = self.imports.len() as u64 + 1;
        import["id"] = id.into();
        import["status"] = "PENDING".into();
        // A second after the one before.
        let (minute, second) = (id / 60, id % 60);
        import["created_at"] = format!("2024-01-31 00:{minute:02}:{second:02}").into();
        self.imports.push(import);
        id
    }

    fn add_job(&mut self, import: u64, mut job: Value) -> u64 {
        self.next_job += self.rules.step;
        job["id"] = self.next_job.into();
        job["import_id"] = import.into();
        self.jobs.push(job);
        self.next_job
    }

    fn answer(&mut self, request: &Received) -> Response {
        let path: Vec<_> = request.path().split('/').skip(2).collect();
        let query = query(request);
        let id = |place: usize| path[place].parse::<u64>().unwrap();
        match (request.method.as_str(), path.as_slice()) {
            ("POST", ["imports"]) => self.upload(request, false),
            ("POST", ["imports", "file"]) => self.upload(request, true),
            ("POST", ["imports", "manual"]) => {
                let body = request.json().unwrap();
                let id = self.add_import(json!({"count": body["count"]}));
                data(&self.imports[id as usize - 1])
            }
            ("GET", ["imports"]) => page(&self.imports, &query, self.rules.filters),
            ("GET", ["imports", _]) => self.show(id(1)),
            ("GET", ["imports", _, "jobs"]) => {
                let is_of = |job: &&Value| job["import_id"] == id(1);
                let jobs: Vec<_> = self.jobs.iter().filter(is_of).cloned().collect();
                page(&jobs, &query, self.rules.filters)
            }
            ("POST", ["imports", _, "jobs"]) => {
                let job = self.add_job(id(1), request.json().unwrap());
                data(self.job(job))
            }
            ("POST", ["imports", _, "jobs", "export"]) => {
                Response::json(200, &json!({"data": self.rules.export}))
            }
            ("GET", ["imports", _, "jobs", _]) => data(self.job(id(3))),
            ("POST", ["imports", _, "jobs", _, "finalize"]) => {
                let told = request.json().unwrap()["total_batch_count"].clone();
                let own = self
                    .batches
                    .iter()
                    .filter(|batch| batch["import_job_id"] == id(3));
                let is_right = told == own.count();
                let job = self.job(id(3));
                job["total_batch_count"] = told;
                job["status"] = if is_right { "SUCCESS" } else { "FAILED" }.into();
                data(job)
            }
            ("GET", ["batches"]) => page(&self.batches, &query, self.rules.filters),
            ("GET", ["batches", id]) => {
                let batch = self.batches.iter().find(|batch| batch["id"] == *id);
                data(batch.unwrap())
            }
            ("POST", [_, "batch.json"]) => self.queue(&request.json().unwrap()),
            other => panic!("{other:?}"),
        }
    }

    fn job(&mut self, id: u64) -> &mut Value {
        self.jobs.iter_mut().find(|job| job["id"] == id).unwrap()
    }

    fn upload(&mut self, request: &Received, is_mapped: bool) -> Response {
        let parts = parts(request);
        let text = |name: &str| parts.get(name).map(|part| part.body.clone());
        let file = &parts["file"];
        let mut lines = file.body.lines();
        let columns: Vec<_> = lines.next().unwrap_or_default().split(',').collect();
        let rows: Vec<Value> = lines
            .map(|line| {
                let cells = line.split(',').map(Value::from);
                let named = columns.iter().map(|name| (*name).to_owned()).zip(cells);
                Value::Object(named.collect::<Map<_, _>>())
            })
            .collect();
        let file_name = file.file_name.clone().filter(|_| self.rules.names_imports);
        let mapping = text("mapping_fields").map(|text| serde_json::from_str(&text).unwrap());
        let import = self.add_import(json!({
            "count": rows.len(),
            "name": text("name").or(file_name),
            "importable_type": text("importable_type"),
            "importable_id": text("importable_id"),
            "mapping_fields": mapping.unwrap_or(Value::Null),
            "meta": text("meta").map_or(json!([]), |text| serde_json::from_str(&text).unwrap()),
        }));
        let handler = match is_mapped {
            true => Some("omneo:incentive".to_owned()),
            false => text("handler"),
        };
        for rows in rows.chunks(self.rules.rows_per_job) {
            self.add_job(
                import,
                json!({"status": "PENDING", "handler": handler, "data": rows[0]}),
            );
        }
        data(&self.imports[import as usize - 1])
    }

    fn show(&mut self, id: u64) -> Response {
        let Some(import) = self.imports.get_mut(id as usize - 1) else {
            return Response::json(404, &json!({"message": "No query results."}));
        };
        let reads = self.reads.entry(id).or_default();
        *reads += 1;
        if *reads > self.rules.reads {
            let mut failed = 0;
            for job in self.jobs.iter_mut().filter(|job| job["import_id"] == id) {
                let cells = job["data"].as_object().unwrap().values();
                let fails = cells.into_iter().any(|cell| cell == FAILS);
                job["status"] = if fails { "FAILED" } else { "SUCCESS" }.into();
                if fails {
                    failed += 1;
                    job["result"] = json!({"message": "The profile is not known."});
                }
            }
            import["status"] = "SUCCESS".into();
            import["failed_count"] = failed.into();
            import["progress"] = 100.into();
        } else {
            import["status"] = "PROCESSING".into();
            import["progress"] = 50.into();
        }
        data(import)
    }

    fn queue(&mut self, body: &Value) -> Response {
        let fields = body.as_object().unwrap();
        let records = fields.values().find_map(Value::as_array).unwrap();
        let id = format!("b-{}", self.batches.len() + 1);
        let items: Vec<_> = records
            .iter()
            .map(|record| {
                let fails = record
                    .as_object()
                    .unwrap()
                    .values()
                    .any(|cell| cell == FAILS);
                json!({
                    "external_id": record["external_id"],
                    "status": if fails { "failed" } else { "success" },
                })
            })
            .collect();
        self.batches.push(json!({
            "id": id,
            // Text in the request, a number in the batch.
            "import_job_id": body["import_job_id"].as_str().and_then(|id| id.parse::<u64>().ok()),
            "total_count": records.len(),
            "status": "success",
            "items": items,
        }));
        Response::json(
            200,
            &json!({"message": "Queued for processing.", "batch_id": id}),
        )
    }
}

fn data(value: &Value) -> Response {
    Response::json(200, &json!({ "data": value }))
}

fn query(request: &Received) -> HashMap<String, String> {
    let query = request.query().unwrap_or_default().split('&');
    let pairs = query.filter_map(|pair| pair.split_once('='));
    pairs
        .map(|(name, value)| {
            (
                name.replace("%5B", "[").replace("%5D", "]"),
                value.to_owned(),
            )
        })
        .collect()
}

/// A page of a list that is sorted by id, and is filtered by what the records have as text or number.
fn page(all: &[Value], query: &HashMap<String, String>, filters: bool) -> Response {
    let number = |name: &str, otherwise: usize| {
        query
            .get(name)
            .map_or(otherwise, |value| value.parse().unwrap())
    };
    let is_wanted = |record: &&Value| {
        query.iter().all(|(name, value)| {
            let field = name
                .strip_prefix("filter[")
                .and_then(|name| name.strip_suffix(']'));
            let Some(field) = field.filter(|_| filters) else {
                return true;
            };
            let found = &record[field];
            found
                .as_str()
                .map_or_else(|| found.to_string(), str::to_owned)
                == *value
        })
    };
    let (page, size) = (number("page[number]", 1), number("page[size]", 15));
    let mut found: Vec<_> = all.iter().filter(is_wanted).collect();
    if query.get("sort").is_some_and(|sort| sort.starts_with('-')) {
        found.reverse();
    }
    let total = found.len();
    let data: Vec<_> = found
        .into_iter()
        .skip((page - 1) * size)
        .take(size)
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

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
