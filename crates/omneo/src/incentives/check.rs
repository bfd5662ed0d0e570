//! What can't be right, and is refused before anything is sent.

use omneo_api::Error;
use omneo_api::runtime::Effect;
use omneo_types::jiff::tz::TimeZone;
use omneo_types::jiff::{self, tz};
use omneo_types::{Amount, Timestamp};

use super::definition::Family;
use super::issue::Fields;

/// The error for an argument, by the name of the method that takes it.
pub(super) fn refuse(argument: &str, why: &str) -> Error {
    Error::invalid_request(format!("`{argument}` {why}"))
}

/// The error for a definition whose id or handle is empty.
pub(super) fn named(family: Family, by: &str, name: &str) -> Result<(), Error> {
    match name {
        "" => Err(Error::invalid_request(format!(
            "the {by} of the {} is empty",
            family.definition()
        ))),
        _ => Ok(()),
    }
}

/// The error of a look-up before a call: of the call itself nothing was done.
pub(super) fn unsent(error: Error) -> Error {
    error.with_effect(Effect::None)
}

/// What is wrong whatever the definition says.
pub(super) fn fields(fields: &Fields) -> Result<(), Error> {
    if let Some(value) = fields.value {
        positive("value", value)?;
    }
    if let Some(count) = fields.count
        && *count <= 0
    {
        return Err(refuse(
            "count",
            &format!("is {count}; it has to be above zero"),
        ));
    }
    if let Some(remaining) = fields.value_remaining {
        if remaining < 0 {
            return Err(refuse(
                "value_remaining",
                &format!("is {remaining}; it can't be below zero"),
            ));
        }
        if let Some(value) = fields.value
            && remaining > value
        {
            return Err(refuse(
                "value_remaining",
                &format!("is {remaining}, more than the value of {value}"),
            ));
        }
    }
    if let Some(id) = &fields.external_id
        && id.as_str().is_empty()
    {
        return Err(refuse("external_id", "is empty; leave it out"));
    }
    if let Some(name) = &fields.timezone {
        timezone(name)?;
    }
    Ok(())
}

pub(super) fn positive(argument: &str, amount: Amount) -> Result<(), Error> {
    if amount > 0 {
        return Ok(());
    }
    Err(refuse(
        argument,
        &format!("is {amount}; it has to be above zero"),
    ))
}

pub(super) fn at_most(value: Amount, max: Amount) -> Result<(), Error> {
    if value <= max || max <= 0 {
        return Ok(());
    }
    Err(refuse(
        "value",
        &format!("is {value}, more than the {max} that the definition allows"),
    ))
}

pub(super) fn timezone(name: &str) -> Result<TimeZone, Error> {
    let zone = tz::db().get(name).ok();
    // jiff has a zone for what is in none.
    zone.filter(|zone| !zone.is_unknown()).ok_or_else(|| {
        refuse(
            "timezone",
            &format!("is {name:?}, which is no IANA name such as \"Australia/Melbourne\""),
        )
    })
}

/// That something does not expire before it is issued, both in one zone. Days where one of them is no more exact.
pub(super) fn expiry(
    expires_at: Option<&Timestamp>,
    issued_at: Option<&Timestamp>,
    now: jiff::Timestamp,
    zone: &TimeZone,
) -> Result<(), Error> {
    let Some(expires_at) = expires_at else {
        return Ok(());
    };
    let (issued, is_date) = match issued_at {
        Some(issued) => (issued.civil(), issued.is_date_only()),
        None => (zone.to_datetime(now), false),
    };
    let expires = expires_at.civil();
    let too_early = if is_date || expires_at.is_date_only() {
        expires.date() < issued.date()
    } else {
        expires < issued
    };
    if !too_early {
        return Ok(());
    }
    let issued = match issued_at {
        Some(issued) => format!("the issue at {issued}"),
        None => format!("now, {}", Timestamp::from(issued)),
    };
    Err(refuse(
        "expires_at",
        &format!("is {expires_at}, before {issued}"),
    ))
}
