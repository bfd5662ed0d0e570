//! Receives webhooks with axum, and prints what they say. Deliveries come from this same process, signed as Omneo does.

use axum::Router as Routes;
use omneo::types::{ProfileEventContext, Reward};
use omneo::webhooks::{
    Event, Group, Receiver, Router, SIGNATURE_HEADER, SeenInMemory, Verifier, sign,
};

/// In earnest from the environment: it is shared with Omneo.
const SECRET: &str = "an-example";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dispatcher = Router::new()
        .on(Group::Profile, async |profile: ProfileEventContext| {
            let balance = profile.reward_balance.unwrap_or_default();
            println!(
                "{} of tier {} has {balance} to spend",
                profile.first_name.unwrap_or_default(),
                profile.tier_handle.unwrap_or_default()
            );
            Ok::<_, std::io::Error>(())
        })
        .on(Group::Reward, async |reward: Reward| {
            let value = reward.value_remaining.ok_or("a reward without a value")?;
            println!("a reward of {value} was issued");
            Ok::<_, &str>(())
        })
        .otherwise(async |event: Event| {
            println!("{}: {}", event.trigger(), event.text());
            Ok::<_, std::io::Error>(())
        })
        .on_failure(|failure| println!("to be looked at: {failure}"))
        .deduplicate(SeenInMemory::default())
        // So that the lines come in the order of the deliveries.
        .concurrency(1)
        .start();

    let receiver = Receiver::new(Verifier::new(SECRET)?, dispatcher.clone());
    let app = Routes::new().route_service("/omneo", receiver);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/omneo", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, app).await });

    let profile = r#"{"first_name": "Ada", "tier_handle": "gold", "reward_balance": "25.00"}"#;
    for (event, body, secret) in [
        ("profile.updated", profile, SECRET),
        (
            "reward.created",
            r#"{"id": 7, "value_remaining": 10}"#,
            SECRET,
        ),
        ("reward.created", r#"{"id": 8}"#, SECRET),
        ("acme.birthday", r#"{"cake": true}"#, SECRET),
        (
            "reward.created",
            r#"{"id": 9, "value_remaining": 1000}"#,
            "a-guess",
        ),
    ] {
        let answer = reqwest::Client::new()
            .post(&url)
            .header("X-Omneo-Event", event)
            .header(SIGNATURE_HEADER, sign(secret, body.as_bytes()))
            .body(body)
            .send()
            .await?;
        println!("{event} was answered {}", answer.status());
    }

    // What was acknowledged is handled before the program ends.
    dispatcher.drain().await;
    Ok(())
}
