//! One call against a server on loopback: through the client, and by hand with reqwest and serde.

#![allow(clippy::unwrap_used)] // a benchmark that fails has nothing to say

mod support;

use omneo::{Omneo, http};
use support::server::Server;
use support::{compare, compare_allocations, plain};

fn main() {
    support::server::serve_if_told();
    let server = Server::start();
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (ours_on, theirs_on) = (runtime(), runtime());
    let omneo = Omneo::builder()
        .base_url(&server.url)
        .token("a-token")
        .build()
        .unwrap();
    let rewards = omneo.rewards();
    let by_hand = reqwest::Client::builder().build().unwrap();
    let ours = || {
        let reward = ours_on.block_on(rewards.get(7)).unwrap();
        assert!(reward.id.is_some());
    };
    let theirs = || {
        let reward = theirs_on.block_on(get(&by_hand, &server.url)).unwrap();
        assert_eq!(reward.id, 7);
    };
    compare("GET /v3/rewards/7 (aim: 1.05)", 5000, ours, theirs);
    compare_allocations("GET /v3/rewards/7", ours, theirs);
}

/// The same call as one would write it.
async fn get(client: &reqwest::Client, url: &str) -> reqwest::Result<plain::Reward> {
    let answer = client
        .get(format!("{url}/v3/rewards/7"))
        .bearer_auth("a-token")
        .header(http::header::ACCEPT, "application/json")
        .timeout(std::time::Duration::from_secs(30))
        .send()
        .await?
        .error_for_status()?;
    Ok(answer.json::<plain::Data<plain::Reward>>().await?.data)
}
