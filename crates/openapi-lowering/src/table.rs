//! What the bindings leave out or say only in types, as tables for a caller's runtime and docs.

/// One operation of the lowered document.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Operation {
    /// The operationId of the lowered document, which is also the method's name in the bindings.
    pub id: String,
    /// The operationId of the source, where it has one.
    pub operation_id: Option<String>,
    /// JSON pointer of the operation in the source.
    pub pointer: String,
    /// The HTTP method, in lower case.
    pub method: String,
    /// The path template of the source.
    pub path: String,
    /// The tags.
    pub tags: Vec<String>,
    /// The summary, safe as a doc comment.
    pub summary: Option<String>,
    /// The description, safe as a doc comment.
    pub description: Option<String>,
    /// The arguments for the path's parameters, in the order of the bindings' arguments.
    pub path_parameters: Vec<PathParameter>,
    /// The parameters that were lifted out of the bindings: query and cookies.
    pub parameters: Vec<Parameter>,
    /// The body that a request carries.
    pub body: Body,
    /// The Rust type of a successful answer; generated types are in the module `types`.
    pub answer: Answer,
}

/// A parameter of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PathParameter {
    /// Its name in the source's template.
    pub name: String,
    /// The argument's name in the bindings.
    pub argument: String,
    /// The argument's Rust type, without a reference.
    pub rust_type: String,
    /// What the source says of it.
    pub description: Option<String>,
}

/// Where a lifted parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// In the query of the URL.
    Query,
    /// In the `Cookie` header.
    Cookie,
}

/// A parameter that was lifted out of the bindings.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// `string`, `integer`, `number`, `boolean`, `array` or `object`; `string` where nothing is said.
    pub kind: String,
    /// Whether every request has to carry it.
    pub required: bool,
    /// How a list or an object is spelled: OpenAPI's `style`.
    pub style: String,
    /// OpenAPI's `explode`.
    pub explode: bool,
    /// The media type, where the value is encoded as one.
    pub content: Option<String>,
    /// The values that are listed, if any are.
    pub values: Vec<String>,
    /// What the source says of it.
    pub description: Option<String>,
}

/// The body that a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Body {
    /// None.
    None,
    /// JSON of this Rust type.
    Json(String),
    /// A form of this Rust type.
    Form(String),
    /// Text.
    Text,
    /// Bytes of this media type.
    Binary(String),
    /// Parts, lifted out of the bindings.
    Multipart(Vec<Part>),
}

/// A part of a multipart body.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// Its name.
    pub name: String,
    /// Whether every request has to carry it.
    pub required: bool,
    /// Whether it is a file.
    pub is_file: bool,
    /// What the source says of it.
    pub description: Option<String>,
}

/// What a successful answer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// Nothing.
    None,
    /// JSON of this Rust type.
    Json(String),
    /// Bytes or text.
    Raw,
}

/// A union of objects without a tag.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Union {
    /// The Rust enum.
    pub type_name: String,
    /// What a value of it may be.
    pub variants: Vec<UnionVariant>,
}

/// What a value of a union may be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UnionVariant {
    /// The Rust struct.
    pub type_name: String,
    /// The names of its properties.
    pub properties: Vec<String>,
}
