//! The release that follows from changes: before 1.0 the minor version counts as the major one.

use serde::Serialize;

use super::{Change, Kind};

/// How the version has to rise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Step {
    /// While it is 0.x.
    pub before_1_0: Release,
    /// From 1.0 on.
    pub from_1_0: Release,
}

/// A semver step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Release {
    /// Nothing to release.
    #[default]
    None,
    /// Nothing that a caller notices.
    Patch,
    /// Something new; before 1.0 something breaking.
    Minor,
    /// Something breaking.
    Major,
}

impl Release {
    /// The step as one word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl Step {
    /// The step that follows from changes.
    pub(super) fn after(changes: &[Change]) -> Self {
        let breaks = changes.iter().any(|change| change.breaking);
        let adds = changes.iter().any(|change| change.kind == Kind::Added);
        let (before_1_0, from_1_0) = match (breaks, adds) {
            (true, _) => (Release::Minor, Release::Major),
            (false, true) => (Release::Patch, Release::Minor),
            (false, false) => (Release::Patch, Release::Patch),
        };
        Self {
            before_1_0,
            from_1_0,
        }
    }
}
