//! Ids that are words of other operations' paths.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::Context;
use crate::bindings::{Binding, Given};
use crate::route::Route;
use crate::wire::{Bench, Prepared};

/// What is sent although the server would take it for another operation: `/v3/rewards/{reward}` with `definitions` is
/// `/v3/rewards/definitions`.
pub(crate) fn problems(
    context: &Context<'_>,
    bench: &Bench,
    route: &Route,
    binding: &Binding,
    given: &Given,
) -> Vec<String> {
    let document = context.documents.published.value();
    let method = route.pointer.rsplit('/').next().unwrap_or_default();
    let paths = document["paths"].as_object().into_iter().flatten();
    let others = paths.filter(|(_, item)| item.get(method).is_some());
    let mut problems = Vec::new();
    for (other, _) in others {
        let Some(words) = words(&route.path, other) else {
            continue;
        };
        let mut given = given.clone();
        given.path.extend(words);
        let (sent, _) = bench.call(binding, &given, Prepared::text(200, ""));
        if let Some(sent) = sent {
            problems.push(format!("request: {} reaches {other}", sent.url.path()));
        }
    }
    problems
}

/// The parameters of a path, with the words that stand in their places in another one; nothing if the other is none
/// that it can become.
fn words(path: &str, other: &str) -> Option<BTreeMap<String, Value>> {
    let (own, theirs) = (path.split('/'), other.split('/'));
    if own.clone().count() != theirs.clone().count() {
        return None;
    }
    let mut words = BTreeMap::new();
    for (own, theirs) in own.zip(theirs) {
        match own.strip_prefix('{').and_then(|own| own.strip_suffix('}')) {
            _ if own == theirs => {}
            Some(_) if theirs.starts_with('{') => {}
            Some(name) => _ = words.insert(name.to_owned(), theirs.into()),
            None => return None,
        }
    }
    Some(words).filter(|words| !words.is_empty())
}
