//! Relations of a few kinds, for tests.

use super::Relation;

pub(crate) fn relation(kind: &str, name: &str) -> Option<Relation> {
    let (other, member, key) = match (kind, name) {
        ("Reward", "definition") => ("RewardDefinition", "reward_definition_id", "id"),
        ("Reward", "profile") => ("Profile", "profile_id", "id"),
        ("Reward", "tags") => ("Tag", "tag_handles", "handle"),
        ("Profile", "identities") => ("Identity", "id", "profile_id"),
        ("Profile", "custom_field") => ("CustomField", "id", "profile_id"),
        _ => return None,
    };
    Some(Relation {
        kind: other.to_owned(),
        member: member.to_owned(),
        other: key.to_owned(),
    })
}
