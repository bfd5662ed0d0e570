//! The one way to the wire.

use std::borrow::Cow;

use reqwest::header::{
    ACCEPT, CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING,
};
use reqwest::{Client, Request, Response, Url};

use super::attempts::Attempts;
use super::body::{Buffered, End};
use super::operation::Body;
use super::response::Answered;
use super::{
    BoxFuture, Call, DEFAULT_MAX_RESPONSE_BYTES, Error, Inner, Operation, RequestOptions,
    StatusError, body, path, redact,
};

/// The longest error body that is read.
const ERROR_BODY: u64 = 64 * 1024;

/// Headers that frame the message: only the HTTP library can set them rightly.
const FRAMING: [HeaderName; 4] = [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION];

/// Executes a request of a generated method; the body of [`ClientHooks::exec`](super::ClientHooks::exec).
pub(super) fn exec<'a>(
    client: &'a Client,
    inner: &'a Inner,
    request: Request,
    operation_id: &'static str,
) -> BoxFuture<'a, Result<Response, Error>> {
    let operation = Operation::find(inner.operations, operation_id);
    send(client, inner, request, operation_id.into(), operation)
}

/// Executes a request under a name.
pub(super) fn send<'a>(
    client: &'a Client,
    inner: &'a Inner,
    request: Request,
    name: Cow<'static, str>,
    operation: Option<&'static Operation>,
) -> BoxFuture<'a, Result<Response, Error>> {
    Box::pin(async move {
        let call = Call {
            operation,
            operation_id: &name,
            options: &inner.options,
        };
        match transfer(client, inner, request, call).await {
            Ok(mut response) => {
                let answered = Answered {
                    operation: Some(name),
                    limit: inner.options.max_response_bytes,
                    attempts: response.extensions().get().copied(),
                };
                response.extensions_mut().insert(answered);
                Ok(response)
            }
            Err(error) => Err(error.with_operation(name)),
        }
    })
}

async fn transfer(
    client: &Client,
    inner: &Inner,
    mut request: Request,
    call: Call<'_>,
) -> Result<Response, Error> {
    let options = call.options;
    check(request.url(), call.operation, options)?;
    if !options.query.is_empty() {
        request
            .url_mut()
            .query_pairs_mut()
            .extend_pairs(&options.query);
    }
    set_headers(request.headers_mut(), &options.headers)?;
    if options.timeout.is_some() {
        *request.timeout_mut() = options.timeout;
    }
    if let Some(multipart) = &options.multipart {
        request = multipart.attach(client, request).await?;
    }
    let mut response = inner.transport.send(client, request, call).await?;
    if !response.status().is_success() {
        // A body that breaks off or goes on is still a body: the status is what counts.
        let (body, _) = body::read(&mut response, ERROR_BODY).await;
        let error = Error::answer(StatusError::new(
            response.status(),
            response.headers(),
            &body,
        ));
        return Err(match response.extensions().get::<Attempts>() {
            Some(attempts) => error.with_attempts(*attempts),
            None => error,
        });
    }
    Ok(response)
}

/// Reads the body of an answer; [`Call::read`].
pub(super) async fn buffer(mut response: Response, call: Call<'_>) -> Result<Response, Error> {
    let status = response.status();
    if call.is_streamed(status) {
        return Ok(response);
    }
    let (limit, strict) = match status.is_success() {
        true => {
            let limit = call.options.max_response_bytes;
            (limit.unwrap_or(DEFAULT_MAX_RESPONSE_BYTES), true)
        }
        false => (ERROR_BODY, false),
    };
    let announced = response.content_length();
    let error = if strict && announced.is_some_and(|length| length > limit) {
        Error::too_large(limit)
    } else {
        match body::read(&mut response, limit).await {
            (_, End::Limit) if strict => Error::too_large(limit),
            (_, End::Broken(error)) if strict => Error::transport(error),
            (body, _) => {
                response.extensions_mut().insert(Buffered(body));
                return Ok(response);
            }
        }
    };
    Err(error.with_status(status))
}

/// Refuses what would not do what its caller means.
fn check(
    url: &Url,
    operation: Option<&'static Operation>,
    options: &RequestOptions,
) -> Result<(), Error> {
    let refuse = |message: String| Err(Error::invalid_request(message));
    if let Some(why) = path::refusal(url) {
        return refuse(why);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse(
            "the base URL has a query or fragment, which would swallow the path".to_owned(),
        );
    }
    let Some(operation) = operation else {
        return Ok(());
    };
    if let Some(template) = path::shadow(operation, url) {
        return refuse(format!(
            "a path parameter is a reserved word: the server would take it for {template}; pass the id of a record"
        ));
    }
    for parameter in operation
        .query
        .iter()
        .filter(|parameter| parameter.required)
    {
        if !options
            .query
            .iter()
            .any(|(name, _)| parameter.is_given_by(name))
        {
            return refuse(format!(
                "the query parameter `{}` is required; add it to the request options",
                parameter.name
            ));
        }
    }
    match (operation.body, &options.multipart) {
        (Body::Multipart(parts), multipart) => {
            let given = |name| {
                multipart
                    .as_ref()
                    .is_some_and(|multipart| multipart.names().any(|given| given == name))
            };
            let missing: Vec<_> = parts
                .iter()
                .filter(|part| part.required && !given(part.name))
                .map(|part| part.name)
                .collect();
            if !missing.is_empty() || multipart.is_none() {
                let named = if missing.is_empty() {
                    String::new()
                } else {
                    format!(" with `{}`", missing.join("`, `"))
                };
                return refuse(format!(
                    "a multipart body{named} is required; add it to the request options"
                ));
            }
        }
        (_, Some(_)) => {
            return refuse(
                "this operation takes no multipart body; drop it from the request options"
                    .to_owned(),
            );
        }
        (_, None) => {}
    }
    Ok(())
}

fn set_headers(headers: &mut HeaderMap, options: &HeaderMap) -> Result<(), Error> {
    // Progenitor sends the schema's version; Omneo has no such header.
    headers.remove("api-version");
    // Without it Laravel answers errors as HTML pages.
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    for name in options.keys() {
        if FRAMING.contains(name) {
            return Err(Error::invalid_request(format!(
                "the header `{name}` is set by the HTTP client; drop it from the request options"
            )));
        }
        headers.remove(name);
        for value in options.get_all(name) {
            let mut value = value.clone();
            value.set_sensitive(value.is_sensitive() || redact::is_secret(name.as_str()));
            headers.append(name, value);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
