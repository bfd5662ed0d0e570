//! The parameters of paths: a trait for each name, which an operation has if its path has the parameter.
//!
//! So [`When`](crate::When) has `reward` for `GET /v3/rewards/{reward}`, and not for `GET /v3/rewards`:
//!
//! ```compile_fail,E0599
//! # async fn run() {
//! let server = omneo_mock::Server::start().await;
//! server.rewards_index(|when, then| {
//!     when.reward(7);
//!     then.items([]);
//! });
//! # }
//! ```

// Nothing is imported: a parameter may have any name.
macro_rules! path_parameter {
    ($name:ident $method:ident $has:literal $meets:literal) => {
        #[doc = $has]
        pub trait $name: crate::TypedOperation {
            #[doc(hidden)]
            const NAME: &'static str;
        }

        impl<O: $name> crate::When<O> {
            #[doc = $meets]
            #[track_caller]
            pub fn $method(self, value: impl ::std::fmt::Display) -> Self {
                self.segment(O::NAME, &value)
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/path.rs"));
