//! Mocks that could meet no request, or have nothing to answer.

use std::panic::{AssertUnwindSafe, catch_unwind};

use omneo_mock::{Server, sample};

/// What the making of a mock panics with.
async fn fault(make: impl FnOnce(&Server)) -> String {
    let server = Server::start().await;
    let panic = catch_unwind(AssertUnwindSafe(|| make(&server))).unwrap_err();
    match panic.downcast::<String>() {
        Ok(message) => *message,
        Err(panic) => (*panic.downcast::<&str>().unwrap()).to_owned(),
    }
}

#[tokio::test]
async fn an_unknown_query_parameter_is_told_the_known_ones() {
    let message = fault(|server| {
        server.profiles_rewards_index(|when, then| {
            when.query("filter[valeu]", 1);
            then.items([]);
        });
    });
    let message = message.await;
    assert!(
        message.starts_with(
            "`profiles_rewards_index` has no query parameter `filter[valeu]`; it has "
        ),
        "{message}"
    );
    assert!(message.contains("page[number], page[size]"), "{message}");
    let message = fault(|server| {
        server.rewards_destroy(|when, then| {
            when.page_number(1);
            then.no_content();
        });
    });
    assert_eq!(
        message.await,
        "`rewards_destroy` has no query parameter `page[number]`; it has none"
    );
}

#[tokio::test]
async fn an_unknown_part_is_told_the_known_ones() {
    let message = fault(|server| {
        server.imports_store(|when, then| {
            when.part("handle", "omneo:profile");
            then.ok(sample::import());
        });
    });
    assert_eq!(
        message.await,
        "`imports_store` has no part `handle`; it has file, handler"
    );
}

#[tokio::test]
async fn a_path_parameter_that_can_not_be_sent_is_refused() {
    let message = fault(|server| {
        server.rewards_show(|when, then| {
            when.reward("");
            then.ok(sample::reward());
        });
    });
    let message = message.await;
    let expected = "the mock of `rewards_show` can't want `reward` to be \"\": ";
    assert!(message.starts_with(expected), "{message}");
}

#[tokio::test]
async fn a_mock_needs_an_answer() {
    let message = fault(|server| {
        server.rewards_show(|when, _| when.reward(7));
    });
    assert_eq!(
        message.await,
        "the mock of `rewards_show` has no answer; give it one, such as `then.not_found()`"
    );
}
