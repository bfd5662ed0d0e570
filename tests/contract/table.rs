//! What is printed.

use std::process::ExitCode;

/// What one check of an operation came to.
#[derive(Default)]
pub(crate) struct Outcome {
    /// How many values were checked.
    pub(crate) checked: usize,
    /// How many of them a correction makes a difference to.
    pub(crate) corrected: usize,
    pub(crate) failures: Vec<String>,
}

/// An operation and its checks.
pub(crate) struct Row {
    pub(crate) name: String,
    /// In the order of [`CHECKS`].
    pub(crate) checks: Vec<Outcome>,
}

pub(crate) struct Table {
    pub(crate) rows: Vec<Row>,
    /// What is wrong with no operation of the schema.
    pub(crate) others: Vec<String>,
}

struct Check {
    name: &'static str,
    /// What is counted.
    counts: &'static str,
    /// What is counted after the letter c.
    corrected: &'static str,
}

/// What is checked of each operation: the columns of the table.
const CHECKS: &[Check] = &[
    Check {
        name: "request",
        counts: "requests sent that fit the schema",
        corrected: "fit it by a correction",
    },
    Check {
        name: "answer",
        counts: "answers read whole",
        corrected: "of them without what a correction takes from the published schema",
    },
    Check {
        name: "errors",
        counts: "errors told by their kinds",
        corrected: "",
    },
    #[cfg(feature = "schemars")]
    Check {
        name: "types",
        counts: "component schemas whose types take what they take",
        corrected: "of them without what a correction takes from the published schema",
    },
];

impl Outcome {
    pub(crate) fn failed(failure: &str) -> Self {
        Self {
            failures: vec![failure.to_owned()],
            ..Self::default()
        }
    }

    fn cell(&self) -> String {
        let cell = match (self.failures.is_empty(), self.corrected) {
            (false, _) => "FAILED".to_owned(),
            (true, 0) => self.checked.to_string(),
            (true, corrected) => format!("{} c{corrected}", self.checked),
        };
        format!("{cell:>10}")
    }
}

impl Row {
    fn is_good(&self) -> bool {
        self.checks.len() == CHECKS.len()
            && self.checks.iter().all(|check| check.failures.is_empty())
    }
}

impl Table {
    /// Prints the rows, all of them or those that are not good, what failed, and the sums.
    pub(crate) fn print(&self, is_whole: bool) -> ExitCode {
        let shown = self.rows.iter().filter(|row| is_whole || !row.is_good());
        let shown = shown.collect::<Vec<_>>();
        let width = shown.iter().map(|row| row.name.len()).max().unwrap_or(0);
        if !shown.is_empty() {
            let names = CHECKS.iter().map(|check| format!("{:>10}", check.name));
            println!("{:<width$} {}", "operation", names.collect::<String>());
        }
        for row in shown {
            let cells = row.checks.iter().map(Outcome::cell).collect::<String>();
            println!("{:<width$} {cells}", row.name);
        }
        for row in &self.rows {
            for failure in row.checks.iter().flat_map(|check| &check.failures) {
                println!("{}: {failure}", row.name);
            }
        }
        for other in &self.others {
            println!("{other}");
        }
        for (index, check) in CHECKS.iter().enumerate() {
            print_sum(
                check,
                self.rows.iter().filter_map(|row| row.checks.get(index)),
            );
        }
        let good = self.rows.iter().filter(|row| row.is_good()).count();
        println!("contract: {good}/{} operations", self.rows.len());
        match good == self.rows.len() && good > 0 && self.others.is_empty() {
            true => ExitCode::SUCCESS,
            false => ExitCode::FAILURE,
        }
    }
}

fn print_sum<'o>(check: &Check, outcomes: impl Iterator<Item = &'o Outcome> + Clone) {
    let checked = outcomes
        .clone()
        .map(|outcome| outcome.checked)
        .sum::<usize>();
    print!("{}: {checked} {}", check.name, check.counts);
    if !check.corrected.is_empty() {
        let corrected = outcomes
            .clone()
            .map(|outcome| outcome.corrected)
            .sum::<usize>();
        let operations = outcomes.filter(|outcome| outcome.corrected > 0).count();
        print!(
            "; c: {corrected} in {operations} operations {}",
            check.corrected
        );
    }
    println!();
}
