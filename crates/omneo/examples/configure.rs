//! Sets up clients: by the environment, with OAuth, through limits of one's own.
//!
//! With `OMNEO_TENANT` and `OMNEO_TOKEN` set it asks that tenant whether the token is good; without, it only shows how.

use std::time::Duration;

use omneo::auth::OAuth;
use omneo::http::Method;
use omneo::{Backoff, Omneo, RateLimit, RetryPolicy, Timeouts};

#[tokio::main]
async fn main() -> Result<(), omneo::Error> {
    // A till: a customer waits.
    let till = Omneo::builder()
        .tenant("acme")
        .token("an-api-token")
        .user_agent("acme-pos/1.2")
        .timeouts(
            Timeouts::default()
                .attempt(Duration::from_secs(2))
                .call(Duration::from_secs(5)),
        )
        .retry(RetryPolicy::default().attempts(2))
        .build()?;

    // A nightly load: it has time, and must not disturb the shop.
    let load = Omneo::builder()
        .tenant("acme")
        .token_source(OAuth::new("client-id", "client-secret").user("load@example.com", "password"))
        .timeouts(Timeouts::default().call(Duration::from_secs(15 * 60)))
        .retry(RetryPolicy::default().attempts(10).backoff(Backoff::new(
            Duration::from_secs(1),
            Duration::from_secs(60),
        )))
        .rate_limit(RateLimit::per_second(10).burst(20))
        .build()?;
    // No secret is shown, whatever is printed.
    println!("{till:?}\n{load:?}");

    match Omneo::from_env() {
        Ok(omneo) => {
            omneo
                .request(Method::GET, "/v3/auth/verify")
                .send_bytes()
                .await?;
            println!("the token is good");
        }
        // It names the variable that is missing.
        Err(error) => println!("{error}"),
    }
    Ok(())
}
