//! Decoding a page of 100 rewards: the tolerant types beside plain structs, and beside free JSON.

#![allow(clippy::unwrap_used)] // a benchmark that fails has nothing to say

mod support;

use std::hint::black_box;

use omneo::omneo_types::Page;
use omneo::types::Reward;
use serde::de::DeserializeOwned;
use support::{compare, compare_allocations, plain};

fn decode<T: DeserializeOwned>(json: &[u8]) -> impl FnMut() {
    move || {
        black_box(serde_json::from_slice::<T>(black_box(json)).unwrap());
    }
}

fn main() {
    let page = plain::page(1, 1);
    let json = page.as_bytes();
    println!("a page of 100 rewards, {} bytes", json.len());
    let ours = || decode::<Page<Reward>>(json);
    let theirs = || decode::<plain::Page<plain::Reward>>(json);
    let free = || decode::<serde_json::Value>(json);
    let rounds = 1000;
    compare(
        "tolerant types, plain structs (aim: 1.25)",
        rounds,
        ours(),
        theirs(),
    );
    compare(
        "tolerant types, serde_json::Value (aim: 0.6)",
        rounds,
        ours(),
        free(),
    );
    compare_allocations("tolerant types; plain structs", ours(), theirs());
    compare_allocations("tolerant types; serde_json::Value", ours(), free());
}
