//! What each kind of error asks of a caller.

use omneo::types::ProfileInput;
use omneo::{Error, ErrorKind, Omneo, RetryPolicy};
use omneo_sandbox::{Fault, Sandbox, Seed};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().seed(Seed::Demo).start().await?;
    sandbox.add_token("reader", &["read-tags"], None);
    let client = |token: &str| {
        let builder = Omneo::builder().base_url(sandbox.url()).token(token);
        builder.retry(RetryPolicy::never()).build()
    };
    let omneo = client(sandbox.token())?;

    show(client("another")?.profiles().get("8f14e45f").await);
    show(client("reader")?.profiles().get("8f14e45f").await);
    show(omneo.profiles().get("8f14e45f").await);
    let taken = ProfileInput::new("ada@example.com", "Augusta", "King");
    show(omneo.profiles().create(&taken).await);

    // What goes wrong on the way, on purpose.
    for fault in [
        Fault::status(409),
        Fault::status(429),
        Fault::status(503),
        Fault::garbled(),
        Fault::lost_answer(),
    ] {
        sandbox.faults().add(fault.times(1));
        show(omneo.profiles().get("8f14e45f").await);
    }
    let error = Omneo::builder()
        .tenant("Not A Tenant")
        .token("t")
        .build()
        .map(drop);
    show(error);
    Ok(())
}

fn show<T>(result: Result<T, Error>) {
    if let Err(error) = result {
        println!("{error}\n    -> {}", advice(&error));
        println!("    effect: {:?}", error.effect());
    }
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
