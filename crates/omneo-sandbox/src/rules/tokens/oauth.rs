//! OAuth: a token for credentials.

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::grant::{Grant, Sort, later};
use super::{KIND, clients, is_current, scopes, users};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt, stamp};
use crate::secret;

/// How long a token lives. How long Omneo's do is not known.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// How long it can be exchanged for a new one.
const REFRESHABLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The kind of a refresh token's record; its id is the digest of the text.
const REFRESH: &str = "~refresh";

/// `POST /v3/auth/token`
pub(super) fn token(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let text = |member| call.body.text(member).unwrap_or_default();
    let (id, secret) = (text("client_id"), text("client_secret"));
    let grant_type = text("grant_type");
    let client = clients::authenticate(call, &id, &secret)?;
    let client = client.ok_or_else(|| refused(401, "Client authentication failed"))?;
    let (user, scopes) = match grant_type.as_str() {
        // The guide's sample sends user and password with `client_credentials`.
        "client_credentials" | "password" => {
            let user = user(call, &grant_type)?;
            (user, scopes_of(&call.body)?)
        }
        "refresh_token" => exchanged(call, &client)?,
        _ => {
            let message =
                "The authorization grant type is not supported by the authorization server.";
            return Err(refused(400, message));
        }
    };
    let grant = Grant {
        sort: Sort::OAuth,
        name: None,
        scopes: scopes.clone(),
        namespace: client.text("_namespace"),
        client: Some(client.value("id")),
        user: user.clone(),
        expires_at: later(call, LIFETIME),
    };
    let (access, record) = grant.issue(call)?;
    let refresh = refresh_token(call, &record)?;
    Ok(Answer::Json(json!({
        "token_type": "Bearer",
        "expires_in": LIFETIME.as_secs(),
        "access_token": access,
        "refresh_token": refresh,
    })))
}

/// A refusal in Passport's words.
fn refused(status: u16, message: &str) -> Refusal {
    Refusal::Status(status, message.to_owned())
}

/// The user whom the body names, if it names one.
fn user(call: &mut Call<'_>, grant_type: &str) -> Result<Option<Value>, Refusal> {
    let name = call.body.text("username");
    let password = call.body.text("password");
    if grant_type != "password" && name.is_none() && password.is_none() {
        return Ok(None);
    }
    let name = name.unwrap_or_default();
    let password = password.unwrap_or_default();
    match users::authenticate(call, &name, &password)? {
        Some(user) => Ok(Some(user.value("id"))),
        None => Err(refused(400, "The user credentials were incorrect.")),
    }
}

/// The scopes that a body asks for; all of them if it asks for none.
fn scopes_of(body: &Record) -> Result<Vec<String>, Refusal> {
    let wanted = body.text("scope").unwrap_or_else(|| "*".to_owned());
    let wanted: Vec<_> = wanted.split_whitespace().map(str::to_owned).collect();
    if wanted.iter().all(|scope| scopes::is_known(scope)) {
        return Ok(wanted);
    }
    Err(refused(
        400,
        "The requested scope is invalid, unknown, or malformed",
    ))
}

fn refresh_token(context: &mut Context<'_>, access: &Record) -> Result<String, Refusal> {
    let text = secret::random()?;
    let record = json!({
        "id": secret::digest(&text), "token_id": access.text("id"), "expires_at": stamp(later(context, REFRESHABLE)),
    });
    if let Value::Object(record) = record {
        context.store().insert(REFRESH, &record)?;
    }
    Ok(text)
}

/// What a refresh token stands for; it and the token that it came with are good no more.
fn exchanged(
    call: &mut Call<'_>,
    client: &Record,
) -> Result<(Option<Value>, Vec<String>), Refusal> {
    let refusal = || refused(401, "The refresh token is invalid.");
    let text = call.body.text("refresh_token").unwrap_or_default();
    let digest = secret::digest(&text);
    let record = call.store().get(REFRESH, &digest)?;
    let record = record.filter(|record| is_current(record, call.now()));
    let record = record.ok_or_else(refusal)?;
    let token = call
        .store()
        .get(KIND, &record.text("token_id").unwrap_or_default())?;
    let token = token.filter(|token| {
        token.text("client_id") == client.text("id") && !token.flag("revoked").unwrap_or_default()
    });
    let token = token.ok_or_else(refusal)?;
    call.store().delete(REFRESH, &digest)?;
    super::listing::revoke(call, &token)?;
    let scopes = token.list("scopes").iter();
    Ok((
        token.get("user_id").cloned(),
        scopes.filter_map(crate::record::text).collect(),
    ))
}

/// `POST /v3/auth/token/refresh`
pub(super) fn refresh(_: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::Empty)
}

/// `GET /v3/auth/authorize`
pub(super) fn authorize(_: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::Empty)
}

/// `GET /v3/auth/verify`
pub(super) fn verify(_: &mut Call<'_>) -> Result<Answer, Refusal> {
    Ok(Answer::Empty)
}
