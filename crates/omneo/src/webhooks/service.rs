//! Receiving for tower, and for what is made of it: axum, tonic, hyper.

use std::convert::Infallible;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use http_body_util::{Either, Full};
use omneo_api::runtime::BoxFuture;
use tower_layer::Layer;
use tower_service::Service;

use super::receive::receive;
use super::{BoxError, Dispatcher, Event, Refusal, Verifier};

/// A service that receives webhooks: it verifies, hands the event to a [`Dispatcher`], and answers 200 without waiting for
/// the handler. What it does not take it answers by [`Refusal::status`].
///
/// ```no_run
/// # fn run(dispatcher: omneo::webhooks::Dispatcher) -> Result<axum::Router, omneo::Error> {
/// use omneo::webhooks::{Receiver, Verifier};
///
/// let receiver = Receiver::new(Verifier::new("hush")?, dispatcher);
/// let app = axum::Router::new().route_service("/omneo", receiver);
/// # Ok(app)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Receiver {
    verifier: Verifier,
    dispatcher: Dispatcher,
}

impl Receiver {
    /// Receives for a dispatcher.
    #[must_use]
    pub fn new(verifier: Verifier, dispatcher: Dispatcher) -> Self {
        Self {
            verifier,
            dispatcher,
        }
    }
}

impl<B> Service<Request<B>> for Receiver
where
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Full<Bytes>>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    /// Always: what can't be taken is answered 503.
    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let Self {
            verifier,
            dispatcher,
        } = self.clone();
        Box::pin(async move {
            let taken = async {
                let (head, body) = receive(request, &verifier).await?;
                let event = Event::delivered(&head.headers, body)?;
                dispatcher.submit(event).await
            };
            Ok(match taken.await {
                Ok(_) => Response::new(Full::default()),
                Err(refusal) => refusal.answer(),
            })
        })
    }
}

/// A layer that lets only signed requests through, for receivers that do the rest themselves: of a target's own payloads,
/// say. The service inside gets the whole body.
///
/// What is not signed is answered by [`Refusal::status`], and so is what is no `POST`.
///
/// ```no_run
/// # fn run() -> Result<axum::Router, omneo::Error> {
/// use axum::routing::post;
/// use omneo::webhooks::{Verifier, VerifyLayer};
///
/// let app = axum::Router::new()
///     .route("/target", post(async |payload: String| println!("{payload}")))
///     .layer(VerifyLayer::new(Verifier::new("hush")?));
/// # Ok(app)
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct VerifyLayer {
    verifier: Verifier,
}

impl VerifyLayer {
    /// Lets through what this verifies.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self { verifier }
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = Verify<S>;

    fn layer(&self, inner: S) -> Verify<S> {
        Verify {
            verifier: self.verifier.clone(),
            inner,
        }
    }
}

/// The service of a [`VerifyLayer`].
#[derive(Clone, Debug)]
pub struct Verify<S> {
    verifier: Verifier,
    inner: S,
}

impl<S, B, R> Service<Request<B>> for Verify<S>
where
    S: Service<Request<Full<Bytes>>, Response = Response<R>> + Clone + Send + 'static,
    S::Future: Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<BoxError>,
{
    type Response = Response<Either<Full<Bytes>, R>>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Self::Response, S::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let verifier = self.verifier.clone();
        // The one that is ready, not its copy.
        let mut inner = self.inner.clone();
        std::mem::swap(&mut inner, &mut self.inner);
        Box::pin(async move {
            match receive(request, &verifier).await {
                Ok((head, body)) => {
                    let request = Request::from_parts(head, Full::new(body));
                    Ok(inner.call(request).await?.map(Either::Right))
                }
                Err(refusal) => Ok(Refusal::answer(refusal).map(Either::Left)),
            }
        })
    }
}
