//! Reads a profile and updates it: sets a field, clears one, leaves the others alone.

use httpmock::MockServer;
use omneo::omneo_types::Field;
use omneo::types::ProfileUpdateInput;
use omneo::{Omneo, identity};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), omneo::Error> {
    let server = server();
    let omneo = Omneo::builder()
        .base_url(server.base_url())
        .token("an-api-token")
        .build()?;

    let profile = omneo.profiles().get("8f14e45f").await?;
    println!("{:?} {:?}", profile.first_name, profile.title);

    let update = ProfileUpdateInput {
        first_name: Some("Ada".to_owned()),
        title: Field::clear(),
        ..Default::default()
    };
    println!(
        "sends {}",
        serde_json::to_string(&update).unwrap_or_default()
    );
    let profile = omneo.profiles().update("8f14e45f", &update).await?;
    println!("{:?} {:?}", profile.first_name, profile.title);

    // A customer of whom the shop knows only its own id.
    let balances = omneo
        .profile(identity("shopify", "7010205892808"))
        .balances()
        .await?;
    println!("{:?} to spend", balances.combined_balance_dollars);
    Ok(())
}

/// A server in this process that has one profile.
fn server() -> MockServer {
    let server = MockServer::start();
    server.mock(|when, then| {
        when.method("GET").path("/v3/profiles/8f14e45f");
        then.json_body(
            json!({"data": {"id": "8f14e45f", "first_name": "Augusta", "title": "Lady"}}),
        );
    });
    server.mock(|when, then| {
        when.method("PUT")
            .path("/v3/profiles/8f14e45f")
            .json_body(json!({"first_name": "Ada", "title": null}));
        then.json_body(json!({"data": {"id": "8f14e45f", "first_name": "Ada", "title": null}}));
    });
    server.mock(|when, then| {
        when.path("/v3/profiles/exists");
        then.json_body(json!({"data": {"id": "8f14e45f"}}));
    });
    server.mock(|when, then| {
        when.path("/v3/profiles/8f14e45f/balances");
        then.json_body(json!({"data": {"combined_balance_dollars": "42.50"}}));
    });
    server
}
