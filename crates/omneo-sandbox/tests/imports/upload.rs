//! Sending a file.

use omneo_sandbox::Sandbox;
use serde_json::Value;

const BOUNDARY: &str = "not-in-any-file";

/// Sends a form with a file over HTTP; the status and the body.
pub(crate) fn sent(
    sandbox: &Sandbox,
    path: &str,
    fields: &[(&str, &str)],
    file: Option<&[u8]>,
) -> (u16, Value) {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        body.extend(part.into_bytes());
    }
    if let Some(file) = file {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"rows.csv\"\r\n\
             Content-Type: text/csv\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(file);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
    let request = reqwest::Client::new()
        .post(format!("{}{path}", sandbox.url()))
        .bearer_auth(sandbox.token())
        .header(
            "Content-Type",
            format!("multipart/form-data; boundary={BOUNDARY}"),
        )
        .body(body);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let answer = request.send().await.expect("an answer");
        let status = answer.status().as_u16();
        let text = answer.text().await.expect("a body");
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    })
}

/// The import of a file for a handler.
#[track_caller]
pub(crate) fn uploaded(sandbox: &Sandbox, handler: &str, file: &str) -> Value {
    let fields = [("handler", handler)];
    let (status, body) = sent(sandbox, "/v3/imports", &fields, Some(file.as_bytes()));
    assert_eq!(status, 200, "{body}");
    body["data"].clone()
}
