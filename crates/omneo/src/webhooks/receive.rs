//! Requests, read and verified.

use std::error::Error;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use http::request::Parts;
use http::{Method, Request, Response};
use http_body::Body;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::verify::{Verifier, signature};
use super::{BoxError, Refusal};

/// Reads a delivery to its end, and verifies it. What can be refused by its head is not read, nor is what lies beyond the
/// limit.
pub(super) async fn receive<B>(
    request: Request<B>,
    verifier: &Verifier,
) -> Result<(Parts, Bytes), Refusal>
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let (head, body) = request.into_parts();
    if head.method != Method::POST {
        return Err(Refusal::Method);
    }
    signature(&head.headers)?;
    verifier.check_size(body.size_hint().lower())?;
    let read = Limited::new(body, verifier.limit()).collect().await;
    let body = read.map_err(|error| match is_length(&*error) {
        true => Refusal::TooLarge {
            limit: verifier.limit(),
        },
        false => Refusal::BrokenOff,
    })?;
    let body = body.to_bytes();
    verifier.verify(&head.headers, &body)?;
    Ok((head, body))
}

fn is_length(error: &(dyn Error + Send + Sync + 'static)) -> bool {
    error.is::<LengthLimitError>()
}

impl Refusal {
    /// The answer: the status, and a sentence.
    pub(super) fn answer<B: From<String>>(self) -> Response<B> {
        let mut answer = Response::new(B::from(self.to_string()));
        *answer.status_mut() = self.status();
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        if self == Self::Method {
            headers.insert(ALLOW, HeaderValue::from_static("POST"));
        }
        tracing::debug!(
            status = self.status().as_u16(),
            "a delivery was refused: {self}"
        );
        answer
    }
}
