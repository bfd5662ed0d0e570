//! The routes that make, list and revoke tokens.

use serde_json::{Value, json};

use super::grant::{Grant, LONG, Sort, later};
use super::{KIND, is_current, scopes as table};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::render;

/// `GET /v3/auth/scopes`
pub(super) fn scopes(_: &mut Call<'_>) -> Result<Answer, Refusal> {
    let scopes = table::all().map(|scope| {
        let words = scope.replace('-', " ");
        let mut letters = words.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        let description: String = first.into_iter().chain(letters).collect();
        json!({ "id": scope, "description": description })
    });
    Ok(Answer::Json(scopes.collect()))
}

/// `POST /v3/auth/api-tokens`
pub(super) fn create_api_token(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    create(call, Sort::Api)
}

/// `POST /v3/auth/personal-access-tokens`
pub(super) fn create_personal_token(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    create(call, Sort::Personal)
}

fn create(call: &mut Call<'_>, sort: Sort) -> Result<Answer, Refusal> {
    let mut scopes = Vec::new();
    for (place, scope) in call.body.list("scopes").iter().enumerate() {
        match scope.as_str().filter(|scope| table::is_known(scope)) {
            Some(scope) => scopes.push(scope.to_owned()),
            None => return Err(Refusal::unknown(format!("scopes.{place}"))),
        }
    }
    let grant = Grant {
        sort,
        name: call.body.text("name"),
        scopes,
        namespace: call
            .token
            .as_ref()
            .and_then(|token| token.namespace.clone()),
        client: None,
        user: user(call)?,
        expires_at: later(call, LONG),
    };
    let (text, record) = grant.issue(call)?;
    let record = render::record(call, "PersonalAccessToken", &record);
    Ok(Answer::Json(
        json!({ "accessToken": text, "token": record }),
    ))
}

/// The user of the asking token.
fn user(call: &Call<'_>) -> Result<Option<Value>, Refusal> {
    let Some(token) = &call.token else {
        return Ok(None);
    };
    let record = call.store().get(KIND, &token.id)?;
    Ok(record.and_then(|record| record.get("user_id").cloned()))
}

/// `GET /v3/auth/api-tokens`
pub(super) fn api_tokens(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    of_sort(call, Sort::Api)
}

/// `GET /v3/auth/personal-access-tokens`
pub(super) fn personal_tokens(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    of_sort(call, Sort::Personal)
}

fn of_sort(call: &Call<'_>, sort: Sort) -> Result<Answer, Refusal> {
    let equal = [("_sort", sort.name().into()), ("revoked", false.into())];
    Ok(Answer::Many(call.find(KIND, &equal)?))
}

/// `GET /v3/auth/tokens`
pub(super) fn own_tokens(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let mut equal = vec![("revoked", false.into())];
    equal.extend(user(call)?.map(|user| ("user_id", user)));
    Ok(Answer::Many(call.find(KIND, &equal)?))
}

/// `GET /v3/auth/access-tokens`
pub(super) fn access_tokens(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let wanted = match call.query.text(&["type"]) {
        None | Some("") => None,
        Some("current") => Some(true),
        Some("expired") => Some(false),
        Some(_) => return Err(Refusal::unknown("type")),
    };
    let mut tokens = call.find(KIND, &[])?;
    let now = call.now();
    tokens.retain(|token| wanted.is_none_or(|wanted| is_current(token, now) == wanted));
    Ok(Answer::Many(tokens))
}

/// `DELETE /v3/auth/api-tokens/{token}`
pub(super) fn revoke_api_token(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    revoke_named(call, Some(Sort::Api))
}

/// `DELETE /v3/auth/personal-access-tokens/{token}`
pub(super) fn revoke_personal_token(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    revoke_named(call, Some(Sort::Personal))
}

/// `DELETE /v3/auth/tokens/{token}`
pub(super) fn revoke_token(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    revoke_named(call, None)
}

fn revoke_named(call: &mut Call<'_>, sort: Option<Sort>) -> Result<Answer, Refusal> {
    let token = call.get(KIND, call.param("token"))?;
    let is_of_sort = sort.is_none_or(|sort| token.text("_sort").as_deref() == Some(sort.name()));
    if !is_of_sort || token.flag("revoked").unwrap_or_default() {
        return Err(Refusal::NotFound);
    }
    revoke(call, &token)?;
    Ok(Answer::Empty)
}

/// Makes a token good for nothing.
pub(super) fn revoke(context: &mut Context<'_>, token: &Record) -> Result<(), Refusal> {
    let mut revoked = token.clone();
    revoked.set("revoked", true);
    context.update(KIND, token, revoked)?;
    Ok(())
}

/// Adds a token's client and user, who may be gone.
pub(super) fn complete(context: &Context<'_>, record: &mut Record) -> Result<(), Refusal> {
    for (member, kind, shown) in [
        ("client", "ApiClient", "ApiClient"),
        ("user", "User", "AccessTokenUser"),
    ] {
        let id = record.text(&format!("{member}_id")).unwrap_or_default();
        if let Some(other) = context.store().get(kind, &id)? {
            record.set(member, render::record(context, shown, &other));
        } else if member == "user" {
            record.set(member, json!([]));
        }
    }
    record.set("usage", json!([]));
    Ok(())
}
