//! What a caller chooses.

use std::collections::BTreeSet;

/// How a document is lowered. The default keeps every operation and every schema, as strict as
/// the document has them.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Options {
    /// Keep the operations that have one of these tags, those that have no tag, and just the types
    /// that they reach. `None` keeps everything.
    pub tags: Option<BTreeSet<String>>,
    /// With `tags`: component schemas to keep although no kept operation reaches them.
    pub keep_schemas: BTreeSet<String>,
    /// Lower `{data: X}` and its kin to generic types instead of a type each.
    pub envelopes: Option<Envelopes>,
    /// Read answers more loosely than the document describes them.
    pub loose: Option<Loose>,
}

/// Generic types for the envelopes that answers come in.
///
/// The crate has to offer `Data<T>` for `{data: X}`, `Page<T>` for `{data: [X], links, meta}`,
/// `{data: [X]}` and where a bare `[X]` may stand in their place, `RawPage<T>` for Laravel's
/// paginator `{current_page, data: [X], last_page, …}`, and `MaybeData<T>` for an answer that is
/// `{data: X}` or a bare `X` without a member `data`. What may lack its `data` is no envelope.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Envelopes {
    /// The crate's name, as in its manifest.
    pub crate_name: String,
}

impl Envelopes {
    /// The envelopes of this crate.
    pub fn from_crate(crate_name: impl Into<String>) -> Self {
        Self {
            crate_name: crate_name.into(),
        }
    }
}

/// Loose reading: any 2xx is success, errors are left to the caller's runtime, every property of
/// an answer is optional, and what a server sends otherwise than it says is read by tolerant types.
///
/// The crate has to offer `Id`, `Integer`, `Amount`, `Flag`, `Timestamp`, `Scalar`, `Map<V>`,
/// `List<T>`, `OpenEnum<E>`, `Record<T>`, `Linked<T>` and `Field<T>`. `Field<T>` is what an optional property of
/// a request becomes that may be null: absent, null or a value. What both a request and an answer hold has such fields
/// too, so that it can be sent as it was read.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Loose {
    /// The crate's name, as in its manifest.
    pub crate_name: String,
    /// Properties of answers that stay required where the document requires them.
    pub always_present: BTreeSet<String>,
    /// Whether a property or parameter of this name holds an identifier.
    pub is_id: fn(&str) -> bool,
    /// Whether a text property of this name holds a point in time.
    pub is_timestamp: fn(&str) -> bool,
    /// Whether a component schema of this name is sent, where no operation tells.
    pub is_request: fn(&str) -> bool,
}

impl Loose {
    /// Loose reading with the tolerant types of this crate: `id` and `*_id` are identifiers,
    /// `*_at` are points in time, `*Input` is sent, and nothing is always present.
    pub fn from_crate(crate_name: impl Into<String>) -> Self {
        Self {
            crate_name: crate_name.into(),
            always_present: BTreeSet::new(),
            is_id: |name| name == "id" || name.ends_with("_id"),
            is_timestamp: |name| name.ends_with("_at"),
            is_request: |name| name.ends_with("Input"),
        }
    }
}
