//! The forms in which the server sends values.

use omneo::omneo_types::Map;
use omneo::types::Reward;
use omneo_mock::{Server, sample};
use serde_json::{Value, json};

use crate::start;

fn reward() -> Reward {
    Reward {
        value_remaining: Some(5.into()),
        is_active: Some(true.into()),
        meta: Some(Map::default()),
        ..sample::reward()
    }
}

/// The reward as it is on the wire.
async fn raw(server: &Server) -> Value {
    server.rewards_show(|_, then| then.ok(reward()));
    let url = format!("{}/v3/rewards/7", server.url());
    let answer = reqwest::get(url).await.unwrap().text().await.unwrap();
    serde_json::from_str::<Value>(&answer).unwrap()["data"].take()
}

#[tokio::test]
async fn an_answer_is_written_as_php_does() {
    let (server, omneo) = start().await;
    let raw = raw(&server).await;
    assert_eq!(raw["value_remaining"], "5.00");
    assert_eq!(raw["is_active"], 1);
    assert_eq!(raw["meta"], json!([]));
    assert_eq!(raw["definition"]["period"], "1");
    assert_eq!(raw["expires_at"], "2099-12-31 13:59:59");
    // The types read the same from it.
    let read = omneo.rewards().get(7).await.unwrap();
    assert_eq!(read.value_remaining, reward().value_remaining);
    assert_eq!(read.is_active, reward().is_active);
    assert_eq!(read.meta, reward().meta);
}

#[tokio::test]
async fn a_tidy_answer_is_written_as_its_type_has_it() {
    let server = Server::start().await.tidy();
    let raw = raw(&server).await;
    assert_eq!(raw["value_remaining"], 5);
    assert_eq!(raw["is_active"], true);
    assert_eq!(raw["meta"], json!({}));
}

#[tokio::test]
async fn items_are_written_as_php_does() {
    let (server, _) = start().await;
    server.rewards_index(|_, then| then.items([reward()]));
    let url = format!("{}/v3/rewards", server.url());
    let answer = reqwest::get(url).await.unwrap().text().await.unwrap();
    let answer = serde_json::from_str::<Value>(&answer).unwrap();
    assert_eq!(answer["data"][0]["value_remaining"], "5.00");
    assert_eq!(answer["meta"]["total"], 1);
}
