//! Schemas that hold for one value together: what references and `allOf` come to.
//!
//! A schema is known by where it is in the document, so the same one is the same address.

use std::ptr;

use serde_json::{Map, Value};

use crate::pointer;

/// Schemas with their references followed and their `allOf`s taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Conjunction<'d> {
    pub(crate) nodes: Vec<&'d Map<String, Value>>,
    /// What the references that were followed lead to.
    pub(crate) targets: Vec<&'d Value>,
    /// The lists of branches of which one has been chosen.
    chosen: Vec<&'d [Value]>,
    /// No value fits.
    pub(crate) is_never: bool,
}

impl<'d> Conjunction<'d> {
    /// What some schemas come to.
    pub(crate) fn of(document: &'d Value, schemas: impl IntoIterator<Item = &'d Value>) -> Self {
        let mut all = Self::default();
        for schema in schemas {
            all.add(document, schema);
        }
        all
    }

    fn add(&mut self, document: &'d Value, schema: &'d Value) {
        let mut next = vec![schema];
        while let Some(schema) = next.pop() {
            let node = match schema {
                Value::Object(node) => node,
                Value::Bool(true) => continue,
                _ => {
                    self.is_never = true;
                    continue;
                }
            };
            if self.nodes.iter().any(|known| ptr::eq(*known, node)) {
                continue;
            }
            self.nodes.push(node);
            if let Some(Value::String(reference)) = node.get("$ref") {
                match pointer::of_reference(reference).and_then(|at| document.pointer(&at)) {
                    Some(target) => {
                        self.targets.push(target);
                        next.push(target);
                    }
                    None => self.is_never = true,
                }
            }
            next.extend(list(node, "allOf"));
        }
    }

    /// The branches of the first union that none has been chosen of.
    pub(crate) fn union(&self) -> Option<&'d [Value]> {
        self.nodes.iter().find_map(|node| {
            let mut unions = ["anyOf", "oneOf"].iter().map(|keyword| list(node, keyword));
            unions.find(|union| {
                let is_chosen = self.chosen.iter().any(|chosen| ptr::eq(*chosen, *union));
                !union.is_empty() && !is_chosen
            })
        })
    }

    /// The same with one branch of a union, and what the references lead to that are new by that.
    pub(crate) fn choose(
        &self,
        document: &'d Value,
        union: &'d [Value],
        branch: &'d Value,
    ) -> (Self, Vec<&'d Value>) {
        let mut chosen = self.clone();
        chosen.chosen.push(union);
        chosen.add(document, branch);
        let new = chosen.targets[self.targets.len()..].to_vec();
        (chosen, new)
    }

    /// What each schema has for a keyword.
    pub(crate) fn each(&self, keyword: &str) -> impl Iterator<Item = &'d Value> {
        self.nodes.iter().filter_map(move |node| node.get(keyword))
    }

    /// What the first schema that has it has for a keyword.
    pub(crate) fn first(&self, keyword: &str) -> Option<&'d Value> {
        self.each(keyword).next()
    }

    /// A text for a keyword.
    pub(crate) fn text(&self, keyword: &str) -> Option<&'d str> {
        self.each(keyword).find_map(Value::as_str)
    }

    /// A count for a keyword.
    pub(crate) fn count(&self, keyword: &str) -> Option<usize> {
        let count = self.each(keyword).find_map(Value::as_u64)?;
        usize::try_from(count).ok()
    }

    /// What the schemas say of all items, or of all members without a name.
    pub(crate) fn inner(&self, keyword: &str) -> Vec<&'d Value> {
        let inner = self.each(keyword);
        inner
            .filter(|inner| inner.is_object() || inner.is_boolean())
            .collect()
    }

    /// The schemas for the items of a list that have a place of their own.
    pub(crate) fn tuple(&self) -> &'d [Value] {
        let mut tuples = self.nodes.iter().map(|node| list(node, "prefixItems"));
        tuples.find(|tuple| !tuple.is_empty()).unwrap_or_default()
    }

    /// The names of the properties, sorted.
    pub(crate) fn property_names(&self) -> Vec<&'d str> {
        let properties = self.each("properties").filter_map(Value::as_object);
        let names = properties.flat_map(Map::keys).map(String::as_str);
        let mut names = names.collect::<Vec<_>>();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What the schemas say of a property.
    pub(crate) fn property(&self, name: &str) -> Vec<&'d Value> {
        let properties = self.each("properties");
        properties
            .filter_map(|properties| properties.get(name))
            .collect()
    }

    /// Whether a property is required.
    pub(crate) fn requires(&self, name: &str) -> bool {
        self.each("required")
            .filter_map(Value::as_array)
            .flatten()
            .any(|required| required == name)
    }

    /// The JSON types that a value may have, as the schemas name them, if they say something.
    pub(crate) fn types(&self) -> Option<Vec<&'d str>> {
        let mut found: Option<Vec<&str>> = None;
        for node in &self.nodes {
            let mut types = match node.get("type") {
                Some(Value::String(one)) => vec![one.as_str()],
                Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
                _ => continue,
            };
            if node.get("nullable") == Some(&Value::Bool(true)) && !types.contains(&"null") {
                types.push("null");
            }
            found = Some(match found {
                None => types,
                Some(before) => both(&before, &types),
            });
        }
        found.or_else(|| Some(vec![self.implied()?]))
    }

    /// The type that other keywords are about.
    fn implied(&self) -> Option<&'static str> {
        let has = |keywords: &[&str]| keywords.iter().any(|keyword| self.first(keyword).is_some());
        if has(&["properties", "additionalProperties", "required"]) {
            Some("object")
        } else if has(&["items", "prefixItems"]) {
            Some("array")
        } else if has(&["format", "pattern", "minLength", "maxLength"]) {
            Some("string")
        } else if has(&["minimum", "maximum", "multipleOf"]) {
            Some("number")
        } else {
            None
        }
    }

    /// The values that are listed, if they are.
    pub(crate) fn listed(&self) -> Option<Vec<&'d Value>> {
        let lists = self.nodes.iter().filter_map(|node| {
            let constant = node.get("const").map(std::slice::from_ref);
            constant.or_else(|| Some(node.get("enum")?.as_array()?.as_slice()))
        });
        let lists = lists.collect::<Vec<_>>();
        let (first, rest) = lists.split_first()?;
        let types = self.types();
        let values = first.iter().filter(|value| {
            rest.iter().all(|list| list.contains(value))
                && types
                    .as_ref()
                    .is_none_or(|types| types.iter().any(|ty| is_of(value, ty)))
        });
        Some(values.collect())
    }
}

/// The members of a list.
pub(crate) fn list<'d>(schema: &'d Map<String, Value>, keyword: &str) -> &'d [Value] {
    let list = schema.get(keyword).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// The types that two schemas both allow; every integer is a number.
fn both<'d>(a: &[&'d str], b: &[&'d str]) -> Vec<&'d str> {
    let narrower = |ty: &&'d str, others: &[&str]| {
        others.contains(ty) || *ty == "integer" && others.contains(&"number")
    };
    let mut types = a.to_vec();
    types.retain(|ty| narrower(ty, b));
    types.extend(b.iter().filter(|ty| !a.contains(ty) && narrower(ty, a)));
    types
}

/// Whether a value is of a JSON type.
pub(crate) fn is_of(value: &Value, ty: &str) -> bool {
    let is_whole = |number: f64| number.fract() == 0.0;
    match ty {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(is_whole),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
