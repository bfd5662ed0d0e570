//! The schema as published, corrected, and lowered for a selection of sections.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use openapi_lowering::{Envelopes, Loose, Lowered, Options};
use openapi_overlay::{ActionError, Applied, Fitting, Overlay, OverlayError};
use serde_json::Value;

use crate::sections::SECTIONS;

/// The crate that the generated code takes its tolerant types and envelopes from.
pub(crate) const TYPES_CRATE: &str = "omneo-types";

/// Why no code can be made of a schema.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file can't be read.
    #[error("{path} can not be read: {error}", path = path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// The schema is no JSON.
    #[error("the schema is no JSON: {0}")]
    Json(serde_json::Error),
    /// A correction does not apply, or is no longer needed.
    #[error("the corrections do not fit the schema: {0}")]
    Corrections(#[from] OverlayError),
    /// The schema can't be lowered.
    #[error("the schema can not be lowered: {0}")]
    Lowering(#[from] openapi_lowering::Error),
    /// progenitor refuses the lowered schema.
    #[error("progenitor refuses the lowered schema: {0}")]
    Bindings(String),
    /// Operations that are not reached by any handle.
    #[error("no handle reaches {}", .0.join(", "))]
    Unreached(Vec<String>),
}

/// The published schema and the corrections to it, as bytes.
#[derive(Clone, Debug)]
pub struct Source {
    schema: Vec<u8>,
    corrections: Vec<u8>,
}

/// The schema with the corrections applied.
#[derive(Clone, Debug)]
pub struct Corrected {
    document: Value,
    applied: Applied,
    unfitting: Vec<ActionError>,
}

impl Source {
    /// Reads `openapi.json` and `corrections.json` from a folder.
    ///
    /// # Errors
    ///
    /// If one of them can't be read.
    pub fn read(folder: &Path) -> Result<Self, Error> {
        let read = |name: &str| {
            let path = folder.join(name);
            std::fs::read(&path).map_err(|error| Error::Read { path, error })
        };
        Ok(Self::new(read("openapi.json")?, read("corrections.json")?))
    }

    /// From the contents of the two files.
    pub fn new(schema: Vec<u8>, corrections: Vec<u8>) -> Self {
        Self {
            schema,
            corrections,
        }
    }

    /// Applies the corrections.
    ///
    /// # Errors
    ///
    /// If a file is no JSON, if a correction matches nothing, or if the schema no longer needs it.
    pub fn correct(&self) -> Result<Corrected, Error> {
        let corrected = self.correct_where_fitting()?;
        match corrected.unfitting.is_empty() {
            true => Ok(corrected),
            false => Err(OverlayError::Actions(corrected.unfitting).into()),
        }
    }

    /// Applies the corrections that fit: for looking at a schema before its corrections are revised.
    ///
    /// # Errors
    ///
    /// If a file is no JSON, or the corrections are no overlay.
    pub fn correct_where_fitting(&self) -> Result<Corrected, Error> {
        let mut document = self.document()?;
        let Fitting { applied, unfitting } =
            Overlay::parse(&self.corrections)?.apply_fitting(&mut document)?;
        Ok(Corrected {
            document,
            applied,
            unfitting,
        })
    }

    /// The schema as published.
    ///
    /// # Errors
    ///
    /// If it is no JSON.
    pub fn document(&self) -> Result<Value, Error> {
        serde_json::from_slice(&self.schema).map_err(Error::Json)
    }
}

impl Corrected {
    /// The corrected document.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// What each correction matched.
    pub fn applied(&self) -> &Applied {
        &self.applied
    }

    /// The corrections that match nothing, or that the schema no longer needs; none where the
    /// schema was corrected strictly.
    pub fn unfitting(&self) -> &[ActionError] {
        &self.unfitting
    }

    /// Every tag of an operation that no section has; such operations are in every build.
    pub fn tags_without_section(&self) -> BTreeSet<String> {
        let known = SECTIONS
            .iter()
            .flat_map(|section| section.tags)
            .copied()
            .collect::<BTreeSet<_>>();
        self.tags()
            .filter(|tag| !known.contains(tag))
            .map(str::to_owned)
            .collect()
    }

    fn tags(&self) -> impl Iterator<Item = &str> {
        let items = self.document["paths"].as_object().into_iter().flatten();
        items
            .flat_map(|(_, item)| item.as_object().into_iter().flatten())
            .flat_map(|(_, operation)| operation["tags"].as_array().into_iter().flatten())
            .filter_map(Value::as_str)
    }

    /// The schemas of the multipart bodies of some tags. The bindings take parts, so no operation reaches these types, and a
    /// caller wants what may be in them.
    fn multipart_schemas(&self, tags: &BTreeSet<String>) -> Vec<String> {
        let items = self.document["paths"].as_object().into_iter().flatten();
        let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
        let is_chosen = |operation: &Value| {
            let own = operation["tags"].as_array().into_iter().flatten();
            own.filter_map(Value::as_str).any(|tag| tags.contains(tag))
        };
        let schema = |(_, operation): (&String, &Value)| {
            let content = &operation["requestBody"]["content"]["multipart/form-data"];
            let reference = content["schema"]["$ref"].as_str();
            let name = reference.and_then(|reference| reference.rsplit('/').next())?;
            is_chosen(operation).then(|| name.to_owned())
        };
        operations.filter_map(schema).collect()
    }

    /// Lowers the operations of the chosen sections, by their features.
    ///
    /// # Errors
    ///
    /// If the document is no OpenAPI document that can be lowered.
    pub fn lower(&self, is_chosen: impl Fn(&str) -> bool) -> Result<Lowered, Error> {
        let mut options = Options::default();
        options.envelopes = Some(Envelopes::from_crate(TYPES_CRATE));
        let mut loose = Loose::from_crate(TYPES_CRATE);
        loose.always_present.insert("id".to_owned());
        loose.is_id = is_id;
        loose.is_timestamp = is_timestamp;
        options.loose = Some(loose);
        if !SECTIONS.iter().all(|section| is_chosen(section.feature)) {
            let mut tags = self.tags_without_section();
            for section in SECTIONS.iter().filter(|section| is_chosen(section.feature)) {
                tags.extend(section.tags.iter().map(|tag| (*tag).to_owned()));
                let schemas = section.schemas.iter().map(|schema| (*schema).to_owned());
                options.keep_schemas.extend(schemas);
            }
            options.keep_schemas.extend(self.multipart_schemas(&tags));
            options.tags = Some(tags);
        }
        Ok(openapi_lowering::lower_value(&self.document, &options)?)
    }
}

/// Whether a text property of this name holds a point in time: `created_at` and its kin. The others
/// that end so are times of a day (`09:02`), days of a month, or not known to be points in time.
pub fn is_timestamp(name: &str) -> bool {
    name.ends_with("_at")
        && !matches!(
            name,
            "close_at" | "end_at" | "open_at" | "run_at" | "start_at"
        )
}

/// `id`, `profile_id` and its kin.
pub(crate) fn is_id(name: &str) -> bool {
    name == "id" || name.ends_with("_id")
}

/// `is_active`, `has_notified_issue` and their kin.
pub(crate) fn is_flag(name: &str) -> bool {
    name.starts_with("is_") || name.starts_with("has_")
}
