//! How an ID token is got, and what it is good for.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::http::Http;
use crate::support::{NOW, done, profile, sandbox};
use crate::{ADMIN, id_token, of};

fn claims(token: &str) -> Value {
    let claims = token.split('.').nth(1).expect("claims");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64");
    serde_json::from_slice(&claims).expect("JSON")
}

#[test]
fn a_token_says_whose_it_is_and_when_it_ends() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let (_, answer) =
        Http::new(&sandbox).json(ADMIN, "POST", "/id/api/v1/auth/token", json!({ "id": ada }));
    let claims = claims(answer["data"]["token"].as_str().expect("a token"));
    assert_eq!(claims, json!({ "pid": ada, "exp": answer["data"]["exp"] }));
    let now: jiff::Timestamp = NOW.parse().expect("a time");
    assert!(claims["exp"].as_i64().expect("seconds") > now.as_second());
}

#[test]
fn a_profile_is_named_by_an_identity() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let identity = json!({ "handle": "magento_id", "identifier": "1004993MH" });
    done(sandbox.call("POST", &format!("/v3/profiles/{ada}/identities"), identity));
    let token = id_token(
        &sandbox,
        json!({ "id": "1004993MH", "id_handle": "magento_id" }),
    );
    assert_eq!(claims(&token)["pid"], json!(ada));
}

#[test]
fn nobody_gets_no_token() {
    let sandbox = sandbox();
    for body in [
        json!({ "id": "nobody" }),
        json!({ "id": "1", "id_handle": "magento_id" }),
    ] {
        let (status, _) = Http::new(&sandbox).json(ADMIN, "POST", "/id/api/v1/auth/token", body);
        assert_eq!(status, 404);
    }
}

#[test]
fn without_an_id_a_token_is_anonymous() {
    let sandbox = sandbox();
    for body in [json!({ "id": "" }), json!({}), json!({ "id": null })] {
        let token = id_token(&sandbox, body);
        assert_eq!(claims(&token)["pid"], "null");
        let (status, _) =
            Http::new(&sandbox).json(Some(&token), "GET", "/id/api/v1/profiles/me", Value::Null);
        assert_eq!(status, 404);
    }
}

#[test]
fn only_an_admin_gets_id_tokens() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let http = Http::new(&sandbox);
    let token = of(&sandbox, &ada);
    for token in [Some(token.as_str()), Some("nonsense"), None] {
        let (status, _) = http.json(token, "POST", "/id/api/v1/auth/token", json!({ "id": ada }));
        assert_eq!(status, 401);
    }
}

#[test]
fn an_id_token_is_good_for_the_id_api_only_and_an_admins_is_not() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let http = Http::new(&sandbox);
    let token = of(&sandbox, &ada);
    let (status, _) = http.json(
        Some(&token),
        "GET",
        &format!("/api/v3/profiles/{ada}"),
        Value::Null,
    );
    assert!([401, 403].contains(&status), "{status}");
    assert_eq!(
        http.json(ADMIN, "GET", "/id/api/v1/profiles/me", Value::Null)
            .0,
        401
    );
    assert_eq!(
        http.json(None, "GET", "/id/api/v1/profiles/me", Value::Null)
            .0,
        401
    );
}

#[test]
fn a_token_ends_by_the_clock() {
    let sandbox = sandbox();
    let token = of(&sandbox, &profile(&sandbox, "ada@example.com"));
    let http = Http::new(&sandbox);
    let ask = || {
        http.json(Some(&token), "GET", "/id/api/v1/profiles/me", Value::Null)
            .0
    };
    assert_eq!(ask(), 200);
    let now: jiff::Timestamp = NOW.parse().expect("a time");
    let left = claims(&token)["exp"].as_i64().expect("seconds") - now.as_second();
    sandbox.clock().advance(SignedDuration::from_secs(left - 1));
    assert_eq!(ask(), 200);
    sandbox.clock().advance(SignedDuration::from_secs(1));
    assert_eq!(ask(), 401);
}

#[test]
fn a_token_that_was_tampered_with_is_none() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let bob = profile(&sandbox, "bob@example.com");
    let token = of(&sandbox, &ada);
    let mut parts: Vec<_> = token.split('.').map(str::to_owned).collect();
    let mut claims = claims(&token);
    claims["pid"] = json!(bob);
    parts[1] = URL_SAFE_NO_PAD.encode(claims.to_string());
    let forged = parts.join(".");
    let (status, _) =
        Http::new(&sandbox).json(Some(&forged), "GET", "/id/api/v1/profiles/me", Value::Null);
    assert_eq!(status, 401);
}

#[test]
fn a_shopify_customer_gets_a_token_for_a_signature() {
    let sandbox = sandbox();
    let ada = profile(&sandbox, "ada@example.com");
    let identity = json!({ "handle": "shopify", "identifier": "7010205892808" });
    done(sandbox.call("POST", &format!("/v3/profiles/{ada}/identities"), identity));
    let sign = |id: &str| {
        let mut mac = Hmac::<Sha256>::new_from_slice(b"sandbox-secret").expect("a key");
        mac.update(id.as_bytes());
        let bytes = mac.finalize().into_bytes();
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<String>()
    };
    let http = Http::new(&sandbox);
    let login = |id: &str, signature: String| {
        let body = json!({ "id": id, "signature": signature });
        http.json(None, "POST", "/shopify/api/v1/auth/token", body)
    };
    let (status, answer) = login("7010205892808", sign("7010205892808"));
    assert_eq!(status, 200, "{answer}");
    let token = answer["token"].as_str().expect("a token");
    assert_eq!(claims(token)["pid"], json!(ada));
    assert_eq!(login("7010205892808", sign("1")).0, 401);
    assert_eq!(login("7010205892808", String::new()).0, 401);
    assert_eq!(login("1", sign("1")).0, 404);
    assert_eq!(login("", sign("")).0, 401);
}
