//! What values of a schema show of it.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ptr;

use serde_json::{Map, Value};

use crate::conjunction::{Conjunction, is_of, list};
use crate::pointer;

/// JSON pointers to what there is to show of a schema and all that it refers to: the schemas of properties, items and
/// unnamed members, the branches of unions, the values of `enum`s, the types of lists of types.
#[must_use]
pub fn places(document: &Value, pointer: &str) -> BTreeSet<String> {
    find(document, pointer).into_keys().collect()
}

/// The [`places`] of the schema at a pointer that the values show. `accepts` says whether a value fits the schema at a
/// pointer, which tells the branches of unions apart.
pub fn covered(
    document: &Value,
    pointer: &str,
    values: &[Value],
    accepts: impl Fn(&str, &Value) -> bool,
) -> BTreeSet<String> {
    let places = find(document, pointer);
    let pointers = places
        .iter()
        .map(|(pointer, place)| (ptr::from_ref(*place), &**pointer));
    let mut walk = Walk {
        document,
        accepts: &accepts,
        pointers: pointers.collect(),
        found: HashSet::new(),
    };
    if let Some(schema) = document.pointer(pointer) {
        let all = Conjunction::of(document, [schema]);
        for value in values {
            walk.value(&all, value);
        }
    }
    let found = walk.found;
    let shown = places
        .into_iter()
        .filter(|(_, place)| found.contains(&ptr::from_ref(*place)));
    shown.map(|(pointer, _)| pointer).collect()
}

/// The places with their pointers.
fn find<'d>(document: &'d Value, pointer: &str) -> BTreeMap<String, &'d Value> {
    let mut found = BTreeMap::new();
    let mut next = Vec::new();
    next.extend(
        document
            .pointer(pointer)
            .map(|schema| (pointer.to_owned(), schema)),
    );
    let mut seen = HashSet::new();
    while let Some((pointer, schema)) = next.pop() {
        let Value::Object(node) = schema else {
            continue;
        };
        if !seen.insert(ptr::from_ref(schema)) {
            continue;
        }
        if let Some(target) = node
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(pointer::of_reference)
        {
            next.extend(document.pointer(&target).map(|schema| (target, schema)));
        }
        next.extend(members(node, &pointer, "allOf"));
        found.extend(
            ["enum", "type"]
                .iter()
                .flat_map(|keyword| members(node, &pointer, keyword)),
        );
        let mut inner = ["anyOf", "oneOf"]
            .iter()
            .flat_map(|keyword| members(node, &pointer, keyword))
            .collect::<Vec<_>>();
        let properties = node.get("properties").and_then(Value::as_object);
        let at = pointer::child(&pointer, "properties");
        inner.extend(
            properties
                .into_iter()
                .flatten()
                .map(|(name, schema)| (pointer::child(&at, name), schema)),
        );
        for keyword in ["items", "additionalProperties"] {
            let is_unused = keyword == "items" && node.get("maxItems") == Some(&Value::from(0));
            let schema = node
                .get(keyword)
                .filter(|schema| schema.is_object() && !is_unused);
            inner.extend(schema.map(|schema| (pointer::child(&pointer, keyword), schema)));
        }
        found.extend(inner.iter().cloned());
        next.extend(inner);
    }
    found
}

/// The members of a list with their pointers.
fn members<'d>(
    node: &'d Map<String, Value>,
    pointer: &str,
    keyword: &str,
) -> impl Iterator<Item = (String, &'d Value)> {
    let at = pointer::child(pointer, keyword);
    let members = list(node, keyword).iter().enumerate();
    members.map(move |(index, member)| (format!("{at}/{index}"), member))
}

struct Walk<'d, 'a> {
    document: &'d Value,
    accepts: &'a dyn Fn(&str, &Value) -> bool,
    pointers: HashMap<*const Value, &'a str>,
    found: HashSet<*const Value>,
}

impl<'d> Walk<'d, '_> {
    fn inside(&mut self, schemas: Vec<&'d Value>, value: &Value) {
        if !schemas.is_empty() {
            self.found
                .extend(schemas.iter().map(|schema| ptr::from_ref(*schema)));
            self.value(&Conjunction::of(self.document, schemas), value);
        }
    }

    fn value(&mut self, all: &Conjunction<'d>, value: &Value) {
        if let Some(union) = all.union() {
            for branch in union {
                let pointer = self.pointers.get(&ptr::from_ref(branch));
                if pointer.is_some_and(|pointer| (self.accepts)(pointer, value)) {
                    self.found.insert(ptr::from_ref(branch));
                    let (chosen, _) = all.choose(self.document, union, branch);
                    self.value(&chosen, value);
                }
            }
            return;
        }
        for node in &all.nodes {
            let listed = list(node, "enum").iter().filter(|listed| *listed == value);
            let is_one = |ty: &&Value| ty.as_str().is_some_and(|ty| is_of(value, ty));
            let types = list(node, "type").iter().filter(is_one);
            self.found.extend(listed.chain(types).map(ptr::from_ref));
        }
        match value {
            Value::Object(object) => {
                for (name, member) in object {
                    let named = all.property(name);
                    let schemas = match named.is_empty() {
                        true => all.inner("additionalProperties"),
                        false => named,
                    };
                    self.inside(schemas, member);
                }
            }
            Value::Array(items) => {
                for item in items {
                    self.inside(all.inner("items"), item);
                }
            }
            _ => {}
        }
    }
}
