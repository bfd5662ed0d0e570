//! The project's own tasks: `cargo xtask --help`.

mod cargo;
mod corpus;
mod payloads;
mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tasks of the project.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Decode a folder of real answers and requests through the generated types, and encode them back.
    Payloads {
        /// The folder; its subfolders are searched too.
        folder: PathBuf,
    },
    /// Lower, generate and compile every OpenAPI document of a folder, and count what was lost.
    Corpus {
        /// The folder of JSON documents.
        folder: PathBuf,
    },
    /// What the lowering loses of Omneo's schema, and what the build of its bindings costs.
    Report {
        /// Only the lossy steps; compile nothing.
        #[arg(long)]
        no_build: bool,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Payloads { folder } => payloads::run(&folder),
        Task::Corpus { folder } => corpus::run(&folder),
        Task::Report { no_build } => report::run(!no_build),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the repository.
fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}
