//! HTTP around the engine: connections, bodies, and what is refused before the engine sees it.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::engine::{self, Asked, Outcome, Shared};

/// The longest body, in bytes; imports are files.
const LONGEST_BODY: usize = 64 * 1024 * 1024;

/// How long a caller may take for a head, and a connection may rest.
const HEAD: Duration = Duration::from_secs(60);

/// How long a caller may take for a body.
const BODY: Duration = Duration::from_secs(60);

/// Answers connections until it is told to stop; then those that are under way.
pub(crate) async fn serve(listener: TcpListener, engine: Shared, mut stop: watch::Receiver<bool>) {
    let open = tokio_util::task::TaskTracker::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    // Too many open files, mostly; those that are open go on, and close.
                    tracing::warn!(%error, "a connection could not be taken");
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    continue;
                }
            },
            _ = stop.wait_for(|stopped| *stopped) => break,
        };
        open.spawn(connection(stream, Arc::clone(&engine), stop.clone()));
    }
    drop(listener);
    open.close();
    open.wait().await;
}

async fn connection(stream: TcpStream, engine: Shared, mut stop: watch::Receiver<bool>) {
    // Answers are small and complete; waiting for more of them helps nobody.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| answer(request, Arc::clone(&engine)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        // Whoever has nothing more to say may still listen.
        .half_close(true)
        .header_read_timeout(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stopped| *stopped) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = connection.await;
}

/// Closes the connection: hyper does when a service fails.
#[derive(Debug, thiserror::Error)]
#[error("the connection is closed on purpose")]
struct Closed;

async fn answer(
    request: Request<Incoming>,
    engine: Shared,
) -> Result<Response<Full<Bytes>>, Closed> {
    let (head, body) = request.into_parts();
    let body = match read(&head.headers, body).await {
        Ok(body) => body,
        Err(Refused::TooLong) => {
            return Ok(plain(
                StatusCode::PAYLOAD_TOO_LARGE,
                "The request is too large.",
            ));
        }
        Err(Refused::TooSlow) => {
            return Ok(plain(
                StatusCode::REQUEST_TIMEOUT,
                "The request took too long.",
            ));
        }
        // Whoever broke off reads no answer.
        Err(Refused::Broken) => return Err(Closed),
    };
    let asked = Asked {
        method: head.method,
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: head.headers,
        body,
    };
    let outcome = engine::lock(&engine).answer(asked);
    let (answer, pause) = match outcome {
        Outcome::Answered { answer, pause } => (Some(answer), pause),
        Outcome::Closed { pause } => (None, pause),
    };
    if !pause.is_zero() {
        tokio::time::sleep(pause).await;
    }
    let answer = answer.ok_or(Closed)?;
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or_default();
    *response.headers_mut() = answer.headers;
    Ok(response)
}

enum Refused {
    TooLong,
    TooSlow,
    Broken,
}

async fn read(headers: &http::HeaderMap, body: Incoming) -> Result<Bytes, Refused> {
    let announced = headers.get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    if announced.is_some_and(|length| length > LONGEST_BODY) {
        return Err(Refused::TooLong);
    }
    let read = Limited::new(body, LONGEST_BODY).collect();
    match tokio::time::timeout(BODY, read).await {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refused::TooLong),
        Ok(Err(_)) => Err(Refused::Broken),
        Err(_) => Err(Refused::TooSlow),
    }
}

fn plain(status: StatusCode, message: &str) -> Response<Full<Bytes>> {
    let body = serde_json::json!({ "message": message }).to_string();
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    let json = http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(CONTENT_TYPE, json);
    response
}
