//! The records of a list, as a stream.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use super::{Drift, Pages};
use crate::Error;

/// The records of a list in order, read page by page as [`Pages`] are.
///
/// A [`Stream`] that ends with the last record, or with the first error; nothing follows either. With
/// [`next`](Self::next) and [`try_next`](Self::try_next) it needs no crate for streams; both lose nothing if they are
/// dropped half-way.
///
/// ```no_run
/// # #[cfg(feature = "incentives")]
/// # async fn run(api: omneo_api::Api) -> Result<(), omneo_api::Error> {
/// let mut rewards = api.rewards().list().items();
/// while let Some(reward) = rewards.try_next().await? {
///     println!("{:?}", reward.id);
/// }
/// if rewards.drift().removed > 0 {
///     println!("the list changed while it was read; read it again");
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a stream does nothing unless it is read"]
pub struct Items<T> {
    pages: Pages<T>,
    page: std::vec::IntoIter<T>,
}

impl<T: Send + 'static> Items<T> {
    pub(super) fn of(pages: Pages<T>) -> Self {
        Self {
            pages,
            page: Vec::new().into_iter(),
        }
    }

    /// The next record, or nothing after the last one.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The next record, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Whatever keeps its page from coming, see [`Error`]; with [`List::strict`](super::List::strict), that records
    /// were removed.
    pub async fn try_next(&mut self) -> Result<Option<T>, Error> {
        self.next().await.transpose()
    }
}

impl<T> Items<T> {
    /// How many records the list has, by the last page that came; unknown before the first, and where the server
    /// doesn't tell.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.pages.total()
    }

    /// How the list has changed while it was read so far.
    #[must_use]
    pub fn drift(&self) -> Drift {
        self.pages.drift()
    }
}

impl<T: Send + 'static> Stream for Items<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(item) = this.page.next() {
                // A request that waits for something, say for its turn, moves on only when it is polled.
                this.pages.advance(this.pages.prefetch(), cx);
                return Poll::Ready(Some(Ok(item)));
            }
            match ready!(Pin::new(&mut this.pages).poll_next(cx)) {
                Some(Ok(page)) => this.page = page.into_iter(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }
}

// Nothing is pinned in it but boxes.
impl<T> Unpin for Items<T> {}

impl<T> fmt::Debug for Items<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Items")
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}
