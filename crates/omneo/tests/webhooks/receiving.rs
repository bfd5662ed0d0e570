//! Answers: over loopback with axum, and of the tower services by themselves.

use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::routing::any;
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Full};
use omneo::http::{Method, Request, Response, StatusCode};
use omneo::types::Reward;
use omneo::webhooks::{
    Dispatcher, EVENT_HEADER, Event, Receiver, Router, SIGNATURE_HEADER, Signed, Verifier,
    VerifyLayer, sign,
};
use serde_json::json;
use tower_layer::Layer;
use tower_service::Service;

use crate::support::gate;

const SECRET: &str = "hush";
const BODY: &str = r#"{"id": 1}"#;

fn verifier() -> Verifier {
    Verifier::new(SECRET).unwrap().max_body(1000)
}

/// A server on loopback with each kind of receiver.
async fn serve(dispatcher: Dispatcher) -> String {
    let app = axum::Router::new()
        .route(
            "/event",
            any(async |Signed(event): Signed<Event>| {
                format!("{} {}", event.trigger(), event.text())
            }),
        )
        .route(
            "/reward",
            any(async |Signed(reward): Signed<Reward>| format!("{:?}", reward.id)),
        )
        .with_state(verifier())
        .route_service("/receiver", Receiver::new(verifier(), dispatcher))
        .merge(
            axum::Router::new()
                .route("/layer", any(async |body: String| body))
                .layer(VerifyLayer::new(verifier())),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

fn ignore() -> Dispatcher {
    let router = Router::new().otherwise(async |_: Event| Ok::<_, Infallible>(()));
    router.start()
}

fn post(url: String, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
    reqwest::Client::new()
        .post(url)
        .header(EVENT_HEADER, "reward.created")
        .body(body)
}

async fn answer(request: reqwest::RequestBuilder) -> (u16, String) {
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

#[tokio::test]
async fn what_is_signed_is_taken() {
    let url = serve(ignore()).await;
    for (path, text) in [
        ("/event", r#"reward.created {"id": 1}"#),
        ("/reward", r#"Some(Number(1))"#),
        ("/receiver", ""),
        ("/layer", BODY),
    ] {
        let request = post(url.clone() + path, BODY);
        let request = request.header(SIGNATURE_HEADER, sign(SECRET, BODY.as_bytes()));
        let (status, said) = answer(request).await;
        assert_eq!(status, 200, "{path}: {said}");
        if path != "/reward" {
            assert_eq!(said, text, "{path}");
        }
    }
}

#[tokio::test]
async fn what_is_not_signed_is_refused_everywhere_by_the_same_status() {
    let url = serve(ignore()).await;
    let good = sign(SECRET, BODY.as_bytes());
    for path in ["/event", "/reward", "/receiver", "/layer"] {
        let signed =
            |signature: &str| post(url.clone() + path, BODY).header(SIGNATURE_HEADER, signature);
        let long = "x".repeat(1001);
        for (request, status) in [
            (post(url.clone() + path, BODY), 422),
            (signed(""), 422),
            (signed(&sign("other", BODY.as_bytes())), 401),
            (signed(&sign(SECRET, b"{}")), 401),
            (signed(&good[..63]), 401),
            (signed(&good).header(SIGNATURE_HEADER, &good), 401),
            (
                post(url.clone() + path, long.clone())
                    .header(SIGNATURE_HEADER, sign(SECRET, long.as_bytes())),
                413,
            ),
        ] {
            let (answered, said) = answer(request).await;
            assert_eq!(answered, status, "{path}: {said}");
            assert!(!said.contains(&good) && !said.contains(SECRET), "{said}");
        }
    }
}

#[tokio::test]
async fn what_is_no_post_is_refused() {
    let url = serve(ignore()).await;
    for path in ["/event", "/receiver", "/layer"] {
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let request = reqwest::Client::new().request(method, url.clone() + path);
            let signed = request.header(SIGNATURE_HEADER, sign(SECRET, b""));
            let answer = signed.send().await.unwrap();
            assert_eq!(answer.status(), 405);
            assert_eq!(answer.headers()["allow"], "POST");
        }
    }
}

#[tokio::test]
async fn what_is_signed_and_no_json_is_refused() {
    let url = serve(ignore()).await;
    for body in [&b""[..], b"{", b"id=1", b"{\"a\": \"\xff\"}"] {
        for path in ["/event", "/reward", "/receiver"] {
            let request = post(url.clone() + path, body.to_vec());
            let request = request.header(SIGNATURE_HEADER, sign(SECRET, body));
            assert_eq!(
                answer(request).await,
                (422, "the body is no JSON".to_owned())
            );
        }
    }
}

#[tokio::test]
async fn a_context_that_does_not_fit_the_extractor_is_refused_without_showing_it() {
    let url = serve(ignore()).await;
    let body = json!({"value_remaining": {"of": "ada@example.com"}}).to_string();
    let request = post(url.clone() + "/reward", body.clone());
    let request = request.header(SIGNATURE_HEADER, sign(SECRET, body.as_bytes()));
    let (status, said) = answer(request).await;
    assert_eq!(status, 422);
    assert!(!said.contains("ada"), "{said}");
}

#[tokio::test]
async fn a_delivery_without_a_name_is_an_event_of_none() {
    let url = serve(ignore()).await;
    let request = reqwest::Client::new().post(url + "/event").body(BODY);
    let request = request.header(SIGNATURE_HEADER, sign(SECRET, BODY.as_bytes()));
    assert_eq!(answer(request).await, (200, format!(" {BODY}")));
}

#[tokio::test]
async fn a_delivery_is_acknowledged_before_it_is_handled() {
    let (gate, mut watch) = gate();
    let router = Router::new().otherwise(move |event| {
        let gate = gate.clone();
        async move { gate.pass(event).await }
    });
    let dispatcher = router.queue(2).start();
    let url = serve(dispatcher.clone()).await;
    let deliver = async || {
        let request = post(url.clone() + "/receiver", BODY);
        answer(request.header(SIGNATURE_HEADER, sign(SECRET, BODY.as_bytes())))
            .await
            .0
    };
    assert_eq!(deliver().await, 200);
    assert_eq!(deliver().await, 200);
    assert_eq!(deliver().await, 503);
    watch.started().await;
    watch.open();
    dispatcher.drain().await;
    assert_eq!(deliver().await, 503);
}

/// A body that counts what is read of it.
struct Long {
    frames: usize,
    read: Arc<AtomicUsize>,
    announced: bool,
    breaks_at: usize,
}

impl Body for Long {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.frames == 0 {
            return Poll::Ready(None);
        }
        self.frames -= 1;
        let read = self.read.fetch_add(1, Ordering::Relaxed);
        Poll::Ready(Some(match read == self.breaks_at {
            true => Err(io::Error::other("reset")),
            false => Ok(Frame::data(Bytes::from_static(&[b'x'; 100]))),
        }))
    }

    fn size_hint(&self) -> SizeHint {
        match self.announced {
            true => SizeHint::with_exact(self.frames as u64 * 100),
            false => SizeHint::default(),
        }
    }
}

/// How a long body is answered, and how many frames of it were read.
async fn long(announced: bool, signed: bool, breaks_at: usize) -> (StatusCode, usize) {
    let read = Arc::<AtomicUsize>::default();
    let body = Long {
        // 100 MB.
        frames: 1_000_000,
        read: read.clone(),
        announced,
        breaks_at,
    };
    let mut request = Request::post("/");
    if signed {
        request = request.header(SIGNATURE_HEADER, "00".repeat(32));
    }
    let mut receiver = Receiver::new(verifier(), ignore());
    let answer = receiver.call(request.body(body).unwrap()).await.unwrap();
    (answer.status(), read.load(Ordering::Relaxed))
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read() {
    let never = usize::MAX;
    assert_eq!(
        long(true, true, never).await,
        (StatusCode::PAYLOAD_TOO_LARGE, 0)
    );
    // If its length is not announced, up to the limit of 1,000 bytes.
    assert_eq!(
        long(false, true, never).await,
        (StatusCode::PAYLOAD_TOO_LARGE, 11)
    );
    assert_eq!(
        long(false, false, never).await,
        (StatusCode::UNPROCESSABLE_ENTITY, 0)
    );
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    assert_eq!(long(false, true, 3).await, (StatusCode::BAD_REQUEST, 4));
}

/// Answers with what it got.
#[derive(Clone)]
struct Echo;

impl Service<Request<Full<Bytes>>> for Echo {
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Full<Bytes>>) -> Self::Future {
        std::future::ready(Ok(Response::new(request.into_body())))
    }
}

#[tokio::test]
async fn the_service_inside_a_layer_gets_the_body_as_it_was_sent() {
    let mut service = VerifyLayer::new(verifier()).layer(Echo);
    // A target's payload need not be JSON.
    let body = "<order>7</order>";
    let request = Request::post("/").header(SIGNATURE_HEADER, sign(SECRET, body.as_bytes()));
    let answer = service
        .call(request.body(Full::<Bytes>::from(body)).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), body);
}
