//! Real answers and requests, through the generated types and back.
//!
//! Each file of a folder holds one payload and says which schema it is of:
//! `{"schema": "Reward", "kind": "response", "wrap": "data", "payload": …}`, where `kind` is
//! `request` or anything that is read, and `wrap` is `none`, `data`, `list` or `paginated`. A
//! payload that is marked `"fits_v3": false` is of an older version, and is passed over.
//!
//! ```text
//! cargo test --test payloads -- FOLDER
//! ```

#[path = "../support/compare.rs"]
mod compare;
#[path = "../support/knowledge.rs"]
mod knowledge;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use omneo_api::omneo_types::{Data, Links, Meta, Page};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use knowledge::Knowledge;

#[derive(Deserialize)]
struct Sample {
    schema: String,
    kind: String,
    #[serde(default)]
    wrap: String,
    payload: Value,
    fits_v3: Option<bool>,
}

type Outcome = Result<Value, String>;

fn main() -> ExitCode {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = env::args()
        .skip(1)
        .find(|argument| !argument.starts_with('-'))
        .map_or_else(|| root.join("tests/fixtures/payloads"), PathBuf::from);
    let knowledge = Knowledge::of_the_schema(root);
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let (mut decoded, mut failed) = (0, 0);
    for file in &files {
        match check(file, &knowledge) {
            Ok(true) => decoded += 1,
            Ok(false) => {}
            Err(problems) => {
                failed += 1;
                for problem in problems {
                    println!("{}: {problem}", file.display());
                }
            }
        }
    }
    println!("{decoded} decoded, {failed} failed");
    if decoded == 0 {
        println!("there is no payload in {}", folder.display());
    }
    if failed == 0 && decoded > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
}

/// Whether the file was checked; what went wrong otherwise.
fn check(file: &Path, knowledge: &Knowledge) -> Result<bool, Vec<String>> {
    let one = |problem: String| vec![problem];
    let text = fs::read(file).map_err(|error| one(error.to_string()))?;
    let sample: Sample =
        serde_json::from_slice(&text).map_err(|error| one(format!("no sample: {error}")))?;
    if sample.fits_v3 == Some(false) {
        return Ok(false);
    }
    let encoded = through(&sample).map_err(one)?;
    let problems = if sample.kind == "request" {
        compare::request(&sample.payload, &encoded, |_, _| false)
    } else {
        let schema = in_envelope(&sample.schema, &sample.wrap);
        compare::answer(&sample.payload, &encoded, knowledge, &schema)
    };
    if problems.is_empty() {
        Ok(true)
    } else {
        Err(problems)
    }
}

/// The schema of a payload in its envelope.
fn in_envelope(name: &str, wrap: &str) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{name}") });
    let data = match wrap {
        "data" => schema,
        "list" | "paginated" => json!({ "items": schema }),
        _ => return schema,
    };
    json!({ "properties": { "data": data } })
}

/// Decodes and encodes a payload by the type of its schema.
fn through(sample: &Sample) -> Outcome {
    macro_rules! by_name {
        ($($name:literal => $type:ty,)*) => {
            match sample.schema.as_str() {
                $($name => wrapped::<$type>(sample),)*
                other => other_than_schemas(other, sample),
            }
        };
    }
    omneo_api::for_each_schema!(by_name)
}

/// Samples may name what is no component schema: the body of an error, and the tail of a page.
fn other_than_schemas(name: &str, sample: &Sample) -> Outcome {
    #[derive(Serialize, Deserialize)]
    struct Tail {
        links: Links,
        meta: Meta,
    }
    match name {
        "Error" => wrapped::<omneo_api::types::ErrorResponse>(sample),
        "PaginationTail" => round_trip::<Tail>(&sample.payload),
        _ => Err(format!("there is no schema `{name}`")),
    }
}

/// Takes the envelope off by a type that keeps its items as they are, so that each schema's type is
/// compiled once.
fn wrapped<T: DeserializeOwned + Serialize>(sample: &Sample) -> Outcome {
    let payload = &sample.payload;
    match sample.wrap.as_str() {
        "data" => {
            let Data { data } = parse::<Data<Value>>(payload)?;
            print(&Data::from(round_trip::<T>(&data)?))
        }
        "list" | "paginated" => {
            let mut page = parse::<Page<Value>>(payload)?;
            page.data = each::<T>(&page.data)?.into();
            print(&page)
        }
        // The metadata of a page is a schema; a sample of it comes with its links.
        _ if sample.schema == "PaginationMeta" && payload.get("meta").is_some() => {
            other_than_schemas("PaginationTail", sample)
        }
        _ => match payload {
            // Some lists are shown without their envelope.
            Value::Array(items) => each::<T>(items).map(Value::from),
            payload => round_trip::<T>(payload),
        },
    }
}

fn each<T: DeserializeOwned + Serialize>(items: &[Value]) -> Result<Vec<Value>, String> {
    items.iter().map(round_trip::<T>).collect()
}

fn round_trip<T: DeserializeOwned + Serialize>(payload: &Value) -> Outcome {
    print(&parse::<T>(payload)?)
}

fn parse<T: DeserializeOwned>(payload: &Value) -> Result<T, String> {
    T::deserialize(payload).map_err(|error| error.to_string())
}

fn print<T: Serialize>(value: &T) -> Outcome {
    serde_json::to_value(value).map_err(|error| error.to_string())
}
