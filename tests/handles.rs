//! Calls through the handles, against a server in the same process.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use httpmock::Method::{DELETE, GET, POST, PUT};
use httpmock::MockServer;
use omneo_api::filters::reward;
use omneo_api::omneo_types::jiff::civil::date;
use omneo_api::omneo_types::{Field, OpenEnum};
use omneo_api::runtime::{File, Multipart};
use omneo_api::{Api, Error, ErrorKind, types};
use serde_json::json;

const TOKEN: &str = "a-token-that-no-error-shows";

fn api(server: &MockServer) -> Api {
    Api::new(&server.base_url(), TOKEN).unwrap()
}

fn shown(error: &Error) -> String {
    let shown = format!("{error} {error:?}");
    assert!(!shown.contains(TOKEN), "{shown}");
    error.to_string()
}

#[tokio::test]
async fn a_list_sends_its_query_and_the_token_and_reads_odd_answers() {
    let server = MockServer::start_async().await;
    let mock = server.mock(|when, then| {
        when.method(GET)
            .path("/v3/profiles/p-1/rewards")
            .query_param("page[number]", "2")
            .query_param("filter[expires_at][gte]", "2024-01-31 00:00:00")
            .header("authorization", format!("Bearer {TOKEN}"))
            .header("accept", "application/json");
        then.status(201).json_body(json!({
            "data": {"0": {
                "id": "7", "value_remaining": "12.50", "is_active": 1, "meta": [], "is_new": {"since": 2031},
                "issued_at": "2024-12-05 08:30:00", "updated_at": "2024-12-05T08:30:00.000000Z",
                "definition": {"id": 3, "type": "a-type-of-tomorrow", "period_type": "days"},
            }},
            "links": [], "meta": {"current_page": "2", "last_page": 3},
        }));
    });
    let page = api(&server)
        .profile("p-1")
        .rewards()
        .list()
        .filter(reward::expires_at.gte(date(2024, 1, 31)))
        .page(2)
        .await
        .unwrap();
    mock.assert();
    assert_eq!(page.next_page(), Some(3));
    let reward = &page.data[0];
    assert_eq!(reward.id, Some(7.into()));
    assert_eq!(reward.value_remaining.unwrap().to_string(), "12.50");
    assert!(reward.is_active.is_some_and(|active| *active));
    assert!(reward.meta.as_ref().unwrap().is_empty());
    assert!(!reward.issued_at.as_ref().unwrap().has_zone());
    assert!(reward.updated_at.as_ref().unwrap().has_zone());
    let definition = reward.definition.as_ref().unwrap();
    let kind = definition.type_.as_ref().unwrap();
    assert!(kind.is_unknown());
    assert_eq!(kind.as_str(), "a-type-of-tomorrow");
    assert_eq!(
        definition.period_type,
        Some(OpenEnum::Known(types::PeriodType::Days))
    );
}

#[tokio::test]
async fn a_create_sends_what_is_set_and_unwraps_the_answer() {
    let server = MockServer::start_async().await;
    let mock = server.mock(|when, then| {
        when.method(POST).path("/v3/rewards").json_body(json!({
            "profile_id": "p-1", "timezone": "Australia/Melbourne", "reward_definition_id": 42,
            "value_initial": 20.5, "external_id": null,
        }));
        then.status(201)
            .json_body(json!({"data": {"id": 9, "profile_id": "p-1"}}));
    });
    let body = types::RewardInput {
        reward_definition_id: Some(42.into()),
        value_initial: Some("20.50".parse().unwrap()),
        external_id: Field::clear(),
        ..types::RewardInput::new("p-1", "Australia/Melbourne")
    };
    let reward = api(&server).rewards().create(&body).await.unwrap();
    mock.assert();
    assert_eq!(reward.id, Some(9.into()));
}

#[tokio::test]
async fn an_update_clears_a_field_and_leaves_the_others_out() {
    let server = MockServer::start_async().await;
    let mock = server.mock(|when, then| {
        when.method(PUT)
            .path("/v3/profiles/p-1")
            .json_body(json!({"title": null, "company": "Acme"}));
        then.json_body(json!({"data": {"id": "p-1", "title": null}}));
    });
    let update = types::ProfileUpdateInput {
        title: Field::clear(),
        company: "Acme".into(),
        ..Default::default()
    };
    let profile = api(&server)
        .profiles()
        .update("p-1", &update)
        .await
        .unwrap();
    mock.assert();
    assert_eq!(profile.title, None);
}

#[tokio::test]
async fn a_delete_takes_no_content_for_an_answer() {
    let server = MockServer::start_async().await;
    let mock = server.mock(|when, then| {
        when.method(DELETE).path("/v3/rewards/7");
        then.status(204);
    });
    api(&server).rewards().delete(7).await.unwrap();
    mock.assert();
}

#[tokio::test]
async fn an_upload_is_sent_in_parts_and_refused_without_its_file() {
    let server = MockServer::start_async().await;
    let mock = server.mock(|when, then| {
        when.method(POST)
            .path("/v3/imports")
            .body_includes("name=\"handler\"")
            .body_includes("omneo:profile")
            .body_includes("filename=\"people.csv\"")
            .body_includes("email\nada@example.com");
        then.json_body(json!({"data": {"id": 1, "status": "PENDING"}}));
    });
    let imports = api(&server).imports();
    let parts = Multipart::new()
        .text("handler", "omneo:profile")
        .file("file", File::bytes("people.csv", "email\nada@example.com"));
    imports.create(parts).await.unwrap();
    mock.assert();
    let error = imports
        .create(Multipart::new().text("handler", "omneo:profile"))
        .await;
    assert!(shown(&error.unwrap_err()).contains("`file`"));
}

#[tokio::test]
async fn a_path_parameter_never_reaches_another_route() {
    let server = MockServer::start_async().await;
    let mut any = server.mock(|when, then| {
        when.is_true(|_| true);
        then.json_body(json!({"data": {"id": 1}}));
    });
    let rewards = api(&server).rewards();
    for id in ["", ".", "..", "../users", "a/b", "a\0b", "definitions"] {
        let error = rewards.get(id).await.unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::InvalidRequest(_)),
            "{id:?}: {error}"
        );
    }
    any.assert_calls(0);
    any.delete();
    for (id, segment) in [
        ("%2e%2e", "%252e%252e"),
        ("a?b#c", "a%3Fb%23c"),
        ("size:shoe", "size:shoe"),
    ] {
        let mut mock = server.mock(|when, then| {
            when.is_true(move |request| request.uri().path() == format!("/v3/rewards/{segment}"));
            then.json_body(json!({"data": {"id": 1}}));
        });
        rewards.get(id).await.unwrap();
        mock.assert();
        mock.delete();
    }
}

#[tokio::test]
async fn a_missing_required_query_parameter_is_named() {
    let server = MockServer::start_async().await;
    let points = api(&server).profile("p-1").tiers().points().by_source();
    let error = points
        .query("source", "transaction")
        .list()
        .await
        .unwrap_err();
    assert!(shown(&error).contains("`identifier"), "{error}");
}

#[tokio::test]
async fn an_error_has_its_status_message_and_fields() {
    let server = MockServer::start_async().await;
    let mut mock = server.mock(|when, then| {
        when.method(POST).path("/v3/profiles");
        then.status(422).json_body(json!({
            "message": "The given data was invalid.",
            "errors": {"mobile_phone": ["The phone number exists"]},
        }));
    });
    let profiles = api(&server).profiles();
    let body: types::ProfileInput = serde_json::from_value(json!({
        "first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com",
    }))
    .unwrap();
    let error = profiles.create(&body).await.unwrap_err();
    let Some(status) = error.answered() else {
        panic!("{error}");
    };
    assert_eq!(error.operation(), Some("profiles_store"));
    assert_eq!(status.status, 422);
    assert_eq!(status.errors["mobile_phone"], ["The phone number exists"]);
    assert!(shown(&error).starts_with("profiles_store: "), "{error}");
    mock.delete();

    for status in [401, 403, 404, 500] {
        mock = server.mock(|when, then| {
            when.method(GET).path("/v3/profiles/p-1");
            then.status(status).body("<html><body>nginx</body></html>");
        });
        let error = profiles.get("p-1").await.unwrap_err();
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
        assert!(shown(&error).contains(&status.to_string()), "{error}");
        mock.delete();
    }
}

#[tokio::test]
async fn a_wrong_answer_names_operation_status_and_field() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET).path("/v3/rewards");
        then.json_body(json!({"data": [
            {"id": 1, "value_remaining": 5},
            {"id": 2, "definition": {"value": "plenty"}},
        ]}));
    });
    let error = api(&server).rewards().list().await.unwrap_err();
    let shown = shown(&error);
    for part in ["rewards_index", "200", "data[1].definition.value"] {
        assert!(shown.contains(part), "{part} is not in {shown}");
    }
    // A value may be personal.
    assert!(!shown.contains("plenty"), "{shown}");
}

#[tokio::test]
async fn a_record_of_several_kinds_is_the_one_that_fits() {
    let server = MockServer::start_async().await;
    server.mock(|when, then| {
        when.method(GET).path("/v3/redemptions/items");
        then.json_body(json!({"data": [
            {"id": 1, "type_attributes": {"id": 5, "value_remaining": 3, "issued_local_at": null, "has_notified_issue": 1}},
            {"id": 2, "type_attributes": {"id": 6, "redemptions_remaining": 1, "is_redeemable": true}},
        ]}));
    });
    let items = api(&server).redemptions().items().list().await.unwrap();
    let kinds = items
        .iter()
        .map(|item| item.type_attributes.clone().unwrap());
    let kinds = kinds.collect::<Vec<_>>();
    use types::RedemptionItemTypeAttributes::{Benefit, Reward};
    assert!(matches!(&kinds[..], [Reward(_), Benefit(_)]), "{kinds:?}");
}
