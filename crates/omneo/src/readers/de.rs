//! serde's reader of a row.

use std::borrow::Cow;
use std::str::{FromStr, Split};

use omneo_types::Flag;
use serde::de::value::{
    BorrowedStrDeserializer, CowStrDeserializer, MapDeserializer, SeqDeserializer,
};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use super::fault::{Fault, What};
use super::node::{Branch, Kind, Node, Trial, Value};
use super::raw::Texts;

/// Reads a record of a row.
pub(super) fn read<T: DeserializeOwned>(root: &Node, row: Texts<'_>) -> Result<T, Fault> {
    T::deserialize(Part {
        node: root,
        row,
        is_trial: false,
    })
}

/// Reads a record of trial values: a field that the record does not have is an error.
pub(super) fn try_out<T: DeserializeOwned>(root: &Node) -> Result<T, Fault> {
    T::deserialize(Part {
        node: root,
        row: Texts::NONE,
        is_trial: true,
    })
}

/// A part of a record.
#[derive(Clone, Copy)]
struct Part<'a> {
    node: &'a Node,
    row: Texts<'a>,
    is_trial: bool,
}

impl<'a> Part<'a> {
    /// The text of a leaf that is one.
    #[inline]
    fn text(self) -> Option<Text<'a>> {
        let Kind::Leaf(leaf) = &self.node.kind else {
            return None;
        };
        match leaf.value(self.row) {
            Value::Text(text) => Some(Text(text)),
            _ => None,
        }
    }

    fn children(self, branch: &'a Branch) -> Children<'a> {
        Children {
            rest: branch.children.iter(),
            value: None,
            part: self,
        }
    }
}

/// What a type of the caller's own may ask for; those of Omneo's records ask for any value.
macro_rules! forward_to_text {
    ($($method:ident)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            match self.text() {
                Some(text) => text.$method(visitor),
                None => self.deserialize_any(visitor),
            }
        }
    )+};
}

impl<'de> Deserializer<'de> for Part<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        let leaf = match &self.node.kind {
            Kind::Leaf(leaf) => leaf,
            Kind::Branch(branch) if branch.is_list => {
                return visitor.visit_seq(self.children(branch));
            }
            Kind::Branch(branch) => return visitor.visit_map(self.children(branch)),
        };
        match leaf.value(self.row) {
            Value::Text(text) => Text(text).deserialize_any(visitor),
            Value::Null => visitor.visit_unit(),
            Value::Items(text, separator) => visitor.visit_seq(Items {
                rest: text.split(separator),
                read: 0,
                path: &self.node.path,
            }),
            Value::Unconverted => Err(Fault::refused("`convert` makes nothing of it")),
            Value::Trial(Trial::Probe) => Err(Fault::new(What::Known)),
            Value::Trial(Trial::List) => {
                visitor.visit_seq(SeqDeserializer::new(std::iter::empty::<()>()))
            }
            Value::Trial(Trial::Object) => {
                visitor.visit_map(MapDeserializer::new(std::iter::empty::<((), ())>()))
            }
            Value::Trial(Trial::Text(text)) => visitor.visit_borrowed_str(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match &self.node.kind {
            Kind::Leaf(leaf) if leaf.is_null(self.row) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        match self.text() {
            Some(text) => text.deserialize_enum(name, variants, visitor),
            None => self.deserialize_any(visitor),
        }
    }

    /// Every type reads so what it has no field for, and nothing else.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.is_trial {
            true => Err(Fault::new(What::Unknown)),
            false => visitor.visit_unit(),
        }
    }

    forward_to_text! {
        deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier
    }
}

/// A cell, or an item of one.
struct Text<'a>(Cow<'a, str>);

impl Text<'_> {
    fn parse<T: FromStr>(&self, expected: &str) -> Result<T, Fault> {
        self.0
            .parse()
            .map_err(|_| Fault::refused(format!("expected {expected}")))
    }
}

macro_rules! parsed {
    ($($method:ident $visit:ident $expected:literal)+) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
            visitor.$visit(self.parse($expected)?)
        }
    )+};
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = Fault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        match self.0 {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Fault> {
        visitor.visit_enum(CowStrDeserializer::new(self.0))
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Fault> {
        visitor.visit_bool(self.parse::<Flag>("true, false, 1 or 0")?.get())
    }

    parsed! {
        deserialize_i8 visit_i8 "a whole number of 8 bits"
        deserialize_i16 visit_i16 "a whole number of 16 bits"
        deserialize_i32 visit_i32 "a whole number of 32 bits"
        deserialize_i64 visit_i64 "a whole number of 64 bits"
        deserialize_i128 visit_i128 "a whole number of 128 bits"
        deserialize_u8 visit_u8 "a whole number of 8 bits, not negative"
        deserialize_u16 visit_u16 "a whole number of 16 bits, not negative"
        deserialize_u32 visit_u32 "a whole number of 32 bits, not negative"
        deserialize_u64 visit_u64 "a whole number of 64 bits, not negative"
        deserialize_u128 visit_u128 "a whole number of 128 bits, not negative"
        deserialize_f32 visit_f32 "a number"
        deserialize_f64 visit_f64 "a number"
    }

    forward_to_deserialize_any! {
        char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

/// The parts of an object or a list that a row has.
struct Children<'a> {
    rest: std::slice::Iter<'a, (String, Node)>,
    value: Option<&'a Node>,
    part: Part<'a>,
}

impl<'a> Children<'a> {
    #[inline]
    fn next(&mut self) -> Option<&'a (String, Node)> {
        let row = self.part.row;
        self.rest.find(|(_, node)| node.is_present(row))
    }

    fn read<S: DeserializeSeed<'a>>(&self, seed: S, node: &'a Node) -> Result<S::Value, Fault> {
        seed.deserialize(Part { node, ..self.part })
            .map_err(|fault| fault.at(&node.path))
    }
}

impl<'a> MapAccess<'a> for Children<'a> {
    type Error = Fault;

    fn next_key_seed<K: DeserializeSeed<'a>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Fault> {
        let Some((key, node)) = self.next() else {
            return Ok(None);
        };
        self.value = Some(node);
        seed.deserialize(BorrowedStrDeserializer::new(key))
            .map(Some)
            .map_err(|fault: Fault| fault.at(&node.path))
    }

    fn next_value_seed<V: DeserializeSeed<'a>>(&mut self, seed: V) -> Result<V::Value, Fault> {
        match self.value.take() {
            Some(node) => self.read(seed, node),
            None => Err(Fault::refused("the type reads a value before its key")),
        }
    }
}

impl<'a> SeqAccess<'a> for Children<'a> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        match self.next() {
            Some((_, node)) => self.read(seed, node).map(Some),
            None => Ok(None),
        }
    }
}

/// The items of a cell; empty ones are none.
struct Items<'a> {
    rest: Split<'a, &'a str>,
    read: usize,
    path: &'a str,
}

impl<'a> SeqAccess<'a> for Items<'a> {
    type Error = Fault;

    fn next_element_seed<S: DeserializeSeed<'a>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Fault> {
        let Some(item) = self.rest.find(|item| !item.is_empty()) else {
            return Ok(None);
        };
        let at = self.read;
        self.read += 1;
        seed.deserialize(Text(Cow::Borrowed(item)))
            .map(Some)
            .map_err(|fault| fault.at(format_args!("{}.{at}", self.path)))
    }
}
