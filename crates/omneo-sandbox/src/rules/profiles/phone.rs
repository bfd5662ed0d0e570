//! Phone numbers, and their parts.

use phonenumber::{Mode, PhoneNumber, country};
use serde_json::Value;

use crate::answer::Refusal;
use crate::record::{Record, RecordExt};

/// The parts of a mobile number that a profile shows beside it.
const PARTS: [&str; 4] = [
    "mobile_phone_country",
    "mobile_phone_e164",
    "mobile_phone_national",
    "mobile_phone_national_prefix",
];

/// Writes the phones in E.164, and the parts of the mobile number.
pub(super) fn normalise(profile: &mut Record) -> Result<(), Refusal> {
    if let Some(secondary) = profile.text("secondary_phone") {
        let number = read("secondary_phone", &secondary)?;
        profile.set("secondary_phone", e164(&number));
    }
    let Some(mobile) = profile.text("mobile_phone") else {
        for part in PARTS {
            profile.set(part, Value::Null);
        }
        return Ok(());
    };
    let number = read("mobile_phone", &mobile)?;
    let dialled = number.format().mode(Mode::National).to_string();
    let dialled: String = dialled.chars().filter(char::is_ascii_digit).collect();
    profile.set("mobile_phone", e164(&number));
    profile.set("mobile_phone_e164", e164(&number));
    profile.set("mobile_phone_country", number.country().code());
    profile.set("mobile_phone_national", number.national().to_string());
    profile.set("mobile_phone_national_prefix", dialled);
    Ok(())
}

/// A number in E.164, or one of Australia, where the tenants whose answers are known are.
fn read(field: &str, text: &str) -> Result<PhoneNumber, Refusal> {
    phonenumber::parse(Some(country::Id::AU), text).map_err(|_| {
        let name = field.replace('_', " ");
        Refusal::invalid(field, format!("The {name} format is invalid."))
    })
}

/// The number in E.164 as a filter or another body may write it; the text itself if it is no number.
pub(super) fn canonical(text: &str) -> String {
    read("mobile_phone", text).map_or_else(|_| text.to_owned(), |number| e164(&number))
}

fn e164(number: &PhoneNumber) -> String {
    number.format().mode(Mode::E164).to_string()
}

#[cfg(test)]
mod tests {
    use super::normalise;
    use crate::record::{Record, RecordExt};

    #[test]
    fn a_number_has_its_parts() {
        let mut profile = Record::new();
        profile.set("mobile_phone", "+61491570006");
        normalise(&mut profile).expect("a number");
        assert_eq!(profile["mobile_phone_country"], 61);
        assert_eq!(profile["mobile_phone_national"], "491570006");
        assert_eq!(profile["mobile_phone_national_prefix"], "0491570006");
        assert_eq!(profile["mobile_phone_e164"], "+61491570006");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        let mut profile = Record::new();
        profile.set("mobile_phone", "call me");
        assert!(normalise(&mut profile).is_err());
    }
}
