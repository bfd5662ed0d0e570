//! Decoding a page of 100 rewards: the tolerant types beside plain structs, beside free JSON, and beside themselves where the
//! server does not keep to its schema.

#![allow(clippy::unwrap_used)] // a benchmark that fails has nothing to say

mod support;

use std::hint::black_box;

use jiff::civil::DateTime;
use omneo::omneo_types::Page;
use omneo::types::Reward;
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use support::{compare, compare_allocations, plain};

fn decode<T: DeserializeOwned>(json: &[u8]) -> impl FnMut() {
    move || {
        black_box(serde_json::from_slice::<T>(black_box(json)).unwrap());
    }
}

/// The page as PHP may send it.
fn untidy(page: &str) -> String {
    [
        (":true", ":1"),
        (":false", ":0"),
        (":25,", r#":"25.00","#),
        (":12.5,", r#":"12.50","#),
        (":30,", r#":"30","#),
        (":14,", r#":"14","#),
    ]
    .iter()
    .fold(page.to_owned(), |page, (tidy, untidy)| {
        page.replace(tidy, untidy)
    })
}

fn main() {
    let page = plain::page(1, 1);
    let json = page.as_bytes();
    println!("a page of 100 rewards, {} bytes", json.len());
    let ours = || decode::<Page<Reward>>(json);
    let theirs = || decode::<plain::Page<plain::Reward>>(json);
    let same_meaning = || decode::<plain::Page<plain::Reward<DateTime, Decimal>>>(json);
    let free = || decode::<serde_json::Value>(json);
    let rounds = 1000;
    compare(
        "tolerant types, plain structs (aim: 1.25)",
        rounds,
        ours(),
        theirs(),
    );
    compare(
        "tolerant types, plain structs of jiff and rust_decimal",
        rounds,
        ours(),
        same_meaning(),
    );
    compare(
        "tolerant types, serde_json::Value (aim: 0.6)",
        rounds,
        ours(),
        free(),
    );
    let untidy = untidy(&page);
    compare(
        "numbers as texts, flags as 0 and 1; as the schema has them",
        rounds,
        decode::<Page<Reward>>(untidy.as_bytes()),
        ours(),
    );
    compare_allocations("tolerant types; plain structs", ours(), theirs());
    compare_allocations("tolerant types; serde_json::Value", ours(), free());
}
