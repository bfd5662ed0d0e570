use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use reqwest::{Client, Request, Response, StatusCode};

use super::{Call, Direct, Transport};
use crate::runtime::generated_shape::Client as Api;
use crate::runtime::testing::{Server, answer, json, operation, redirect};
use crate::runtime::{
    BoxFuture, Error, ErrorKind, File, Inner, Multipart, Operation, RequestOptions, Token,
};

fn http() -> Client {
    Client::builder().no_proxy().build().unwrap()
}

fn api(server: &Server, transport: impl Transport, options: RequestOptions) -> Api {
    let operations: &'static [Operation] = Box::leak(Box::new([operation(
        "rewards_show",
        "GET",
        "/v3/rewards/{reward}",
    )]));
    Api::new_with_client(
        &server.url(),
        http(),
        Inner::new(Arc::new(transport), operations).with_options(options),
    )
}

/// Sends again after a 503, as often as the options allow.
struct Retrying;

#[derive(Clone)]
struct Attempts(u32);

impl Transport for Retrying {
    fn send<'a>(
        &'a self,
        client: &'a Client,
        mut request: Request,
        call: Call<'a>,
    ) -> BoxFuture<'a, Result<Response, Error>> {
        Box::pin(async move {
            let replay = call.replay(client, &request);
            let Attempts(mut left) = call
                .options
                .extensions
                .get()
                .cloned()
                .unwrap_or(Attempts(3));
            loop {
                let response = Direct::new().send(client, request, call).await?;
                left -= 1;
                match &replay {
                    Some(replay)
                        if left > 0 && response.status() == StatusCode::SERVICE_UNAVAILABLE =>
                    {
                        request = replay.request().await?;
                    }
                    _ => return Ok(response),
                }
            }
        })
    }
}

#[tokio::test]
async fn a_transport_can_send_a_json_request_again() {
    let server = Server::start([answer(503, "", ""), json("[1]")]);
    api(&server, Retrying, RequestOptions::new())
        .attributes_update(&1, "a:b", &serde_json::json!({"a": 1}))
        .await
        .unwrap();
    let (first, second) = (server.request(), server.request());
    assert_eq!(first, second);
    assert!(first.ends_with(r#"{"a":1}"#));
}

#[tokio::test]
async fn a_transport_can_send_a_multipart_request_again() {
    let server = Server::start([answer(503, "", ""), answer(503, "", ""), json("{}")]);
    let opened = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&opened);
    let file = File::open_with("a.csv", move || {
        let nth = count.fetch_add(1, Ordering::Relaxed);
        async move { Ok((reqwest::Body::from(format!("attempt {nth}")), None)) }
    });
    let options = RequestOptions::new()
        .query("a", 1)
        .multipart(Multipart::new().file("file", file))
        .extension(Attempts(9));
    api(&server, Retrying, options)
        .imports_store()
        .await
        .unwrap();
    for nth in 0..3 {
        let sent = server.request();
        assert!(sent.starts_with("POST /v3/imports?a=1 HTTP/1.1"), "{sent}");
        assert!(sent.contains(&format!("attempt {nth}")), "{sent}");
        assert_eq!(sent.matches("content-type: multipart").count(), 1, "{sent}");
    }
    assert_eq!(opened.load(Ordering::Relaxed), 3);
}

#[tokio::test]
async fn a_body_that_can_be_read_once_is_not_sent_again() {
    let server = Server::start([answer(503, "", "")]);
    let pieces = crate::runtime::ByteStream::new(Box::pin(Once(Some("x"))));
    let body = reqwest::Body::wrap_stream(pieces);
    let error = api(&server, Retrying, RequestOptions::new())
        .files_store("a", body)
        .await
        .unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::SERVICE_UNAVAILABLE));
}

struct Once(Option<&'static str>);

impl futures_core::Stream for Once {
    type Item = reqwest::Result<bytes::Bytes>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.take().map(|piece| Ok(piece.into())))
    }
}

/// Notes what it is told and fails with an error of its own.
#[derive(Clone, Default)]
struct Recording(Arc<Mutex<Vec<String>>>);

impl Transport for Recording {
    fn send<'a>(
        &'a self,
        _: &'a Client,
        request: Request,
        call: Call<'a>,
    ) -> BoxFuture<'a, Result<Response, Error>> {
        let path = call.operation.map_or("-", |operation| operation.path);
        self.0.lock().unwrap().push(format!(
            "{} {path} {}",
            call.operation_id,
            request.url().path()
        ));
        Box::pin(async { Err(Error::custom("the circuit is open")) })
    }
}

#[tokio::test]
async fn a_transport_is_told_the_operation_and_its_errors_get_the_name() {
    let server = Server::start([]);
    let transport = Recording::default();
    let api = api(&server, transport.clone(), RequestOptions::new());
    let error = api.rewards_show("5").await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Custom(_)));
    assert_eq!(error.to_string(), "rewards_show: the circuit is open");
    api.rewards_destroy(6).await.unwrap_err();
    assert_eq!(
        *transport.0.lock().unwrap(),
        [
            "rewards_show /v3/rewards/{reward} /v3/rewards/5",
            "rewards_destroy - /v3/rewards/6"
        ]
    );
}

#[tokio::test]
async fn a_redirect_to_another_host_does_not_carry_the_token() {
    let other = Server::start([json("{}")]);
    let server = Server::start([redirect(307, &format!("{}/there", other.url()))]);
    let transport = Direct::bearer(Token::new("hush-token").unwrap());
    api(&server, transport, RequestOptions::new())
        .rewards_show("5")
        .await
        .unwrap();
    assert!(server.request().contains("hush-token"));
    let sent = other.request();
    assert!(sent.starts_with("GET /there "), "{sent}");
    assert!(
        !sent.to_lowercase().contains("authorization") && !sent.contains("hush-token"),
        "{sent}"
    );
}

#[tokio::test]
async fn a_redirect_on_the_same_host_carries_the_token() {
    let server = Server::start([redirect(307, "/there"), json("{}")]);
    let transport = Direct::bearer(Token::new("hush-token").unwrap());
    api(&server, transport, RequestOptions::new())
        .rewards_show("5")
        .await
        .unwrap();
    server.request();
    assert!(
        server
            .request()
            .contains("authorization: Bearer hush-token")
    );
}

#[tokio::test]
async fn a_redirect_loop_does_not_show_its_urls() {
    let server = Server::start(vec![redirect(302, "/again?token=hush"); 12]);
    let error = api(&server, Direct::new(), RequestOptions::new())
        .rewards_show("secret-id")
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Transport(_)), "{error:?}");
    let mut shown = format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        shown += &format!(" {cause} {cause:?}");
        source = cause.source();
    }
    assert!(
        !shown.contains("hush") && !shown.contains("secret-id"),
        "{shown}"
    );
    assert!(
        error.to_string().contains("redirects lead nowhere"),
        "{error}"
    );
}
