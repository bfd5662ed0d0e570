//! Every form of success.

use omneo::omneo_types::Map;
use omneo::types::{Reward, RewardDefinition};
use omneo_mock::sample;

use crate::start;

#[tokio::test]
async fn a_record_comes_in_its_envelope() {
    let (server, omneo) = start().await;
    let mock = server.rewards_show(|when, then| {
        when.reward(7);
        then.ok(Reward {
            value_remaining: Some(5.into()),
            definition: Some(RewardDefinition {
                name: Some("Birthday".to_owned()),
                ..sample::reward_definition()
            }),
            ..sample::reward()
        });
    });
    let by_handle = omneo.rewards().get(7).await.unwrap();
    let by_binding = omneo.api().rewards_show(&7.into()).await.unwrap();
    for reward in [by_handle, by_binding.into_inner().data] {
        assert_eq!(reward.value_remaining.unwrap(), 5);
        assert_eq!(reward.definition.unwrap().name.unwrap(), "Birthday");
    }
    mock.assert_calls(2);
}

#[tokio::test]
async fn a_record_comes_without_an_envelope_where_the_schema_has_none() {
    let (server, omneo) = start().await;
    server.users_me(|_, then| then.ok(sample::user()));
    let user = omneo.users().me().await.unwrap();
    assert_eq!(user.email.as_deref(), Some("ada@example.com"));
}

#[tokio::test]
async fn a_batch_is_queued() {
    let (server, omneo) = start().await;
    server.profiles_batch(|_, then| {
        let mut queued = sample::batch_queued();
        queued.batch_id = Some("b-1".into());
        then.ok(queued);
    });
    let body = serde_json::from_str(r#"{"profiles": []}"#).unwrap();
    let answer = omneo.api().profiles_batch(&body).await.unwrap();
    assert!(answer.is_enveloped());
    assert_eq!(answer.into_inner().into_inner().batch_id.unwrap(), "b-1");
}

#[tokio::test]
async fn a_text_comes_in_its_envelope() {
    let (server, omneo) = start().await;
    let body = serde_json::from_str(r#"{"status": "FAILED"}"#).unwrap();
    server.imports_jobs_export(|when, then| {
        when.import(3).body(&body);
        then.ok("OK".to_owned());
    });
    let answer = omneo.api().imports_jobs_export(&3.into(), &body).await;
    assert_eq!(answer.unwrap().data, "OK");
}

#[tokio::test]
async fn free_json_comes_as_it_is() {
    let (server, omneo) = start().await;
    let body = serde_json::json!({"count": 10, "is_active": true, "meta": {}});
    server.transactions_resend(|_, then| then.ok(body.clone()));
    let answer = omneo.api().transactions_resend(&3.into()).await.unwrap();
    assert_eq!(answer.into_inner(), body);
}

#[tokio::test]
async fn nothing_comes_with_the_status_of_the_schema() {
    let (server, omneo) = start().await;
    let mock = server.rewards_destroy(|when, then| {
        when.reward("7");
        then.no_content();
    });
    omneo.rewards().delete(7).await.unwrap();
    let answer = omneo.api().rewards_destroy(&7.into()).await.unwrap();
    assert_eq!(answer.status(), 204);
    mock.assert_calls(2);
}

#[tokio::test]
async fn a_creation_has_the_status_of_the_schema() {
    let (server, omneo) = start().await;
    server.reminders_store(|_, then| then.ok(Map::default()));
    let answer = omneo.api().reminders_store(&Map::default()).await.unwrap();
    assert_eq!(answer.status(), 201);
}
