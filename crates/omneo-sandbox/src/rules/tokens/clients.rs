//! OAuth clients.

use serde_json::{Value, json};

use super::KIND;
use super::listing::revoke;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::secret;

const CLIENT: &str = "ApiClient";

/// The sandbox's own client; made when it is first asked for.
pub(super) fn own(context: &mut Context<'_>) -> Result<Record, Refusal> {
    if let Some(client) = context.first(CLIENT, &[])? {
        return Ok(client);
    }
    let client = json!({
        "name": "Sandbox", "user_id": null, "provider": null, "redirect": "http://localhost",
        "personal_access_client": true, "password_client": true, "revoked": false,
    });
    match client {
        Value::Object(client) => context.create(CLIENT, client),
        _ => Err(Refusal::Internal("a client is no record".to_owned())),
    }
}

/// The id and secret of the sandbox's own client, for `POST /v3/auth/token`.
pub(crate) fn credentials(context: &mut Context<'_>) -> Result<(String, String), Refusal> {
    let client = own(context)?;
    let id = client.text("id").unwrap_or_default();
    let secret = secret_of(context, &id)?;
    Ok((id, secret))
}

/// A client's secret: it follows from the sandbox's, so none is kept.
fn secret_of(context: &Context<'_>, id: &str) -> Result<String, Refusal> {
    let secret = secret::secret(context.store())?;
    Ok(secret::sign(&secret, format!("client {id}").as_bytes()))
}

/// The client with an id and a secret; none if there is no such client, or it was revoked.
pub(super) fn authenticate(
    context: &mut Context<'_>,
    id: &str,
    secret: &str,
) -> Result<Option<Record>, Refusal> {
    own(context)?;
    let is_right = secret::same(&secret_of(context, id)?, secret);
    let client = context.store().get(CLIENT, id)?;
    Ok(client.filter(|client| is_right && !client.flag("revoked").unwrap_or_default()))
}

/// `DELETE /v3/auth/clients/{client}`
pub(super) fn destroy(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let client = call.get(CLIENT, call.param("client"))?;
    if client.flag("revoked").unwrap_or_default() {
        return Err(Refusal::NotFound);
    }
    for token in call.find(KIND, &[("client_id", client.value("id"))])? {
        revoke(call, &token)?;
    }
    let mut revoked = client.clone();
    revoked.set("revoked", true);
    call.update(CLIENT, &client, revoked)?;
    Ok(Answer::Empty)
}
