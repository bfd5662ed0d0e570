//! The one place where a request is sent, and sent again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use omneo_api::http::header::AUTHORIZATION;
use omneo_api::http::{self, HeaderMap, Method, StatusCode};
use omneo_api::runtime::{Answer, BoxFuture, Call, Replay, Stopped, Transport, retry_after};
use omneo_api::{Attempts, Client, Error, Token};
use reqwest::{Request, Response};
use tracing::Instrument;

use super::{CallLimit, Core, trace};
use crate::auth::{Keeper, TokenSource};
use crate::retry::{Cause, Repeat, RetryPolicy};

/// Sends requests with a token, again where that is safe and may help.
#[derive(Debug)]
pub(crate) struct Sender {
    core: Arc<Core>,
    auth: Option<Auth>,
}

#[derive(Debug)]
struct Auth {
    keeper: Keeper,
    /// Sends without a token, to get one.
    client: Client,
}

impl Sender {
    /// Sends without a token.
    pub(crate) fn anonymous(core: Arc<Core>) -> Self {
        Self { core, auth: None }
    }

    /// Sends with the tokens of a source, which gets them through `client`.
    pub(crate) fn authenticated(
        core: Arc<Core>,
        source: Arc<dyn TokenSource>,
        client: Client,
    ) -> Self {
        let keeper = Keeper::new(source, core.timer.clone());
        Self {
            core,
            auth: Some(Auth { keeper, client }),
        }
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.core
    }
}

impl Transport for Sender {
    fn send<'a>(
        &'a self,
        http: &'a reqwest::Client,
        request: Request,
        call: Call<'a>,
    ) -> BoxFuture<'a, Result<Response, Error>> {
        let span = trace::call(&request, call);
        let sending = Sending::new(self, http, &request, call);
        Box::pin(sending.run(request).instrument(span))
    }
}

/// A call on its way.
struct Sending<'a> {
    sender: &'a Sender,
    http: &'a reqwest::Client,
    call: Call<'a>,
    policy: RetryPolicy,
    repeat: Repeat,
    started: Instant,
    /// The time limit of the call, and when it ends.
    limit: (Duration, Option<Instant>),
    attempt_limit: Duration,
    attempts: u32,
    /// An earlier attempt may have done the work.
    may_be_done: bool,
}

/// What comes after an attempt that failed.
enum Next {
    Repeat(Duration),
    Stop(Option<Stopped>),
}

impl<'a> Sending<'a> {
    fn new(
        sender: &'a Sender,
        http: &'a reqwest::Client,
        request: &Request,
        call: Call<'a>,
    ) -> Self {
        let core = &sender.core;
        let extensions = &call.options.extensions;
        let started = core.timer.now();
        let limit = extensions
            .get::<CallLimit>()
            .map_or(core.timeouts.call, |CallLimit(limit)| *limit);
        Self {
            sender,
            http,
            call,
            policy: extensions.get().copied().unwrap_or(core.retry),
            repeat: extensions
                .get()
                .copied()
                .unwrap_or_else(|| Repeat::of(request.method(), call.operation)),
            started,
            limit: (limit, started.checked_add(limit)),
            attempt_limit: call.options.timeout.unwrap_or(core.timeouts.attempt),
            attempts: 0,
            may_be_done: false,
        }
    }

    async fn run(mut self, mut request: Request) -> Result<Response, Error> {
        // The limits are the timer's, which tests control.
        *request.timeout_mut() = None;
        let replay = self.call.replay(self.http, &request);
        let mut pauses = self.policy.backoff.pauses();
        let mut renewed = false;
        loop {
            let (token, outcome) = match self.attempt(request).await {
                Ok(attempted) => attempted,
                Err(error) => return Err(self.failed(error, None)),
            };
            let refused = match (&outcome, &self.sender.auth, token) {
                (Ok(response), Some(auth), Some(token))
                    if response.status() == StatusCode::UNAUTHORIZED && !renewed =>
                {
                    auth.keeper.refused(&token);
                    Some((auth, token))
                }
                _ => None,
            };
            if let (Some((auth, token)), Some(replay)) = (refused, &replay) {
                // A 401 did nothing, so whatever it was can be sent again, with another token.
                renewed = true;
                let new = self.within_call(auth.keeper.token(&auth.client)).await;
                match new.and_then(|new| new) {
                    Ok(new) if new != token => {
                        request = replay.request().await?;
                        continue;
                    }
                    Ok(_) => return self.done(outcome),
                    Err(error) => return Err(self.failed(error, None)),
                }
            }
            let cause = match &outcome {
                Ok(response) => Cause::of_answer(response.status(), response.headers()),
                Err(error) => Cause::of_error(error),
            };
            let Some(cause) = cause else {
                return self.done(outcome);
            };
            let headers = outcome.as_ref().ok().map(Response::headers);
            match self.next(cause, headers, replay.as_ref(), &mut pauses) {
                (Next::Repeat(pause), Some(replay)) => {
                    trace::repeat(self.attempts, pause, &outcome);
                    self.sender.core.timer.sleep(pause).await;
                    request = replay.request().await?;
                }
                (Next::Repeat(_), None) => return self.stopped(outcome, None),
                (Next::Stop(why), _) => return self.stopped(outcome, why),
            }
        }
    }

    /// Sends the request once. The token is the client's, none if the request brings its own.
    async fn attempt(
        &mut self,
        mut request: Request,
    ) -> Result<(Option<Token>, Result<Response, Error>), Error> {
        let core = &self.sender.core;
        if let Some(limiter) = &core.limiter {
            self.within_call(limiter.acquire()).await?;
        }
        let token = match &self.sender.auth {
            Some(auth) if !request.headers().contains_key(AUTHORIZATION) => {
                let token = match auth.keeper.current() {
                    Some(token) => token,
                    None => self.within_call(auth.keeper.token(&auth.client)).await??,
                };
                request.headers_mut().insert(AUTHORIZATION, token.header());
                Some(token)
            }
            _ => None,
        };
        let left = self.left();
        let limit = match left {
            Some(left) if left < self.attempt_limit => left,
            _ => self.attempt_limit,
        };
        self.attempts += 1;
        let (http, call) = (self.http, self.call);
        let sent = async move {
            let response = http.execute(request).await?;
            // Read here, an answer that breaks off can still be repeated.
            call.read(response).await
        };
        let outcome = tokio::select! {
            biased;
            outcome = sent.instrument(trace::attempt(self.attempts)) => outcome,
            () = core.timer.limit(limit) => Err(Error::timeout(match left {
                Some(left) if left == limit => self.limit.0,
                _ => limit,
            })),
        };
        trace::outcome(&outcome);
        Ok((token, outcome))
    }

    /// What comes after an attempt that failed for `cause`.
    fn next<'r>(
        &mut self,
        cause: Cause,
        headers: Option<&HeaderMap>,
        replay: Option<&'r Replay>,
        pauses: &mut impl Iterator<Item = Duration>,
    ) -> (Next, Option<&'r Replay>) {
        let core = &self.sender.core;
        let asked = headers.and_then(|headers| retry_after(headers, core.timer.system_now()));
        if let (Cause::Throttled, Some(limiter)) = (cause, &core.limiter) {
            limiter.slow_down(asked);
        }
        let stop = |why| (Next::Stop(why), None);
        if cause == Cause::Unknown {
            self.may_be_done = true;
            let body = replay.and_then(Replay::body);
            if !self.repeat.allows(body) {
                return stop(Some(Stopped::NotRepeatable));
            }
        }
        if self.attempts >= self.policy.max_attempts {
            return stop((self.attempts > 1).then_some(Stopped::Attempts));
        }
        let Some(pause) = asked.or_else(|| pauses.next()) else {
            return stop(None);
        };
        if self.left().is_some_and(|left| left <= pause) {
            return stop(Some(Stopped::Deadline));
        }
        if cause != Cause::Throttled && !core.budget.take() {
            return stop(Some(Stopped::Budget));
        }
        (Next::Repeat(pause), replay)
    }

    /// Ends a call whose outcome no repeat would change.
    fn done(self, outcome: Result<Response, Error>) -> Result<Response, Error> {
        let outcome = outcome.map(|response| {
            self.sender.core.budget.put_back();
            match self.is_done_before(&response) {
                true => no_content(),
                false => response,
            }
        });
        self.stopped(outcome, None)
    }

    /// Whether a record is gone because an earlier attempt has deleted it.
    fn is_done_before(&self, response: &Response) -> bool {
        let deletes = self.call.operation.is_some_and(|operation| {
            operation.method == Method::DELETE.as_str() && operation.answer == Answer::Nothing
        });
        deletes && self.may_be_done && response.status() == StatusCode::NOT_FOUND
    }

    fn stopped(
        self,
        outcome: Result<Response, Error>,
        why: Option<Stopped>,
    ) -> Result<Response, Error> {
        match outcome {
            Ok(mut response) => {
                response.extensions_mut().insert(self.counted(why));
                Ok(response)
            }
            Err(error) => Err(self.failed(error, why)),
        }
    }

    fn failed(&self, error: Error, why: Option<Stopped>) -> Error {
        error.with_attempts(self.counted(why))
    }

    fn counted(&self, why: Option<Stopped>) -> Attempts {
        let elapsed = self
            .sender
            .core
            .timer
            .now()
            .saturating_duration_since(self.started);
        let attempts = Attempts::new(self.attempts, elapsed);
        trace::end(&attempts);
        match why {
            Some(why) => attempts.stopped(why),
            None => attempts,
        }
    }

    /// What is left of the time for the call; `None` for a limit beyond all clocks.
    fn left(&self) -> Option<Duration> {
        let now = self.sender.core.timer.now();
        Some(self.limit.1?.saturating_duration_since(now))
    }

    /// Waits for what comes before a request is sent, at most until the call's time is over.
    async fn within_call<T>(&self, waited: impl Future<Output = T>) -> Result<T, Error> {
        let Some(left) = self.left() else {
            return Ok(waited.await);
        };
        tokio::select! {
            biased;
            value = waited => Ok(value),
            () = self.sender.core.timer.limit(left) => Err(Error::timeout(self.limit.0)),
        }
    }
}

fn no_content() -> Response {
    let mut response = http::Response::new("");
    *response.status_mut() = StatusCode::NO_CONTENT;
    response.into()
}
