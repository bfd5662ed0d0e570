//! What goes with all records of a run, where the schema has no type for it.

use omneo_types::{Id, List};
use serde::Serialize;

/// What custom fields belong to: a model such as `profile`, and the id of one of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct CustomFieldOwner {
    /// The model.
    pub model: Id,
    /// The id of the owner.
    pub id: Id,
}

impl CustomFieldOwner {
    /// One owner.
    pub fn new(model: impl Into<Id>, id: impl Into<Id>) -> Self {
        Self {
            model: model.into(),
            id: id.into(),
        }
    }
}

/// The identifier of something whose event is fired again, for webhooks and for actions: what it is the identifier of, and
/// who is told, is in the [`WebhookBatchInput`](omneo_api::types::WebhookBatchInput) that goes with all of them. Its own
/// `identifiers` are not sent.
///
/// ```no_run
/// # async fn run(omneo: omneo::Omneo, orders: Vec<String>) {
/// use futures_util::stream;
/// use omneo::batch::EventIdentifier;
/// use omneo::types::WebhookBatchInput;
///
/// let missed = WebhookBatchInput {
///     webhook_ids: Some(vec![12.into()].into()),
///     ..WebhookBatchInput::new("order", Vec::new())
/// };
/// let orders = stream::iter(orders).map(EventIdentifier);
/// # use futures_util::StreamExt as _;
/// let report = omneo.batch_of(missed).send(orders).report().await;
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct EventIdentifier(pub String);

impl EventIdentifier {
    pub(super) fn unwrapped(identifiers: Vec<Self>) -> List<String> {
        let identifiers = identifiers.into_iter().map(|identifier| identifier.0);
        identifiers.collect::<Vec<_>>().into()
    }

    pub(super) fn wrapped(identifiers: List<String>) -> Vec<Self> {
        Vec::from(identifiers).into_iter().map(Self).collect()
    }
}
