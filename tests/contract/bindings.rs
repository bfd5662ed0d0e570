//! A call of every method of the bindings, made from JSON.

use std::collections::BTreeMap;
use std::fmt;

use omneo_api::runtime::BoxFuture;
use omneo_api::{Client, Error, RequestOptions, types};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What an operation is called with.
#[derive(Clone, Default)]
pub(crate) struct Given {
    /// The path's parameters by their names.
    pub(crate) path: BTreeMap<String, Value>,
    pub(crate) body: Option<Value>,
    pub(crate) options: RequestOptions,
}

/// A method of the bindings.
pub(crate) struct Binding {
    /// The operation's id.
    pub(crate) id: &'static str,
    /// Calls it, and encodes what it answers.
    pub(crate) call: for<'a> fn(&'a Client, &'a Given) -> BoxFuture<'a, Result<Value, Failed>>,
}

/// Why a call gave no answer.
pub(crate) enum Failed {
    /// An argument is not of its type.
    Argument(String),
    /// The operation failed.
    Call(Error),
    /// The answer can't be encoded.
    Answer(serde_json::Error),
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Argument(error) => f.write_str(error),
            Self::Call(error) => error.fmt(f),
            Self::Answer(error) => write!(f, "the answer can not be encoded: {error}"),
        }
    }
}

/// Through text, as the answers are read: so each type is compiled once.
fn argument<T: DeserializeOwned>(value: Option<&Value>, name: &str) -> Result<T, Failed> {
    let text = value.unwrap_or(&Value::Null).to_string();
    serde_json::from_str(&text)
        .map_err(|error| Failed::Argument(format!("`{name}` can not be made: {error}")))
}

fn encoded<T: Serialize>(answer: &T) -> Result<Value, Failed> {
    let text = serde_json::to_vec(answer).map_err(Failed::Answer)?;
    serde_json::from_slice(&text).map_err(Failed::Answer)
}

macro_rules! binding {
    ($id:ident($($name:literal $argument:ident: $ty:ty,)*) $body:ident $($body_ty:ty)? => $answer:ident) => {
        Binding {
            id: stringify!($id),
            call: |client, given| Box::pin(async move {
                // Not every operation takes something.
                let _ = given;
                $(let $argument: $ty = argument(given.path.get($name), $name)?;)*
                let answer = binding!(@call client.$id($($argument)*) given $body $($body_ty)?);
                binding!(@answer answer.map_err(Failed::Call)?, $answer)
            }),
        }
    };
    (@call $client:ident.$id:ident($($argument:ident)*) $given:ident none) => {
        $client.$id($(&$argument,)*).await
    };
    (@call $client:ident.$id:ident($($argument:ident)*) $given:ident text) => {
        $client.$id($(&$argument,)* argument::<String>($given.body.as_ref(), "body")?).await
    };
    (@call $client:ident.$id:ident($($argument:ident)*) $given:ident value $ty:ty) => {{
        let body: $ty = argument($given.body.as_ref(), "body")?;
        $client.$id($(&$argument,)* &body).await
    }};
    (@answer $answer:expr, value) => {
        encoded(&*$answer)
    };
    // Bytes are read by whoever asked for them.
    (@answer $answer:expr, stream) => {
        Ok($answer).map(|_| Value::Null)
    };
}

/// Every operation of the build, sorted by id.
pub(crate) static BINDINGS: &[Binding] = include!(concat!(env!("OUT_DIR"), "/contract.rs"));
