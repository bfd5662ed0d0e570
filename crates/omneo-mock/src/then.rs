//! What a mock answers.

use std::cell::RefCell;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Value, json};

use crate::form;
use crate::json::written;
use crate::kinds::{Bytes, Many, One, TypedOperation};
use crate::response::{self, Given, Response};

/// What a mock of the operation `O` answers. Of several answers the last counts.
///
/// A success is of the operation's own type: [`ok`](Self::ok), [`items`](Self::items) or
/// [`no_content`](Self::no_content), whichever it has. Its values go out in the forms that the server is known for,
/// unless the server is [tidy](crate::Server::tidy).
///
/// # Panics
///
/// A mock that is given no answer panics when it is made.
pub struct Then<O> {
    given: Rc<RefCell<Given>>,
    operation: PhantomData<fn() -> O>,
}

impl<O: TypedOperation> Then<O> {
    pub(crate) fn new(given: Rc<RefCell<Given>>) -> Self {
        Self {
            given,
            operation: PhantomData,
        }
    }

    fn respond(self, response: Response) -> Self {
        self.given.borrow_mut().respond(response);
        self
    }

    fn sent(&self, value: &(impl Serialize + ?Sized)) -> Value {
        let mut value = written(value);
        if !self.given.borrow().tidy {
            form::apply(O::FORM, &mut value);
        }
        value
    }

    /// 401, as a missing or expired token is answered.
    pub fn unauthenticated(self) -> Self {
        self.message(401, "Unauthenticated.")
    }

    /// 403, as a token without the scope or role is answered.
    pub fn forbidden(self) -> Self {
        self.message(403, "This action is unauthorized.")
    }

    /// 404, as for a record that does not exist.
    pub fn not_found(self) -> Self {
        self.message(404, "No query results for model.")
    }

    /// 422 with these faults by field, as Laravel's validation answers: `[("email", "The email exists")]`. A nested field
    /// is dotted: `items.0.quantity`.
    pub fn validation<'t>(self, faults: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        self.raw(422, response::refusal(faults))
    }

    /// 429, with the time to wait in whole seconds. A client may wait so long before it asks again.
    pub fn throttled(self, retry_after: Duration) -> Self {
        let seconds = retry_after.as_secs() + u64::from(retry_after.subsec_nanos() > 0);
        let response = Response::message(429, "Too Many Attempts.")
            .header("retry-after", seconds.to_string())
            .header("x-ratelimit-limit", "60".to_owned())
            .header("x-ratelimit-remaining", "0".to_owned());
        self.respond(response)
    }

    /// 500.
    pub fn server_error(self) -> Self {
        self.message(500, "Server Error")
    }

    /// Any status with Laravel's body of an error, `{"message": ..}`.
    pub fn message(self, status: u16, message: &str) -> Self {
        self.respond(Response::message(status, message))
    }

    /// Any status with any JSON, sent as it stands.
    pub fn raw(self, status: u16, body: impl Into<Value>) -> Self {
        self.respond(Response::json(status, &body.into()))
    }

    /// Answers so many requests; what comes later goes on to the next mock that it meets. So a mock that fails once
    /// stands before one that succeeds.
    pub fn up_to_n_times(self, count: usize) -> Self {
        self.given
            .borrow_mut()
            .and(|then| then.up_to_n_times(count));
        self
    }

    /// Adds to the answer with httpmock's own methods, such as a delay or a header, or gives it with them.
    pub fn and(self, add: impl FnOnce(httpmock::Then) -> httpmock::Then) -> Self {
        self.given.borrow_mut().by_hand(add);
        self
    }
}

impl<O: TypedOperation<Answer: One>> Then<O> {
    /// The success that the schema has, with this value in the operation's envelope.
    pub fn ok(self, value: impl std::borrow::Borrow<<O::Answer as One>::Content>) -> Self {
        let value = self.sent(value.borrow());
        let body = match O::Answer::IS_IN_DATA {
            true => json!({ "data": value }),
            false => value,
        };
        self.raw(O::STATUS, body)
    }
}

impl<O: TypedOperation<Answer: Many>> Then<O> {
    /// The whole list. Each request is answered by the page of it that it asks for, of 15 items unless it says
    /// otherwise; by all of it where the operation has no pages.
    pub fn items(self, items: impl IntoIterator<Item = <O::Answer as Many>::Item>) -> Self {
        let items = self.all_sent(items);
        self.respond(Response::List {
            status: O::STATUS,
            envelope: O::Answer::ENVELOPE,
            items,
        })
    }

    /// One page, whichever is asked for: the page `number` of `last`, counted from 1. How many items all pages have is
    /// not said.
    pub fn page(
        self,
        items: impl IntoIterator<Item = <O::Answer as Many>::Item>,
        number: u64,
        last: u64,
    ) -> Self {
        let items = self.all_sent(items);
        let path = self.given.borrow().operation.path;
        let body = response::page(O::Answer::ENVELOPE, &items, number, last, path);
        self.raw(O::STATUS, body)
    }

    fn all_sent(&self, items: impl IntoIterator<Item = <O::Answer as Many>::Item>) -> Vec<Value> {
        items.into_iter().map(|item| self.sent(&item)).collect()
    }
}

impl<O: TypedOperation<Answer = ()>> Then<O> {
    /// The success that the schema has, without a body.
    pub fn no_content(self) -> Self {
        self.respond(Response::empty(O::STATUS))
    }
}

impl<O: TypedOperation<Answer = Bytes>> Then<O> {
    /// The success that the schema has, with these bytes.
    pub fn bytes(self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.respond(Response::bytes(O::STATUS, content_type, bytes.into()))
    }
}

impl<O: TypedOperation> fmt::Debug for Then<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Then").field(&O::ID).finish()
    }
}
