//! Issuing credits: gift cards, store credit, refunds.

use super::{Incentive, Names, now, set_value, time};
use crate::answer::{Answer, Refusal};
use crate::call::Call;
use crate::context::Context;
use crate::record::{Record, RecordExt};
use crate::rules::incentives::account::Cause;

/// What is kept as it is given.
const GIVEN: [&str; 17] = [
    "creator_profile_id",
    "staff_id",
    "name",
    "timezone",
    "recipient_first_name",
    "recipient_email",
    "message",
    "credit_number",
    "security_code",
    "external_id",
    "external_namespace",
    "location_id",
    "source_id",
    "source_type",
    "locked",
    "is_imported",
    "meta",
];

/// Those of its times that are kept as they are sent.
pub(in crate::rules::incentives) const TIMES: [&str; 5] = [
    "issued_at",
    "expires_at",
    "released_at",
    "extended_at",
    "lock_expires_at",
];

/// Issues a credit, to the profile that the body names if it names one.
///
/// # Errors
///
/// 422 for an unknown profile, definition, location or zone, a missing profile where the definition requires one, and a value or time that can't be.
pub(crate) fn issue(context: &mut Context<'_>, body: &Record) -> Result<Record, Refusal> {
    issue_for(context, body, Cause::Issued)
}

/// Issues a credit for another cause than that it is wanted.
pub(in crate::rules::incentives) fn issue_for(
    context: &mut Context<'_>,
    body: &Record,
    cause: Cause,
) -> Result<Record, Refusal> {
    let definition = Names::of(Incentive::Credit).find(context, body)?;
    let mut credit = new(context, body, Some(&definition))?;
    cause.note(&mut credit);
    context.create("Credit", credit)
}

/// Credits the profile of the path with an amount.
pub(super) fn scoped(call: &mut Call<'_>) -> Result<Answer, Refusal> {
    let profile = call.profile_id()?;
    let mut body = Record::new();
    body.set("profile_id", profile);
    for (given, member) in [
        ("amount", "value_initial"),
        ("expires_at", "expires_at"),
        ("note", "message"),
    ] {
        body.set(member, call.body.get(given).cloned());
    }
    let definition = match call.body.text("type") {
        Some(name) => match call.first("CreditDefinition", &[("handle", name.clone().into())])? {
            Some(definition) => Some(definition),
            None => call.first("CreditDefinition", &[("type", name.into())])?,
        },
        None => None,
    };
    let credit = new(call, &body, definition.as_ref())?;
    call.create("Credit", credit).map(Answer::One)
}

fn new(
    context: &Context<'_>,
    body: &Record,
    definition: Option<&Record>,
) -> Result<Record, Refusal> {
    let mut credit = Record::new();
    let owner = context.profile_of(body)?;
    let must_be_assigned =
        definition.and_then(|definition| definition.flag("require_assigned")) == Some(true);
    if owner.is_none() && must_be_assigned {
        return Err(Refusal::invalid(
            "profile_id",
            "The profile id field is required by the credit's definition.",
        ));
    }
    credit.set(
        "profile_id",
        owner.as_ref().map(|record| record.value("id")),
    );
    credit.set(
        "credit_definition_id",
        definition.map(|record| record.value("id")),
    );
    for flag in [
        "locked",
        "is_imported",
        "is_system_generated",
        "has_notified_issue",
        "has_notified_expiry",
        "has_notified_release",
        "has_notified_remind",
        "has_notified_extend",
    ] {
        credit.set(flag, false);
    }
    credit.copy(body, &GIVEN);
    if !credit.has("timezone") {
        let zone = definition.and_then(|definition| definition.get("timezone"));
        credit.set("timezone", zone.cloned());
    }
    set_value(&mut credit, body, definition)?;
    set_times(context, &mut credit, body, definition)?;
    set_location(context, &mut credit, body)?;
    set_codes(context, &mut credit, definition)?;
    Ok(credit)
}

fn set_times(
    context: &Context<'_>,
    credit: &mut Record,
    body: &Record,
    definition: Option<&Record>,
) -> Result<(), Refusal> {
    let zone = time::zone(credit)?;
    for member in TIMES {
        let at = time::given(body, member, &zone)?;
        credit.set(member, at.map(time::write));
    }
    let issued = time::given(body, "issued_at", &zone)?;
    let issued = issued.unwrap_or_else(|| now(context, &zone));
    credit.set("issued_at", time::write(issued));
    if let Some(definition) = definition {
        if !credit.has("expires_at") {
            let expires = time::EXPIRY.end(definition, issued)?;
            credit.set("expires_at", expires.map(time::write));
        }
        if !credit.has("released_at") {
            let released = time::RELEASE.end(definition, issued)?;
            credit.set("released_at", released.map(time::write));
        }
    }
    Ok(())
}

/// The location that a body names by id, external id or code.
fn set_location(context: &Context<'_>, credit: &mut Record, body: &Record) -> Result<(), Refusal> {
    for (given, member) in [
        ("location_external_id", "external_id"),
        ("location_external_code", "external_code"),
    ] {
        if let (Some(name), false) = (body.text(given), credit.has("location_id")) {
            let location = context.first("Location", &[(member, name.into())])?;
            let location = location.ok_or_else(|| Refusal::unknown(given))?;
            credit.set("location_id", location.value("id"));
        }
    }
    Ok(())
}

/// The number of the card, and the code where its definition asks for one.
fn set_codes(
    context: &Context<'_>,
    credit: &mut Record,
    definition: Option<&Record>,
) -> Result<(), Refusal> {
    let text = |member: &str| definition.and_then(|definition| definition.text(member));
    let flag = |member: &str| definition.and_then(|definition| definition.flag(member));
    if !credit.has("credit_number") && flag("use_custom_numbers") != Some(true) {
        let length = definition.and_then(|definition| definition.integer("credit_number_length"));
        let length = length.unwrap_or(10).clamp(4, 32);
        let length = usize::try_from(length).unwrap_or(10);
        let start: Option<u64> =
            text("credit_number_range_start").and_then(|start| start.parse().ok());
        let made = if text("credit_number_range_type").as_deref() == Some("sequential") {
            let kind = format!("~credit-number/{}", text("id").unwrap_or_default());
            let number = u64::try_from(context.store().next_number(&kind)?).unwrap_or(0);
            let number = start.unwrap_or(1).saturating_add(number).saturating_sub(1);
            format!("{number:0length$}")
        } else {
            characters(context, "credit-number", b"0123456789", length)?
        };
        credit.set("credit_number", made);
    }
    if !credit.has("security_code") && flag("require_security_code") == Some(true) {
        let made = match text("security_code_type").as_deref() {
            Some("pin6") => characters(context, "security-code", b"0123456789", 6)?,
            Some("alnum6") => characters(
                context,
                "security-code",
                b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789",
                6,
            )?,
            _ => characters(context, "security-code", b"0123456789", 4)?,
        };
        credit.set("security_code", made);
    }
    Ok(())
}

/// So many characters of an alphabet, which nobody guesses from the last ones and which are the same for the same seed.
fn characters(
    context: &Context<'_>,
    purpose: &str,
    alphabet: &[u8],
    length: usize,
) -> Result<String, Refusal> {
    let kind = format!("~{purpose}");
    let number = context.store().next_number(&kind)?;
    let random = context.uuid(&kind, number) + &context.uuid(&kind, -number);
    let bytes = random.bytes().filter(u8::is_ascii_hexdigit);
    let pairs: Vec<u8> = bytes.collect();
    let made = pairs.chunks(2).cycle().take(length).map(|pair| {
        let place = pair.iter().fold(0_usize, |sum, digit| {
            sum * 16 + char::from(*digit).to_digit(16).unwrap_or(0) as usize
        });
        alphabet
            .get(place % alphabet.len())
            .map_or('0', |letter| char::from(*letter))
    });
    Ok(made.collect())
}
