//! Every operation has a mock, which meets the operation's requests and no other's.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::collections::BTreeMap;

use omneo_api::OPERATIONS;
use omneo_mock::{Mock, Server};

type Make = for<'s> fn(&'s Server) -> Mock<'s>;

/// What makes a mock of each operation, by its id.
fn makers() -> BTreeMap<&'static str, Make> {
    macro_rules! makers {
        ($($id:ident)*) => {
            BTreeMap::from([$(
                (stringify!($id), (|server| server.$id(|_, then| then.raw(200, serde_json::json!({})))) as Make),
            )*])
        };
    }
    omneo_mock::for_each_operation!(makers)
}

/// The template with every parameter filled in.
fn path(template: &str) -> String {
    let segments = template.split('/').map(|segment| match segment {
        "{namespace}:{handle}" => "shop:size",
        _ if segment.contains('{') => "7",
        literal => literal,
    });
    segments.collect::<Vec<_>>().join("/")
}

/// Asks for what templates describe. Not with this project's client, which would refuse some of it.
#[derive(Default)]
struct Asker(reqwest::Client);

impl Asker {
    /// The status of the answer.
    async fn ask(&self, server: &Server, method: &str, template: &str) -> u16 {
        let url = server.url() + &path(template);
        let request = self.0.request(method.parse().unwrap(), url);
        request.send().await.unwrap().status().as_u16()
    }
}

#[tokio::test]
async fn each_operation_has_a_mock_that_its_requests_meet_and_no_other() {
    let server = Server::start().await;
    let (makers, asker) = (makers(), Asker::default());
    assert!(
        makers
            .keys()
            .eq(OPERATIONS.iter().map(|operation| &operation.id))
    );
    let mocks = makers
        .values()
        .map(|make| make(&server))
        .collect::<Vec<_>>();
    for operation in OPERATIONS {
        assert_eq!(
            asker.ask(&server, operation.method, operation.path).await,
            200,
            "{}",
            operation.id
        );
    }
    for (id, mock) in makers.keys().zip(&mocks) {
        assert_eq!(mock.calls(), 1, "{id}");
    }
}

#[tokio::test]
async fn a_request_that_the_server_takes_for_another_operation_does_not_meet_a_mock() {
    let (makers, asker) = (makers(), Asker::default());
    for operation in OPERATIONS {
        if operation.shadowed_by.is_empty() {
            continue;
        }
        let server = Server::start().await;
        let mock = makers[operation.id](&server);
        for template in operation.shadowed_by {
            let status = asker.ask(&server, operation.method, template).await;
            assert_eq!(status, 418, "{} {template}", operation.id);
        }
        assert_eq!(
            asker.ask(&server, operation.method, operation.path).await,
            200
        );
        mock.assert();
    }
}
