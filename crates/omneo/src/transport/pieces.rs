//! Answers that are handed on piece by piece, after the attempt is over.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{StreamExt, stream};
use omneo_api::http;
use reqwest::{Body, Response};

use crate::timer::Timer;

/// The same answer with a time limit for each piece: a server that falls silent amid a download would be waited for for
/// ever.
pub(super) fn limited(mut response: Response, timer: Arc<dyn Timer>, limit: Duration) -> Response {
    let mut limited = http::Response::new(());
    *limited.status_mut() = response.status();
    *limited.version_mut() = response.version();
    *limited.headers_mut() = std::mem::take(response.headers_mut());
    *limited.extensions_mut() = std::mem::take(response.extensions_mut());
    let pieces = stream::try_unfold(response.bytes_stream(), move |mut pieces| {
        let silence = timer.limit(limit);
        async move {
            tokio::select! {
                biased;
                piece = pieces.next() => match piece {
                    Some(Ok(piece)) => Ok(Some((piece, pieces))),
                    Some(Err(error)) => Err(io::Error::other(error.without_url())),
                    None => Ok(None),
                },
                () = silence => Err(io::Error::from(io::ErrorKind::TimedOut)),
            }
        }
    });
    limited.map(|()| Body::wrap_stream(pieces)).into()
}
