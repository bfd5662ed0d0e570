//! A copy of the repository, to build what is not in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::{cargo, root};

/// A folder with all that a build needs; gone when this goes.
pub(crate) struct Copy(PathBuf);

impl Copy {
    /// Copies the repository into a folder of this name beside the builds.
    pub(crate) fn of_the_repository(name: &str) -> Result<Self> {
        let copy = Self(cargo::target().join(name));
        copy.remove()?;
        copy_all(root(), &copy.0)?;
        Ok(copy)
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    pub(crate) fn read(&self, file: &str) -> Result<String> {
        fs::read_to_string(self.path(file)).with_context(|| format!("{file} can not be read"))
    }

    pub(crate) fn write(&self, file: &str, contents: impl AsRef<[u8]>) -> Result<()> {
        fs::write(self.path(file), contents)
            .with_context(|| format!("{file} can not be written in the copy"))
    }

    /// cargo at the root of the copy, with the dependencies that the repository is locked to.
    pub(crate) fn cargo(&self, task: &str) -> Command {
        let mut command = cargo::command();
        command
            .current_dir(&self.0)
            .args([task, "--quiet", "--locked"])
            .stdin(Stdio::null());
        command
    }

    fn remove(&self) -> Result<()> {
        if self.0.exists() {
            fs::remove_dir_all(&self.0)
                .with_context(|| format!("{} can not be removed", self.0.display()))?;
        }
        Ok(())
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        // What is left is removed by whoever copies next.
        let _ = self.remove();
    }
}

fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let name = entry?.file_name();
            // Neither builds nor history belong to it.
            if name != "target" && !name.to_string_lossy().starts_with('.') {
                copy_all(&from.join(&name), &to.join(&name))?;
            }
        }
    } else {
        fs::copy(from, to)?;
    }
    Ok(())
}
