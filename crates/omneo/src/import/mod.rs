//! Imports: a file that the server reads row by row, or records that are sent in batches and belong to one load.
//!
//! | what there is | call |
//! |---|---|
//! | a file, and the kind of record in it | [`Omneo::upload`] |
//! | a file of codes or values for one incentive definition, and what its columns are | [`Omneo::upload_mapped`] |
//! | records | [`Batch::import`](crate::batch::Batch::import) |
//! | an import that was begun, here or elsewhere | [`Omneo::follow`] |
//!
//! ```no_run
//! # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
//! use omneo::import::{File, Handler};
//!
//! let import = omneo.upload(Handler::OmneoProfile, File::path("customers-2024-01-31.csv")).await?;
//! println!("import {}", import.id());
//! let done = import.on_progress(|import| eprintln!("{:?}", import.progress)).report().await?;
//! println!("{done}");
//! for outcome in &done.jobs.failed {
//!     eprintln!("job {}: {:?}", outcome.index, outcome.state);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A file is read while it is sent, and never more than some pieces of it are held. An upload has an hour, unless the
//! options of the call say otherwise: `omneo.clone().deadline(limit)`, and `timeout` for one attempt, of
//! [`HandleExt`](crate::HandleExt).
//!
//! # Jobs
//!
//! An import is worked off as jobs, each with its data, its state and its result. Whether a job is a row of the file is
//! not documented: where there are as many as the import [counts](crate::types::Import::count), they are taken for the rows,
//! in the order of their ids. See [`Imported`].
//!
//! # Answers that are lost
//!
//! Nothing of an import may be sent twice blindly. When a connection breaks, or the server fails amid its work, it is
//! looked for what was done, for half a minute.
//!
//! | lost answer | what is done |
//! |---|---|
//! | of an upload | the import is looked for among those that were not there before; one that has the file's name (or the name that was given) is followed. Else an error names those that may be it. A file is never uploaded again |
//! | of the making of a manual import | a new import of the same count and without jobs is taken; if there is none, another is made; if there are several, an error names them. No record was sent |
//! | of the making of its job | the import is the load's own, so a job that it has is taken; if it has none, another is made |
//! | of a batch | see [`batch`](crate::batch#answers-that-are-lost) |
//! | of `finalize` | the job is read: if it has the number, it is done; else the same is sent again |
//! | of a read | read again |
//!
//! So give each file a name that is its own. Whether the server names an import after its file is not documented; where it
//! does not, an upload whose answer is lost can't be told from another's.
//!
//! An attempt that did nothing (no connection, 429) is repeated by the client's [policy](crate::RetryPolicy), with the
//! file opened anew. What comes from a [reader](File::reader) is sent again only if nothing of it was read.

mod export;
mod follow;
mod jobs;
mod look;
mod manual;
mod mapped;
mod poll;
mod record;
mod rows;
mod upload;

use omneo_types::{Id, OpenEnum};

pub use export::Export;
pub use follow::{Follow, Imported};
pub use manual::{Finalized, Loaded, Loading, ManualImport, OpenImport};
pub use mapped::{Importable, MappedUpload};
pub use omneo_api::runtime::File;
pub use omneo_api::types::ImportUploadInputHandler as Handler;
pub use record::ImportRecord;
pub use rows::FailedRow;
pub use upload::Upload;

use crate::client::Omneo;

impl Omneo {
    /// Uploads a file of records of one kind; sent when it is awaited.
    ///
    /// A handler that this version does not know is a text: `"omneo:voucher".parse()`.
    pub fn upload(&self, handler: impl Into<OpenEnum<Handler>>, file: File) -> Upload {
        Upload::new(self, handler.into(), file)
    }

    /// Uploads a file for one incentive definition, and what its columns are; sent when it is awaited.
    ///
    /// The pairs go out as the members of one object, the first of each as the key. Which side is the column and which
    /// Omneo's field is not documented.
    ///
    /// ```no_run
    /// # async fn run(omneo: omneo::Omneo) -> Result<(), omneo::Error> {
    /// use omneo::import::{File, Importable};
    ///
    /// let import = omneo
    ///     .upload_mapped(File::path("gift-2024-01.csv"), [("profile_id", "Customer"), ("value", "Amount")])
    ///     .of(Importable::reward(7))
    ///     .name("Gifts of January")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn upload_mapped<K: Into<String>, V: Into<String>>(
        &self,
        file: File,
        fields: impl IntoIterator<Item = (K, V)>,
    ) -> MappedUpload {
        let fields = fields.into_iter();
        let fields = fields.map(|(key, value)| (key.into(), value.into()));
        MappedUpload::new(self, file, fields.collect())
    }

    /// Follows an import by its id; the server is asked nothing yet.
    #[must_use]
    pub fn follow(&self, import: impl Into<Id>) -> Follow {
        Follow::new(self, import.into())
    }
}
