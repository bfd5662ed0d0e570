//! The server.

use std::cell::RefCell;
use std::fmt;
use std::mem;
use std::rc::Rc;
use std::sync::{Mutex, PoisonError};

use httpmock::{Mock, MockServer};
use omneo_api::{OPERATIONS, Operation};

use crate::request::{ADMIN, Expected};
use crate::response::Given;
use crate::unmet::Mocks;
use crate::{Then, TypedOperation, When};

/// A mock of Omneo on loopback, with a method for each operation of the schema.
///
/// A method takes a closure that says which requests the mock meets and what it answers, and gives httpmock's [`Mock`],
/// which counts the requests: [`assert`](Mock::assert), [`assert_calls`](Mock::assert_calls). Of several mocks that a
/// request meets, the first answers.
///
/// A request that no mock meets is answered by 418 and a message that says what the mocks of its operation want.
///
/// Servers come from a pool of httpmock's, and go back to it when they are dropped; a test that finds none waits for one.
pub struct Server {
    http: MockServer,
    mocks: Mocks,
    /// The mock that answers what meets no other; always the last.
    rest: Mutex<usize>,
    tidy: bool,
}

impl Server {
    /// Starts a server that has no mock.
    pub async fn start() -> Self {
        let http = MockServer::start_async().await;
        let mocks = Mocks::default();
        let rest = mocks.clone();
        let rest = http.mock(|when, then| rest.answer_the_rest(when, then));
        let rest = Mutex::new(rest.id());
        Self {
            http,
            mocks,
            rest,
            tidy: false,
        }
    }

    /// Makes answers tidy: numbers, flags and maps go out as their types write them.
    ///
    /// Without it they go out as Omneo is known to send them: an amount or a count as text (`"10.00"`), a flag as 0 or 1,
    /// an empty map as `[]`. The types of this client read the same values from both, so only code that looks at the JSON
    /// itself needs this.
    #[must_use]
    pub fn tidy(mut self) -> Self {
        self.tidy = true;
        self
    }

    /// The base URL for a client, such as `http://127.0.0.1:49152/api`.
    #[must_use]
    pub fn url(&self) -> String {
        self.http.url(ADMIN)
    }

    /// A token for a client. The mocks do not look at it.
    #[must_use]
    pub fn token(&self) -> &'static str {
        "a-token-for-tests"
    }

    /// A mock of a request that the schema lacks. Its path is the whole one, with the `/api` of [`url`](Self::url).
    pub fn mock<R>(&self, mock: impl FnOnce(httpmock::When, httpmock::Then) -> R) -> Mock<'_> {
        let mut mock = Some(mock);
        self.add(&mut |when, then| {
            if let Some(mock) = mock.take() {
                mock(when, then);
            }
        })
    }

    #[track_caller]
    pub(crate) fn typed<O: TypedOperation, R>(
        &self,
        mock: impl FnOnce(When<O>, Then<O>) -> R,
    ) -> Mock<'_> {
        let mut mock = Some(mock);
        self.expect(O::ID, &mut |expected, given| {
            if let Some(mock) = mock.take() {
                mock(When::new(expected), Then::new(given));
            }
        })
    }

    /// What all operations have in common; compiled once.
    #[track_caller]
    fn expect(
        &self,
        id: &'static str,
        mock: &mut dyn FnMut(Rc<RefCell<Expected>>, Rc<RefCell<Given>>),
    ) -> Mock<'_> {
        let Some(operation) = Operation::find(OPERATIONS, id) else {
            panic!(
                "omneo-api has no `{id}`; use the version of it that belongs to this omneo-mock"
            );
        };
        let mut wants = Vec::new();
        let made = self.add(&mut |when, then| {
            let expected = Rc::new(RefCell::new(Expected::new(operation, when)));
            let given = Rc::new(RefCell::new(Given::new(operation, then, self.tidy)));
            mock(expected.clone(), given.clone());
            wants = expected.borrow_mut().finish();
            given.borrow_mut().finish();
        });
        self.mocks.add(id, &wants);
        made
    }

    /// Adds a mock before the one that answers the rest.
    fn add(&self, mock: &mut dyn FnMut(httpmock::When, httpmock::Then)) -> Mock<'_> {
        let mock = self.http.mock(mock);
        let rest = self.mocks.clone();
        let rest = self
            .http
            .mock(|when, then| rest.answer_the_rest(when, then));
        let mut last = self.rest.lock().unwrap_or_else(PoisonError::into_inner);
        let before = mem::replace(&mut *last, rest.id());
        Mock::new(before, &self.http).delete();
        mock
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}
