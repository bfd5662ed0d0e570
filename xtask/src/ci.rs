//! What a change has to pass.

use std::ffi::OsStr;
use std::time::Instant;

use anyhow::{Result, bail};
use omneo_codegen::SECTIONS;

use crate::{cargo, root};

/// A command of cargo's, and what it is for.
struct Step {
    name: String,
    arguments: Vec<String>,
    environment: Vec<(&'static str, String)>,
}

const EXAMPLES: [&str; 7] = [
    "quickstart",
    "configure",
    "list",
    "update",
    "errors",
    "load",
    "webhooks",
];

/// What is not on by default and only adds.
const FEATURES: &str = "omneo/axum,omneo/readers,omneo/tower";

/// Real answers, requests and documents lie beside a checkout that has them; they are not ours to publish.
const BESIDE: [(&str, &str); 2] = [
    ("payloads", "../shared/omneo/payloads"),
    ("corpus", "../shared/corpus"),
];

/// The steps, in the order that finds the most faults soonest.
fn steps() -> Vec<Step> {
    let mut steps = vec![
        step("format", "fmt --all --check"),
        step(
            "lints",
            &format!(
                "clippy --workspace --all-targets --features {FEATURES} --quiet -- -D warnings"
            ),
        ),
        // The README's command, and the tests of what is not on by default.
        step("tests", &format!("test --workspace --features {FEATURES}")),
        step(
            "documentation",
            &format!("doc --workspace --features {FEATURES} --no-deps --quiet"),
        )
        .with("RUSTDOCFLAGS", "-D warnings"),
    ];
    // Each section alone, with the webhooks that are about it, none, and the optional features: no build has warnings.
    let sections = SECTIONS.iter().map(|section| section.feature);
    let check = "check --quiet --package omneo --package omneo-mock";
    let alone = sections.chain([""]).map(|section| match section {
        "" => step("section none", &format!("{check} --no-default-features")),
        section => step(
            &format!("section {section}"),
            &format!("{check} --no-default-features --features {section},omneo/webhooks"),
        ),
    });
    let target = cargo::target().join("sections");
    let features = ["schemars", "readers", "axum", "tower"].map(|feature| {
        step(
            &format!("feature {feature}"),
            &format!("{check} --features {feature}"),
        )
    });
    let bare = step(
        "feature webhooks",
        &format!("{check} --no-default-features --features omneo/webhooks"),
    );
    steps.extend(alone.chain(features).chain([bare]).map(|step| {
        step.with("RUSTFLAGS", "-D warnings")
            .with("CARGO_TARGET_DIR", target.to_string_lossy())
    }));
    steps.extend(EXAMPLES.map(|example| {
        step(
            &format!("example {example}"),
            &format!("run --quiet --package omneo --features {FEATURES} --example {example}"),
        )
    }));
    // Its dependencies are built anew, in a directory of its own, so it is no part of the tests above.
    steps.push(step(
        "compiler messages",
        "test --quiet --package omneo --test compile_fail -- --ignored",
    ));
    steps.push(step(
        "packages",
        "package --workspace --no-verify --quiet --allow-dirty",
    ));
    steps.extend(
        [
            (
                "hard documents",
                "corpus crates/openapi-lowering/tests/corpus",
            ),
            ("schema check", "schema check"),
            ("schema report", "schema report --no-build"),
            ("schema rehearse", "schema rehearse"),
        ]
        .map(|(name, task)| step(name, &format!("xtask {task}"))),
    );
    for (task, folder) in BESIDE {
        if root().join(folder).is_dir() {
            steps.push(step(
                &format!("{task} beside"),
                &format!("xtask {task} {folder}"),
            ));
        }
    }
    steps
}

fn step(name: &str, arguments: &str) -> Step {
    Step {
        name: name.to_owned(),
        arguments: arguments.split(' ').map(str::to_owned).collect(),
        environment: Vec::new(),
    }
}

impl Step {
    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }
}

/// Runs the steps whose names contain one of these words; all without any. Stops at the first that fails.
pub(crate) fn run(wanted: &[String], list: bool) -> Result<bool> {
    let steps: Vec<_> = steps()
        .into_iter()
        .filter(|step| wanted.is_empty() || wanted.iter().any(|word| step.name.contains(word)))
        .collect();
    if steps.is_empty() {
        bail!("no step is called so; `cargo xtask ci --list` names them");
    }
    for step in steps {
        println!("\n== {}: cargo {}", step.name, step.arguments.join(" "));
        if list {
            continue;
        }
        let start = Instant::now();
        let mut command = cargo::command();
        command
            .args(step.arguments.iter().map(OsStr::new))
            // A clean build is the only one.
            .envs(cargo::ONCE)
            .envs(step.environment.iter().map(|(name, value)| (name, value)));
        if !command.status()?.success() {
            eprintln!("{} failed", step.name);
            return Ok(false);
        }
        println!("   {} s", start.elapsed().as_secs());
    }
    // Its builds are of no use to the next run.
    let _ = std::fs::remove_dir_all(cargo::target().join("sections"));
    Ok(true)
}
