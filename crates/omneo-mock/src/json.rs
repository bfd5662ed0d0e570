//! Values as JSON. A fault is one of the test that has the value.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

pub(crate) fn read<T: DeserializeOwned>(json: &str) -> T {
    match serde_json::from_str(json) {
        Ok(value) => value,
        Err(error) => panic!("the sample does not fit its type: {error}"),
    }
}

#[track_caller]
pub(crate) fn written(value: &(impl Serialize + ?Sized)) -> Value {
    match serde_json::to_value(value) {
        Ok(value) => value,
        Err(error) => panic!("a value of the mock can't be written as JSON: {error}"),
    }
}
