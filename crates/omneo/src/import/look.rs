//! What was done by a call whose answer was lost.

use std::collections::HashSet;

use omneo_api::types::Import;
use omneo_api::{Effect, Error};
use omneo_types::Id;
use omneo_types::jiff::Timestamp;

use crate::batch::LOOKS;
use crate::client::Omneo;

/// How often something is made whose answer is lost, and of which nothing is found.
const TRIES: usize = 3;

/// The newest imports before one is made. `None` if they can't be listed.
pub(super) struct Before(Option<Known>);

struct Known {
    ids: HashSet<Id>,
    newest_at: Option<Timestamp>,
}

impl Before {
    pub(super) async fn look(omneo: &Omneo) -> Self {
        let Ok(imports) = newest(omneo).await else {
            return Self(None);
        };
        let newest_at = imports.iter().filter_map(made_at).max();
        let ids = imports.into_iter().filter_map(|import| import.id).collect();
        Self(Some(Known { ids, newest_at }))
    }

    /// The imports that are new, each with its id.
    pub(super) async fn new_since(&self, omneo: &Omneo) -> Result<Vec<(Id, Import)>, Error> {
        let Some(known) = &self.0 else {
            return Err(Error::custom(
                "what imports there were before could not be read",
            ));
        };
        let is_new = |(id, import): &(Id, Import)| {
            // When newer ones are deleted, older ones come to be among the newest.
            let is_older = made_at(import) < known.newest_at && made_at(import).is_some();
            !is_older && !known.ids.contains(id)
        };
        let imports = newest(omneo).await?.into_iter();
        let named = imports.filter_map(|import| Some((import.id.clone()?, import)));
        Ok(named.filter(is_new).collect())
    }
}

fn made_at(import: &Import) -> Option<Timestamp> {
    let made_at = import.created_at.as_ref();
    made_at.map(omneo_types::Timestamp::to_instant_utc)
}

/// One page of them: more are not made in the time of an upload.
async fn newest(omneo: &Omneo) -> Result<Vec<Import>, Error> {
    let page = omneo.imports().list().sort("-created_at").page(1).await?;
    Ok(page.into_iter().collect())
}

/// Makes something once: looks for it when the answer is lost, and makes it again only if there is none.
pub(super) async fn make<T, C, L>(
    omneo: &Omneo,
    create: impl Fn() -> C,
    look: impl Fn() -> L,
) -> Result<T, Error>
where
    C: Future<Output = Result<T, Error>>,
    L: Future<Output = Result<Option<T>, Error>>,
{
    let mut tries = 1;
    loop {
        let error = match create().await {
            Ok(made) => return Ok(made),
            Err(error) if error.effect() == Effect::None => return Err(error),
            Err(error) => error,
        };
        match wait_for(omneo, &look).await {
            Ok(Some(found)) => return Ok(found),
            Ok(None) if tries < TRIES => tries += 1,
            Ok(None) => return Err(error),
            Err(why) => {
                return Err(error.with_note(format!("it can't be told what was done ({why})")));
            }
        }
    }
}

/// Looks some times, as the server may be at it still. Of a look that goes wrong nothing is concluded.
pub(super) async fn wait_for<T, L: Future<Output = Result<Option<T>, Error>>>(
    omneo: &Omneo,
    look: impl Fn() -> L,
) -> Result<Option<T>, Error> {
    let mut last = Ok(None);
    for pause in LOOKS {
        omneo.shared.core.timer.sleep(pause).await;
        last = look().await;
        if matches!(last, Ok(Some(_))) {
            break;
        }
    }
    last
}

/// Ids for a sentence: `import 41`, `imports 41, 42`.
pub(super) fn named(ids: &[Id]) -> String {
    let list: Vec<_> = ids.iter().map(Id::to_string).collect();
    let noun = if ids.len() == 1 { "import" } else { "imports" };
    format!("{noun} {}", list.join(", "))
}
