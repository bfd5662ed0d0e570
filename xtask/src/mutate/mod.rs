//! The contract tests, tested: a mistake that a caller would meet has to make one of them fail.

mod contract;
mod list;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::copy::Copy;
use contract::{Outcome, contract};

pub(crate) use list::MUTATIONS;

/// A mistake in a source file.
pub(crate) struct Mutation {
    pub(crate) name: &'static str,
    /// What a caller would meet.
    breaks: &'static str,
    file: &'static str,
    /// What is in the file exactly once.
    find: &'static str,
    /// What stands in its place.
    replace: &'static str,
}

impl Mutation {
    /// The file's text with the mistake.
    fn apply(&self, text: &str) -> Result<String> {
        match text.matches(self.find).count() {
            1 => Ok(text.replacen(self.find, self.replace, 1)),
            count => bail!(
                "the mutation {} finds its text {count} times in {}; once is needed",
                self.name,
                self.file
            ),
        }
    }
}

/// Makes the mistakes of these names, all without any, each alone.
pub(crate) fn run(names: &[String]) -> Result<bool> {
    let copy = Copy::of_the_repository("mutation")?;
    let mut mutations = Vec::new();
    for mutation in MUTATIONS {
        if names.is_empty() || names.iter().any(|name| name == mutation.name) {
            let text = copy.read(mutation.file)?;
            let mutated = mutation.apply(&text)?;
            mutations.push((mutation, text, mutated));
        }
    }
    match timed(&copy)? {
        (Outcome::Passed, seconds) => println!("without a mutation: passed in {seconds} s"),
        (outcome, _) => bail!("without a mutation the contract tests have to pass: {outcome}"),
    }
    let mut found = 0;
    for (mutation, text, mutated) in &mutations {
        copy.write(mutation.file, mutated)?;
        let (outcome, seconds) = timed(&copy)?;
        copy.write(mutation.file, text)?;
        let verdict = match outcome {
            Outcome::Failed { .. } => "found",
            Outcome::Passed => "survived",
            Outcome::NotCompiled(_) | Outcome::BrokenOff(_) => "not found",
        };
        println!("{}: {verdict} in {seconds} s, {outcome}", mutation.name);
        match outcome {
            Outcome::Failed { .. } => found += 1,
            _ => println!("  in {}: {}", mutation.file, mutation.breaks),
        }
    }
    println!("{found}/{} mutations found", mutations.len());
    Ok(found == mutations.len())
}

fn timed(copy: &Copy) -> Result<(Outcome, u64)> {
    let started = Instant::now();
    let outcome = contract(copy)?;
    Ok((outcome, started.elapsed().as_secs()))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::MUTATIONS;
    use crate::root;

    #[test]
    fn every_mutation_finds_its_text_once() {
        for mutation in MUTATIONS {
            let text = std::fs::read_to_string(root().join(mutation.file)).unwrap();
            let mutated = mutation.apply(&text).unwrap();
            assert_ne!(mutated, text, "{}", mutation.name);
        }
    }

    #[test]
    fn a_text_that_is_not_found_once_is_an_error_that_names_the_mutation() {
        let mutation = &MUTATIONS[0];
        for text in [String::new(), mutation.find.repeat(2)] {
            let error = mutation.apply(&text).unwrap_err().to_string();
            assert!(error.contains(mutation.name), "{error}");
            assert!(error.contains(mutation.file), "{error}");
        }
    }

    #[test]
    fn no_two_mutations_have_one_name() {
        let names = MUTATIONS.iter().map(|mutation| mutation.name);
        assert_eq!(names.collect::<BTreeSet<_>>().len(), MUTATIONS.len());
    }
}
