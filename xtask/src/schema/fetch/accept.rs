//! Whether a document may take the place of the present schema.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use openapi_lowering::{Error, Options};
use serde_json::Value;

use crate::schema::nameless;

/// Refuses what is no OpenAPI 3 document of the API that the present one describes: another title
/// is another API, and so are other paths. Paths are the same whatever their parameters are called.
///
/// # Errors
///
/// A sentence that says what is wrong with the document.
pub fn accept(document: &[u8], present: &[u8]) -> Result<()> {
    let document = parse(document)?;
    let present: Value =
        serde_json::from_slice(present).context("the present openapi.json is no JSON")?;
    check_version(&document)?;

    let (offered, known) = (routes(&document), routes(&present));
    if offered.len() * 2 < known.len() {
        bail!(
            "the document has {} operations, fewer than half of the {} that openapi.json has",
            offered.len(),
            known.len()
        );
    }
    let (title, known_title) = (title(&document), title(&present));
    if !is_same_title(title, known_title) {
        bail!("the document is of another API: its title is {title:?}, not {known_title:?}");
    }
    let shared = offered.intersection(&known).count();
    if shared * 2 < known.len() {
        bail!(
            "the document is of another API: of the {} operations of openapi.json it has {shared}",
            known.len()
        );
    }
    Ok(())
}

fn parse(document: &[u8]) -> Result<Value> {
    if document.trim_ascii().is_empty() {
        bail!("the document is empty");
    }
    if document.trim_ascii_start().starts_with(b"<") {
        bail!("the document is HTML, not JSON; pass the address of the JSON document with --url");
    }
    match serde_json::from_slice(document) {
        Ok(document) => Ok(document),
        Err(error) if error.is_eof() => bail!("the document is cut off: {error}"),
        Err(error) => bail!("the document is no JSON: {error}"),
    }
}

/// Corrections may mend what else the lowering does not take.
fn check_version(document: &Value) -> Result<()> {
    match openapi_lowering::lower_value(document, &Options::default()) {
        Err(
            refusal @ (Error::NotOpenApi { .. }
            | Error::Swagger { .. }
            | Error::Version { .. }
            | Error::TooDeep { .. }),
        ) => Err(refusal.into()),
        _ => Ok(()),
    }
}

fn title(document: &Value) -> &str {
    document
        .pointer("/info/title")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .trim()
}

/// `Omneo API` is `Omneo`.
fn is_same_title(title: &str, known: &str) -> bool {
    let (title, known) = (title.to_lowercase(), known.to_lowercase());
    !title.is_empty() && (title.contains(&known) || known.contains(&title))
}

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// Method and path of every operation, with nameless parameters.
fn routes(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut routes = BTreeSet::new();
    for (path, item) in paths.into_iter().flatten() {
        for method in item.as_object().into_iter().flatten().map(|(name, _)| name) {
            if METHODS.contains(&method.as_str()) {
                routes.insert((method.clone(), nameless(path)));
            }
        }
    }
    routes
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::accept;

    fn api(title: &str, paths: &[&str]) -> Value {
        let paths = paths
            .iter()
            .map(|path| {
                (
                    (*path).to_owned(),
                    json!({"get": {}, "x-note": 1, "post": {}}),
                )
            })
            .collect::<serde_json::Map<_, _>>();
        json!({"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": paths})
    }

    const PATHS: &[&str] = &["/a", "/a/{a}", "/b", "/b/{b}/c"];

    fn refusal(document: &str) -> String {
        let present = api("Omneo", PATHS).to_string();
        accept(document.as_bytes(), present.as_bytes())
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn a_document_of_the_same_api_is_accepted() {
        let present = api("Omneo", PATHS).to_string();
        for document in [
            api("Omneo", PATHS),
            api("Omneo API", &["/a", "/a/{id}", "/d"]),
            api("omneo", &["/a", "/b/{id}/c", "/d", "/e", "/f"]),
        ] {
            accept(document.to_string().as_bytes(), present.as_bytes()).unwrap();
        }
    }

    #[test]
    fn what_is_no_openapi_document_is_refused() {
        let whole = api("Omneo", PATHS).to_string();
        for (document, why) in [
            ("", "is empty"),
            ("\n <!DOCTYPE html><html>", "is HTML, not JSON"),
            ("openapi: 3.1.0", "is no JSON"),
            (&whole[..whole.len() / 2], "is cut off"),
            ("[]", "no OpenAPI document"),
            ("{\"message\": \"Not found\"}", "no OpenAPI document"),
            ("{\"swagger\": \"2.0\"}", "is a Swagger 2.0 document"),
            ("{\"openapi\": \"4.0.0\"}", "OpenAPI 4.0.0 is not supported"),
        ] {
            let refusal = refusal(document);
            assert!(refusal.contains(why), "{document}: {refusal}");
        }
    }

    #[test]
    fn a_document_with_too_few_operations_is_refused() {
        let refusal = refusal(&api("Omneo", &["/a"]).to_string());
        assert!(
            refusal.contains("2 operations, fewer than half of the 8"),
            "{refusal}"
        );
    }

    #[test]
    fn a_document_of_another_api_is_refused() {
        let refused = refusal(&api("Pets", PATHS).to_string());
        assert!(refused.contains("its title is \"Pets\""), "{refused}");
        let refused = refusal(&api("", PATHS).to_string());
        assert!(refused.contains("its title is \"\""), "{refused}");
        let refused = refusal(&api("Omneo", &["/a", "/p", "/q", "/r"]).to_string());
        assert!(
            refused.contains("of the 8 operations of openapi.json it has 2"),
            "{refused}"
        );
    }
}
