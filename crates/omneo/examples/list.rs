//! Lists transactions with filters: counts them, takes a page, and reads all as a stream.

use httpmock::MockServer;
use omneo::filters::transaction;
use omneo::omneo_types::jiff::civil::date;
use omneo::{Omneo, filter};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), omneo::Error> {
    let server = server();
    let omneo = Omneo::builder()
        .base_url(server.base_url())
        .token("an-api-token")
        .build()?;

    let transactions = omneo
        .transactions()
        .list()
        // Names and kinds are the schema's: a text where a time belongs does not compile.
        .filter(transaction::transacted_at.gte(date(2026, 1, 1)))
        .filter(transaction::is_void.eq(false))
        // Any other name.
        .filter(filter("meta.till").eq("7"))
        .sort(transaction::transacted_at.desc())
        .page_size(2);

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
    match transactions.all(4).await {
        Ok(all) => println!("{} at once", all.len()),
        Err(error) => println!("{error}"),
    }
    Ok(())
}

/// A server in this process that has five transactions.
fn server() -> MockServer {
    let server = MockServer::start();
    let sale =
        |number: u64| json!({"id": number, "receipt_ref": format!("R-{number}"), "total": "9.95"});
    let pages = [(1, vec![5, 4]), (2, vec![3, 2]), (3, vec![1])];
    for (number, ids) in pages {
        server.mock(|when, then| {
            when.path("/v3/transactions")
                .query_param("page[size]", "2")
                .query_param("page[number]", number.to_string());
            then.json_body(json!({
                "data": ids.into_iter().map(sale).collect::<Vec<_>>(),
                "meta": {"current_page": number, "last_page": 3, "total": 5},
            }));
        });
    }
    server.mock(|when, then| {
        when.path("/v3/transactions").query_param("page[size]", "1");
        then.json_body(
            json!({"data": [sale(5)], "meta": {"current_page": 1, "last_page": 5, "total": "5"}}),
        );
    });
    server
}
