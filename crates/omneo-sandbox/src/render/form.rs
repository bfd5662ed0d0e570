//! The schemas of answers, prepared for rendering: read once, not for every record.

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::Value;

use super::source::{self, Source};
use super::{habits, kinds};
use crate::rules;
use crate::schema::{Operation, SCHEMA, Schema};

/// What every operation's answer and every component looks like.
pub(super) static SHAPES: LazyLock<Shapes> = LazyLock::new(|| Shapes::of(&SCHEMA));

/// The prepared schemas.
pub(super) struct Shapes {
    shapes: Vec<Shape>,
    /// The forms of components by their names.
    models: HashMap<String, Form>,
    /// By the operations' places.
    contents: Vec<Form>,
}

/// What an object looks like.
#[derive(Debug, Default)]
pub(super) struct Shape {
    /// The component; empty if the object is described where it is used.
    pub(super) component: String,
    /// The kind of the records that it shows.
    pub(super) kind: String,
    /// Whether views add to it, by its kind or by its component.
    pub(super) is_viewed: bool,
    pub(super) members: Vec<Member>,
    /// What other members there may be.
    pub(super) others: Option<Form>,
}

/// A member of an object.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    pub(super) is_required: bool,
    pub(super) form: Form,
    /// Where it is taken from if the record does not have it.
    pub(super) source: Option<Source>,
    /// Whether it is a time that is written as ISO 8601.
    pub(super) is_iso: bool,
}

/// Which values a schema allows.
#[derive(Clone, Debug, Default)]
pub(super) struct Form {
    /// Anything.
    pub(super) free: bool,
    pub(super) null: bool,
    pub(super) boolean: bool,
    pub(super) integer: bool,
    pub(super) number: bool,
    pub(super) text: Option<Text>,
    pub(super) list: Option<List>,
    pub(super) object: Option<Object>,
    /// The only values, if they are listed.
    pub(super) options: Vec<Value>,
}

/// Which texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Text {
    Any,
    /// A time by its name, which is no time if it can't be read as one: `open_at` has `09:00`.
    Time,
    DateTime,
    Date,
    Email,
    Uuid,
    Decimal,
}

/// Which lists.
#[derive(Clone, Debug)]
pub(super) struct List {
    pub(super) items: Box<Form>,
    /// Whether it stands for an empty map.
    pub(super) is_empty: bool,
}

/// Which objects.
#[derive(Clone, Debug)]
pub(super) enum Object {
    /// A map of whatever fits.
    Map(Box<Form>),
    /// One of these shapes, by their places.
    Shapes(Vec<usize>),
}

impl Shapes {
    fn of(schema: &'static Schema) -> Self {
        let mut reader = Reader {
            schema,
            shapes: Vec::new(),
            known: HashMap::new(),
        };
        let components = schema.document().pointer("/components/schemas");
        let names: Vec<_> = components
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|components| components.keys())
            .filter(|name| !name.ends_with("Input"))
            .collect();
        let models = names
            .into_iter()
            .map(|name| (name.clone(), reader.component(name)))
            .collect();
        let contents = schema
            .operations()
            .iter()
            .map(|operation| {
                let content = operation.content.as_deref();
                let content = content.and_then(|content| schema.document().pointer(content));
                content.map_or_else(Form::any, |content| reader.form(content))
            })
            .collect();
        Self {
            shapes: reader.shapes,
            models,
            contents,
        }
    }

    /// The form of what an operation answers without its envelope, or of an item of the list.
    pub(super) fn content(&self, operation: &Operation) -> Option<&Form> {
        self.contents.get(operation.index)
    }

    /// The form of a component.
    pub(super) fn model(&self, name: &str) -> Option<&Form> {
        self.models.get(name)
    }

    /// The shape at a place.
    pub(super) fn shape(&self, index: usize) -> Option<&Shape> {
        self.shapes.get(index)
    }

    #[cfg(test)]
    pub(super) fn named(&self, component: &str) -> Option<&Shape> {
        self.shapes
            .iter()
            .find(|shape| shape.component == component)
    }
}

impl Form {
    fn any() -> Self {
        Self {
            free: true,
            ..Self::default()
        }
    }

    /// Whether it takes whole numbers alone, of all numbers.
    pub(super) fn is_whole(&self) -> bool {
        self.integer && !self.number
    }

    /// Whether it takes any text.
    pub(super) fn is_text(&self) -> bool {
        self.text == Some(Text::Any) && self.options.is_empty()
    }

    /// Whether it takes lists of something, not only one that stands for an empty map.
    pub(super) fn is_list(&self) -> bool {
        self.list.as_ref().is_some_and(|list| !list.is_empty)
    }

    /// Adds what another form allows.
    fn or(&mut self, other: Self) {
        self.free |= other.free;
        self.null |= other.null;
        self.boolean |= other.boolean;
        self.integer |= other.integer;
        self.number |= other.number;
        self.text = self.text.or(other.text);
        self.options.extend(other.options);
        self.list = match (self.list.take(), other.list) {
            // A list of items says more than the one that stands for an empty map.
            (Some(list), Some(other)) if list.is_empty => Some(other),
            (list, other) => list.or(other),
        };
        self.object = match (self.object.take(), other.object) {
            (Some(Object::Shapes(mut shapes)), Some(Object::Shapes(others))) => {
                shapes.extend(others);
                Some(Object::Shapes(shapes))
            }
            (object, other) => object.or(other),
        };
    }
}

struct Reader {
    schema: &'static Schema,
    shapes: Vec<Shape>,
    known: HashMap<String, usize>,
}

impl Reader {
    fn component(&mut self, name: &str) -> Form {
        if let Some(index) = self.known.get(name) {
            return Form {
                object: Some(Object::Shapes(vec![*index])),
                ..Form::default()
            };
        }
        let Some(schema) = self.schema.component(name) else {
            return Form::any();
        };
        if schema.get("type").and_then(Value::as_str) != Some("object") {
            return self.form(schema);
        }
        let index = self.shapes.len();
        self.known.insert(name.to_owned(), index);
        self.shapes.push(Shape::default());
        let shape = self.shape(name, schema);
        if let Some(place) = self.shapes.get_mut(index) {
            *place = shape;
        }
        Form {
            object: Some(Object::Shapes(vec![index])),
            ..Form::default()
        }
    }

    fn shape(&mut self, component: &str, schema: &Value) -> Shape {
        let kind = kinds::kind(component);
        let required: Vec<_> = strings(schema.get("required")).collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        let members = properties
            .into_iter()
            .flatten()
            .map(|(name, property)| {
                let mut form = self.form(property);
                if is_time(name) && form.text == Some(Text::Any) {
                    form.text = Some(Text::Time);
                }
                Member {
                    is_required: required.contains(&name.as_str()),
                    source: source::of(component, kind, name, &form, &self.known),
                    is_iso: habits::is_iso(component, name),
                    name: name.clone(),
                    form,
                }
            })
            .collect();
        let is_viewed = rules::families()
            .iter()
            .flat_map(|family| family.views)
            .any(|view| view.kind == kind || view.kind == component);
        Shape {
            component: component.to_owned(),
            kind: kind.to_owned(),
            is_viewed: is_viewed && !component.is_empty(),
            members,
            others: match schema.get("additionalProperties") {
                None | Some(Value::Bool(false)) => None,
                Some(others) => Some(self.form(others)),
            },
        }
    }

    fn form(&mut self, schema: &Value) -> Form {
        let reference = schema.get("$ref").and_then(Value::as_str);
        if let Some(name) = reference.and_then(|name| name.rsplit('/').next()) {
            return self.component(name);
        }
        for keyword in ["anyOf", "oneOf", "allOf"] {
            // The schema has no `allOf` of more than one; were there one, the parts would be forms of their own.
            if let Some(branches) = schema.get(keyword).and_then(Value::as_array) {
                return branches.iter().fold(Form::default(), |mut form, branch| {
                    form.or(self.form(branch));
                    form
                });
            }
        }
        let types: Vec<_> = match schema.get("type") {
            Some(Value::String(ty)) => vec![ty.as_str()],
            types => strings(types).collect(),
        };
        if types.is_empty() {
            return Form::any();
        }
        let has = |ty: &str| types.contains(&ty);
        Form {
            free: false,
            null: has("null"),
            boolean: has("boolean"),
            integer: has("integer"),
            number: has("number"),
            text: has("string").then(|| text(schema)),
            list: has("array").then(|| List {
                items: Box::new(match schema.get("items") {
                    Some(items) => self.form(items),
                    None => Form::any(),
                }),
                is_empty: schema.get("maxItems").and_then(Value::as_u64) == Some(0),
            }),
            object: has("object").then(|| self.object(schema)),
            options: schema
                .get("enum")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
        }
    }

    fn object(&mut self, schema: &Value) -> Object {
        if schema.get("properties").is_some() {
            let shape = self.shape("", schema);
            self.shapes.push(shape);
            return Object::Shapes(vec![self.shapes.len() - 1]);
        }
        Object::Map(Box::new(match schema.get("additionalProperties") {
            Some(values) if values.is_object() => self.form(values),
            _ => Form::any(),
        }))
    }
}

/// Whether a member is a time by its name. A claim's is the date that was sent.
fn is_time(member: &str) -> bool {
    member.ends_with("_at") && member != "transaction_transacted_at"
}

fn text(schema: &Value) -> Text {
    match schema.get("format").and_then(Value::as_str) {
        Some("date-time") => Text::DateTime,
        Some("date") => Text::Date,
        Some("email") => Text::Email,
        Some("uuid") => Text::Uuid,
        Some("decimal") => Text::Decimal,
        _ => Text::Any,
    }
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let items = value.and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str)
}
