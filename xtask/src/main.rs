//! The project's own tasks: `cargo xtask --help`.

mod cargo;
mod ci;
mod copy;
mod corpus;
mod fuzz;
mod mutate;
mod payloads;
mod rehearse;
mod report;
mod soak;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use omneo_codegen::{SECTIONS, Source};
use reqwest::Url;
use xtask::schema::diff::{Diff, Side};
use xtask::schema::fetch::{self, From, Limits, Outcome};
use xtask::schema::{base, bindings, check};

/// Tasks of the project.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Follow the schema: get it, and say what it changes.
    #[command(subcommand)]
    Schema(SchemaTask),
    /// Print the generated bindings and handles, formatted.
    Bindings {
        /// Only the operations of this section, and the types that they reach.
        #[arg(long, value_parser = PossibleValuesParser::new(SECTIONS.iter().map(|section| section.feature)))]
        section: Option<String>,
        /// Only the types and methods with this in their names.
        filter: Option<String>,
    },
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
    /// Hold every operation of the bindings against the schema, and print what came of each check.
    Coverage,
    /// Make one mistake after the other in lowering, generator, tolerant types and runtime, and see that the contract
    /// tests find it.
    Mutate {
        /// Only these.
        #[arg(value_parser = PossibleValuesParser::new(mutate::MUTATIONS.iter().map(|mutation| mutation.name)))]
        names: Vec<String>,
    },
    /// Check all that a change has to pass.
    Ci {
        /// Only the steps with one of these words in their names.
        steps: Vec<String>,
        /// Name the steps, and run none.
        #[arg(long)]
        list: bool,
    },
    /// Feed lowering, overlay and tolerant types with hostile input until one panics. Needs cargo-fuzz.
    Fuzz {
        /// How long each target runs.
        #[arg(long, default_value_t = 60)]
        seconds: u32,
        /// Only these.
        #[arg(value_parser = PossibleValuesParser::new(fuzz::TARGETS.map(|(target, _)| target)))]
        targets: Vec<String>,
    },
    /// Send many records to a server that fails at random, and count what is lost or doubled.
    Soak {
        /// How often, each time with other faults.
        #[arg(long, default_value_t = 20)]
        seeds: u64,
        /// How many records each time.
        #[arg(long, default_value_t = 100_000)]
        records: u64,
    },
}

#[derive(Subcommand)]
enum SchemaTask {
    /// Replace openapi.json by the published schema, and say what that changes.
    Fetch {
        #[command(flatten)]
        from: Origin,
        #[command(flatten)]
        folder: Folder,
    },
    /// What openapi.json changes for Rust callers, and the release that follows.
    Diff {
        /// The schema to compare with: a git revision, or a file.
        #[arg(long, default_value = "HEAD", value_name = "REV|FILE")]
        base: String,
        /// All of it, for machines.
        #[arg(long, conflicts_with = "markdown")]
        json: bool,
        /// For release notes.
        #[arg(long)]
        markdown: bool,
        #[command(flatten)]
        folder: Folder,
    },
    /// Whether corrections, sections, handles and the known losses still fit openapi.json.
    Check {
        /// Accept what the lowering loses from now on.
        #[arg(long)]
        bless: bool,
        #[command(flatten)]
        folder: Folder,
    },
    /// What the lowering loses of Omneo's schema, and what the build of its bindings costs.
    Report {
        /// Only the lossy steps; compile nothing.
        #[arg(long)]
        no_build: bool,
    },
    /// Change the schema in each way that a new one may, find the changes, and compile the result.
    Rehearse,
}

#[derive(Args)]
#[group(multiple = false)]
struct Origin {
    /// The address of the schema.
    #[arg(long)]
    url: Option<Url>,
    /// A file that has the schema.
    #[arg(long, value_name = "PATH")]
    file: Option<PathBuf>,
    /// A page that links the schema. Without any, the introduction of Omneo's documentation.
    #[arg(long, value_name = "URL")]
    page: Option<Url>,
}

#[derive(Args)]
struct Folder {
    /// The folder with openapi.json and corrections.json. Without it, this repository.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Schema(task) => schema(task),
        Task::Bindings { section, filter } => print_bindings(section.as_deref(), filter.as_deref()),
        Task::Payloads { folder } => payloads::run(&folder),
        Task::Corpus { folder } => corpus::run(&folder),
        Task::Coverage => coverage(),
        Task::Mutate { names } => mutate::run(&names),
        Task::Ci { steps, list } => ci::run(&steps, list),
        Task::Fuzz { seconds, targets } => fuzz::run(seconds, &targets),
        Task::Soak { seeds, records } => soak::run(seeds, records),
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

fn schema(task: SchemaTask) -> Result<bool> {
    match task {
        SchemaTask::Fetch { from, folder } => fetch(&from.origin()?, folder.root()),
        SchemaTask::Diff {
            base,
            json,
            markdown,
            folder,
        } => {
            let root = folder.root();
            let old = base::read(root, &base)?;
            let diff = between(&old, &Source::read(root)?)?;
            print(&match (json, markdown) {
                (true, _) => serde_json::to_string_pretty(&diff)? + "\n",
                (_, true) => diff.markdown(),
                _ => diff.text(),
            })
        }
        SchemaTask::Check { bless, folder } => {
            let findings = check::check(folder.root(), bless)?;
            for problem in &findings.problems {
                eprintln!("{problem}");
            }
            print(&(findings.summary() + "\n"))?;
            Ok(findings.problems.is_empty())
        }
        SchemaTask::Report { no_build } => report::run(!no_build),
        SchemaTask::Rehearse => rehearse::run(),
    }
}

fn fetch(from: &From, root: &Path) -> Result<bool> {
    match fetch::fetch(root, from, Limits::default())? {
        Outcome::Same => print("openapi.json is what is published\n"),
        Outcome::Replaced { before, after } => {
            let corrections = std::fs::read(root.join("corrections.json"))
                .context("openapi.json is replaced, but corrections.json can not be read")?;
            let source = |schema| Source::new(schema, corrections.clone());
            let diff = between(&source(before), &source(after))
                .context("openapi.json is replaced, but no code can be made of it")?;
            print(&format!("openapi.json is replaced\n\n{}", diff.text()))
        }
    }
}

fn between(old: &Source, new: &Source) -> Result<Diff> {
    let old = Side::read(old).context("the schema to compare with")?;
    Ok(Diff::between(&old, &Side::read(new)?))
}

/// The contract tests, with their table.
fn coverage() -> Result<bool> {
    let status = cargo::command()
        .args(
            "test --quiet --package omneo-api --test contract --features schemars -- --table"
                .split(' '),
        )
        .status()
        .context("cargo can not be started")?;
    Ok(status.success())
}

fn print_bindings(section: Option<&str>, filter: Option<&str>) -> Result<bool> {
    let corrected = Source::read(root())?.correct()?;
    let lowered = corrected.lower(|feature| section.is_none_or(|section| section == feature))?;
    print(&bindings::bindings(&lowered, filter)?)
}

/// Prints to a reader that may stop reading.
fn print(text: &str) -> Result<bool> {
    match io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(error).context("the output can not be written")
        }
        _ => Ok(true),
    }
}

impl Origin {
    fn origin(self) -> Result<From> {
        Ok(match (self.url, self.file, self.page) {
            (Some(url), _, _) => From::Url(url),
            (_, Some(file), _) => From::File(file),
            (_, _, Some(page)) => From::Page(page),
            _ => From::Page(fetch::PAGE.parse()?),
        })
    }
}

impl Folder {
    fn root(&self) -> &Path {
        self.root.as_deref().unwrap_or_else(|| root())
    }
}

/// The root of the repository.
fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}
