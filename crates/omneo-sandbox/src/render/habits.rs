//! In which of several allowed forms a value is shown.

use serde_json::{Map, Value};

use super::form::Form;

/// How the server's habits show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Habits {
    /// As the real server: numbers as text where the schema allows both, `[]` for an empty map, two forms of dates.
    Real,
    /// One form of each.
    Strict,
}

/// Members that PHP writes from a date object, not from the stored text: `2020-03-10T00:00:00.000000Z`, beside a `created_at` in the usual form.
const ISO: [(&str, &str); 4] = [
    ("AchievementDefinition", "starts_at"),
    ("AchievementDefinition", "ends_at"),
    ("ProfileAchievement", "starts_at"),
    ("ProfileAchievement", "ends_at"),
];

/// Whether a member of a component is written as ISO 8601.
pub(super) fn is_iso(component: &str, member: &str) -> bool {
    ISO.contains(&(component, member))
}

impl Habits {
    /// Whether a number is shown as text.
    pub(super) fn is_text(self, form: &Form) -> bool {
        let is_number = form.number || form.integer;
        form.text.is_some() && (self == Self::Real || !is_number)
    }

    /// Whether a boolean is shown as 0 or 1.
    pub(super) fn is_bit(self, form: &Form) -> bool {
        let is_number = form.number || form.integer;
        is_number && (self == Self::Real || !form.boolean)
    }

    /// An empty map.
    pub(super) fn empty_map(self, form: &Form) -> Value {
        let may_be_map = form.object.is_some();
        if form.list.is_some() && (self == Self::Real || !may_be_map) {
            Value::Array(Vec::new())
        } else {
            Value::Object(Map::new())
        }
    }
}
