//! What each kind of error asks of a caller.

use httpmock::MockServer;
use omneo::{Error, ErrorKind, Omneo, RetryPolicy};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    for (status, body) in [
        (200, json!("no profile")),
        (401, json!({"message": "Unauthenticated."})),
        (403, json!({"message": "This action is unauthorized."})),
        (404, json!({"message": "No query results for model."})),
        (409, json!({"message": "The profile was merged."})),
        (
            422,
            json!({"message": "The given data was invalid.", "errors": {"email": ["The email exists"]}}),
        ),
        (429, json!({"message": "Too Many Attempts."})),
        (503, Value::Null),
    ] {
        let server = MockServer::start_async().await;
        server.mock(|when, then| {
            when.path("/v3/profiles/8f14e45f");
            then.status(status).json_body(body);
        });
        let omneo = Omneo::builder()
            .base_url(server.base_url())
            .token("an-api-token")
            .retry(RetryPolicy::never())
            .build()?;
        if let Err(error) = omneo.profiles().get("8f14e45f").await {
            println!("{error}\n    -> {}", advice(&error));
            println!("    effect: {:?}", error.effect());
        }
    }
    let error = Omneo::builder()
        .tenant("Not A Tenant")
        .token("t")
        .build()
        .map(drop);
    if let Err(error) = error {
        println!("{error}\n    -> {}", advice(&error));
    }
    Ok(())
}

fn advice(error: &Error) -> String {
    match error.kind() {
        ErrorKind::Config(_) => "correct the configuration".to_owned(),
        ErrorKind::InvalidRequest(_) => "correct the call; nothing was sent".to_owned(),
        ErrorKind::NotFound(_) => "take it for absent".to_owned(),
        ErrorKind::Validation(refusal) => {
            let fields: Vec<_> = refusal.errors.keys().cloned().collect();
            format!("show the user what is wrong with {}", fields.join(", "))
        }
        ErrorKind::Unauthenticated(_) => "get a new token".to_owned(),
        ErrorKind::Forbidden(_) => "ask for the scope or the role".to_owned(),
        ErrorKind::Conflict(_) => "read it again and decide anew".to_owned(),
        ErrorKind::RateLimited(_) => match error.retry_after() {
            Some(pause) => format!("come back in {pause:?}"),
            None => "come back later".to_owned(),
        },
        // The client has sent it again as often as that was safe.
        ErrorKind::Transport(_) if error.is_connect() => {
            "look at the network; nothing was done".to_owned()
        }
        ErrorKind::Transport(_) | ErrorKind::Timeout(_) | ErrorKind::Server(_) => {
            "look whether it was done before it is sent again".to_owned()
        }
        ErrorKind::Decode(fault) => format!(
            "report it: {:?} was not as expected; it was done",
            fault.path
        ),
        ErrorKind::TooLarge { limit } => {
            format!("ask for less, or allow more than {limit} bytes; it was done")
        }
        _ => "give up, and log it".to_owned(),
    }
}
