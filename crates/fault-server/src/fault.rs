//! What goes wrong with a request.

use std::fmt;
use std::sync::Arc;

use crate::{Received, Response};

/// When in the course of a request its connection is reset, closed or stalled.
///
/// | | the request was read | processed | answered |
/// |---|---|---|---|
/// | `Unread` | no | no | no |
/// | `Unprocessed` | yes | no | no |
/// | `Unanswered` | yes | yes | no |
/// | `InHead` | yes | yes | half of the status line and headers |
/// | `InBody` | yes | yes | the head and half of the body |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// When its first bytes are there.
    ///
    /// Such a request is not among [`received`](crate::FaultServer::received). Only a script can have this moment: a
    /// fallback decides by the request, which is read by then, so it is `Unprocessed` there.
    Unread,
    /// Between reading and processing it.
    Unprocessed,
    /// Between processing it and the first byte of the answer.
    Unanswered,
    /// Amid the status line and headers of the answer.
    InHead,
    /// Amid the body of the answer; amid its head, if it has no body.
    InBody,
}

impl Moment {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [
        Self::Unread,
        Self::Unprocessed,
        Self::Unanswered,
        Self::InHead,
        Self::InBody,
    ];

    /// Whether a request is processed by then.
    #[must_use]
    pub fn is_processed(self) -> bool {
        !matches!(self, Self::Unread | Self::Unprocessed)
    }
}

/// What becomes of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum End {
    Reset,
    Close,
    Stall,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    pub(crate) moment: Moment,
    pub(crate) end: End,
}

type Change = Arc<dyn Fn(Response) -> Response + Send + Sync>;

/// What goes wrong with a request: nothing, its connection, or its answer.
///
/// ```
/// use fault_server::{Fault, Moment, Response};
/// use serde_json::json;
///
/// // The connection. The application runs if the moment is after processing.
/// let lost = Fault::reset(Moment::Unanswered);
/// let cut_short = Fault::close(Moment::InBody);
/// let cut_short_in_a_chunk = Fault::close(Moment::InBody).with(Response::chunked);
/// let silent = Fault::stall(Moment::Unprocessed);
///
/// // Another answer than the application's, which does not run,
/// let throttled = Fault::respond(Response::new(429).retry_after(1).rate_limit(60, 0));
/// let error_in_200 = Fault::respond(Response::json(200, &json!({"message": "Server Error"})));
/// // or which does.
/// let gateway = Fault::respond(Response::html(502, "<h1>Bad Gateway</h1>")).processed();
///
/// // The application's answer, spoilt.
/// let half_a_document = Fault::none().with(Response::truncated);
/// let not_json = Fault::none().with(|response| response.content_type("text/html"));
/// ```
#[derive(Clone)]
#[must_use]
pub struct Fault {
    pub(crate) cut: Option<Cut>,
    processed: bool,
    instead: Option<Response>,
    changes: Vec<Change>,
}

impl Fault {
    /// Nothing goes wrong: the application's response is sent.
    pub fn none() -> Self {
        Self {
            cut: None,
            processed: true,
            instead: None,
            changes: Vec::new(),
        }
    }

    /// The connection is reset (RST): the client's system reports `ECONNRESET`.
    ///
    /// On Linux the client reads first what was sent before.
    pub fn reset(moment: Moment) -> Self {
        Self::cut(moment, End::Reset)
    }

    /// The connection is closed in order (FIN): the client reads the end of the stream.
    ///
    /// With [`Moment::InBody`] this is an answer that is shorter than its `Content-Length` says, or that ends amid a chunk.
    pub fn close(moment: Moment) -> Self {
        Self::cut(moment, End::Close)
    }

    /// Nothing more happens until [`release`](crate::FaultServer::release), and the connection stays open.
    ///
    /// When released, the request goes on as if nothing had been.
    pub fn stall(moment: Moment) -> Self {
        Self::cut(moment, End::Stall)
    }

    /// This response is sent, and the request is not processed.
    pub fn respond(response: Response) -> Self {
        Self {
            processed: false,
            instead: Some(response),
            ..Self::none()
        }
    }

    /// A response of this status without a body is sent, and the request is not processed.
    pub fn status(status: u16) -> Self {
        Self::respond(Response::new(status))
    }

    /// The request is processed, though the answer is not the application's.
    pub fn processed(mut self) -> Self {
        self.processed = true;
        self
    }

    /// The response is changed before it is sent.
    pub fn with(mut self, change: impl Fn(Response) -> Response + Send + Sync + 'static) -> Self {
        self.changes.push(Arc::new(change));
        self
    }

    fn cut(moment: Moment, end: End) -> Self {
        Self {
            cut: Some(Cut { moment, end }),
            ..Self::none()
        }
    }

    pub(crate) fn is_unread(&self) -> bool {
        self.cut.is_some_and(|cut| cut.moment == Moment::Unread)
    }

    /// The response to a request that got as far as having one.
    pub(crate) fn response(
        self,
        request: &Received,
        application: impl FnOnce(&Received) -> Response,
    ) -> Response {
        let processed = self.processed.then(|| {
            let response = application(request);
            request.set_processed();
            response
        });
        let response = self.instead.or(processed).unwrap_or_default();
        self.changes
            .iter()
            .fold(response, |response, change| change(response))
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fault")
            .field("cut", &self.cut)
            .field("processed", &self.processed)
            .field("instead", &self.instead)
            .field("changes", &self.changes.len())
            .finish()
    }
}
