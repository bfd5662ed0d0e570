//! Schemas of the source become types of the few forms in [`crate::ty`].

mod array;
mod compose;
mod enumeration;
mod keywords;
mod object;
mod union;

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::naming::{self, Names};
use crate::options::Options;
use crate::pointer;
use crate::report::{Change, Report};
use crate::source::{Source, Version, kind};
use crate::text;
use crate::ty::{Kind, Text, Type};

pub(crate) use union::untagged;

/// How deep compositions may stand inside one another. Those of real documents are a few levels deep.
const MAX_COMPOSED: usize = 24;

/// Whether a type is read from answers or sent in requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Answer,
    Request,
    /// Read as an answer, and then sent as it was read.
    Both,
}

#[derive(Debug)]
pub(crate) struct Definition {
    pub(crate) ty: Type,
    pub(crate) direction: Direction,
}

pub(crate) struct Schemas<'a> {
    pub(crate) source: &'a Source<'a>,
    pub(crate) options: &'a Options,
    pub(crate) report: Report,
    pub(crate) definitions: BTreeMap<String, Definition>,
    pub(crate) direction: Direction,
    pub(crate) names: Names,
    /// The definition's name for every place that a reference leads to.
    named: HashMap<String, String>,
    queue: VecDeque<String>,
    /// How many composed schemas are being taken apart, one inside the other.
    levels: usize,
    /// The composed schemas that are being built, with their names where they were asked for.
    composing: HashMap<String, Option<String>>,
    /// Which component schemas are composed of which.
    subtypes: Option<HashMap<String, Vec<String>>>,
}

impl<'a> Schemas<'a> {
    pub(crate) fn new(source: &'a Source<'a>, options: &'a Options) -> Result<Self> {
        let mut schemas = Self {
            source,
            options,
            report: Report::default(),
            definitions: BTreeMap::new(),
            direction: Direction::Answer,
            names: Names::for_types(),
            named: HashMap::new(),
            queue: VecDeque::new(),
            levels: 0,
            composing: HashMap::new(),
            subtypes: None,
        };
        // Every component gets its name first, reached or not, so that a selection of operations
        // renames nothing.
        for name in schemas.component_names()? {
            let at = component(&name);
            let wanted = naming::pascal(&name);
            let given = schemas.names.take(&wanted);
            if given != wanted {
                schemas.report.add(
                    &at,
                    Change::Renamed,
                    format!("`{name}` is named `{given}`"),
                    "another schema, or Rust itself, has that name",
                );
            }
            schemas.named.insert(at, given);
        }
        Ok(schemas)
    }

    /// The names under `/components/schemas`.
    pub(crate) fn component_names(&self) -> Result<Vec<String>> {
        Ok(self
            .source
            .object("/components/schemas")?
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default())
    }

    /// The names of the component schemas and of their types.
    pub(crate) fn type_names(&self) -> Result<Vec<(String, String)>> {
        Ok(self
            .component_names()?
            .into_iter()
            .filter_map(|name| {
                let type_name = self.named.get(&component(&name))?.clone();
                Some((name, type_name))
            })
            .collect())
    }

    /// Lowers a component schema even if nothing refers to it.
    pub(crate) fn keep(&mut self, name: &str) -> Result<()> {
        self.direction = match &self.options.loose {
            Some(loose) if (loose.is_request)(name) => Direction::Request,
            _ => Direction::Answer,
        };
        self.name_of(component(name));
        self.drain()
    }

    /// Lowers whatever was referred to and is not lowered yet.
    pub(crate) fn drain(&mut self) -> Result<()> {
        while let Some(at) = self.queue.pop_front() {
            let (Some(value), Some(name)) = (self.source.root.pointer(&at), self.named.get(&at))
            else {
                continue;
            };
            let name = name.clone();
            let ty = self.build(value, &at, &name)?;
            self.define(name, ty);
        }
        Ok(())
    }

    /// The type of a schema; what needs a name gets one made of `hint`.
    pub(crate) fn inline(&mut self, schema: &Value, at: &str, hint: &str) -> Result<Type> {
        if !is_composed(schema) {
            let ty = self.build(schema, at, hint)?;
            return Ok(self.named_if_nominal(ty, hint));
        }
        // A schema that is composed of one that holds it would be taken apart without end: inside
        // itself it is a reference.
        let key = schema.to_string();
        if let Some(name) = self.composing.get_mut(&key) {
            let name = match name {
                Some(name) => name.clone(),
                None => {
                    let taken = self.names.take(&naming::pascal(hint));
                    *name = Some(taken.clone());
                    taken
                }
            };
            return Ok(Type::new(Kind::Ref(name)));
        }
        self.composing.insert(key.clone(), None);
        let built = self.build(schema, at, hint);
        let name = self.composing.remove(&key).flatten();
        let ty = built?;
        match name {
            None => Ok(self.named_if_nominal(ty, hint)),
            Some(name) => Ok(self.refer(name, ty)),
        }
    }

    fn named_if_nominal(&mut self, ty: Type, hint: &str) -> Type {
        if !ty.is_nominal() {
            return ty;
        }
        let name = self.names.take(&naming::pascal(hint));
        self.refer(name, ty)
    }

    /// Defines a type, and refers to it.
    fn refer(&mut self, name: String, mut ty: Type) -> Type {
        let outer = Type {
            kind: Kind::Ref(name.clone()),
            nullable: ty.nullable,
            doc: ty.doc.clone(),
            default: ty.default.take(),
        };
        self.define(name, ty);
        outer
    }

    /// A definition under a name of its own.
    pub(crate) fn define_new(&mut self, hint: &str, ty: Type) -> Type {
        let name = self.names.take(&naming::pascal(hint));
        self.define(name.clone(), ty);
        Type::new(Kind::Ref(name))
    }

    fn define(&mut self, name: String, ty: Type) {
        let direction = self.direction;
        self.definitions.insert(name, Definition { ty, direction });
    }

    /// The type of a schema, without a name of its own even where it needs one.
    fn build(&mut self, schema: &Value, at: &str, hint: &str) -> Result<Type> {
        match schema {
            Value::Bool(true) => Ok(Type::new(Kind::Any)),
            Value::Bool(false) => Ok(self.free_json(
                at,
                "a schema that no value fits",
                "Rust has no type that JSON can not be",
            )),
            Value::Object(map) => {
                let mut ty = self.shape(map, at, hint)?;
                if let Some(description) = map.get("description").and_then(Value::as_str) {
                    let doc = text::doc(description);
                    ty.doc = (!doc.is_empty()).then_some(doc);
                }
                self.keep_default(map, &mut ty, at);
                Ok(ty)
            }
            other => Err(Error::Unexpected {
                pointer: at.to_owned(),
                found: kind(other),
                expected: "a schema",
            }),
        }
    }

    fn shape(&mut self, map: &Map<String, Value>, at: &str, hint: &str) -> Result<Type> {
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            return self.reference(reference, map, at, hint);
        }
        if map.contains_key("$dynamicRef") || map.contains_key("$recursiveRef") {
            return Ok(self.free_json(
                at,
                "a dynamic reference",
                "what it leads to depends on the reader",
            ));
        }
        if ["allOf", "anyOf", "oneOf"]
            .iter()
            .any(|keyword| map.contains_key(*keyword))
        {
            if self.levels == MAX_COMPOSED {
                return Ok(self.free_json(
                    at,
                    "a schema composed of itself",
                    "taking it apart would never end",
                ));
            }
            self.levels += 1;
            let ty = match map.contains_key("allOf") {
                true => self.all_of(map, at, hint),
                false => self.union(map, at, hint),
            };
            self.levels -= 1;
            return ty;
        }
        let mut nullable = map.get("nullable").and_then(Value::as_bool) == Some(true);
        let mut types = self.types(map, at)?;
        if types.contains(&"null") {
            nullable = true;
            types.retain(|ty| *ty != "null");
            if types.is_empty() {
                return Ok(null());
            }
        }
        self.unchecked(map, at);
        let mut ty = if map.contains_key("const") || map.contains_key("enum") {
            self.enumeration(map, &types, at)?
        } else {
            match types[..] {
                [] => Type::new(Kind::Any),
                [one] => self.typed(map, one, at, hint)?,
                _ => self.of_several_types(map, &types, at, hint)?,
            }
        };
        ty.nullable |= nullable;
        Ok(ty)
    }

    /// The `type` of a schema as a list; inferred from the other keywords where it is missing.
    fn types<'m>(&mut self, map: &'m Map<String, Value>, at: &str) -> Result<Vec<&'m str>> {
        let mut types = match map.get("type") {
            None => keywords::implied_type(map).into_iter().collect(),
            Some(Value::String(ty)) => vec![ty.as_str()],
            Some(Value::Array(list)) => list.iter().filter_map(Value::as_str).collect(),
            Some(other) => {
                return Err(Error::Unexpected {
                    pointer: pointer::child(at, "type"),
                    found: kind(other),
                    expected: "text or a list of texts",
                });
            }
        };
        types.dedup();
        let before = types.len();
        types.retain(|ty| keywords::is_type(ty));
        if types.is_empty() && before > 0 {
            self.report.add(
                at,
                Change::FreeJson,
                "a type that JSON does not have",
                "JSON Schema has seven types",
            );
        }
        // Every number type that is listed beside `number` is one.
        if types.contains(&"number") {
            types.retain(|ty| *ty != "integer");
        }
        Ok(types)
    }

    fn typed(&mut self, map: &Map<String, Value>, ty: &str, at: &str, hint: &str) -> Result<Type> {
        let format = || map.get("format").and_then(Value::as_str).map(str::to_owned);
        Ok(match ty {
            "object" => return self.object(map, at, hint),
            "array" => return self.array(map, at, hint),
            "boolean" => Type::new(Kind::Boolean),
            "integer" => Type::new(Kind::Integer(format())),
            "number" => Type::new(Kind::Number(format())),
            "null" => null(),
            _ => Type::new(Kind::Text(self.text(map, format(), at))),
        })
    }

    fn text(&mut self, map: &Map<String, Value>, format: Option<String>, at: &str) -> Text {
        let mut text = Text {
            format,
            ..Text::default()
        };
        if self.options.loose.is_some() {
            return text;
        }
        text.min_length = map
            .get("minLength")
            .and_then(Value::as_u64)
            .filter(|n| *n > 0);
        text.max_length = map.get("maxLength").and_then(Value::as_u64);
        // typify reads lengths as 32-bit numbers.
        for length in [&mut text.min_length, &mut text.max_length] {
            *length = length.filter(|n| u32::try_from(*n).is_ok());
        }
        if let Some(pattern) = map.get("pattern").and_then(Value::as_str) {
            if regress::Regex::new(pattern).is_ok() {
                text.pattern = Some(pattern.to_owned());
            } else {
                self.report.add(
                    at,
                    Change::Widened,
                    format!("the pattern `{pattern}` is not checked"),
                    "it is no regular expression of ECMAScript",
                );
            }
        }
        // A text of a known format is a type of its own that checks more than its length.
        if text.is_checked() && crate::emit::known_format(text.format.as_deref()).is_some() {
            text = Text {
                format: text.format,
                ..Text::default()
            };
        }
        text
    }

    /// Several types in one schema: each with the keywords that speak of it.
    fn of_several_types(
        &mut self,
        map: &Map<String, Value>,
        types: &[&str],
        at: &str,
        hint: &str,
    ) -> Result<Type> {
        let mut variants = Vec::with_capacity(types.len());
        for ty in types {
            let hint = format!("{hint} {ty}");
            let mut variant = self.typed(map, ty, at, &hint)?;
            if variant.is_nominal() {
                variant = self.define_new(&hint, variant);
            }
            variants.push(variant);
        }
        Ok(union::untagged(variants))
    }

    fn reference(
        &mut self,
        reference: &str,
        map: &Map<String, Value>,
        at: &str,
        hint: &str,
    ) -> Result<Type> {
        let constrained = map.keys().any(|key| keywords::is_structural(key));
        if constrained && self.source.version == Version::V31 {
            // In 3.1 a reference and its siblings both hold.
            let mut siblings = map.clone();
            siblings.remove("$ref");
            let both = serde_json::json!({ "allOf": [{ "$ref": reference }, siblings] });
            return match both.as_object() {
                Some(both) => self.all_of(both, at, hint),
                None => Ok(Type::new(Kind::Any)),
            };
        }
        if constrained {
            self.report.add(
                at,
                Change::Widened,
                "keywords beside a `$ref` are ignored",
                "OpenAPI 3.0 says so",
            );
        }
        let pointer = self.source.target(reference, at)?;
        let mut ty = Type::new(Kind::Ref(self.name_of(pointer)));
        ty.nullable = map.get("nullable").and_then(Value::as_bool) == Some(true);
        Ok(ty)
    }

    /// The definition for a place that is referred to; queued to be lowered the first time.
    fn name_of(&mut self, at: String) -> String {
        let name = match self.named.get(&at) {
            Some(name) => name.clone(),
            None => {
                let name = self.names.take(&naming::pascal(&hint_of(&at)));
                self.named.insert(at.clone(), name.clone());
                name
            }
        };
        if !self.definitions.contains_key(&name) {
            // The place is taken now, so that it is queued once.
            self.define(name.clone(), Type::new(Kind::Any));
            self.queue.push_back(at);
        }
        name
    }

    pub(crate) fn free_json(&mut self, at: &str, what: &str, why: &'static str) -> Type {
        self.report.add(at, Change::FreeJson, what, why);
        Type::new(Kind::Any)
    }

    /// Reports the keywords that no Rust type checks.
    fn unchecked(&mut self, map: &Map<String, Value>, at: &str) {
        let loose = self.options.loose.is_some();
        let dropped = map
            .keys()
            .map(String::as_str)
            .filter(|key| keywords::is_unchecked(key, loose))
            .collect::<Vec<_>>();
        if !dropped.is_empty() {
            self.report.add(
                at,
                Change::Widened,
                format!("{} not checked", dropped.join(", ")),
                "the Rust type accepts more",
            );
        }
    }

    /// Keeps a default where typify can make code of it.
    fn keep_default(&mut self, map: &Map<String, Value>, ty: &mut Type, at: &str) {
        let Some(default) = map.get("default") else {
            return;
        };
        if self.options.loose.is_some() || (default.is_null() && ty.nullable) {
            return;
        }
        let fits = !ty.nullable
            && match &ty.kind {
                Kind::Boolean => default.is_boolean(),
                Kind::Integer(format) => {
                    default.is_i64() && format.as_deref().is_none_or(|format| format == "int64")
                }
                Kind::Number(format) => {
                    default.is_number() && format.as_deref().is_none_or(|format| format == "double")
                }
                Kind::Text(text) => {
                    default.is_string()
                        && !text.is_checked()
                        && crate::emit::known_format(text.format.as_deref()).is_none()
                }
                Kind::Enum(values) => default
                    .as_str()
                    .is_some_and(|default| values.iter().any(|value| value == default)),
                _ => false,
            };
        if fits {
            ty.default = Some(default.clone());
        } else {
            self.report.add(
                at,
                Change::Widened,
                "the default is left to the server",
                "it does not fit the schema, or Rust has no constant for it",
            );
        }
    }
}

pub(crate) fn component(name: &str) -> String {
    pointer::child("/components/schemas", name)
}

pub(crate) fn null() -> Type {
    Type {
        nullable: true,
        ..Type::new(Kind::Null)
    }
}

/// Whether a schema takes others apart instead of referring to them.
fn is_composed(schema: &Value) -> bool {
    ["allOf", "anyOf", "oneOf"]
        .iter()
        .any(|keyword| schema.get(keyword).is_some())
        || (schema.get("$ref").is_some() && schema.as_object().is_some_and(|map| map.len() > 1))
}

/// A name for a place that has none: the words of its pointer that are names.
fn hint_of(at: &str) -> String {
    const STRUCTURE: &[&str] = &[
        "$defs",
        "additionalProperties",
        "allOf",
        "anyOf",
        "components",
        "content",
        "definitions",
        "items",
        "oneOf",
        "paths",
        "properties",
        "requestBody",
        "schema",
        "schemas",
    ];
    let words = pointer::tokens(at)
        .filter(|token| {
            !STRUCTURE.contains(&token.as_str()) && !token.bytes().all(|b| b.is_ascii_digit())
        })
        .collect::<Vec<_>>();
    match at.rfind("/$defs/") {
        Some(defs) => hint_of(&at[defs + "/$defs".len()..]),
        None => words.join(" "),
    }
}
