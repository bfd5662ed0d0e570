//! Lists the rewards of a profile, over all pages, from a server in this process.

use httpmock::{Method::GET, MockServer};
use omneo::{Omneo, types::Reward};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let server = MockServer::start_async().await;
    for number in ["1", "2"] {
        let mock = server.mock_async(|when, then| {
            when.method(GET)
                .path("/v3/profiles/8f14e45f/rewards")
                .query_param("page[number]", number);
            then.json_body(page(number));
        });
        mock.await;
    }

    let omneo = Omneo::builder()
        .base_url(server.base_url())
        .token("your-api-token")
        .build()?;
    let mut rewards = omneo.profile("8f14e45f").rewards().list().items();
    println!("reward       remaining  expires");
    while let Some(reward) = rewards.try_next().await? {
        print(&reward);
    }
    Ok(())
}

fn print(reward: &Reward) {
    let name = reward.definition.as_ref().and_then(|d| d.name.as_deref());
    let name = name.unwrap_or("-");
    let remaining = reward.value_remaining.unwrap_or_default();
    let expires = reward.expires_at.as_ref().map(|at| at.civil().date());
    let expires = expires.map_or("never".to_owned(), |date| date.to_string());
    println!("{name:<12} {:>9.2}  {expires}", *remaining);
}

/// A page of two rewards, with the oddities that the server is known for.
fn page(number: &str) -> Value {
    let reward = |name: &str, remaining: Value, expires: Value| {
        json!({ "id": 1, "value_remaining": remaining, "expires_at": expires, "is_active": 1,
                "meta": [], "definition": { "id": "3", "name": name } })
    };
    let data = match number {
        "1" => json!([
            reward("Birthday", json!("10.00"), json!("2027-01-31")),
            reward("Welcome", json!(25), Value::Null)
        ]),
        _ => json!([reward("Anniversary", json!(7.5), json!("2027-03-01"))]),
    };
    json!({ "data": data, "meta": { "current_page": number, "last_page": 2 } })
}
