//! What the generated bindings stand on.
//!
//! The bindings are progenitor's, but their module says `use crate::runtime as progenitor_client;`: every name that
//! the generated code takes from that crate is taken from here. So an error names the operation, the status and the
//! JSON path, a path parameter can't reach another route, and one [`Transport`] lies under all operations.
//!
//! A call goes generated method → [`ClientHooks::exec`] → checks and [`RequestOptions`] → [`Transport`] → status
//! check → [`ResponseValue`]. Only decoding the answer is generic; the rest is compiled once.

mod attempts;
mod base_url;
mod body;
mod decode;
mod error;
mod exec;
mod hooks;
mod inner;
mod json_path;
mod multipart;
mod operation;
mod options;
mod path;
mod raw;
mod redact;
mod replay;
mod response;
mod retry_after;
mod status;
mod stream;
mod token;
mod transport;

#[cfg(test)]
mod generated_shape;
#[cfg(test)]
pub(crate) mod testing;

pub use attempts::{Attempts, Stopped};
pub use base_url::base_url;
pub use decode::DecodeError;
pub use error::{Effect, Error, ErrorKind, Invalid, Timeout};
pub use hooks::{ClientHooks, ClientInfo, OperationInfo, RequestBuilderExt};
pub use inner::Inner;
pub use multipart::{File, Multipart};
pub use operation::{Answer, Body, Operation, Parameter, ParameterKind, Part};
pub use options::RequestOptions;
pub use path::{encode_path, path_segment};
pub use raw::RawRequest;
pub use replay::Replay;
pub use response::ResponseValue;
pub use retry_after::retry_after;
pub use status::StatusError;
pub use stream::ByteStream;
pub use token::Token;
pub use transport::{Call, Direct, Transport};

/// The bytes of an answer that are read into memory unless the request options say otherwise: 64 MiB, counted after
/// decompression.
pub const DEFAULT_MAX_RESPONSE_BYTES: u64 = 64 * 1024 * 1024;

/// A boxed future: what keeps [`Transport`] usable as a trait object and the generated methods small.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
