//! The body of a request, as the members that rules see.

use bytes::Bytes;
use futures_util::FutureExt;
use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::answer::Refusal;
use crate::call::Upload;
use crate::query::Query;
use crate::record::Record;
use crate::schema::{Media, Operation, SCHEMA};

/// What a request carries.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) members: Record,
    pub(crate) file: Option<Upload>,
}

/// Reads a body in the encoding that its header names, or else that the operation has.
///
/// # Errors
///
/// 400 for what can't be read, and 422 for JSON that is no object.
pub(crate) fn read(
    operation: &Operation,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Content, Refusal> {
    if body.is_empty() {
        return Ok(Content::default());
    }
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type.map(|value| value.split(';').next().unwrap_or_default().trim());
    let media = match essence {
        Some("multipart/form-data") => Media::Multipart,
        Some("application/x-www-form-urlencoded") => Media::Form,
        Some(essence) if essence.ends_with("json") => Media::Json,
        _ => operation
            .body
            .as_ref()
            .map_or(Media::Json, |body| body.media),
    };
    match media {
        Media::Json => json(body),
        Media::Form => form(body),
        Media::Multipart => multipart(content_type.unwrap_or_default(), body),
    }
}

fn json(body: &[u8]) -> Result<Content, Refusal> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(Content {
            members,
            file: None,
        }),
        // PHP has an empty map as an empty list.
        Ok(Value::Array(items)) if items.is_empty() => Ok(Content::default()),
        Ok(_) => Err(Refusal::invalid("body", "The body must be a JSON object.")),
        Err(error) => Err(unreadable(&format!("no JSON: {error}"))),
    }
}

fn form(body: &[u8]) -> Result<Content, Refusal> {
    let text = std::str::from_utf8(body).map_err(|_| unreadable("no UTF-8"))?;
    Ok(Content {
        members: Query::parse(text).into_members(),
        file: None,
    })
}

fn multipart(content_type: &str, body: &Bytes) -> Result<Content, Refusal> {
    let boundary = multer::parse_boundary(content_type)
        .map_err(|error| unreadable(&format!("no form of several parts: {error}")))?;
    let whole = futures_util::stream::iter([Ok::<_, std::convert::Infallible>(body.clone())]);
    let mut parts = multer::Multipart::new(whole, boundary);
    // All of it is there, so nothing has to be waited for.
    let read = async {
        let mut content = Content::default();
        while let Some(part) = parts.next_field().await? {
            let name = part.name().unwrap_or_default().to_owned();
            let file = part.file_name().map(str::to_owned);
            let bytes = part.bytes().await?;
            let text = String::from_utf8_lossy(&bytes).into_owned();
            match file {
                Some(file) => {
                    content.members.insert(name, Value::from(file.clone()));
                    content.file = Some(Upload {
                        name: file,
                        bytes: bytes.into(),
                    });
                }
                None => {
                    content.members.insert(name, Value::from(text));
                }
            }
        }
        Ok::<_, multer::Error>(content)
    };
    match read.now_or_never() {
        Some(Ok(content)) => Ok(content),
        Some(Err(error)) => Err(unreadable(&format!("no form of several parts: {error}"))),
        None => Err(unreadable("not complete")),
    }
}

/// A body that fits the operation's schema.
///
/// # Errors
///
/// 422 that says where it does not.
pub(crate) fn fitting(operation: &Operation, members: Record) -> Result<Record, Refusal> {
    let body = Value::Object(members);
    let problems = SCHEMA.problems(operation, &body);
    if !problems.is_empty() {
        return Err(Refusal::Invalid(problems));
    }
    match body {
        Value::Object(members) => Ok(members),
        _ => Ok(Record::new()),
    }
}

fn unreadable(why: &str) -> Refusal {
    Refusal::Status(400, format!("The body can not be read: it is {why}."))
}
