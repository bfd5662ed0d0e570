//! Users, as far as tokens are concerned: passwords, and whose a token is.

use serde_json::{Value, json};

use super::KIND;
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::secret;

const USER: &str = "User";

/// What is kept of a password: a salt and a keyed digest.
const PASSWORD: &str = "_password";

/// The sandbox's own user; made when it is first asked for. A tenant has one, too: somebody made its first token.
pub(super) fn own(context: &mut Context<'_>) -> Result<Record, Refusal> {
    if let Some(user) = context.first(USER, &[])? {
        return Ok(user);
    }
    let user = json!({
        "name": "Sandbox", "email": "sandbox@example.com", "throttle": null,
        "roles": [], "permissions": [],
    });
    match user {
        Value::Object(user) => context.create(USER, user),
        _ => Err(Refusal::Internal("a user is no record".to_owned())),
    }
}

/// The user with an email and a password.
pub(super) fn authenticate(
    context: &Context<'_>,
    email: &str,
    password: &str,
) -> Result<Option<Record>, Refusal> {
    let user = context.first(USER, &[("email", email.into())])?;
    let Some(user) = user else {
        return Ok(None);
    };
    let kept = user.text(PASSWORD).unwrap_or_default();
    let (salt, _) = kept.split_once(' ').unwrap_or_default();
    let is_right = !kept.is_empty() && secret::same(&kept, &digest(context, salt, password)?);
    Ok(is_right.then_some(user))
}

fn digest(context: &Context<'_>, salt: &str, password: &str) -> Result<String, Refusal> {
    let secret = secret::secret(context.store())?;
    let digest = secret::sign(&secret, format!("password {salt} {password}").as_bytes());
    Ok(format!("{salt} {digest}"))
}

/// Keeps a digest in place of the password.
pub(super) fn before(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: &mut Record,
) -> Result<(), Refusal> {
    let confirmation = new.remove("password_confirmation");
    new.remove("old_password");
    match new
        .remove("password")
        .filter(|password| !password.is_null())
    {
        Some(password) => {
            if confirmation.as_ref() != Some(&password) {
                let message = "The password confirmation does not match.";
                return Err(Refusal::invalid("password", message));
            }
            let password = crate::record::text(&password).unwrap_or_default();
            if password.chars().count() < 8 {
                let message = "The password must be at least 8 characters.";
                return Err(Refusal::invalid("password", message));
            }
            let kept = digest(context, &secret::random()?, &password)?;
            new.set(PASSWORD, kept);
        }
        None => {
            if let Some(kept) = old.and_then(|old| old.get(PASSWORD)) {
                new.set(PASSWORD, kept.clone());
            }
        }
    }
    Ok(())
}

/// Deletes the tokens of a user who is deleted.
pub(super) fn after(
    context: &mut Context<'_>,
    old: Option<&Record>,
    new: Option<&Record>,
) -> Result<(), Refusal> {
    let (Some(old), None) = (old, new) else {
        return Ok(());
    };
    for token in context.find(KIND, &[("user_id", old.value("id"))])? {
        context.delete(KIND, &token)?;
    }
    Ok(())
}

/// `GET /v3/users/me`
pub(super) fn me(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let id = call.token.as_ref().map(|token| token.id.clone());
    let record = call.store().get(KIND, &id.unwrap_or_default())?;
    let user = record.and_then(|record| record.text("user_id"));
    // The token that the sandbox was started with is its own user's.
    let user = match user {
        Some(user) => call.get(USER, &user)?,
        None => own(call)?,
    };
    Ok(Answer::One(user))
}
