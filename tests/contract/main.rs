//! Every operation of the schema against the bindings: what they send, what they read, what they make of errors.
//!
//! All of it is generated: the calls by the build script, the values by `openapi_sampler` from `openapi.json` as it is
//! published and with the corrections. It comes to a table in which no operation may be missing.
//!
//! ```text
//! cargo xtask coverage
//! cargo test --test contract -- rewards_update
//! ```
//!
//! With the feature `schemars` the JSON Schemas of the types are checked too.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod answer;
mod bindings;
mod documents;
mod failure;
mod request;
mod route;
mod samples;
mod shadow;
mod table;
#[cfg(feature = "schemars")]
mod types;
mod variants;
mod wire;

#[path = "../support/compare.rs"]
mod compare;
#[path = "../support/knowledge.rs"]
mod knowledge;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, thread};

use bindings::BINDINGS;
use documents::Documents;
use knowledge::Knowledge;
use route::Route;
use samples::Samples;
use table::{Outcome, Row, Table};
use wire::Bench;

/// Without optimisation a decoder takes as much as several times the size of what it decodes, at each level.
const STACK: usize = 16 * 1024 * 1024;

/// What all checks use.
struct Context<'d> {
    documents: &'d Documents,
    samples: Samples<'d>,
    knowledge: Knowledge,
    errors: failure::Errors,
    #[cfg(feature = "schemars")]
    types: types::Types,
}

fn main() -> ExitCode {
    let words = env::args().skip(1);
    let (flags, names): (Vec<_>, Vec<_>) = words.partition(|word| word.starts_with('-'));
    let documents = Documents::of_the_schema();
    let samples = Samples::new(&documents);
    let routes = Route::all(documents.published.value());
    let context = Context {
        #[cfg(feature = "schemars")]
        types: types::Types::check(&documents, &samples),
        samples,
        knowledge: Knowledge::of_the_schema(Path::new(env!("CARGO_MANIFEST_DIR"))),
        errors: failure::errors(documents.published.value(), &routes),
        documents: &documents,
    };
    let others = others(&context, &routes);
    let is_named =
        |route: &Route| names.is_empty() || names.iter().any(|name| route.name().contains(&**name));
    let routes = routes.into_iter().filter(is_named).collect::<Vec<_>>();
    let rows = rows(&context, &routes);
    Table { rows, others }.print(flags.iter().any(|flag| flag == "--table"))
}

/// What is wrong beside the operations of the schema.
fn others(context: &Context<'_>, routes: &[Route]) -> Vec<String> {
    let published = routes.iter().map(Route::name).collect::<BTreeSet<_>>();
    let strays = BINDINGS
        .iter()
        .filter(|binding| !published.contains(binding.id));
    let others =
        strays.map(|binding| format!("{} is in the bindings and not in the schema", binding.id));
    #[cfg(feature = "schemars")]
    let others = others.chain(context.types.failures().cloned());
    #[cfg(not(feature = "schemars"))]
    let _ = context;
    others.collect()
}

/// A row for each route, made by as many threads as there are cores.
fn rows(context: &Context<'_>, routes: &[Route]) -> Vec<Row> {
    // One for all: to set up TLS takes longer than a call.
    let http = reqwest::Client::new();
    let next = AtomicUsize::new(0);
    let work = || {
        let bench = Bench::new(http.clone());
        let mut rows = Vec::new();
        while let Some(route) = routes.get(next.fetch_add(1, Ordering::Relaxed)) {
            rows.push(row(context, &bench, route));
        }
        rows
    };
    let count = thread::available_parallelism().map_or(1, usize::from);
    let mut rows = thread::scope(|scope| {
        let spawn = |_| {
            thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, work)
        };
        let threads = (0..count).map(spawn).collect::<Vec<_>>();
        let rows = threads
            .into_iter()
            .flat_map(|thread| thread.unwrap().join().unwrap());
        rows.collect::<Vec<_>>()
    });
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    rows
}

fn row(context: &Context<'_>, bench: &Bench, route: &Route) -> Row {
    let name = route.name().to_owned();
    let binding = route.operation.and_then(|operation| {
        let found = BINDINGS.binary_search_by_key(&operation.id, |binding| binding.id);
        Some((operation, &BINDINGS[found.ok()?]))
    });
    let Some((operation, binding)) = binding else {
        let checks = vec![Outcome::failed("it has no call in the bindings")];
        return Row { name, checks };
    };
    let givens = request::givens(context, route);
    let checks = vec![
        request::check(context, bench, route, operation, binding, &givens),
        answer::check(context, bench, route, operation, binding, &givens[0]),
        failure::check(context, bench, route, binding, &givens[0]),
        #[cfg(feature = "schemars")]
        context.types.of(context.documents, route),
    ];
    Row { name, checks }
}
