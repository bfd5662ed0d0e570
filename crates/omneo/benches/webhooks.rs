//! Verifying and reading deliveries on one core: how many a second, beside the same by hand, and the memory of a million.

#![allow(clippy::unwrap_used)] // a benchmark that fails has nothing to say

mod support;

use std::hint::black_box;
use std::time::Instant;

use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use omneo::http::{HeaderMap, HeaderValue};
use omneo::webhooks::{Context, EVENT_HEADER, SIGNATURE_HEADER, Verifier, sign};
use serde::Deserialize;
use sha2::Sha256;
use support::{compare, compare_allocations, peak_memory};

const SECRET: &str = "a-shared-secret";

/// What one would write down for these events.
#[derive(Deserialize)]
#[allow(dead_code)]
struct Plain {
    id: String,
    first_name: String,
    tier_handle: Option<String>,
    reward_balance: f64,
    point_balance: f64,
}

/// A profile of the length of most, and one with as much beside it as a context may have.
fn bodies() -> [(&'static str, String); 2] {
    let profile = r#""id":"9332c9b2-e31c-4d49-8ec3-62a9466d339c","first_name":"Ada","last_name":"Example",
        "email":"ada@example.com","gender":"female","tier_handle":"gold","joined_at":"2023-01-15 00:00:00",
        "birth_year":1985,"birth_month":9,"birth_day":15,"flattened_tags":["vip","stylist-client"],
        "flattened_statuses":["active"],"reward_balance":25.0,"point_balance":1500,"combined_balance_dollars":40.0,
        "aggregations":{"spend_12m":2450.0,"spend_all":12800.0,"spend_atv_12m":175.0,"shop_count":14,"shop_days":12},
        "tier":{"handle":"gold","name":"Gold"},"attributes":{"comms":{"email_promo":true,"email_optout":false,
        "sms_promo":false},"appearance":{"size_top":"12","size_shoe":"8"}}"#;
    let custom = (0..200)
        .map(|n| format!(r#"{{"handle":"field-{n}","value":"a value of some length {n}"}}"#));
    let custom = custom.collect::<Vec<_>>().join(",");
    [
        ("a profile", format!("{{{profile}}}")),
        (
            "with 200 fields more",
            format!(r#"{{{profile},"custom":[{custom}]}}"#),
        ),
    ]
}

fn headers(body: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let signature = HeaderValue::try_from(sign(SECRET, body.as_bytes())).unwrap();
    headers.insert(SIGNATURE_HEADER, signature);
    headers.insert(EVENT_HEADER, HeaderValue::from_static("profile.updated"));
    headers
}

fn main() {
    let verifier = Verifier::new(SECRET).unwrap();
    for (name, body) in bodies() {
        let headers = headers(&body);
        let bytes = Bytes::from(body);
        let verified = || {
            let event = verifier.event(black_box(&headers), bytes.clone()).unwrap();
            black_box(event);
        };
        let ours = || {
            let event = verifier.event(black_box(&headers), bytes.clone()).unwrap();
            assert!(matches!(black_box(event.context()), Context::Profile(_)));
        };
        let by_hand = || {
            let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
            mac.update(&bytes);
            let sent = headers[SIGNATURE_HEADER].as_bytes();
            let signature = base16ct::lower::decode_vec(sent).unwrap();
            mac.verify_slice(&signature).unwrap();
            black_box(serde_json::from_slice::<Plain>(&bytes).unwrap());
        };
        println!("{name}, {} bytes", bytes.len());
        rate("verified", 100_000, verified);
        rate("verified and typed (aim: 50,000)", 100_000, ours);
        compare(
            "verified and typed, by hand with 5 fields",
            10_000,
            ours,
            by_hand,
        );
        compare_allocations("verified and typed; by hand", ours, by_hand);
        let before = peak_memory().unwrap_or_default();
        rate("a million", 1_000_000, ours);
        let more = peak_memory().unwrap_or_default().saturating_sub(before);
        println!("{:<58} {:>9} bytes more at the most", "a million", more);
    }
}

fn rate(name: &str, count: u32, mut run: impl FnMut()) {
    let start = Instant::now();
    for _ in 0..count {
        run();
    }
    let rate = f64::from(count) / start.elapsed().as_secs_f64();
    println!("{name:<58} {rate:>9.0} a second");
}
