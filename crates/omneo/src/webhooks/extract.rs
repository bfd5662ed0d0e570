//! Receiving for axum.

use axum_core::body::Body;
use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};

use super::receive::receive;
use super::{Event, FromEvent, Refusal, Verifier};

/// What Omneo sent, verified: an [`Event`], or its context as any type, as for a [`Router`](super::Router)'s handlers. The
/// router's state has to have a [`Verifier`], by `FromRef`.
///
/// What is not taken is answered by [`Refusal::status`]. Mount it with `any`, so that it answers other methods too. The
/// size of the body is bounded by the verifier alone, not by axum's `DefaultBodyLimit`.
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use axum::routing::any;
/// use omneo::webhooks::{Event, Signed, Verifier};
///
/// async fn receive(Signed(event): Signed<Event>) {
///     println!("{} {}", event.trigger(), event.text());
/// }
///
/// let app = axum::Router::new().route("/omneo", any(receive)).with_state(Verifier::new("hush")?);
/// axum::serve(tokio::net::TcpListener::bind("127.0.0.1:8080").await?, app).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Signed<T>(pub T);

impl<T, S> FromRequest<S> for Signed<T>
where
    T: FromEvent,
    S: Send + Sync,
    Verifier: FromRef<S>,
{
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        let verifier = Verifier::from_ref(state);
        let (head, body) = receive(request, &verifier).await?;
        let event = Event::delivered(&head.headers, body)?;
        T::from_event(&event).map(Self).map_err(|error| {
            tracing::warn!(error = %error, "a delivery was refused");
            Refusal::Misfit
        })
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        self.answer::<Body>()
    }
}
