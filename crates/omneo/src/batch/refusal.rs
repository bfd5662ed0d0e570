//! What a refusal is about.

use std::collections::BTreeMap;

use omneo_api::Error;

use super::record::Record;

pub(super) enum Refusal {
    /// These records, by their places in the request, and why.
    Records(BTreeMap<usize, String>),
    /// The request itself: no other one would do better.
    Request(String),
    /// It does not say.
    Unnamed,
}

impl Refusal {
    /// Reads the fields of a refusal: `rewards.12.profile_id` is of the record at place 12, `match_criteria` of the
    /// request. Of a record that goes alone every field is at the top.
    pub(super) fn of<R: Record>(error: &Error, count: usize) -> Self {
        if R::MOST == 1 {
            let fields = error.field_errors().iter();
            let reasons: Vec<_> = fields.map(|(field, texts)| reason(field, texts)).collect();
            return match reasons.is_empty() {
                true => Self::Unnamed,
                false => Self::Records(BTreeMap::from([(0, reasons.join("; "))])),
            };
        }
        let (mut records, mut request) = (BTreeMap::<usize, Vec<String>>::new(), Vec::new());
        for (key, texts) in error.field_errors() {
            let (name, rest) = key.split_once('.').unwrap_or((key, ""));
            let (place, field) = rest.split_once('.').unwrap_or((rest, ""));
            if name != R::NAME {
                if name.parse::<usize>().is_err() && !name.is_empty() {
                    request.push(reason(key, texts));
                }
            } else if let Ok(place) = place.parse()
                && place < count
            {
                records.entry(place).or_default().push(reason(field, texts));
            }
        }
        if !records.is_empty() {
            let reasons = records.into_iter();
            return Self::Records(
                reasons
                    .map(|(place, all)| (place, all.join("; ")))
                    .collect(),
            );
        }
        match request.is_empty() {
            true => Self::Unnamed,
            false => Self::Request(request.join("; ")),
        }
    }
}

fn reason(field: &str, texts: &[String]) -> String {
    match field {
        "" => texts.join(" "),
        field => format!("{field}: {}", texts.join(" ")),
    }
}
