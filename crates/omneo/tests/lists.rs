//! Lists over this crate's transport: what is asked for ahead, and time limits.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call
#![cfg(feature = "incentives")]

use std::time::Duration;

use fault_server::{Fault, FaultServer, Moment, Received, Response};
use omneo::testing::ManualTimer;
use omneo::{HandleExt, Omneo, RetryPolicy};
use serde_json::json;

/// Three pages of two rewards each.
fn server() -> FaultServer {
    let server = FaultServer::start();
    server.application(|request| {
        let number = page(request);
        let data = [number * 2 - 1, number * 2].map(|id| json!({ "id": id }));
        let meta = json!({"current_page": number, "last_page": 3, "total": 6});
        Response::json(200, &json!({"data": data, "meta": meta}))
    });
    server
}

fn page(request: &Received) -> u64 {
    let (_, number) = request.target.split_once("number%5D=").unwrap();
    number.parse().unwrap()
}

fn omneo(server: &FaultServer) -> (Omneo, ManualTimer) {
    let timer = ManualTimer::new();
    let builder = Omneo::builder().base_url(server.url()).token("hush");
    (builder.timer(timer.clone()).build().unwrap(), timer)
}

#[tokio::test]
async fn a_reader_may_take_longer_for_a_record_than_the_next_page_may_take() {
    let server = server();
    let (omneo, timer) = omneo(&server);
    // The second page is on its way while the first is in hand, and nobody looks at it in time.
    server.script([Fault::none(), Fault::stall(Moment::Unprocessed)]);
    let rewards = omneo.rewards().retry(RetryPolicy::never());
    let mut items = rewards.list().items();
    let mut ids = Vec::new();
    while let Some(reward) = items.try_next().await.unwrap() {
        ids.push(reward.id.unwrap().to_string());
        if ids.len() == 1 {
            server.stalled().await;
            timer.advance(Duration::from_secs(3600));
            timer.expire_limits();
        }
    }
    assert_eq!(ids, ["1", "2", "3", "4", "5", "6"]);
    let pages: Vec<_> = server.received().iter().map(|sent| page(sent)).collect();
    assert_eq!(pages, [1, 2, 2, 3]);
}

#[tokio::test]
async fn a_page_that_is_waited_for_has_its_time_limit() {
    let server = server();
    let (omneo, timer) = omneo(&server);
    server.script([Fault::none(), Fault::stall(Moment::Unprocessed)]);
    let rewards = omneo.rewards().retry(RetryPolicy::never());
    let mut pages = rewards.list().pages();
    pages.try_next().await.unwrap();
    let (error, ()) = tokio::join!(pages.try_next(), async {
        server.stalled().await;
        timer.expire_limits();
    });
    let error = error.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(error.page(), Some(2));
    assert_eq!(server.received().len(), 2);
    assert!(pages.try_next().await.unwrap().is_none());
}
