//! A nightly load: a file of customers, a bar that says how far it is, and a file of the rows that were not taken.
//!
//! ```text
//! cargo run -p omneo --features readers --example load                    # 20,000 made up, to a sandbox in this process
//! cargo run -p omneo --features readers --example load -- customers.csv   # yours, with OMNEO_TENANT and OMNEO_TOKEN
//! ```
//!
//! Stopped half way and started again, it goes on where it was.

mod customers;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use futures_util::stream;
use indicatif::style::TemplateError;
use indicatif::{ProgressBar, ProgressStyle};
use omneo::Omneo;
use omneo::batch::{Checkpoint, Progress, Report};
use omneo::omneo_types::jiff::civil::Date;
use omneo::readers::{Csv, FileError, Rejects, Rows};
use omneo::types::ProfileBatchItem;
use omneo_sandbox::Sandbox;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    if let Some(file) = env::args_os().nth(1) {
        return load(&Omneo::from_env()?, Path::new(&file)).await;
    }
    let directory = tempfile::tempdir()?.keep();
    let file = directory.join("customers.csv");
    customers::write(&file, 20_000)?;
    let sandbox = Sandbox::start().await?;
    let omneo = Omneo::builder()
        .base_url(sandbox.url())
        .token(sandbox.token());
    load(&omneo.build()?, &file).await
}

/// The rows of the file: which column is which field.
fn rows(file: &Path) -> Result<Rows<ProfileBatchItem>, FileError> {
    let csv = Csv::open(file)?
        .column("Card No", "identities.0.identifier")
        .constant("identities.0.handle", "card")
        .column("First Name", "first_name")
        .column("Last Name", "last_name")
        .column("E-Mail", "email")
        .column("Mobile", "mobile_phone")
        .column("Joined", "joined_at")
        .convert("joined_at", |cell| {
            Some(Date::strptime("%d/%m/%Y", cell).ok()?.to_string())
        });
    Ok(csv.rows())
}

async fn load(omneo: &Omneo, file: &Path) -> Result<(), Box<dyn Error>> {
    // A file that can't be read to its end is refused before anything is sent.
    let rejected = file.with_extension("rejected.csv");
    let mut rejects = Rejects::create(&rejected)?;
    let mut count = 0;
    for row in rows(file)? {
        match row {
            Ok(_) => count += 1,
            Err(bad) => rejects.bad(&bad.into_row()?)?,
        }
    }

    let checkpoint = file.with_extension("checkpoint");
    let batch = omneo
        .batch()
        .match_criteria("email")
        .expect(count)
        .checkpoint(Checkpoint::file(&checkpoint)?)
        .on_progress(show(count)?);
    let records = rows(file)?.filter_map(Result::ok).map(|row| row.record);
    let report = batch.send(stream::iter(records)).report().await;
    println!("{report}");

    // The report knows the rows by their index; a second reading finds them.
    let reasons = report.failed.iter().chain(&report.unknown);
    let reasons = reasons.map(|outcome| (outcome.index, outcome.state.to_string()));
    rejects.find(rows(file)?, reasons)?;
    println!("{} rows in {}", rejects.rows(), rejected.display());
    rejects.finish()?;
    end(report, checkpoint)
}

/// A bar on a terminal; a line for each tenth where there is none, as in a log.
fn show(count: u64) -> Result<impl FnMut(&Progress) + Send + 'static, TemplateError> {
    let style = ProgressStyle::with_template("{bar:30} {msg}")?;
    let bar = ProgressBar::new(count).with_style(style);
    let mut tenths = 0;
    Ok(move |progress: &Progress| {
        bar.set_position(progress.done());
        bar.set_message(progress.to_string());
        let done = progress.done() * 10 / count.max(1);
        if bar.is_hidden() && done > tenths {
            eprintln!("{progress}");
            tenths = done;
        }
    })
}

/// The next load starts anew, unless this one has to be gone on with.
fn end(report: Report, checkpoint: PathBuf) -> Result<(), Box<dyn Error>> {
    if let Some(error) = report.stopped {
        println!("Start it again when this is mended, and it goes on where it was.");
        return Err(error.into());
    }
    Ok(fs::remove_file(checkpoint)?)
}
