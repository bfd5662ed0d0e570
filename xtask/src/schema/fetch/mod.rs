//! Getting the schema as published.
//!
//! `openapi.json` is replaced only by a whole document of the same API, byte for byte, and in one
//! step: whatever fails leaves it as it was.

mod accept;
mod download;
mod page;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use reqwest::Url;
use tempfile::NamedTempFile;

pub use accept::accept;
pub use page::schema_link;

/// The page of Omneo's documentation that links the schema.
pub const PAGE: &str = "https://docs.omneo.io/api-reference/introduction";

/// Where the schema comes from.
#[derive(Clone, Debug)]
pub enum From {
    /// Its address.
    Url(Url),
    /// A file.
    File(PathBuf),
    /// An HTML page that links it.
    Page(Url),
}

/// What a download may cost.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The time for one answer, from the first byte sent to the last byte read.
    pub time: Duration,
    /// The bytes of one answer.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(60),
            // The schema has 2.
            bytes: 64 << 20,
        }
    }
}

/// What became of `openapi.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is what is published already.
    Same,
    /// It was replaced.
    Replaced {
        /// What it was.
        before: Vec<u8>,
        /// What it is.
        after: Vec<u8>,
    },
}

/// Replaces `openapi.json` in a folder by the published schema.
///
/// # Errors
///
/// If the schema can't be had, or [`accept`] refuses it. The file is then as it was.
pub fn fetch(root: &Path, from: &From, limits: Limits) -> Result<Outcome> {
    let path = root.join("openapi.json");
    let before = read(&path)?;
    let after = match from {
        From::File(file) => read(file)?,
        From::Url(url) => download::get(url, limits)?,
        From::Page(page) => {
            let html = download::get(page, limits)?;
            let url = schema_link(&html, page)?;
            download::get(&url, limits)?
        }
    };
    accept(&after, &before)?;
    if after == before {
        return Ok(Outcome::Same);
    }
    replace(&path, &after).with_context(|| format!("{} can not be written", path.display()))?;
    Ok(Outcome::Replaced { before, after })
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("{} can not be read", path.display()))
}

/// Writes beside the file and renames, so that there is never half a file.
fn replace(path: &Path, contents: &[u8]) -> Result<()> {
    let folder = path.parent().context("it has no folder")?;
    let mut file = NamedTempFile::new_in(folder)?;
    file.write_all(contents)?;
    file.as_file().sync_all()?;
    file.as_file()
        .set_permissions(fs::metadata(path)?.permissions())?;
    file.persist(path)?;
    Ok(())
}
