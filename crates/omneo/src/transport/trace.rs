//! Spans and events, by OpenTelemetry's names for HTTP clients.
//!
//! | span | level | has |
//! |---|---|---|
//! | `omneo.call` | info | `omneo.operation`, `http.request.method`, `url.template`, `server.address`, `http.response.status_code`, `error.type`, `omneo.attempts`, `omneo.elapsed_ms` |
//! | `omneo.attempt` | debug | `http.request.resend_count`, `http.response.status_code`, `error.type` |
//!
//! Status and error of a call are those of its end, so that one that succeeds at the second attempt has no error.
//!
//! Neither holds an id, a token, a query or a body.

use std::time::Duration;

use omneo_api::runtime::Call;
use omneo_api::{Attempts, Error, ErrorKind};
use reqwest::{Request, Response};
use tracing::field::Empty;
use tracing::{Span, debug, debug_span, info_span};

pub(super) fn call(request: &Request, call: Call<'_>) -> Span {
    info_span!(
        "omneo.call",
        otel.kind = "client",
        omneo.operation = call.operation_id,
        http.request.method = request.method().as_str(),
        url.template = call.path(),
        server.address = request.url().host_str().unwrap_or_default(),
        http.response.status_code = Empty,
        error.type = Empty,
        omneo.attempts = Empty,
        omneo.elapsed_ms = Empty,
    )
}

pub(super) fn attempt(count: u32) -> Span {
    debug_span!(
        "omneo.attempt",
        http.request.resend_count = count.saturating_sub(1),
        http.response.status_code = Empty,
        error.type = Empty,
    )
}

/// Notes how a call or an attempt ended.
pub(super) fn outcome(span: &Span, outcome: Result<&Response, &Error>) {
    match outcome {
        Ok(response) => {
            span.record("http.response.status_code", response.status().as_u16());
        }
        Err(error) => {
            span.record("error.type", kind(error));
        }
    }
}

pub(super) fn repeat(count: u32, pause: Duration, outcome: &Result<Response, Error>) {
    let status = outcome
        .as_ref()
        .ok()
        .map(|response| response.status().as_u16());
    let kind = outcome.as_ref().err().map(kind);
    debug!(attempt = count, ?pause, status, error.type = kind, "to be sent again");
}

pub(super) fn end(attempts: &Attempts) {
    let elapsed = u64::try_from(attempts.elapsed.as_millis()).unwrap_or(u64::MAX);
    Span::current()
        .record("omneo.attempts", attempts.count)
        .record("omneo.elapsed_ms", elapsed);
}

/// OpenTelemetry wants few values here.
fn kind(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Timeout(_) => "timeout",
        ErrorKind::Transport(_) if error.is_connect() => "connect",
        ErrorKind::Transport(_) => "transport",
        ErrorKind::TooLarge { .. } => "too_large",
        _ => "other",
    }
}
