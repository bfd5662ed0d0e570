//! A file for one incentive definition.

use std::fmt;
use std::future::IntoFuture;

use omneo_api::Error;
use omneo_api::runtime::{BoxFuture, Multipart};
#[cfg(feature = "incentives")]
use omneo_api::types;
use omneo_api::types::ImportImportableType;
use omneo_types::Id;
use serde_json::{Map, Value};

use super::upload::{self, Wanted};
use super::{File, Follow};
use crate::client::Omneo;

/// The definition that a file is for: of a reward, a benefit or a credit.
#[derive(Clone, Debug, PartialEq)]
pub struct Importable {
    pub(super) kind: ImportImportableType,
    /// None of a definition that was never read.
    pub(super) id: Option<Id>,
}

impl Importable {
    /// A reward definition, by its id.
    pub fn reward(id: impl Into<Id>) -> Self {
        Self::new(ImportImportableType::RewardDefinition, Some(id.into()))
    }

    /// A benefit definition, by its id.
    pub fn benefit(id: impl Into<Id>) -> Self {
        Self::new(ImportImportableType::BenefitDefinition, Some(id.into()))
    }

    /// A credit definition, by its id.
    pub fn credit(id: impl Into<Id>) -> Self {
        Self::new(ImportImportableType::CreditDefinition, Some(id.into()))
    }

    fn new(kind: ImportImportableType, id: Option<Id>) -> Self {
        Self { kind, id }
    }
}

#[cfg(feature = "incentives")]
macro_rules! importable {
    ($($definition:ident)+) => {$(
        impl From<&types::$definition> for Importable {
            fn from(definition: &types::$definition) -> Self {
                Self::new(ImportImportableType::$definition, definition.id.clone())
            }
        }
    )+};
}

#[cfg(feature = "incentives")]
importable! { RewardDefinition BenefitDefinition CreditDefinition }

/// A file for one incentive definition, made by [`Omneo::upload_mapped`] and sent when it is awaited
/// (`POST /v3/imports/file`).
///
/// # Errors
///
/// `InvalidRequest` for a file that can't be read, a key that comes twice, and a definition without an id. Else as those of
/// [`Upload`](super::Upload).
#[must_use = "nothing is sent before it is awaited"]
pub struct MappedUpload {
    omneo: Omneo,
    file: File,
    fields: Vec<(String, String)>,
    importable: Option<Importable>,
    name: Option<String>,
    meta: Option<Value>,
}

impl MappedUpload {
    pub(super) fn new(omneo: &Omneo, file: File, fields: Vec<(String, String)>) -> Self {
        Self {
            omneo: omneo.clone(),
            file,
            fields,
            importable: None,
            name: None,
            meta: None,
        }
    }

    /// The definition that the file is for: one that was read, or by its id.
    pub fn of(mut self, definition: impl Into<Importable>) -> Self {
        self.importable = Some(definition.into());
        self
    }

    /// What the import is called. By it the import is found again when the answer is lost, so let it be its own.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// What the caller keeps with the import; goes out as JSON text.
    pub fn meta(mut self, meta: impl Into<Value>) -> Self {
        self.meta = Some(meta.into());
        self
    }

    fn mapping(&self) -> Result<String, Error> {
        let mut mapping = Map::new();
        for (key, value) in &self.fields {
            let old = mapping.insert(key.clone(), value.clone().into());
            if old.is_some() {
                return Err(Error::invalid_request(format!(
                    "`{key}` is mapped twice; a mapping has each key once"
                )));
            }
        }
        Ok(Value::from(mapping).to_string())
    }

    async fn send(self) -> Result<Follow, Error> {
        let mut parts = Multipart::new().text("mapping_fields", self.mapping()?);
        if let Some(Importable { kind, id }) = &self.importable {
            let Some(id) = id else {
                return Err(Error::invalid_request(
                    "the definition has no id; pass one that was read from the server",
                ));
            };
            parts = parts
                .text("importable_type", kind)
                .text("importable_id", id);
        }
        if let Some(name) = &self.name {
            parts = parts.text("name", name);
        }
        if let Some(meta) = &self.meta {
            parts = parts.text("meta", meta);
        }
        let wanted = Wanted {
            names: match self.name {
                Some(name) => vec![name],
                None => upload::names_of(&self.file),
            },
            handler: None,
            importable: self.importable,
        };
        // Last, so that a server that reads part by part knows by then what to do with it.
        let parts = parts.file("file", self.file);
        upload::send(&self.omneo, wanted, async |omneo| {
            omneo.imports().file(parts).await
        })
        .await
    }
}

impl IntoFuture for MappedUpload {
    type Output = Result<Follow, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

impl fmt::Debug for MappedUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MappedUpload")
            .field("importable", &self.importable)
            .finish_non_exhaustive()
    }
}
