//! A file on its way.

use std::fmt;
use std::future::IntoFuture;
use std::path::Path;
use std::time::Duration;

use omneo_api::runtime::{BoxFuture, Multipart};
use omneo_api::types::Import;
use omneo_api::{Effect, Error, RequestOptions};
use omneo_types::{Id, OpenEnum};

use super::look::{self, Before, named};
use super::mapped::Importable;
use super::{File, Follow, Handler};
use crate::client::Omneo;
use crate::ext::{HandleExt as _, OptionsExt as _};
use crate::transport::CallLimit;

/// How long an upload may take, unless its options say otherwise.
const LIMIT: Duration = Duration::from_secs(60 * 60);

/// A file of records of one kind, made by [`Omneo::upload`] and sent when it is awaited (`POST /v3/imports`).
///
/// # Errors
///
/// `InvalidRequest` for a file that can't be read. Where the answer was lost, [`Effect::Unknown`] and a message that says
/// which imports may be the file's: see [the module](super#answers-that-are-lost). Else whatever keeps the call from
/// succeeding.
#[must_use = "nothing is sent before it is awaited"]
pub struct Upload {
    omneo: Omneo,
    handler: OpenEnum<Handler>,
    file: File,
}

impl Upload {
    pub(super) fn new(omneo: &Omneo, handler: OpenEnum<Handler>, file: File) -> Self {
        Self {
            omneo: omneo.clone(),
            handler,
            file,
        }
    }
}

impl IntoFuture for Upload {
    type Output = Result<Follow, Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let wanted = Wanted {
                names: names_of(&self.file),
                handler: Some(self.handler.to_string()),
                importable: None,
            };
            let parts = Multipart::new()
                .text("handler", &self.handler)
                .file("file", self.file);
            send(&self.omneo, wanted, async |omneo| {
                omneo.imports().create(parts).await
            })
            .await
        })
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("handler", &self.handler)
            .finish_non_exhaustive()
    }
}

/// What the import of a file is told by.
pub(super) struct Wanted {
    /// What it may be called.
    pub(super) names: Vec<String>,
    /// Of its jobs.
    pub(super) handler: Option<String>,
    pub(super) importable: Option<Importable>,
}

/// What a server may call the import of a file: it may drop the extension.
pub(super) fn names_of(file: &File) -> Vec<String> {
    let stem = Path::new(file.name()).file_stem();
    let stem = stem.map(|stem| stem.to_string_lossy().into_owned());
    [file.name().to_owned()].into_iter().chain(stem).collect()
}

/// Sends a file, and finds its import.
pub(super) async fn send(
    omneo: &Omneo,
    wanted: Wanted,
    send: impl AsyncFnOnce(Omneo) -> Result<Import, Error>,
) -> Result<Follow, Error> {
    let before = Before::look(omneo).await;
    let lost = match send(omneo.clone().options(at_leisure)).await {
        Ok(Import { id: Some(id), .. }) => return Ok(Follow::new(omneo, id)),
        Ok(_) => Error::custom("the server took the file, and does not name its import")
            .with_effect(Effect::Done),
        Err(error) if error.effect() == Effect::None => return Err(error),
        Err(error) => error,
    };
    let search = Search {
        omneo,
        before,
        wanted,
    };
    let note = match look::wait_for(omneo, || search.sure()).await {
        Ok(Some(id)) => return Ok(Follow::new(omneo, id)),
        Ok(None) => search.doubt().await,
        Err(error) => Err(error),
    };
    let note = note.unwrap_or_else(|error| format!("its import can't be looked for ({error})"));
    Err(lost.with_note(format!(
        "{note}; look at `imports().list()` before the file is uploaded again"
    )))
}

fn at_leisure(mut options: RequestOptions) -> RequestOptions {
    options.timeout.get_or_insert(LIMIT);
    match options.extensions.get::<CallLimit>() {
        Some(_) => options,
        None => options.deadline(LIMIT),
    }
}

struct Search<'a> {
    omneo: &'a Omneo,
    before: Before,
    wanted: Wanted,
}

impl Search<'_> {
    /// The import, if there is exactly one new one that is named as it should be.
    async fn sure(&self) -> Result<Option<Id>, Error> {
        let candidates = self.candidates().await?;
        let mut named = candidates
            .iter()
            .filter(|(_, import)| import.name.is_some());
        match (named.next(), named.next()) {
            (Some((id, _)), None) => Ok(Some(id.clone())),
            _ => Ok(None),
        }
    }

    /// What is said where there is none, or not exactly one.
    async fn doubt(&self) -> Result<String, Error> {
        let candidates = self.candidates().await?;
        let ids: Vec<_> = candidates.into_iter().map(|(id, _)| id).collect();
        Ok(match ids.as_slice() {
            [] => "no new import is there that may be the file's".to_owned(),
            [_] => format!("{} is new and may be the file's", named(&ids)),
            _ => format!("{} are new, and one may be the file's", named(&ids)),
        })
    }

    /// The new imports that may be the one.
    async fn candidates(&self) -> Result<Vec<(Id, Import)>, Error> {
        let mut candidates = Vec::new();
        for (id, import) in self.before.new_since(self.omneo).await? {
            if self.wanted.may_be(&import) && self.has_handler(&id).await? {
                candidates.push((id, import));
            }
        }
        Ok(candidates)
    }

    /// Whether the jobs of an import have the handler, if it has any.
    async fn has_handler(&self, import: &Id) -> Result<bool, Error> {
        let Some(handler) = &self.wanted.handler else {
            return Ok(true);
        };
        let job = self.omneo.import(import).jobs().list().first().await?;
        let found = job.and_then(|job| job.handler);
        Ok(found.is_none_or(|found| found == *handler))
    }
}

impl Wanted {
    fn may_be(&self, import: &Import) -> bool {
        let is_name = |name: &String| self.names.contains(name);
        let is_of = |importable: &Importable| {
            let kind = import.importable_type.as_ref();
            let id = import.importable_id.as_ref();
            kind.is_none_or(|kind| *kind == importable.kind)
                && id.is_none_or(|id| importable.id.as_ref() == Some(id))
        };
        import.name.as_ref().is_none_or(is_name) && self.importable.as_ref().is_none_or(is_of)
    }
}
