//! The one place where a request is sent, and sent again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use omneo_api::http::header::AUTHORIZATION;
use omneo_api::http::{self, Method, StatusCode};
use omneo_api::runtime::{
    Answer, BoxFuture, Call, Effect, Replay, Stopped, Transport, retry_after,
};
use omneo_api::{Attempts, Client, Error, Token};
use reqwest::{Request, Response};
use tracing::{Instrument, Span};

use super::{CallLimit, Core, Started, pieces, trace};
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
    method: Method,
    started: Instant,
    /// The time limit of the call, and when it ends.
    limit: (Duration, Option<Instant>),
    attempt_limit: Duration,
    attempts: u32,
    /// An earlier attempt may have done the work.
    may_be_done: bool,
    /// The server has refused a token already.
    has_renewed: bool,
}

/// What comes after an attempt.
enum Next {
    /// Another, after a pause if there is one.
    Repeat(Option<Duration>),
    /// None.
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
        let started = match extensions.get() {
            Some(Started(at)) => *at,
            None => core.timer.now(),
        };
        let limit = extensions
            .get::<CallLimit>()
            .map_or(core.timeouts.call, |CallLimit(limit)| *limit);
        Self {
            sender,
            http,
            call,
            policy: extensions.get().copied().unwrap_or(core.retry),
            method: request.method().clone(),
            started,
            limit: (limit, started.checked_add(limit)),
            attempt_limit: call.options.timeout.unwrap_or(core.timeouts.attempt),
            attempts: 0,
            may_be_done: false,
            has_renewed: false,
        }
    }

    async fn run(mut self, mut request: Request) -> Result<Response, Error> {
        // The limits are the timer's, which tests control.
        *request.timeout_mut() = None;
        let replay = self.call.replay(self.http, &request);
        let mut pauses = self.policy.backoff.pauses();
        loop {
            let attempt = self.attempt(request).await;
            let (token, outcome) = attempt.map_err(|error| self.unsent(error))?;
            let renewed = self.renewed(token, &outcome).await;
            let next = match renewed.map_err(|error| self.unsent(error))? {
                true => Next::Repeat(None),
                false => self.next(&outcome, replay.as_ref(), &mut pauses),
            };
            let is_spent = replay.as_ref().is_some_and(Replay::is_spent);
            request = match (next, &replay) {
                (Next::Repeat(_), _) if is_spent => {
                    return self.end(outcome, Some(Stopped::Spent));
                }
                (Next::Repeat(pause), Some(replay)) => {
                    if let Some(pause) = pause {
                        trace::repeat(self.attempts, pause, &outcome);
                        self.sender.core.timer.sleep(pause).await;
                    }
                    let again = replay.request().await;
                    again.map_err(|error| self.unsent(error))?
                }
                // A body that can be read only once.
                (Next::Repeat(_), None) => return self.end(outcome, None),
                (Next::Stop(why), _) => return self.end(outcome, why),
            };
        }
    }

    /// Sends the request once. The token is the client's, none if the request brings its own.
    async fn attempt(
        &mut self,
        mut request: Request,
    ) -> Result<(Option<Token>, Result<Response, Error>), Error> {
        let core = &self.sender.core;
        let mut token = self.token(&request).await?;
        if let Some(limiter) = &core.limiter {
            // After the token: calls that wait for one together would take their places, and then go at once.
            self.within_call(limiter.acquire()).await?;
            token = self.token(&request).await?;
        }
        if let Some(token) = &token {
            request.headers_mut().insert(AUTHORIZATION, token.header());
        }
        let left = self.left();
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Error::timeout(self.limit.0));
        }
        let limit = match left {
            Some(left) if left < self.attempt_limit => left,
            _ => self.attempt_limit,
        };
        self.attempts += 1;
        let (http, call, attempt_limit) = (self.http, self.call, self.attempt_limit);
        let span = trace::attempt(self.attempts);
        let sent = async move {
            let response = http.execute(request).await?;
            if call.is_streamed(response.status()) {
                let timer = core.timer.clone();
                return Ok(pieces::limited(response, timer, attempt_limit));
            }
            // Read here, an answer that breaks off can still be repeated.
            call.read(response).await
        };
        let outcome = tokio::select! {
            biased;
            outcome = sent.instrument(span.clone()) => outcome,
            () = core.timer.limit(limit) => Err(Error::timeout(match left {
                Some(left) if left == limit => self.limit.0,
                _ => limit,
            })),
        };
        trace::outcome(&span, outcome.as_ref());
        Ok((token, outcome))
    }

    /// The client's token for a request; none if it brings its own.
    async fn token(&self, request: &Request) -> Result<Option<Token>, Error> {
        match &self.sender.auth {
            Some(auth) if !request.headers().contains_key(AUTHORIZATION) => {
                let token = match auth.keeper.current() {
                    Some(token) => token,
                    None => self.within_call(auth.keeper.token(&auth.client)).await??,
                };
                Ok(Some(token))
            }
            _ => Ok(None),
        }
    }

    /// Whether there is a new token in the place of one that the server refused. It did nothing then, so that whatever
    /// it was can be sent again.
    async fn renewed(
        &mut self,
        token: Option<Token>,
        outcome: &Result<Response, Error>,
    ) -> Result<bool, Error> {
        let refused = matches!(outcome, Ok(answer) if answer.status() == StatusCode::UNAUTHORIZED);
        let (Some(auth), Some(token)) = (&self.sender.auth, token) else {
            return Ok(false);
        };
        if !refused || std::mem::replace(&mut self.has_renewed, true) {
            return Ok(false);
        }
        auth.keeper.refused(&token);
        let new = self.within_call(auth.keeper.token(&auth.client)).await??;
        Ok(new != token)
    }

    /// What comes after an attempt.
    fn next(
        &mut self,
        outcome: &Result<Response, Error>,
        replay: Option<&Replay>,
        pauses: &mut impl Iterator<Item = Duration>,
    ) -> Next {
        let core = &self.sender.core;
        let cause = match outcome {
            Ok(answer) => Cause::of_answer(answer.status(), answer.headers()),
            Err(error) => Cause::of_error(error),
        };
        let Some(cause) = cause else {
            if outcome.is_ok() {
                core.budget.put_back();
            }
            return Next::Stop(None);
        };
        let asked = match outcome {
            Ok(answer) => retry_after(answer.headers(), core.timer.system_now()),
            Err(_) => None,
        };
        if let (Cause::Throttled, Some(limiter)) = (cause, &core.limiter) {
            limiter.slow_down(asked);
        }
        if cause == Cause::Unknown {
            self.may_be_done = true;
            let told = self.call.options.extensions.get().copied();
            let repeat = told.unwrap_or_else(|| Repeat::of(&self.method, self.call.operation));
            if !repeat.allows(replay.and_then(Replay::body)) {
                return Next::Stop(Some(Stopped::NotRepeatable));
            }
        }
        if self.attempts >= self.policy.max_attempts {
            // One attempt that was wanted is nothing to speak of.
            let stopped = (self.policy.max_attempts > 1).then_some(Stopped::Attempts);
            return Next::Stop(stopped);
        }
        // Nothing, or a time that has passed by this clock, is no pause.
        let asked = asked.filter(|pause| !pause.is_zero());
        let Some(pause) = asked.or_else(|| pauses.next()) else {
            return Next::Stop(None);
        };
        if self.left().is_some_and(|left| left <= pause) {
            return Next::Stop(Some(Stopped::Deadline));
        }
        // A server that says when to come back is up.
        if cause != Cause::Throttled && !core.budget.take() {
            return Next::Stop(Some(Stopped::Budget));
        }
        Next::Repeat(Some(pause))
    }

    /// Ends the call.
    fn end(
        self,
        outcome: Result<Response, Error>,
        why: Option<Stopped>,
    ) -> Result<Response, Error> {
        let mut response = outcome.map_err(|error| self.failed(error, why))?;
        if self.is_done_before(&response) {
            response = no_content();
        }
        trace::outcome(&Span::current(), Ok(&response));
        response.extensions_mut().insert(self.counted(why));
        Ok(response)
    }

    /// Whether a record is gone because an earlier attempt has deleted it.
    fn is_done_before(&self, response: &Response) -> bool {
        let deletes = self.call.operation.is_some_and(|operation| {
            operation.method == Method::DELETE.as_str() && operation.answer == Answer::Nothing
        });
        deletes && self.may_be_done && response.status() == StatusCode::NOT_FOUND
    }

    /// An error on the way to an attempt, such as that of a token.
    fn unsent(&self, error: Error) -> Error {
        let effect = match self.may_be_done {
            true => Effect::Unknown,
            false => Effect::None,
        };
        self.failed(error.with_effect(effect), None)
    }

    fn failed(&self, error: Error, why: Option<Stopped>) -> Error {
        trace::outcome(&Span::current(), Err(&error));
        error.with_attempts(self.counted(why))
    }

    fn counted(&self, why: Option<Stopped>) -> Attempts {
        let elapsed = self
            .sender
            .core
            .timer
            .now()
            .saturating_duration_since(self.started);
        let mut attempts = Attempts::new(self.attempts, elapsed);
        attempts.may_be_done = self.may_be_done;
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
