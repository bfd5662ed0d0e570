//! Tokens for one purpose.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::grant::{Grant, Sort, later};
use super::jwt;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::record::RecordExt;
use crate::secret;

/// How long they live. How long Omneo's do is not known.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// `POST /v3/auth/delegate`
pub(super) fn delegate(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let Some(handle) = call.body.text("client_handle") else {
        let message = "The client handle field is required.";
        return Err(Refusal::invalid("client_handle", message));
    };
    let grant = Grant {
        sort: Sort::Delegate,
        name: Some(handle.clone()),
        scopes: vec!["create-profiles".to_owned()],
        namespace: Some(handle),
        client: None,
        user: None,
        expires_at: later(call, LIFETIME),
    };
    let (token, _) = grant.issue(call)?;
    Ok(Answer::Data(json!({ "token": token })))
}

/// `POST /v3/auth/discovery`. The token is no bearer token here: there is no text index that would take it.
pub(super) fn discovery(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let rules = match call.body.get("rules") {
        None | Some(Value::Null) => Value::Array(Vec::new()),
        Some(rules @ (Value::Array(_) | Value::Object(_))) => rules.clone(),
        Some(_) => {
            let message = "The rules must be an array.";
            return Err(Refusal::invalid("rules", message));
        }
    };
    let exp = later(call, LIFETIME).as_second();
    let secret = secret::secret(call.store())?;
    let token = jwt::make(&secret, &json!({ "searchRules": rules, "exp": exp }));
    Ok(Answer::Data(json!({ "token": token })))
}
