//! Requests that no mock meets.

use omneo::ErrorKind;
use omneo_mock::sample;

use crate::start;

#[tokio::test]
async fn the_answer_is_no_status_that_means_something() {
    let (_server, omneo) = start().await;
    let error = omneo.rewards().get(7).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Refused(_)), "{error}");
    assert_eq!(
        error.to_string(),
        "rewards_show: the server answered 418 I'm a teapot: there is no mock of `rewards_show`, \
         which GET /api/v3/rewards/7 is a request of"
    );
}

#[tokio::test]
async fn the_answer_says_what_the_mocks_of_the_operation_want() {
    let (server, omneo) = start().await;
    for reward in [8, 9] {
        server.profiles_rewards_show(|when, then| {
            when.profile("p-1").reward(reward);
            then.ok(sample::reward());
        });
    }
    server.profiles_rewards_show(|when, then| {
        when.and(|when| when.header_exists("x-till"));
        then.ok(sample::reward());
    });
    server.rewards_show(|_, then| then.ok(sample::reward()));
    let rewards = omneo.profile("p-1").rewards();
    let error = rewards.get(7).await.unwrap_err().to_string();
    let wanted = "no mock of `profiles_rewards_show` is met by GET /api/v3/profiles/p-1/rewards/7; \
                  they want: profile p-1, reward 8; profile p-1, reward 9; more";
    assert!(error.contains(wanted), "{error}");
}

#[tokio::test]
async fn a_path_that_the_schema_lacks_is_named() {
    let (_server, omneo) = start().await;
    let badges = omneo.request(omneo::http::Method::GET, "/v3/badges");
    let error = badges.send::<()>().await.unwrap_err().to_string();
    assert!(
        error.contains("no mock is met by GET /api/v3/badges"),
        "{error}"
    );
}
