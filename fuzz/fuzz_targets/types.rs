//! What a tolerant type reads, it writes so that it reads the same again.

#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use omneo_types::{
    Amount, Data, Field, Flag, Id, Integer, List, Map, MaybeData, Page, RawPage, Record, Scalar,
    Timestamp,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

fn again<T: Serialize + DeserializeOwned + PartialEq + Debug>(text: &[u8]) {
    let Ok(value) = serde_json::from_slice::<T>(text) else {
        return;
    };
    let written = serde_json::to_vec(&value).expect("what was read can be written");
    let read = serde_json::from_slice::<T>(&written).expect("what was written can be read");
    assert_eq!(value, read);
}

/// An amount is written as a JSON number, of which serde_json reads as many digits as a float has.
fn amount_again(text: &[u8]) {
    let Ok(amount) = serde_json::from_slice::<Amount>(text) else {
        return;
    };
    let written = serde_json::to_vec(&amount).expect("an amount can be written");
    let read = serde_json::from_slice::<Amount>(&written).expect("an amount can be read");
    let float = |amount: Amount| amount.to_string().parse::<f64>().expect("a decimal is a number");
    assert_eq!(float(amount), float(read), "{amount} became {read}");
}

fuzz_target!(|text: &[u8]| {
    amount_again(text);
    again::<Flag>(text);
    again::<Id>(text);
    again::<Integer>(text);
    again::<Scalar>(text);
    again::<Timestamp>(text);
    again::<Record<Page<Id>>>(text);
    again::<Map<Scalar>>(text);
    again::<List<Timestamp>>(text);
    again::<Data<Integer>>(text);
    again::<MaybeData<List<Id>>>(text);
    again::<Page<Option<Flag>>>(text);
    again::<RawPage<Integer>>(text);
    again::<Field<Flag>>(text);
});
