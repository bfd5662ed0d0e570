//! A list that is still to be read.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;

use omneo_types::Page;

use super::request::Request;
use super::{Filter, Items, Pages, Sort};
use crate::runtime::BoxFuture;
use crate::{Client, Error, ErrorKind, RequestOptions};

/// A list of `T` that is still to be read; see [the module](super).
///
/// Awaited, it is its first [`Page`]. It may be read more than once, and by clones: each time asks the server anew.
/// What can't be sent (a filter's name out of its brackets, a page of 0 records) makes reading answer
/// [`InvalidRequest`](ErrorKind::InvalidRequest), and the server is not asked.
///
/// `Debug` shows the operation and the names of the query, and no values.
#[must_use = "a list asks the server nothing until it is awaited, or read with `items` or another method"]
pub struct List<T> {
    /// The only thing here that knows the operation; the generated method makes it.
    call: Arc<Call<T>>,
    request: Request,
    pub(super) prefetch: usize,
    pub(super) strict: bool,
}

/// Asks for a page with this client's options. The number is for errors.
type Call<T> = dyn Fn(Client, Option<u64>) -> Answer<T> + Send + Sync;

/// A page on its way.
pub(super) type Answer<T> = BoxFuture<'static, Result<Page<T>, Error>>;

impl<T> List<T> {
    /// A list made by hand; the handles make theirs so. `operation` is the id by which the query parameters are found
    /// that the operation takes. `call` makes one call with the client that it is given, which has the page's number
    /// and all else among its options.
    ///
    /// ```
    /// # #[cfg(feature = "incentives")] {
    /// use omneo_api::{Client, List, ResponseValue, types::Reward};
    ///
    /// fn rewards(client: &Client) -> List<Reward> {
    ///     List::new(client, "rewards_index", |client| async move {
    ///         client.rewards_index().await.map(ResponseValue::into_inner)
    ///     })
    /// }
    /// # }
    /// ```
    pub fn new<F, R>(client: &Client, operation: &'static str, call: F) -> Self
    where
        F: Fn(Client) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Page<T>, Error>> + Send + 'static,
    {
        Self {
            call: Arc::new(move |client, number| {
                let answer = call(client);
                Box::pin(async move { answer.await.map_err(|error| of_page(error, number)) })
            }),
            request: Request::new(client, operation),
            prefetch: 1,
            strict: false,
        }
    }

    /// Only records that meet a condition; several conditions hold together.
    pub fn filter(mut self, filter: Filter<T>) -> Self {
        self.request.add(filter.pair);
        self
    }

    /// Sorts by a field (`reward::expires_at.desc()`), or by one as the server spells it: `expires_at` ascending,
    /// `-expires_at` descending. What is added later decides where the earlier ones are equal.
    pub fn sort(mut self, by: impl Into<Sort<T>>) -> Self {
        self.request.join("sort", by.into().by);
        self
    }

    /// Asks for a related record within each record, where the operation takes `include`.
    pub fn include(mut self, relation: &str) -> Self {
        self.request.join("include", Ok(relation.to_owned()));
        self
    }

    /// Only records in which the server finds a text: by `search` where the operation has it, else by
    /// `filter[search]`.
    pub fn search(mut self, text: impl Into<String>) -> Self {
        self.request.search(text.into());
        self
    }

    /// Adds a query pair as it is. For what else an operation takes, such as `currency`; its documentation has the
    /// names.
    #[allow(clippy::needless_pass_by_value)] // a caller writes `1`, not `&1`
    pub fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.request.add(Ok((name.into(), value.to_string())));
        self
    }

    /// The number of records that a page has at most, in place of [`DEFAULT_PAGE_SIZE`](super::DEFAULT_PAGE_SIZE).
    ///
    /// More than 100 are sent as they are: 100 is the limit on the one page of Omneo's reference that names any.
    pub fn page_size(mut self, records: u32) -> Self {
        self.request.page_size = Some(records);
        self
    }

    /// How many pages [`items`](Self::items) and [`pages`](Self::pages) ask for ahead of the page in hand, 1 unless
    /// set. With 0 a page is asked for when it is needed; with more than 1, as many requests may be on their way at
    /// once. Nothing is asked for ahead of the first page, nor beyond the last page that is known.
    ///
    /// What is on its way moves on while the stream is read. If a reader takes so long for a record that the time limit
    /// of the next page passes, the page is asked for again when it is needed.
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages;
        self
    }

    /// Makes it an error if the list's `total` falls while it is read
    /// ([`ListChanged`](ErrorKind::ListChanged)), which means that records may have been missed. Then list again, at
    /// a quieter time, or as [the module](super#lists-that-change-while-they-are-read) says for lists that are never
    /// quiet.
    ///
    /// Additions are no error: they lose nothing, and no list that is in use is without them. Where the server tells no
    /// `total`, nothing is noticed.
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// Changes the options of each request: time limit, headers, and what the layers above have.
    ///
    /// ```
    /// # #[cfg(feature = "incentives")]
    /// # fn list(api: omneo_api::Api) {
    /// # use std::time::Duration;
    /// let list = api.rewards().list().options(|options| options.timeout(Duration::from_secs(5)));
    /// # }
    /// ```
    pub fn options(mut self, change: impl FnOnce(RequestOptions) -> RequestOptions) -> Self {
        self.request.options = change(self.request.options);
        self
    }

    pub(super) fn operation(&self) -> &'static str {
        self.request.operation
    }

    fn single(&self) -> Self {
        Self {
            request: self.request.single(),
            ..self.clone()
        }
    }
}

impl<T: Send + 'static> List<T> {
    /// The records one by one, over all pages.
    pub fn items(&self) -> Items<T> {
        Items::of(self.pages())
    }

    /// The pages one by one.
    pub fn pages(&self) -> Pages<T> {
        Pages::of(self.clone())
    }

    /// One page by its number, from 1. One beyond the last is empty.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding: see [`Error`].
    pub fn page(
        &self,
        number: u64,
    ) -> impl Future<Output = Result<Page<T>, Error>> + Send + use<T> {
        self.fetch(Some(number))
    }

    /// All records at once, if there are no more than `limit`. Never a part of them: the list is read as with
    /// [`strict`](Self::strict).
    ///
    /// # Errors
    ///
    /// [`ListTooLong`](ErrorKind::ListTooLong) if there are more, as soon as that is known: after the first page where
    /// the server tells the `total`. [`ListChanged`](ErrorKind::ListChanged) if records were removed meanwhile. Else
    /// whatever keeps a page from coming, see [`Error`].
    pub fn all(&self, limit: usize) -> impl Future<Output = Result<Vec<T>, Error>> + Send + use<T> {
        let operation = self.operation();
        let mut pages = self.clone().strict().pages();
        async move {
            let mut all = Vec::new();
            while let Some(page) = pages.try_next().await? {
                let total = pages.total();
                let limit = limit as u64;
                if total.is_some_and(|total| total > limit)
                    || (all.len() + page.len()) as u64 > limit
                {
                    let kind = ErrorKind::ListTooLong { limit, total };
                    return Err(Error::of_list(kind, operation));
                }
                all.extend(page);
            }
            Ok(all)
        }
    }

    /// The first record, if there is one. Asks for pages of one record, where the operation has pages.
    ///
    /// # Errors
    ///
    /// Whatever keeps the call from succeeding: see [`Error`].
    pub fn first(&self) -> impl Future<Output = Result<Option<T>, Error>> + Send + use<T> {
        let mut items = self.single().prefetch(0).items();
        async move { items.try_next().await }
    }

    /// How many records there are: the `total` that the server tells with a page of one record, or of an operation
    /// without pages. Where it tells none, the list is read through and counted.
    ///
    /// # Errors
    ///
    /// Whatever keeps a call from succeeding: see [`Error`].
    pub fn count(&self) -> impl Future<Output = Result<u64, Error>> + Send + use<T> {
        let mut single = self
            .request
            .has_size()
            .then(|| self.single().prefetch(0).pages());
        let mut pages = self.pages();
        async move {
            if let Some(single) = &mut single {
                single.try_next().await?;
                if let Some(total) = single.total() {
                    return Ok(total);
                }
            }
            let mut count = 0;
            while let Some(page) = pages.try_next().await? {
                if let Some(total) = pages.total() {
                    return Ok(total);
                }
                count += page.len() as u64;
            }
            Ok(count)
        }
    }

    /// Asks for a page; no number is the first page, as it is configured.
    pub(super) fn fetch(&self, number: Option<u64>) -> Answer<T> {
        match self.request.of_page(number) {
            Ok((client, number)) => (self.call)(client, number),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }
}

/// Names the page that an error is about, if pages are counted.
fn of_page(error: Error, number: Option<u64>) -> Error {
    match number {
        Some(number) => error.with_page(number),
        None => error,
    }
}

impl<T: Send + 'static> IntoFuture for List<T> {
    type Output = Result<Page<T>, Error>;
    type IntoFuture = Answer<T>;

    fn into_future(self) -> Self::IntoFuture {
        self.fetch(None)
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self {
            call: Arc::clone(&self.call),
            request: self.request.clone(),
            prefetch: self.prefetch,
            strict: self.strict,
        }
    }
}

impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("request", &self.request)
            .field("prefetch", &self.prefetch)
            .field("strict", &self.strict)
            .finish_non_exhaustive()
    }
}
