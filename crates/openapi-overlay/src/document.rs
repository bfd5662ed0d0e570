//! The Overlay document: reading it, and what of it is open to its user.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::MAX_DEPTH;
use crate::error::{ActionError, OverlayError, Problem};
use crate::location::exceeds_depth;
use crate::target::Target;

/// An OpenAPI Overlay 1.0 document, read and found well-formed.
#[derive(Clone, Debug)]
pub struct Overlay {
    title: String,
    version: String,
    extends: Option<String>,
    actions: Vec<Action>,
}

/// One change that an overlay makes.
#[derive(Clone, Debug)]
pub struct Action {
    pub(crate) target: Target,
    pub(crate) change: Change,
    description: Option<String>,
    extensions: Map<String, Value>,
}

#[derive(Clone, Debug)]
pub(crate) enum Change {
    Update(Value),
    Remove,
}

impl Overlay {
    /// Reads an overlay from JSON text.
    ///
    /// # Errors
    ///
    /// When the text is not an Overlay 1.0 document, when it has a field that is neither the specification's nor an extension (`x-...`), and when
    /// actions have a target that is no JSONPath or nothing to do; these are all named at once in [`OverlayError::Actions`].
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, OverlayError> {
        let raw: RawOverlay = serde_json::from_slice(text.as_ref())?;
        if !is_1_0(&raw.overlay) {
            return Err(OverlayError::Version(raw.overlay));
        }
        only_extensions("the overlay", &raw.rest)?;
        only_extensions("info", &raw.info.rest)?;
        if raw.actions.is_empty() {
            return Err(OverlayError::NoActions);
        }
        let mut actions = Vec::with_capacity(raw.actions.len());
        let mut errors = Vec::new();
        for (index, action) in raw.actions.into_iter().enumerate() {
            only_extensions(&format!("actions[{index}]"), &action.rest)?;
            let target = action.target.clone();
            match Action::new(action) {
                Ok(action) => actions.push(action),
                Err(problem) => errors.push(ActionError {
                    index,
                    target,
                    problem,
                }),
            }
        }
        if !errors.is_empty() {
            return Err(OverlayError::Actions(errors));
        }
        Ok(Self {
            title: raw.info.title,
            version: raw.info.version,
            extends: raw.extends,
            actions,
        })
    }

    /// The `title` of its `info`.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The `version` of its `info`: the overlay's own, not the specification's.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The URI of the document that it is meant for, if it names one. Nothing checks it.
    pub fn extends(&self) -> Option<&str> {
        self.extends.as_deref()
    }

    /// Its actions, in the order in which they are applied.
    pub fn actions(&self) -> &[Action] {
        &self.actions
    }
}

impl Action {
    fn new(raw: RawAction) -> Result<Self, Problem> {
        let target = Target::parse(&raw.target).map_err(Problem::NotJsonPath)?;
        let change = match raw.update {
            _ if raw.remove => Change::Remove,
            Some(update) if exceeds_depth(&update, MAX_DEPTH) => return Err(Problem::TooDeep),
            Some(update) => Change::Update(update),
            None => return Err(Problem::NothingToDo),
        };
        Ok(Self {
            target,
            change,
            description: raw.description,
            extensions: raw.rest,
        })
    }

    /// The JSONPath, as written.
    pub fn target(&self) -> &str {
        self.target.text()
    }

    /// The `description`, if there is one.
    pub fn description(&self) -> Option<&str> {
        self.description.as_deref()
    }

    /// What is merged or appended; `None` for a removal.
    pub fn update(&self) -> Option<&Value> {
        match &self.change {
            Change::Update(update) => Some(update),
            Change::Remove => None,
        }
    }

    /// Whether the matched nodes are removed.
    pub fn is_removal(&self) -> bool {
        matches!(self.change, Change::Remove)
    }

    /// An extension's value by its full name, such as `x-evidence`.
    pub fn extension(&self, name: &str) -> Option<&Value> {
        self.extensions.get(name)
    }
}

/// The specification forbids telling patch versions apart.
fn is_1_0(version: &str) -> bool {
    version
        .strip_prefix("1.0.")
        .is_some_and(|patch| !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit()))
}

fn only_extensions(place: &str, rest: &Map<String, Value>) -> Result<(), OverlayError> {
    match rest.keys().find(|field| !field.starts_with("x-")) {
        Some(field) => Err(OverlayError::UnknownField {
            place: place.to_owned(),
            field: field.clone(),
        }),
        None => Ok(()),
    }
}

#[derive(Deserialize)]
struct RawOverlay {
    overlay: String,
    info: RawInfo,
    extends: Option<String>,
    actions: Vec<RawAction>,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct RawInfo {
    title: String,
    version: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

#[derive(Deserialize)]
struct RawAction {
    target: String,
    description: Option<String>,
    #[serde(default, deserialize_with = "present")]
    update: Option<Value>,
    #[serde(default)]
    remove: bool,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

/// Keeps `update: null`, an entry that can be appended, apart from no update.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
