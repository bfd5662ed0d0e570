//! The pages of a list, as a stream.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use futures_util::future::{MaybeDone, maybe_done};
use omneo_types::Page;

use super::list::Answer;
use super::progress::{Progress, Told};
use super::{Drift, List};
use crate::Error;

/// The pages of a list in order, each asked for when the one before is taken, or a few ahead ([`List::prefetch`]).
///
/// A [`Stream`] that ends with the last page, or with the first error; nothing follows either. An error names its page
/// ([`Error::page`]). A page may be empty. Dropping the stream drops the requests on their way, and with
/// [`next`](Self::next) and [`try_next`](Self::try_next) it needs no crate for streams; both lose nothing if they are
/// dropped half-way.
#[must_use = "a stream does nothing unless it is read"]
pub struct Pages<T> {
    list: List<T>,
    progress: Progress,
    /// The pages after the last one that was handed out, in order.
    ahead: VecDeque<Asked<T>>,
}

/// A page that was asked for.
struct Asked<T> {
    number: u64,
    answer: MaybeDone<Answer<T>>,
    /// Whether the reader waits for it.
    awaited: bool,
}

impl<T: Send + 'static> Pages<T> {
    pub(super) fn of(list: List<T>) -> Self {
        Self {
            list,
            progress: Progress::new(),
            ahead: VecDeque::new(),
        }
    }

    /// The next page, or nothing after the last one.
    pub async fn next(&mut self) -> Option<Result<Page<T>, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The next page, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Whatever keeps the page from coming, see [`Error`]; with [`List::strict`], that records were removed.
    pub async fn try_next(&mut self) -> Result<Option<Page<T>>, Error> {
        self.next().await.transpose()
    }

    /// Asks for what may be asked for, and lets what is on its way come on.
    pub(super) fn advance(&mut self, ahead: usize, cx: &mut Context<'_>) {
        while let Some(number) = self.progress.ask(ahead) {
            let asked = Asked::of(&self.list, number, false);
            self.ahead.push_back(asked);
        }
        for page in &mut self.ahead {
            // What comes of it is taken in its turn.
            let _ = Pin::new(&mut page.answer).poll(cx);
        }
    }

    /// The answer of the next page, once it is there; `None` if there is no next page.
    fn poll_answer(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Page<T>, Error>>> {
        let Some(next) = self.ahead.front_mut() else {
            return Poll::Ready(None);
        };
        let answer = Pin::new(&mut next.answer).output_mut();
        // A request that nobody polls runs into its time limit while the reader is busy with the page before.
        if !next.awaited && matches!(answer, Some(Err(error)) if error.is_timeout()) {
            *next = Asked::of(&self.list, next.number, true);
            let _ = Pin::new(&mut next.answer).poll(cx);
        }
        next.awaited = true;
        match Pin::new(&mut next.answer).take_output() {
            Some(answer) => {
                self.ahead.pop_front();
                Poll::Ready(Some(answer))
            }
            None => Poll::Pending,
        }
    }

    /// Takes note of what the next page says of the list.
    fn take(&mut self, page: Page<T>) -> Result<Page<T>, Error> {
        let has_next = page
            .links
            .as_ref()
            .is_some_and(|links| links.next.is_some());
        let told = Told::by(page.len(), page.meta.as_ref(), has_next);
        self.progress
            .read(&told, self.list.operation(), self.list.strict)?;
        Ok(page)
    }

    fn end(&mut self) {
        self.progress.end();
        self.ahead.clear();
    }
}

impl<T: Send + 'static> Asked<T> {
    fn of(list: &List<T>, number: u64, awaited: bool) -> Self {
        Self {
            number,
            answer: maybe_done(list.fetch(Some(number))),
            awaited,
        }
    }
}

impl<T> Pages<T> {
    /// How many records the list has, by the last page that came; unknown before the first, and where the server
    /// doesn't tell.
    #[must_use]
    pub fn total(&self) -> Option<u64> {
        self.progress.total()
    }

    /// How the list has changed while it was read so far.
    #[must_use]
    pub fn drift(&self) -> Drift {
        self.progress.drift()
    }

    pub(super) fn prefetch(&self) -> usize {
        self.list.prefetch
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        // Without prefetching the page that is waited for is the only one.
        this.advance(this.list.prefetch.max(1), cx);
        let Some(answer) = ready!(this.poll_answer(cx)) else {
            return Poll::Ready(None);
        };
        let page = answer.and_then(|page| this.take(page));
        match &page {
            Ok(_) => this.advance(this.list.prefetch, cx),
            Err(_) => this.end(),
        }
        Poll::Ready(Some(page))
    }
}

// Nothing is pinned in it but boxes.
impl<T> Unpin for Pages<T> {}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("list", &self.list)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}
