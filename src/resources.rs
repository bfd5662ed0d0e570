//! The operations as handles: one for each resource, by scope.
//!
//! [`Api`] is the root. What a handle can do is what the schema has: calling what does not exist
//! does not compile. A handle is cheap to make and to clone, and carries options that hold for
//! every call made through it. A method that lists gives a [`crate::List`], which is filtered and sorted and then read, see
//! [`listing`](crate::listing):
//!
//! ```no_run
//! # async fn run() -> Result<(), omneo_api::Error> {
//! let api = omneo_api::Api::new("https://api.example.getomneo.com/api", "token")?;
//! # #[cfg(feature = "incentives")] {
//! let reward = api.rewards().get(7).await?;
//! println!("{:?}", reward.value_remaining);
//! let newest = api.rewards().list().sort("-created_at").first().await?;
//! # }
//! # Ok(())
//! # }
//! ```

#[allow(unused_imports)] // a build without sections has no types
use crate::{Client, Error, RequestOptions, ResponseValue, types};
#[allow(unused_imports)] // not every section has lists
use omneo_types::Page;

/// A handle of any kind, for code that works with all of them.
pub trait Handle: Clone {
    /// The bindings under this handle, with its options.
    fn client(&self) -> &Client;

    /// The same handle over another client.
    #[must_use]
    fn with_client(self, client: Client) -> Self;
}

/// What every handle has.
macro_rules! handle {
    ($name:ident) => {
        impl Handle for $name {
            fn client(&self) -> &Client {
                &self.client
            }

            fn with_client(mut self, client: Client) -> Self {
                self.client = client;
                self
            }
        }

        impl $name {
            /// The same handle with a query pair on every call, such as `currency` and `AUD`.
            #[must_use]
            pub fn query(mut self, name: &str, value: impl ToString) -> Self {
                self.client = self.client.query(name, value.to_string());
                self
            }

            /// The same handle with other options on every call.
            #[must_use]
            pub fn options(
                mut self,
                change: impl FnOnce(RequestOptions) -> RequestOptions,
            ) -> Self {
                self.client = self.client.with(change(self.client.options().clone()));
                self
            }

            /// The bindings under this handle, with its options.
            #[must_use]
            pub fn client(&self) -> &Client {
                &self.client
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/resources.rs"));

impl Api {
    /// Connects to a base URL such as `https://api.{tenant}.getomneo.com/api`, with an API token.
    ///
    /// # Errors
    ///
    /// If the base URL is none, or the token can't be sent in a header.
    pub fn new(base_url: &str, token: &str) -> Result<Self, Error> {
        Client::connect(base_url, token).map(Self::of)
    }

    /// The handles of a client that is set up already.
    #[must_use]
    pub fn from_client(client: Client) -> Self {
        Self::of(client)
    }
}
