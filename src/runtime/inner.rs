//! What the generated client carries besides the base URL and the HTTP client.

use std::fmt;
use std::sync::Arc;

use super::{Operation, RequestOptions, Transport};

/// The transport, the options and the operation table of a client. A clone costs two counters.
#[derive(Clone)]
pub struct Inner {
    pub(super) transport: Arc<dyn Transport>,
    pub(super) options: Arc<RequestOptions>,
    pub(super) operations: &'static [Operation],
}

impl Inner {
    /// Without options. `operations` has to be sorted by id.
    #[must_use]
    pub fn new(transport: Arc<dyn Transport>, operations: &'static [Operation]) -> Self {
        debug_assert!(
            operations.is_sorted_by_key(|operation| operation.id),
            "the operation table is not sorted by id"
        );
        Self {
            transport,
            options: Arc::default(),
            operations,
        }
    }

    /// The same with other options.
    #[must_use]
    pub fn with_options(&self, options: impl Into<Arc<RequestOptions>>) -> Self {
        Self {
            options: options.into(),
            ..self.clone()
        }
    }

    /// The same with another transport.
    #[must_use]
    pub fn with_transport(&self, transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            ..self.clone()
        }
    }

    /// The options.
    #[must_use]
    pub fn options(&self) -> &RequestOptions {
        &self.options
    }

    /// The transport.
    #[must_use]
    pub fn transport(&self) -> &Arc<dyn Transport> {
        &self.transport
    }

    /// The operation table.
    #[must_use]
    pub fn operations(&self) -> &'static [Operation] {
        self.operations
    }
}

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inner")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
