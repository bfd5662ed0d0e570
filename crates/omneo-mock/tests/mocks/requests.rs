//! What a mock wants of a request.

use omneo::http::{HeaderName, HeaderValue};
use omneo::runtime::{File, Multipart};
use omneo::types::{AuthTokenInput, ProfileUpdateInput};
use omneo_mock::sample;
use serde_json::json;

use crate::start;

#[tokio::test]
async fn an_operation_beside_it_does_not_meet_a_mock() {
    let (server, omneo) = start().await;
    let rewards = server.rewards_show(|_, then| then.ok(sample::reward()));
    omneo.rewards().definitions().list().await.unwrap_err();
    omneo.rewards().list().await.unwrap_err();
    omneo.rewards().delete(7).await.unwrap_err();
    omneo.profile("p-1").rewards().get(7).await.unwrap_err();
    rewards.assert_calls(0);

    let definitions =
        server.rewards_definitions_index(|_, then| then.items([sample::reward_definition()]));
    omneo.rewards().definitions().list().await.unwrap();
    omneo.rewards().get(7).await.unwrap();
    rewards.assert_calls(1);
    definitions.assert_calls(1);
}

#[tokio::test]
async fn each_parameter_of_a_path_has_to_fit() {
    let (server, omneo) = start().await;
    let mock = server.profiles_rewards_show(|when, then| {
        when.profile("ada@example.com").reward("a b");
        then.ok(sample::reward());
    });
    let rewards = omneo.profile("ada@example.com").rewards();
    rewards.get("a b").await.unwrap();
    rewards.get("a").await.unwrap_err();
    let others = omneo.profile("ada@exampleXcom").rewards();
    others.get("a b").await.unwrap_err();
    mock.assert_calls(1);
}

#[tokio::test]
async fn a_body_has_to_be_the_same_or_to_include_a_part() {
    let (server, omneo) = start().await;
    let update = ProfileUpdateInput {
        first_name: Some("Ada".to_owned()),
        ..Default::default()
    };
    let whole = server.profiles_update(|when, then| {
        when.profile("p-1").body(&update);
        then.ok(sample::profile());
    });
    let part = server.profiles_update(|when, then| {
        when.body_includes(&update);
        then.ok(sample::profile());
    });
    let json = server.profiles_update(|when, then| {
        when.body_includes(&json!({"last_name": "Byron"}));
        then.ok(sample::profile());
    });
    let profiles = omneo.profiles();
    profiles.update("p-1", &update).await.unwrap();
    let update = ProfileUpdateInput {
        last_name: "Lovelace".into(),
        ..update
    };
    profiles.update("p-1", &update).await.unwrap();
    let update = ProfileUpdateInput {
        first_name: None,
        last_name: "Byron".into(),
        ..update
    };
    profiles.update("p-1", &update).await.unwrap();
    for mock in [whole, part, json] {
        mock.assert_calls(1);
    }
}

#[tokio::test]
async fn a_form_has_to_have_the_same_fields() {
    let (server, omneo) = start().await;
    let form = |secret: &str| AuthTokenInput {
        scope: Some("*".to_owned()),
        ..AuthTokenInput::new(3, secret, "client_credentials")
    };
    let mock = server.auth_token(|when, then| {
        when.body(&form("s & s"));
        then.ok(sample::auth_token());
    });
    omneo.api().auth_token(&form("s & s")).await.unwrap();
    omneo.api().auth_token(&form("other")).await.unwrap_err();
    mock.assert_calls(1);
}

#[tokio::test]
async fn an_upload_has_to_have_a_part() {
    let (server, omneo) = start().await;
    let mock = server.imports_store(|when, then| {
        when.part("handler", "omneo:profile")
            .part("file", "email\r\nada@example.com\r\n");
        then.ok(sample::import());
    });
    let parts = |handler: &str| {
        let file = File::bytes("profiles.csv", "email\r\nada@example.com\r\n");
        Multipart::new().text("handler", handler).file("file", file)
    };
    let imports = omneo.imports();
    imports.create(parts("omneo:profile")).await.unwrap();
    imports.create(parts("omneo:reward")).await.unwrap_err();
    mock.assert_calls(1);
}

#[tokio::test]
async fn what_is_of_no_operation_is_wanted_with_httpmocks_own() {
    let (server, omneo) = start().await;
    let mock = server.rewards_show(|when, then| {
        when.and(|when| when.header("x-till", "4"));
        then.ok(sample::reward());
    });
    omneo.rewards().get(7).await.unwrap_err();
    let (name, value) = (
        HeaderName::from_static("x-till"),
        HeaderValue::from_static("4"),
    );
    let till = omneo
        .rewards()
        .options(|options| options.header(name, value));
    till.get(7).await.unwrap();
    mock.assert_calls(1);
}

#[tokio::test]
async fn the_id_api_has_mocks_of_its_own() {
    let (server, omneo) = start().await;
    let mine = server.profiles_rewards_show(|when, then| {
        when.me().reward(7);
        then.ok(sample::reward());
    });
    let theirs = server.profiles_update(|when, then| {
        when.connected("c-1");
        then.ok(sample::profile());
    });
    let id_api = server.url().replace("/api", "/id/api/v1");
    let http = reqwest::Client::new();
    let get = |path: &str| http.get(format!("{id_api}{path}")).send();
    assert_eq!(get("/profiles/me/rewards/7").await.unwrap().status(), 200);
    assert_eq!(get("/profiles/me/rewards/8").await.unwrap().status(), 418);
    let update = http.put(format!("{id_api}/profiles/connection/c-1"));
    assert_eq!(update.send().await.unwrap().status(), 200);
    omneo.profile("me").rewards().get(7).await.unwrap_err();
    mine.assert_calls(1);
    theirs.assert_calls(1);
}

#[tokio::test]
async fn a_request_that_the_schema_lacks_has_a_mock_too() {
    let (server, omneo) = start().await;
    let mock = server.mock(|when, then| {
        when.method("GET").path("/api/v3/profiles/p-1/badges");
        then.json_body(json!(["founder"]));
    });
    let badges = omneo.request(omneo::http::Method::GET, "/v3/profiles/{profile}/badges");
    let badges: Vec<String> = badges.param("profile", "p-1").send().await.unwrap();
    assert_eq!(badges, ["founder"]);
    mock.assert();
}
