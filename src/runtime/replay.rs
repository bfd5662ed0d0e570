//! What a retrying transport needs to send a request again.

use reqwest::{Client, Request};

use super::{BoxFuture, Call, Error, Multipart};

/// A request kept for another attempt. Costs no copy of the body.
#[derive(Debug)]
pub struct Replay {
    /// Without the body if that is multipart.
    request: Request,
    multipart: Option<(Client, Multipart)>,
}

impl Replay {
    pub(super) fn of(client: &Client, request: &Request, call: Call<'_>) -> Option<Replay> {
        let Some(multipart) = &call.options.multipart else {
            return request.try_clone().map(|request| Replay {
                request,
                multipart: None,
            });
        };
        let mut bare = Request::new(request.method().clone(), request.url().clone());
        *bare.headers_mut() = request.headers().clone();
        *bare.timeout_mut() = request.timeout().copied();
        *bare.version_mut() = request.version();
        Some(Replay {
            request: bare,
            multipart: Some((client.clone(), multipart.clone())),
        })
    }

    /// The body, if it is in memory and no multipart.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.request.body()?.as_bytes()
    }

    /// Whether it can't be sent again, as something of it is gone that can be read only once.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.multipart
            .as_ref()
            .is_some_and(|(_, multipart)| multipart.is_spent())
    }

    /// The same request again; files are opened anew.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest`](super::ErrorKind::InvalidRequest) if a file can no longer be opened, or was read and
    /// can be read only once.
    pub fn request(&self) -> BoxFuture<'_, Result<Request, Error>> {
        Box::pin(async move {
            // `of` has cloned it once, so there is nothing in it that can't be cloned.
            let request = self
                .request
                .try_clone()
                .ok_or_else(|| Error::invalid_request("the body can be sent only once"))?;
            match &self.multipart {
                Some((client, multipart)) => multipart.attach(client, request).await,
                None => Ok(request),
            }
        })
    }
}
