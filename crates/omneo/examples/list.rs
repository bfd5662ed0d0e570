//! Lists transactions with filters: counts them, takes a page, and reads all as a stream.

use omneo::filters::transaction;
use omneo::omneo_types::jiff::civil::date;
use omneo::{Omneo, filter};
use omneo_sandbox::{Sandbox, Seed};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let sandbox = Sandbox::builder().seed(Seed::Demo).start().await?;
    let omneo = Omneo::builder()
        .base_url(sandbox.url())
        .token(sandbox.token())
        .build()?;

    let transactions = omneo
        .transactions()
        .list()
        // Names and kinds are the schema's: a text where a time belongs does not compile.
        .filter(transaction::transacted_at.gte(date(2026, 1, 1)))
        .filter(transaction::is_void.eq(false))
        // Any other name.
        .filter(filter("location.handle").eq("collins-street"))
        .sort(transaction::transacted_at.desc())
        .page_size(1);

    println!("{} in all", transactions.count().await?);
    let second = transactions.page(2).await?;
    println!("page 2 has {}", second.len());

    // Pages are fetched ahead, one at a time, and dropped when they are read.
    let mut items = transactions.items();
    while let Some(transaction) = items.try_next().await? {
        println!("{:?} {:?}", transaction.receipt_ref, transaction.total);
    }
    // Whether records were added or removed in the meantime.
    println!("{:?}", items.drift());

    // What is more than expected is an error, no cut.
    match transactions.all(1).await {
        Ok(all) => println!("{} at once", all.len()),
        Err(error) => println!("{error}"),
    }
    Ok(())
}
