//! Reads a profile and updates it: sets a field, clears one, leaves the others alone.

use omneo::omneo_types::Field;
use omneo::types::{ProfileInput, ProfileUpdateInput};
use omneo::{Omneo, identity};
use omneo_sandbox::{Sandbox, Seed};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().seed(Seed::Demo).start().await?;
    let omneo = Omneo::builder()
        .base_url(sandbox.url())
        .token(sandbox.token())
        .build()?;

    let input = ProfileInput {
        title: "Lady".into(),
        ..ProfileInput::new("augusta@example.com", "Augusta", "King")
    };
    let profile = omneo.profiles().create(&input).await?;
    let id = profile.id.ok_or("the server gave the profile no id")?;
    let profile = omneo.profiles().get(&id).await?;
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
    let profile = omneo.profiles().update(&id, &update).await?;
    println!("{:?} {:?}", profile.first_name, profile.title);

    // A customer of whom the shop knows only its own id.
    let balances = omneo
        .profile(identity("shopify", "7010205892808"))
        .balances()
        .await?;
    println!("{:?} to spend", balances.combined_balance_dollars);
    Ok(())
}
