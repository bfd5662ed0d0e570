//! Answers one request after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::header::{ALLOW, AUTHORIZATION, CONTENT_TYPE, HeaderName, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::Notify;

use crate::answer::{Answer, Refusal};
use crate::auth::{self, Token, Tokens};
use crate::call::Call;
use crate::clock::Clock;
use crate::context::{Context, WORK};
use crate::fault::{Effect, Faults};
use crate::limit::{Left, Limit};
use crate::log::{self, Log};
use crate::query::Query;
use crate::record::{Record, RecordExt};
use crate::render::{self, Habits};
use crate::schema::{Operation, Route, SCHEMA};
use crate::store::Store;
use crate::{body, id_api, resource, rules};

/// The engine, for the threads that ask it.
pub(crate) type Shared = Arc<Mutex<Engine>>;

/// Takes the engine. Whatever a panic left behind was undone with its transaction.
pub(crate) fn lock(engine: &Shared) -> MutexGuard<'_, Engine> {
    engine.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Everything that a sandbox knows.
pub(crate) struct Engine {
    pub(crate) store: Store,
    pub(crate) clock: Clock,
    pub(crate) habits: Habits,
    /// Whether each answer is held against the schema.
    pub(crate) checks_answers: bool,
    pub(crate) faults: Faults,
    pub(crate) limit: Option<Limit>,
    pub(crate) tokens: Tokens,
    pub(crate) log: Log,
    /// `http://127.0.0.1:4010`
    pub(crate) origin: String,
    /// Told when there may be work to do.
    pub(crate) wake: Arc<Notify>,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("origin", &self.origin)
            .finish_non_exhaustive()
    }
}

/// A request.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    /// A request with JSON and a token.
    pub(crate) fn json(method: Method, target: &str, token: &str, body: &Value) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(&format!("Bearer {token}")) {
            headers.insert(AUTHORIZATION, value);
        }
        headers.insert(CONTENT_TYPE, JSON);
        Self {
            method,
            path: path.to_owned(),
            query: query.to_owned(),
            headers,
            body: match body {
                Value::Null => Bytes::new(),
                body => body.to_string().into(),
            },
        }
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What comes of a request, after a pause.
#[derive(Debug)]
pub(crate) enum Outcome {
    Answered { answer: Answered, pause: Duration },
    Closed { pause: Duration },
}

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const LIMIT: HeaderName = HeaderName::from_static("x-ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("x-ratelimit-remaining");

/// Where a request goes.
enum Target {
    Health,
    Operation(&'static Operation, Vec<String>),
    /// One of the ID API's own.
    Id,
    NotAllowed(Vec<Method>),
    Nowhere,
}

/// What is known of a request on its way.
struct Way {
    target: Target,
    token: Option<Token>,
    left: Option<Left>,
}

impl Engine {
    /// Answers a request.
    pub(crate) fn answer(&mut self, mut asked: Asked) -> Outcome {
        if asked.method == Method::HEAD {
            asked.method = Method::GET;
        }
        let now = self.clock.now();
        let target = target(&asked.method, &asked.path);
        let operation = match &target {
            Target::Operation(operation, _) => Some(operation.id.as_str()),
            _ => None,
        };
        let met = self.faults.meet(operation);
        let mut entry = log::Request {
            at: now,
            method: asked.method.to_string(),
            path: asked.path.clone(),
            query: asked.query.clone(),
            operation,
            body: None,
            status: 0,
        };
        let pause = met.pause;
        let answer = match met.effect {
            Some(Effect::Refused) => None,
            Some(Effect::Garbled) => Some(text(
                "text/html",
                "<html><body>Please log in.</body></html>",
            )),
            Some(Effect::Status(status)) => Some(refusal(&Refusal::Status(
                status,
                "A fault that was asked for.".to_owned(),
            ))),
            effect => {
                let answer = self.guarded(now, target, &asked);
                (!matches!(effect, Some(Effect::LostAnswer))).then_some(answer)
            }
        };
        entry.status = answer.as_ref().map_or(0, |answer| answer.status);
        self.log.add(entry, &asked.body);
        match answer {
            Some(answer) => Outcome::Answered { answer, pause },
            None => Outcome::Closed { pause },
        }
    }

    /// A panic of ours is answered, and undone.
    fn guarded(&mut self, now: Timestamp, target: Target, asked: &Asked) -> Answered {
        let answer = catch_unwind(AssertUnwindSafe(|| self.handle(now, target, asked)));
        answer.unwrap_or_else(|_| {
            let _ = self.store.rollback();
            tracing::error!(method = %asked.method, path = asked.path, "the sandbox panicked");
            refusal(&Refusal::Internal("The sandbox panicked.".to_owned()))
        })
    }

    fn handle(&mut self, now: Timestamp, target: Target, asked: &Asked) -> Answered {
        let operation = match &target {
            Target::Operation(operation, _) => Some(*operation),
            _ => None,
        };
        let mut way = Way {
            target,
            token: None,
            left: None,
        };
        let mut answer = match self.transaction(now, &mut way, asked) {
            Ok(answer) => answer,
            Err(refused) => {
                if let Refusal::Internal(message) = &refused {
                    tracing::error!(method = %asked.method, path = asked.path, message, "a request failed");
                }
                refusal(&refused)
            }
        };
        if let Some(operation) = operation.filter(|_| self.checks_answers) {
            answer = checked(operation, answer);
        }
        if asked.method != Method::GET {
            self.wake.notify_one();
            // Tokens go with their users, too.
            if asked.path.contains("/auth/") || asked.path.contains("/users/") {
                self.tokens.forget();
            }
        }
        with_limit(answer, way.left)
    }

    /// Everything that a request does, or nothing.
    fn transaction(
        &mut self,
        now: Timestamp,
        way: &mut Way,
        asked: &Asked,
    ) -> Result<Answered, Refusal> {
        self.store.begin()?;
        let answer = self.perform(now, way, asked);
        match &answer {
            Ok(_) => self.store.commit()?,
            Err(_) => self.store.rollback()?,
        }
        answer
    }

    fn perform(
        &mut self,
        now: Timestamp,
        way: &mut Way,
        asked: &Asked,
    ) -> Result<Answered, Refusal> {
        let mut context = Context::new(&self.store, now, self.habits);
        if let Target::NotAllowed(methods) = &way.target {
            return Ok(not_allowed(methods));
        }
        if let Target::Nowhere = way.target {
            return Err(Refusal::NotFound);
        }
        if let Target::Health = way.target {
            return Ok(text("text/plain; charset=UTF-8", "OK"));
        }
        let is_open = match &way.target {
            Target::Operation(operation, _) => operation.id == "auth.token",
            _ => id_api::is_open(&asked.path),
        };
        if !is_open {
            way.token = Some(self.tokens.of(&context, &asked.headers)?);
        }
        if let Some(limit) = &mut self.limit {
            let who = auth::bearer(&asked.headers).unwrap_or_default();
            let left = limit.take(who, now);
            way.left = Some(left);
            if left.retry_after.is_some() {
                return Err(Refusal::Status(429, "Too Many Attempts.".to_owned()));
            }
        }
        context.namespace = way.token.as_ref().and_then(|token| token.namespace.clone());
        let mut body = None;
        let (operation, values) = match std::mem::replace(&mut way.target, Target::Nowhere) {
            Target::Operation(operation, values) => {
                if let Some(token) = &way.token {
                    // A customer's own token is for the customer's own routes.
                    if token.profile.is_some() {
                        return Err(Refusal::Forbidden);
                    }
                    auth::check(token, operation)?;
                }
                (operation, values)
            }
            _ => match id_api::resolve(&mut context, way.token.as_ref(), asked)? {
                id_api::Resolved::Operation(operation, values) => (operation, values),
                id_api::Resolved::With(operation, values, other) => {
                    body = Some(other);
                    (operation, values)
                }
                id_api::Resolved::Answered(body) => return Ok(json_answer(200, &body)),
            },
        };
        let content = match body {
            Some(members) => body::Content {
                members,
                file: None,
            },
            None => body::read(operation, &asked.headers, &asked.body)?,
        };
        let members = body::fitting(operation, content.members)?;
        let mut call = Call {
            context,
            operation,
            values,
            query: Query::parse(&asked.query),
            body: members,
            file: content.file,
            token: way.token.clone(),
        };
        let answer = run(&mut call)?;
        let url = format!("{}{}", self.origin, asked.path);
        let body = render::answer(&call.context, operation, answer, &call.query, &url);
        Ok(match body {
            Some(body) => json_answer(operation.status, &body),
            None => Answered {
                status: operation.status,
                headers: HeaderMap::new(),
                body: Bytes::new(),
            },
        })
    }

    /// Does one piece of work that is due; whether there was one.
    pub(crate) fn work(&mut self) -> Result<bool, Refusal> {
        let now = self.clock.now();
        let Some(piece) = self.store.due(WORK, now.as_microsecond(), 1)?.pop() else {
            return Ok(false);
        };
        let id = piece.text("id").unwrap_or_default();
        self.store.begin()?;
        let done = catch_unwind(AssertUnwindSafe(|| self.piece(now, &piece)))
            .unwrap_or_else(|_| Err(Refusal::Internal("the work panicked".to_owned())));
        if let Err(refused) = done {
            self.store.rollback()?;
            self.store.begin()?;
            tracing::warn!(
                ?refused,
                work = piece.text("work"),
                "a piece of work failed"
            );
        }
        self.store.delete(WORK, &id)?;
        self.store.commit()?;
        Ok(true)
    }

    fn piece(&self, now: Timestamp, piece: &Record) -> Result<(), Refusal> {
        let mut context = Context::new(&self.store, now, self.habits);
        context.namespace = piece.text("namespace");
        let name = piece.text("work").unwrap_or_default();
        let work = rules::work(&name)
            .ok_or_else(|| Refusal::Internal(format!("there is no work called {name}")))?;
        (work.run)(&mut context, piece.get("what").unwrap_or(&Value::Null))
    }
}

/// What an operation does: its rule, or what the schema says.
pub(crate) fn run(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    match rules::rule(&call.operation.id) {
        Some(rule) => (rule.answer)(call),
        None => resource::answer(call),
    }
}

fn target(method: &Method, path: &str) -> Target {
    if let Some(path) = path.strip_prefix("/api") {
        if path == "/health" && *method == Method::GET {
            return Target::Health;
        }
        return match SCHEMA.route(method, path) {
            Route::Found(operation, values) => Target::Operation(operation, values),
            Route::MethodNotAllowed(methods) => Target::NotAllowed(methods),
            Route::NotFound => Target::Nowhere,
        };
    }
    match id_api::is_path(path) {
        true => Target::Id,
        false => Target::Nowhere,
    }
}

fn json_answer(status: u16, body: &Value) -> Answered {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, JSON);
    // A map of JSON values always has a JSON text.
    let body = serde_json::to_vec(body).unwrap_or_default();
    Answered {
        status,
        headers,
        body: body.into(),
    }
}

fn text(content_type: &'static str, text: &'static str) -> Answered {
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    Answered {
        status: 200,
        headers,
        body: Bytes::from_static(text.as_bytes()),
    }
}

fn not_allowed(methods: &[Method]) -> Answered {
    let names: Vec<_> = methods.iter().map(Method::as_str).collect();
    let names = names.join(", ");
    let message =
        format!("The method is not supported for this route. Supported methods: {names}.");
    let mut answer = json_answer(405, &json!({ "message": message }));
    if let Ok(names) = HeaderValue::from_str(&names) {
        answer.headers.insert(ALLOW, names);
    }
    answer
}

/// An error, as Laravel says it.
fn refusal(refused: &Refusal) -> Answered {
    let (status, body) = match refused {
        Refusal::Unauthenticated => (401, json!({ "message": "Unauthenticated." })),
        Refusal::Forbidden => (403, json!({ "message": "This action is unauthorized." })),
        Refusal::NotFound => (404, json!({ "message": "Not Found." })),
        Refusal::Invalid(problems) => (422, invalid(problems)),
        Refusal::Status(status, message) => (*status, json!({ "message": message })),
        Refusal::Internal(_) => (500, json!({ "message": "Server Error" })),
    };
    json_answer(status, &body)
}

fn invalid(problems: &[(String, String)]) -> Value {
    let mut errors = Record::new();
    for (field, message) in problems {
        let messages = errors
            .entry(field.clone())
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(messages) = messages {
            messages.push(message.as_str().into());
        }
    }
    let first = problems.first().map_or("", |(_, message)| message.as_str());
    let message = match problems.len() {
        0 | 1 => first.to_owned(),
        2 => format!("{first} (and 1 more error)"),
        more => format!("{first} (and {} more errors)", more - 1),
    };
    json!({ "message": message, "errors": errors })
}

/// The answer if the schema describes it, or else an error that says what is wrong with it.
fn checked(operation: &Operation, answer: Answered) -> Answered {
    let body = (!answer.body.is_empty())
        .then(|| serde_json::from_slice(&answer.body).unwrap_or_else(|_| Value::from("no JSON")));
    let problems = SCHEMA.answer_problems(operation, answer.status, body.as_ref());
    if problems.is_empty() {
        return answer;
    }
    let message = format!(
        "The schema describes no such answer with status {} of {}: {}",
        answer.status,
        operation.id,
        problems.join("; ")
    );
    json_answer(500, &json!({ "message": message, "answer": body }))
}

fn with_limit(mut answer: Answered, left: Option<Left>) -> Answered {
    let Some(left) = left else {
        return answer;
    };
    answer.headers.insert(LIMIT, left.limit.into());
    answer.headers.insert(REMAINING, left.remaining.into());
    if let Some(seconds) = left.retry_after {
        answer.headers.insert(RETRY_AFTER, seconds.into());
    }
    answer
}
