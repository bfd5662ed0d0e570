//! The few forms that a type can have between the source and the lowered document.
//!
//! typify takes many forms of a schema, and for some emits code that does not compile or that
//! loses data. Everything is brought into these forms first, each of which it handles plainly:
//! what needs a name (objects, enums, unions, checked text) is a definition of its own, so that
//! no type is ever named by a guess.

use std::collections::BTreeMap;

use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Type {
    pub(crate) kind: Kind,
    pub(crate) nullable: bool,
    pub(crate) doc: Option<String>,
    pub(crate) default: Option<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Any,
    Null,
    Boolean,
    Integer(Option<String>),
    Number(Option<String>),
    Text(Text),
    Enum(Vec<String>),
    Array(Box<Type>),
    Map(Box<Type>),
    Object(Object),
    Union(Union),
    /// A definition, by name.
    Ref(String),
    /// A type of a crate's.
    Native(Native),
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Text {
    pub(crate) format: Option<String>,
    pub(crate) pattern: Option<String>,
    pub(crate) min_length: Option<u64>,
    pub(crate) max_length: Option<u64>,
}

impl Text {
    /// Whether typify makes a type that checks its text of this.
    pub(crate) fn is_checked(&self) -> bool {
        self.pattern.is_some() || self.min_length.is_some() || self.max_length.is_some()
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Object {
    pub(crate) properties: BTreeMap<String, Property>,
    /// What further properties hold, where the schema says more than that there may be some.
    pub(crate) extra: Option<Box<Type>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Property {
    pub(crate) required: bool,
    pub(crate) ty: Type,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Union {
    /// The property that tells the variants apart.
    pub(crate) tag: Option<String>,
    pub(crate) variants: Vec<Variant>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Variant {
    /// The tag's value, or a name for a variant that has none of its own.
    pub(crate) name: String,
    pub(crate) ty: Type,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Native {
    pub(crate) crate_name: String,
    /// The path below the crate's root.
    pub(crate) path: String,
    pub(crate) parameters: Vec<Type>,
}

impl Native {
    fn ident(&self) -> String {
        self.crate_name.replace('-', "_")
    }

    pub(crate) fn full_path(&self) -> String {
        format!("{}::{}", self.ident(), self.path)
    }
}

impl Type {
    pub(crate) fn new(kind: Kind) -> Self {
        Self {
            kind,
            nullable: false,
            doc: None,
            default: None,
        }
    }

    pub(crate) fn text() -> Self {
        Self::new(Kind::Text(Text::default()))
    }

    pub(crate) fn native(crate_name: &str, path: &str, parameters: Vec<Type>) -> Self {
        Self::new(Kind::Native(Native {
            crate_name: crate_name.to_owned(),
            path: path.to_owned(),
            parameters,
        }))
    }

    /// Whether Rust needs a name for it.
    pub(crate) fn is_nominal(&self) -> bool {
        match &self.kind {
            Kind::Enum(_) | Kind::Object(_) | Kind::Union(_) => true,
            Kind::Text(text) => text.is_checked(),
            _ => false,
        }
    }

    pub(crate) fn is_scalar(&self) -> bool {
        matches!(
            self.kind,
            Kind::Boolean | Kind::Integer(_) | Kind::Number(_) | Kind::Text(_) | Kind::Enum(_)
        )
    }

    /// Calls `f` for every type directly inside this one.
    pub(crate) fn each_child_mut(&mut self, f: &mut dyn FnMut(&mut Type)) {
        match &mut self.kind {
            Kind::Array(item) | Kind::Map(item) => f(item),
            Kind::Object(object) => {
                for property in object.properties.values_mut() {
                    f(&mut property.ty);
                }
                if let Some(extra) = &mut object.extra {
                    f(extra);
                }
            }
            Kind::Union(union) => {
                for variant in &mut union.variants {
                    f(&mut variant.ty);
                }
            }
            Kind::Native(native) => native.parameters.iter_mut().for_each(f),
            Kind::Any
            | Kind::Null
            | Kind::Boolean
            | Kind::Integer(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Enum(_)
            | Kind::Ref(_) => {}
        }
    }

    /// Calls `f` for every definition that this type names.
    pub(crate) fn each_ref(&self, f: &mut dyn FnMut(&str)) {
        match &self.kind {
            Kind::Ref(name) => f(name),
            Kind::Array(item) | Kind::Map(item) => item.each_ref(f),
            Kind::Object(object) => {
                for property in object.properties.values() {
                    property.ty.each_ref(f);
                }
                if let Some(extra) = &object.extra {
                    extra.each_ref(f);
                }
            }
            Kind::Union(union) => {
                for variant in &union.variants {
                    variant.ty.each_ref(f);
                }
            }
            Kind::Native(native) => {
                for parameter in &native.parameters {
                    parameter.each_ref(f);
                }
            }
            Kind::Any
            | Kind::Null
            | Kind::Boolean
            | Kind::Integer(_)
            | Kind::Number(_)
            | Kind::Text(_)
            | Kind::Enum(_) => {}
        }
    }
}
