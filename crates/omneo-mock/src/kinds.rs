//! What an operation's request and answer may be, as types.

use std::marker::PhantomData;

use omneo_types::{Data, List, MaybeData, Page, RawPage};
use serde::Serialize;

use crate::form::Form;

/// An operation of the schema as a type; [`operations`](crate::operations) has them all.
pub trait TypedOperation {
    /// The operation's id, by which [`omneo_api::OPERATIONS`] has it.
    const ID: &'static str;
    /// The status of a success that the schema has.
    const STATUS: u16;
    /// What a request carries: [`Json`], [`UrlEncoded`], [`Multipart`], [`Bytes`], or `()` for nothing.
    type Body;
    /// What a success carries: an envelope of `omneo_types`, [`Bare`] without one, [`Bytes`], or `()` for nothing.
    type Answer;
    #[doc(hidden)]
    const FORM: Form;
}

/// An operation below `/v3/profiles/{profile}`, which the ID API mirrors.
pub trait OfProfile: TypedOperation {}

/// A body of JSON.
#[derive(Debug)]
pub struct Json<T>(PhantomData<T>);

/// A body as a URL-encoded form.
#[derive(Debug)]
pub struct UrlEncoded<T>(PhantomData<T>);

/// A body of parts.
#[derive(Debug)]
pub struct Multipart;

/// A body or an answer that is no JSON.
#[derive(Debug)]
pub struct Bytes;

/// An answer without an envelope.
#[derive(Debug)]
pub struct Bare<T>(PhantomData<T>);

/// A body of a type.
pub trait Typed {
    /// The type.
    type Content: Serialize;
    #[doc(hidden)]
    const IS_FORM: bool;
}

impl<T: Serialize> Typed for Json<T> {
    type Content = T;
    const IS_FORM: bool = false;
}

impl<T: Serialize> Typed for UrlEncoded<T> {
    type Content = T;
    const IS_FORM: bool = true;
}

/// An answer that is one value.
pub trait One {
    /// The value, without its envelope.
    type Content: Serialize;
    #[doc(hidden)]
    const IS_IN_DATA: bool;
}

/// An answer that is several values.
pub trait Many {
    /// One of them.
    type Item: Serialize;
    #[doc(hidden)]
    const ENVELOPE: Envelope;
}

/// What stands around the items of a list.
#[doc(hidden)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Envelope {
    /// `{data, links, meta}`.
    Page,
    /// `{current_page, data, ..}`.
    RawPage,
    Nothing,
}

macro_rules! one {
    ($($envelope:ident $is_in_data:literal)+) => {$(
        impl<T: Serialize> One for $envelope<T> {
            type Content = T;
            const IS_IN_DATA: bool = $is_in_data;
        }
    )+};
}
// The sources disagree about the envelope of a `MaybeData`; most operations have one.
one!(Bare false Data true MaybeData true);

macro_rules! many {
    ($($list:ident $envelope:ident)+) => {$(
        impl<T: Serialize> Many for $list<T> {
            type Item = T;
            const ENVELOPE: Envelope = Envelope::$envelope;
        }
    )+};
}
many!(List Nothing Page Page RawPage RawPage);
