//! The client's table of what can be sent twice, which names operations by their operationId.
//!
//! The table is read from its source: a schema can then be checked without compiling the client.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;
use syn::visit::Visit;
use syn::{Item, ItemConst, LitStr};

use super::{Checked, Findings};

const FILE: &str = "crates/omneo/src/retry/repeat.rs";
const SOURCE: &str = include_str!("../../../../crates/omneo/src/retry/repeat.rs");

/// The tables: what each is called, whether its operations are `POST`s, and what its further texts are.
const TABLES: [(&str, bool, Texts); 3] = [
    ("UNSAFE", false, Texts::Reason),
    ("SAFE", true, Texts::None),
    ("UPSERTS", true, Texts::Keys),
];

#[derive(Clone, Copy, PartialEq)]
enum Texts {
    None,
    /// Why.
    Reason,
    /// Properties of the body.
    Keys,
}

pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let problems = problems(checked.corrected.document(), SOURCE);
    match problems {
        Ok((problems, known)) => Findings::new(
            problems,
            format!("{known} operations of the retry table known"),
        ),
        Err(error) => Findings::new(
            vec![format!(
                "{error:#}; tell xtask/src/schema/check/repeat.rs of its new form"
            )],
            String::new(),
        ),
    }
}

/// What of the tables does not fit a schema, and how many entries there are.
fn problems(schema: &Value, source: &str) -> Result<(Vec<String>, usize)> {
    let file = syn::parse_file(source).with_context(|| format!("{FILE} can not be read"))?;
    let operations = operations(schema);
    let (mut problems, mut known) = (Vec::new(), 0);
    for (name, is_post, texts) in TABLES {
        for entry in entries(&file, name, texts)? {
            known += 1;
            let id = &entry[0];
            let Some((method, operation)) = operations.get(id.as_str()) else {
                problems.push(format!(
                    "{FILE}: {name} has `{id}`, which the schema has not; rename or remove it there"
                ));
                continue;
            };
            if (*method == "post") != is_post {
                problems.push(format!(
                    "{FILE}: {name} has `{id}`, which is a {} now; see whether it can be sent twice",
                    method.to_uppercase()
                ));
            }
            if texts != Texts::Keys {
                continue;
            }
            for key in entry[1..]
                .iter()
                .filter(|key| !takes(schema, operation, key))
            {
                problems.push(format!(
                    "{FILE}: {name} has `{key}` of `{id}`, whose body has no such property now; \
                     see by what the server finds the record"
                ));
            }
        }
    }
    Ok((problems, known))
}

/// The operations by their ids, with their methods.
fn operations(schema: &Value) -> BTreeMap<&str, (&str, &Value)> {
    let items = schema["paths"].as_object().into_iter().flatten();
    items
        .flat_map(|(_, item)| item.as_object().into_iter().flatten())
        .filter_map(|(method, operation)| {
            let id = operation.get("operationId")?.as_str()?;
            Some((id, (method.as_str(), operation)))
        })
        .collect()
}

/// The texts of each entry of a table, its operationId first.
fn entries(file: &syn::File, name: &str, texts: Texts) -> Result<Vec<Vec<String>>> {
    let table = file.items.iter().find_map(|item| match item {
        Item::Const(table) if table.ident == name => Some(table),
        _ => None,
    });
    let table = table.with_context(|| format!("{FILE} has no table {name}"))?;
    let entries = match texts {
        Texts::None => literals(table).into_iter().map(|id| vec![id]).collect(),
        Texts::Reason | Texts::Keys => {
            let mut tuples = Tuples(Vec::new());
            tuples.visit_expr(&table.expr);
            tuples.0
        }
    };
    Ok(entries)
}

fn literals(table: &ItemConst) -> Vec<String> {
    let mut literals = Literals(Vec::new());
    literals.visit_expr(&table.expr);
    literals.0
}

struct Literals(Vec<String>);

impl Visit<'_> for Literals {
    fn visit_lit_str(&mut self, literal: &LitStr) {
        self.0.push(literal.value());
    }
}

struct Tuples(Vec<Vec<String>>);

impl Visit<'_> for Tuples {
    fn visit_expr_tuple(&mut self, tuple: &syn::ExprTuple) {
        let mut literals = Literals(Vec::new());
        literals.visit_expr_tuple(tuple);
        self.0.push(literals.0);
    }
}

/// Whether the body of an operation has a property.
fn takes(schema: &Value, operation: &Value, key: &str) -> bool {
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    let named = |body: &Value| {
        let pointer = body.get("$ref")?.as_str()?.strip_prefix('#')?;
        schema.pointer(pointer).cloned()
    };
    let body = named(body).unwrap_or_else(|| body.clone());
    body["properties"].get(key).is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::problems;

    const TABLES: &str = r#"
        const UNSAFE: &[(&str, &str)] = &[("a.notify", "sends again")];
        /// A comment is no entry.
        const SAFE: &[&str] = &["a.search"];
        const UPSERTS: &[(&str, &[&str])] = &[("a.upsert", &["external_id", "id"])];
    "#;

    #[test]
    fn what_the_schema_lost_is_named_with_what_to_do() {
        let upsert = |key: &str| {
            let mut upsert = operation("a.upsert");
            upsert["requestBody"]["content"]["application/json"]["schema"] =
                json!({"$ref": "#/components/schemas/A"});
            json!({
                "paths": {
                    "/a": {"get": operation("a.notify"), "post": upsert},
                    "/b": {"post": operation("a.search")},
                },
                "components": {"schemas": {"A": {"properties": {key: {}, "id": {}}}}},
            })
        };
        assert_eq!(
            problems(&upsert("external_id"), TABLES).unwrap(),
            (vec![], 3)
        );

        let mut schema = upsert("key");
        schema["paths"]["/a"]["get"] = json!(null);
        schema["paths"]["/b"] = json!({"get": operation("a.search")});
        let (problems, _) = problems(&schema, TABLES).unwrap();
        for (problem, words) in problems.iter().zip([
            "UNSAFE has `a.notify`, which the schema has not",
            "SAFE has `a.search`, which is a GET now",
            "UPSERTS has `external_id` of `a.upsert`",
        ]) {
            assert!(problem.contains(words), "{problem}");
        }
        assert_eq!(problems.len(), 3);
    }

    #[test]
    fn a_table_of_another_form_is_told() {
        let error = problems(&json!({}), "const SAFE: &[&str] = &[];").unwrap_err();
        assert!(error.to_string().contains("no table UNSAFE"), "{error}");
    }

    fn operation(id: &str) -> serde_json::Value {
        json!({"operationId": id})
    }
}
