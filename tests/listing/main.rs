//! Lists, against a server in memory.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod changes;
mod query;
mod reading;
mod server;
mod shortcuts;

use omneo_api::listing::{Items, Pages};
use omneo_api::types::Reward;
use omneo_api::{Error, List};

/// The ids of the records, in the order in which they come.
async fn ids(items: &mut Items<Reward>) -> Result<Vec<u64>, Error> {
    let mut ids = Vec::new();
    while let Some(reward) = items.try_next().await? {
        ids.push(id(&reward));
    }
    Ok(ids)
}

fn id(reward: &Reward) -> u64 {
    reward.id.as_ref().unwrap().as_str().parse().unwrap()
}

#[test]
fn lists_and_streams_go_between_threads() {
    fn sendable<T: Send>() {}
    fn unpinned<T: Unpin>() {}
    sendable::<List<Reward>>();
    sendable::<Items<Reward>>();
    sendable::<Pages<Reward>>();
    unpinned::<Items<Reward>>();
    unpinned::<Pages<std::marker::PhantomPinned>>();
}
