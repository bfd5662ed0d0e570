//! Where a nested record is found that another one only names.

use std::collections::HashMap;

use super::form::{Form, Object};
use super::kinds;
use crate::resource;

/// Where the value of a member is found.
#[derive(Debug)]
pub(super) enum Source {
    /// The record of a kind whose member has the value that one of these members of ours has; the first that is there.
    One {
        kind: String,
        members: Vec<String>,
        other: String,
        shape: usize,
    },
    /// The records of a kind that name ours by its id.
    Many {
        kind: String,
        other: String,
        shape: usize,
    },
    /// The record of the kind that another member names, in words: `type_attributes` by `type` and `type_id`.
    Typed {
        type_member: String,
        id_member: String,
        /// The names, and their kinds and shapes.
        kinds: Vec<(String, String, usize)>,
    },
}

/// The source of a member of a component that shows records of a kind.
pub(super) fn of(
    component: &str,
    kind: &str,
    member: &str,
    form: &Form,
    known: &HashMap<String, usize>,
) -> Option<Source> {
    let name_of = |shape: usize| {
        let mut known = known.iter();
        known
            .find(|(_, index)| **index == shape)
            .map(|(name, _)| name.as_str())
    };
    let relation =
        resource::relation(kind, member).or_else(|| resource::relation(component, member));
    if let Some(items) = form.list.as_ref().and_then(|list| only(&list.items)) {
        let relation = relation.filter(|relation| relation.member == "id")?;
        return Some(Source::Many {
            kind: relation.kind,
            other: relation.other,
            shape: items,
        });
    }
    let Some(Object::Shapes(shapes)) = &form.object else {
        return None;
    };
    if let (Some(relation), Some(shape)) = (relation, shapes.first()) {
        return Some(Source::One {
            kind: relation.kind,
            members: vec![relation.member],
            other: relation.other,
            shape: *shape,
        });
    }
    if let [shape] = shapes[..] {
        let target = kinds::kind(name_of(shape)?);
        let mut members = vec![
            format!("{member}_id"),
            format!("{}_id", kinds::snake(target)),
        ];
        members.dedup();
        return Some(Source::One {
            kind: target.to_owned(),
            members,
            other: "id".to_owned(),
            shape,
        });
    }
    let type_member = member.strip_suffix("_attributes")?;
    let kinds = shapes.iter().filter_map(|shape| {
        let kind = kinds::kind(name_of(*shape)?);
        Some((kinds::snake(kind), kind.to_owned(), *shape))
    });
    Some(Source::Typed {
        type_member: type_member.to_owned(),
        id_member: format!("{type_member}_id"),
        kinds: kinds.collect(),
    })
}

/// The shape of a form that is of one alone.
fn only(form: &Form) -> Option<usize> {
    match &form.object {
        Some(Object::Shapes(shapes)) => match shapes[..] {
            [shape] => Some(shape),
            _ => None,
        },
        _ => None,
    }
}
