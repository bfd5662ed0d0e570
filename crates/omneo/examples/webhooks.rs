//! Subscribes to events, receives them, and prints what they say. Against a sandbox in this process, which sends as Omneo does.

use axum::Router as Routes;
use omneo::Omneo;
use omneo::types::{
    ProfileEventContext, ProfileInput, Reward, RewardDefinition, RewardDefinitionInput,
    RewardDefinitionType, WebhookInput,
};
use omneo::webhooks::{
    EVENT_HEADER, Event, Group, Receiver, Router, SIGNATURE_HEADER, SeenInMemory, Subscriptions,
    Trigger, Verifier, sign,
};
use omneo_sandbox::Sandbox;

/// In earnest from the environment: it is shared with Omneo.
const SECRET: &str = "an-example";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dispatcher = Router::new()
        .on(Group::Profile, async |profile: ProfileEventContext| {
            let balance = profile.reward_balance.unwrap_or_default();
            let name = profile.first_name.unwrap_or_default();
            println!("{name} has {balance} to spend");
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

    let sandbox = Sandbox::builder().secret(SECRET).start().await?;
    let omneo = Omneo::builder()
        .base_url(sandbox.url())
        .token(sandbox.token())
        .timezone("Australia/Melbourne")
        .build()?;

    // What is to be told, and where. Safe to run at every start.
    let wanted = [Trigger::ProfileCreated, Trigger::RewardCreated]
        .map(|trigger| WebhookInput::new("shop", trigger, url.as_str()));
    let plan = omneo.webhooks().ensure("shop", wanted).await?;
    print!("{plan}");
    plan.apply().await?;

    // Something happens.
    let birthday = RewardDefinitionInput::new(
        "birthday",
        "Birthday",
        30,
        RewardDefinitionType::Birthday,
        20,
    );
    omneo.rewards().definitions().create(&birthday).await?;
    let input = ProfileInput::new("ada@example.com", "Ada", "Lovelace");
    let ada = omneo.profiles().create(&input).await?;
    let id = ada.id.ok_or("the server gave the profile no id")?;
    let birthday = omneo.issue::<RewardDefinition>("birthday");
    birthday.to(&id).send().await?;
    sandbox.settle().await;
    for delivery in sandbox.deliveries() {
        println!("{} was {}", delivery.trigger, delivery.state);
    }

    // Somebody else sends something.
    let body = r#"{"id": 9, "value_remaining": 1000}"#;
    let answer = reqwest::Client::new()
        .post(&url)
        .header(EVENT_HEADER, "reward.created")
        .header(SIGNATURE_HEADER, sign("a-guess", body.as_bytes()))
        .body(body)
        .send()
        .await?;
    println!("a forgery was answered {}", answer.status());

    // What was acknowledged is handled before the program ends.
    dispatcher.drain().await;
    Ok(())
}
