//! A nightly load: customers of a CSV file, of which a few are wrong in each of the ways that there are.
//!
//! Without arguments it makes a file of 20,000 and sends them to a server in this process:
//!
//! ```sh
//! cargo run -p omneo --example load --features readers
//! ```
//!
//! With a file, whose columns are named as the fields of [`ProfileBatchItem`], it sends that to the tenant of `OMNEO_TENANT`
//! with `OMNEO_TOKEN`:
//!
//! ```sh
//! cargo run -p omneo --example load --features readers -- customers.csv
//! ```

mod customers;
mod server;

use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};

use futures_util::stream;
use indicatif::{ProgressBar, ProgressFinish, ProgressStyle};
use omneo::Omneo;
use omneo::batch::{Progress, Report, State};
use omneo::readers::{Csv, FileError, Rejects, Rows};
use omneo::types::ProfileBatchItem;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Some(file) = std::env::args_os().nth(1) else {
        let server = server::start().await;
        let omneo = Omneo::builder().base_url(server.url());
        let omneo = omneo.token(server.token()).build()?;
        return load(&omneo, &customers::write()?).await;
    };
    load(&Omneo::from_env()?, &PathBuf::from(file)).await
}

fn customers(file: &Path) -> Result<Rows<ProfileBatchItem>, FileError> {
    Ok(Csv::open(file)?.rows())
}

async fn load(omneo: &Omneo, file: &Path) -> Result<(), Box<dyn Error>> {
    // A first reading takes little time beside the load, and tells how much there is.
    let expected = customers(file)?.filter(Result::is_ok).count() as u64;
    let rejected = file.with_extension("rejected.csv");
    let mut rejects = Rejects::create(&rejected)?;

    // A row that can't be read is set aside at once; the others are sent. An error of the whole file is its last.
    let mut broken = None;
    let records = customers(file)?.filter_map(|row| {
        let bad = match row {
            Ok(row) => return Some(row.record),
            Err(bad) => bad.into_row().map_err(io::Error::from),
        };
        if let Err(error) = bad.and_then(|bad| rejects.bad(&bad)) {
            broken = Some(error);
        }
        None
    });
    let run = omneo
        .batch()
        .match_criteria("email")
        .expect(expected)
        .on_progress(show(expected))
        .send(stream::iter(records));
    let report = run.report().await;

    // What the server refused, or failed later, is found in the file again.
    rejects.find(customers(file)?, reasons(&report))?;
    let rows = rejects.rows();
    rejects.finish()?;
    println!("{report}");
    println!("{rows} rows and why: {}", rejected.display());
    match (broken, report.stopped) {
        (Some(error), _) => Err(error.into()),
        (None, Some(error)) => Err(error.into()),
        (None, None) => Ok(()),
    }
}

/// The places of the records that are not done, and why not.
fn reasons(report: &Report) -> impl Iterator<Item = (u64, String)> {
    let left = report.failed.iter().chain(&report.unknown);
    left.map(|outcome| {
        let why = match &outcome.state {
            State::Failed(why) => why.clone(),
            State::Unknown(why) => format!("look before it is sent again: {why}"),
            other => format!("{other:?}"),
        };
        (outcome.index, why)
    })
}

/// A bar on a terminal, and a line for each tenth elsewhere.
fn show(expected: u64) -> impl FnMut(&Progress) + Send + 'static {
    let style = ProgressStyle::with_template("{bar:30} {msg}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(expected).with_style(style);
    let bar = bar.with_finish(ProgressFinish::AndLeave);
    let mut tenths = 0;
    move |progress| {
        bar.set_position(progress.done());
        bar.set_message(progress.to_string());
        let reached = progress.done() * 10 / expected.max(1);
        if bar.is_hidden() && reached > tenths {
            eprintln!("{progress}");
            tenths = reached;
        }
    }
}
