//! What a mock wants of a request.

use std::cell::RefCell;
use std::fmt::{self, Display};
use std::marker::PhantomData;
use std::rc::Rc;

use serde::Serialize;

use crate::json::written;
use crate::kinds::{Json, Multipart, OfProfile, Typed, TypedOperation};
use crate::request::{Expected, PAGE_SIZE};

/// Which requests of the operation `O` a mock meets: all that everything said here is true of.
///
/// Each parameter of the operation's path is a method ([`path`](crate::path)); methods that the operation has no use for
/// do not compile. What is not of the operation, such as headers, can be wanted with [`and`](Self::and).
///
/// # Panics
///
/// A method panics where no request could be met: for the name of a query parameter or of a part that the operation does
/// not have, and for a path parameter that can't be sent. The message says which names it has.
pub struct When<O> {
    expected: Rc<RefCell<Expected>>,
    operation: PhantomData<fn() -> O>,
}

impl<O: TypedOperation> When<O> {
    pub(crate) fn new(expected: Rc<RefCell<Expected>>) -> Self {
        Self {
            expected,
            operation: PhantomData,
        }
    }

    #[track_caller]
    pub(crate) fn segment(self, name: &'static str, value: &dyn Display) -> Self {
        self.expected.borrow_mut().segment(name, &value.to_string());
        self
    }

    /// Meets only requests with this pair in the query, such as `filter[value_remaining][gt]` and `0`.
    #[track_caller]
    pub fn query(self, name: &str, value: impl Display) -> Self {
        self.expected.borrow_mut().query(name, &value.to_string());
        self
    }

    /// Meets only requests without this name in the query.
    #[track_caller]
    pub fn query_missing(self, name: &str) -> Self {
        self.expected.borrow_mut().query_missing(name);
        self
    }

    /// Meets only requests for this page, counted from 1. A request for no page by its number is one for the first.
    #[track_caller]
    pub fn page_number(self, number: u64) -> Self {
        self.expected.borrow_mut().page_number(number);
        self
    }

    /// Meets only requests for pages of so many items.
    #[track_caller]
    pub fn page_size(self, size: u64) -> Self {
        self.query(PAGE_SIZE, size)
    }

    /// Meets only requests that httpmock's own conditions are true of, such as headers.
    ///
    /// ```
    /// # #[cfg(feature = "incentives")]
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
    /// let server = omneo_mock::Server::start().await;
    /// server.rewards_index(|when, then| {
    ///     when.and(|when| when.header_exists("authorization"));
    ///     then.items([]);
    /// });
    /// # });
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn and(self, add: impl FnOnce(httpmock::When) -> httpmock::When) -> Self {
        self.expected.borrow_mut().by_hand(add);
        self
    }
}

impl<O: TypedOperation<Body: Typed>> When<O> {
    /// Meets only requests with this body: no more and no less than it writes.
    pub fn body(self, body: &<O::Body as Typed>::Content) -> Self {
        let body = written(body);
        let mut expected = self.expected.borrow_mut();
        match O::Body::IS_FORM {
            true => expected.form(&body),
            false => expected.json(body),
        }
        drop(expected);
        self
    }
}

impl<O: TypedOperation<Body = Json<T>>, T> When<O> {
    /// Meets only requests whose body has this in it: members of objects that are not named may be anything.
    pub fn body_includes(self, part: &(impl Serialize + ?Sized)) -> Self {
        self.expected.borrow_mut().json_includes(&written(part));
        self
    }
}

impl<O: TypedOperation<Body = Multipart>> When<O> {
    /// Meets only requests with this part: a field, or the content of a file.
    #[track_caller]
    pub fn part(self, name: &str, content: &str) -> Self {
        self.expected.borrow_mut().part(name, content);
        self
    }
}

impl<O: OfProfile> When<O> {
    /// Meets requests to the ID API for the profile of the token, in place of those to the admin API.
    pub fn me(self) -> Self {
        self.expected.borrow_mut().me();
        self
    }

    /// Meets requests to the ID API for the profile at the other end of a connection of the token's profile, in place of
    /// those to the admin API.
    #[track_caller]
    pub fn connected(self, connection: impl Display) -> Self {
        let connection = connection.to_string();
        self.expected.borrow_mut().connected(&connection);
        self
    }
}

impl<O: TypedOperation> fmt::Debug for When<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("When").field(&O::ID).finish()
    }
}
