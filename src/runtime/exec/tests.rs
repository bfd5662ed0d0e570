//! Generated methods over a loopback server.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue,
};
use reqwest::{Body as HttpBody, StatusCode};
use serde_json::json as value;

use super::{Body, Operation};
use crate::runtime::generated_shape::Client;
use crate::runtime::operation::{Parameter, ParameterKind, Part};
use crate::runtime::testing::{Server, answer, json, operation, redirect};
use crate::runtime::{
    ByteStream, Direct, Error, ErrorKind, File, Inner, Multipart, RequestOptions, ResponseValue,
    Token,
};

fn operations() -> &'static [Operation] {
    const QUERY: &[Parameter] = &[
        Parameter {
            name: "source",
            kind: ParameterKind::String,
            required: true,
            description: "",
        },
        Parameter {
            name: "page[size]",
            kind: ParameterKind::Integer,
            required: false,
            description: "",
        },
    ];
    const PARTS: &[Part] = &[
        Part {
            name: "file",
            required: true,
            is_file: true,
            description: "",
        },
        Part {
            name: "type",
            required: false,
            is_file: false,
            description: "",
        },
    ];
    Box::leak(Box::new([
        Operation {
            query: QUERY,
            ..operation("exports_show", "GET", "/v3/exports")
        },
        Operation {
            body: Body::Multipart(PARTS),
            ..operation("imports_store", "POST", "/v3/imports")
        },
        Operation {
            shadowed_by: &["/v3/rewards/definitions", "/v3/rewards/batch.json"],
            ..operation("rewards_show", "GET", "/v3/rewards/{reward}")
        },
    ]))
}

fn client(server: &Server, options: RequestOptions) -> Client {
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let transport = Direct::bearer(Token::new("hush-token").unwrap());
    let inner = Inner::new(Arc::new(transport), operations()).with_options(options);
    Client::new_with_client(&format!("{}/api", server.url()), http, inner)
}

fn options() -> RequestOptions {
    RequestOptions::new()
}

/// The message of an error that was found before anything was sent.
#[track_caller]
fn refused<T>(server: &Server, result: Result<ResponseValue<T>, Error>) -> String {
    let error = result.map(drop).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::InvalidRequest(_)),
        "{error:?}"
    );
    assert!(server.is_untouched());
    error.to_string()
}

#[tokio::test]
async fn a_json_operation_is_sent_and_decoded() {
    let server = Server::start([json(r#"{"data":{"id":5}}"#)]);
    let reward = client(&server, options())
        .rewards_show("shop:a b")
        .await
        .unwrap();
    assert_eq!(reward["data"]["id"], 5);
    assert_eq!(reward.status(), StatusCode::OK);
    let sent = server.request();
    assert!(
        sent.starts_with("GET /api/v3/rewards/shop:a%20b HTTP/1.1\r\n"),
        "{sent}"
    );
    assert!(sent.contains("accept: application/json\r\n"), "{sent}");
    assert!(
        sent.contains("authorization: Bearer hush-token\r\n"),
        "{sent}"
    );
    assert!(!sent.contains("api-version"), "{sent}");
}

#[tokio::test]
async fn bodies_of_all_kinds_are_sent() {
    let server = Server::start([
        json("[1]"),
        json(r#"{"access_token":"x"}"#),
        answer(204, "", ""),
    ]);
    let client = client(&server, options());
    assert_eq!(
        *client
            .attributes_update(&7, "shop:vip", &value!({"value": 1}))
            .await
            .unwrap(),
        [1]
    );
    let sent = server.request();
    assert!(
        sent.starts_with("PUT /api/v3/profiles/7/attributes/shop:vip HTTP/1.1"),
        "{sent}"
    );
    assert!(
        sent.contains("content-type: application/json\r\n") && sent.ends_with(r#"{"value":1}"#),
        "{sent}"
    );

    client
        .auth_token(&vec![("grant_type".to_owned(), "a b&c".to_owned())])
        .await
        .unwrap();
    let sent = server.request();
    assert!(
        sent.contains("content-type: application/x-www-form-urlencoded\r\n")
            && sent.ends_with("grant_type=a+b%26c"),
        "{sent}"
    );

    client.files_store("a.bin", "bytes").await.unwrap();
    let sent = server.request();
    assert!(
        sent.contains("x-name: a.bin\r\n") && sent.ends_with("bytes"),
        "{sent}"
    );
}

#[tokio::test]
async fn an_empty_operation_takes_204_and_accepts_json_errors_too() {
    let server = Server::start([b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_vec()]);
    client(&server, options()).rewards_destroy(5).await.unwrap();
    assert!(server.request().contains("accept: application/json\r\n"));
}

#[tokio::test]
async fn a_stream_operation_gives_pieces() {
    let server = Server::start([answer(200, "text/csv", "a,b")]);
    let mut stream: ByteStream = client(&server, options().query("source", 1))
        .exports_show()
        .await
        .unwrap()
        .into_inner();
    assert_eq!(stream.next().await.unwrap().unwrap(), "a,b");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_multipart_operation_takes_its_body_from_the_options() {
    let server = Server::start([json(r#"{"data":"OK"}"#)]);
    let body = Multipart::new()
        .text("type", "profiles")
        .file("file", File::bytes("a.csv", "a,b"));
    client(&server, options().multipart(body))
        .imports_store()
        .await
        .unwrap();
    let sent = server.request();
    assert!(
        sent.contains("content-type: multipart/form-data; boundary="),
        "{sent}"
    );
    assert!(
        sent.contains("content-length: ") && sent.contains("a,b\r\n"),
        "{sent}"
    );
}

#[tokio::test]
async fn query_pairs_are_encoded_in_order() {
    let server = Server::start([json("[]")]);
    let options = options()
        .query("filter[expires_at][gte]", "2024-01-31 00:00:00")
        .query("page[size]", 100)
        .query("q", "a&b=c#d+é%20")
        .query("q", "");
    client(&server, options).rewards_show("5").await.unwrap();
    let sent = server.request();
    let target = sent.split(' ').nth(1).unwrap();
    assert_eq!(
        target,
        "/api/v3/rewards/5?filter%5Bexpires_at%5D%5Bgte%5D=2024-01-31+00%3A00%3A00&page%5Bsize%5D=100&q=a%26b%3Dc%23d%2B%C3%A9%2520&q="
    );
}

#[tokio::test]
async fn header_options_replace_what_the_bindings_set() {
    let server = Server::start([json("[]")]);
    let options = options()
        .header(AUTHORIZATION, HeaderValue::from_static("Bearer other"))
        .header(ACCEPT, HeaderValue::from_static("text/csv"))
        .header(
            HeaderName::from_static("x-a"),
            HeaderValue::from_static("1"),
        )
        .header(
            HeaderName::from_static("x-a"),
            HeaderValue::from_static("2"),
        );
    client(&server, options).rewards_show("5").await.unwrap();
    let sent = server.request();
    assert!(
        sent.contains("authorization: Bearer other\r\n") && !sent.contains("hush-token"),
        "{sent}"
    );
    assert!(
        sent.contains("accept: text/csv\r\n") && !sent.contains("application/json"),
        "{sent}"
    );
    assert!(sent.contains("x-a: 1\r\nx-a: 2\r\n"), "{sent}");
}

#[tokio::test]
async fn headers_that_frame_the_message_are_refused() {
    let server = Server::start([json("[]")]);
    let client = client(
        &server,
        options().header(CONTENT_LENGTH, HeaderValue::from_static("1")),
    );
    assert!(
        refused(&server, client.rewards_show("5").await)
            .contains("`content-length` is set by the HTTP client")
    );
}

#[test]
fn headers_with_secret_names_are_marked() {
    let mut headers = reqwest::header::HeaderMap::new();
    let given = options()
        .header(
            HeaderName::from_static("x-api-key"),
            HeaderValue::from_static("hush"),
        )
        .header(CONTENT_TYPE, HeaderValue::from_static("text/csv"));
    super::set_headers(&mut headers, &given.headers).unwrap();
    assert!(headers["x-api-key"].is_sensitive());
    assert!(!headers[CONTENT_TYPE].is_sensitive());
    assert!(!format!("{headers:?}").contains("hush"));
}

#[tokio::test]
async fn a_path_parameter_that_is_no_segment_is_not_sent() {
    let server = Server::start([json("[]")]);
    let client = client(&server, options());
    assert_eq!(
        refused(&server, client.rewards_show("").await),
        "rewards_show: not sent: a path parameter is empty; pass the id or handle of a record"
    );
    for value in [".", "..", "definitions/5", "a\nb"] {
        refused(&server, client.rewards_show(value).await);
    }
    // Without metadata too.
    refused(
        &server,
        client.attributes_update(&1, "..", &value!(1)).await,
    );
}

#[tokio::test]
async fn a_path_parameter_that_is_a_literal_of_another_route_is_not_sent() {
    let server = Server::start([json("[]")]);
    let client = client(&server, options());
    let message = refused(&server, client.rewards_show("definitions").await);
    assert!(
        message.starts_with("rewards_show: not sent: a path parameter is a reserved word"),
        "{message}"
    );
    assert!(message.contains("/v3/rewards/definitions"), "{message}");
    refused(&server, client.rewards_show("batch.json").await);
}

#[tokio::test]
async fn a_required_query_parameter_has_to_be_there() {
    let server = Server::start([answer(200, "", "")]);
    let message = refused(
        &server,
        client(&server, options().query("page[size]", 1))
            .exports_show()
            .await,
    );
    assert_eq!(
        message,
        "exports_show: not sent: the query parameter `source` is required; add it to the request options"
    );
    client(&server, options().query("source", "x"))
        .exports_show()
        .await
        .unwrap();
}

#[tokio::test]
async fn a_multipart_body_has_to_be_there_with_its_required_parts_and_only_where_it_belongs() {
    let server = Server::start([json("[]")]);
    for given in [
        options(),
        options().multipart(Multipart::new().text("type", "profiles")),
    ] {
        let message = refused(&server, client(&server, given).imports_store().await);
        assert!(
            message.contains("a multipart body with `file` is required"),
            "{message}"
        );
    }
    let body = Multipart::new().text("file", "x");
    let message = refused(
        &server,
        client(&server, options().multipart(body))
            .rewards_show("5")
            .await,
    );
    assert!(message.contains("takes no multipart body"), "{message}");
}

#[tokio::test]
async fn a_base_url_that_swallows_the_path_is_refused() {
    let server = Server::start([json("[]")]);
    for suffix in ["?a=", "#"] {
        let mut client = client(&server, options());
        client.baseurl += suffix;
        assert!(refused(&server, client.rewards_show("5").await).contains("base URL"));
    }
}

#[tokio::test]
async fn a_status_that_is_no_success_is_an_error_with_the_servers_words() {
    let body =
        r#"{"message":"The given data was invalid.","errors":{"id":["Unknown"]},"token":"hush"}"#;
    let server = Server::start([answer(422, "application/json", body)]);
    let error = client(&server, options())
        .rewards_show("5")
        .await
        .unwrap_err();
    assert_eq!(
        (error.operation(), error.status()),
        (Some("rewards_show"), Some(StatusCode::UNPROCESSABLE_ENTITY))
    );
    assert_eq!(
        error.to_string(),
        "rewards_show: the server answered 422 Unprocessable Entity: The given data was invalid. (id: Unknown); correct the request"
    );
    let Some(status) = error.answered() else {
        panic!("not a status")
    };
    assert!(status.body.contains("[hidden]") && !status.body.contains("hush"));
    assert_eq!(status.headers[CONTENT_TYPE], "application/json");
}

#[tokio::test]
async fn a_status_counts_even_if_its_body_breaks_off_or_is_endless() {
    let mut cut = answer(500, "text/plain", "something long");
    cut.truncate(cut.len() - 5);
    let server = Server::start([cut, answer(503, "text/plain", &"x".repeat(200_000))]);
    let client = client(&server, options());
    for (status, length) in [(500, 9), (503, 2048 + "…".len())] {
        let error = client.rewards_show("5").await.unwrap_err();
        let Some(answer) = error.answered() else {
            panic!("{error:?}")
        };
        assert_eq!(
            (answer.status.as_u16(), answer.body.len()),
            (status, length)
        );
        server.request();
    }
}

#[tokio::test]
async fn a_redirect_that_is_not_followed_is_a_status() {
    let server = Server::start([redirect(304, "/")]);
    let error = client(&server, options())
        .rewards_show("5")
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("304 Not Modified with no body; check the base URL"),
        "{error}"
    );
}

#[tokio::test]
async fn a_success_that_is_not_declared_is_a_status_with_the_operation() {
    let server = Server::start([answer(299, "application/json", "{}")]);
    let error = client(&server, options())
        .rewards_show("5")
        .await
        .unwrap_err();
    assert!(error.answered().is_some());
    assert_eq!(error.operation(), Some("rewards_show"));
    assert!(
        error.to_string().contains("does not declare this success"),
        "{error}"
    );
}

#[tokio::test]
async fn a_decode_error_names_operation_status_and_path() {
    let server = Server::start([json(r#"["x"]"#)]);
    let error = client(&server, options())
        .attributes_update(&1, "a:b", &value!(1))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "attributes_update: the answer (200) could not be decoded at [0]: expected u8, got string"
    );
}

#[tokio::test]
async fn the_time_limit_of_the_options_holds() {
    let server = Server::silent();
    let error = client(&server, options().timeout(Duration::from_millis(50)))
        .rewards_show("secret-id")
        .await
        .unwrap_err();
    assert!(error.is_timeout() && !error.is_connect());
    assert_eq!(error.operation(), Some("rewards_show"));
    assert!(
        !format!("{error} {error:?}").contains("secret-id"),
        "{error:?}"
    );
}

#[tokio::test]
async fn a_server_that_is_not_there_is_a_connect_error() {
    let server = Server::start([]);
    let mut client = client(&server, options().query("key", "secret-value"));
    // A port that was free a moment ago, and nobody listens on.
    let free = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    client.baseurl = format!("http://{free}");
    let error = client.rewards_show("secret-id").await.unwrap_err();
    assert!(error.is_connect(), "{error:?}");
    assert_eq!(
        error.to_string(),
        "rewards_show: no connection to the server; check the base URL and the network"
    );
    assert!(!format!("{error:?}").contains("secret"), "{error:?}");
}

#[tokio::test]
async fn the_size_limit_of_the_options_reaches_the_decoder() {
    let server = Server::start([json("[1,2,3]")]);
    let error = client(&server, options().max_response_bytes(6))
        .rewards_show("5")
        .await
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooLarge { limit: 6 }));
    assert_eq!(error.operation(), Some("rewards_show"));
}

#[tokio::test]
async fn a_header_parameter_that_is_no_header_is_refused() {
    let server = Server::start([json("[]")]);
    refused(
        &server,
        client(&server, options())
            .files_store("a\r\nX: y", HttpBody::from("x"))
            .await,
    );
}

#[tokio::test]
async fn futures_of_operations_can_be_spawned() {
    let server = Server::start([json("[]")]);
    let client = client(&server, options());
    tokio::spawn(async move { client.rewards_show("5").await.map(drop) })
        .await
        .unwrap()
        .unwrap();
}

#[test]
fn a_client_shows_no_secret() {
    let server = Server::start([]);
    let client = client(
        &server,
        options()
            .query("key", "secret-value")
            .header(AUTHORIZATION, HeaderValue::from_static("hush")),
    );
    let shown = format!("{client:?} {:?}", client.inner.options());
    assert!(
        !shown.contains("hush") && !shown.contains("secret-value"),
        "{shown}"
    );
}
