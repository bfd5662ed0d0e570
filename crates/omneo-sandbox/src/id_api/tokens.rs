//! ID tokens, for whoever may act as a customer.

use serde_json::json;

use super::{ANONYMOUS, Resolved};
use crate::answer::Refusal;
use crate::auth::Token;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::tokens::id_token;
use crate::secret;

/// The handle under which a profile has its Shopify customer id.
const SHOPIFY: &str = "shopify";

/// `POST /id/api/v1/auth/token`: for a profile that is named by its id, or by an identity and its handle; without an id it is anonymous.
pub(super) fn issue(
    context: &Context<'_>,
    body: &Record,
    token: Option<&Token>,
) -> Result<Resolved, Refusal> {
    // An ID token gets no other.
    if token.is_none_or(|token| token.profile.is_some()) {
        return Err(Refusal::Unauthenticated);
    }
    let profile = match body.text("id") {
        Some(id) => {
            let handle = body.text("id_handle");
            let profile = context.profile_by(&id, handle.as_deref())?;
            profile.text("id").unwrap_or_default()
        }
        None => ANONYMOUS.to_owned(),
    };
    let (token, exp) = id_token(context, &profile)?;
    Ok(Resolved::Answered(
        json!({ "data": { "token": token, "exp": exp } }),
    ))
}

/// `POST /shopify/api/v1/auth/token`: for the profile with a Shopify customer id, which the shop signed with the sandbox's secret.
pub(super) fn shopify(
    context: &Context<'_>,
    body: &Record,
    _: Option<&Token>,
) -> Result<Resolved, Refusal> {
    let text = |member| body.text(member).unwrap_or_default();
    let (id, signature) = (text("id"), text("signature"));
    let secret = secret::secret(context.store())?;
    let expected = secret::sign(&secret, id.as_bytes());
    if id.is_empty() || !secret::same(&signature, &expected) {
        return Err(Refusal::Unauthenticated);
    }
    let profile = context.profile_by(&id, Some(SHOPIFY))?;
    let (token, _) = id_token(context, &profile.text("id").unwrap_or_default())?;
    Ok(Resolved::Answered(json!({ "token": token })))
}
