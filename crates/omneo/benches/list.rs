//! Listing 1,000,000 records: the memory that takes, beside one page.

#![allow(clippy::unwrap_used)] // a benchmark that fails has nothing to say

mod support;

use std::time::Instant;

use omneo::Omneo;
use support::peak_memory;
use support::server::Server;

const RECORDS: u64 = 1_000_000;

fn main() {
    support::server::serve_if_told();
    let server = Server::start();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let omneo = Omneo::builder()
        .base_url(&server.url)
        .token("a-token")
        .build()
        .unwrap();
    let mib = || {
        peak_memory().map_or_else(
            || "unknown".to_owned(),
            |bytes| format!("{:.1} MiB", bytes as f64 / 1048576.0),
        )
    };
    runtime.block_on(async {
        let page = omneo.rewards().list().page(1).await.unwrap();
        println!("after one page of {}: {} at most", page.len(), mib());
        drop(page);
        let start = Instant::now();
        let mut items = omneo.rewards().list().items();
        let mut records = 0;
        while let Some(reward) = items.try_next().await.unwrap() {
            records += 1;
            assert_eq!(reward.id.unwrap(), records);
        }
        assert_eq!(records as u64, RECORDS);
        let rate = records as f64 / start.elapsed().as_secs_f64();
        println!(
            "after {records} records: {} at most (aim: 64 MiB), {rate:.0} records/s",
            mib()
        );
    });
}
