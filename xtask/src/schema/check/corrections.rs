//! Corrections that match nothing, or that the schema has taken over.

use openapi_overlay::Problem;

use super::{Checked, Findings};

pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let problems = checked.corrected.unfitting().iter().map(|error| {
        let advice = match error.problem {
            Problem::NotNeeded => "take it out of corrections.json",
            Problem::MatchesNothing => {
                "find where the schema says it now and correct its target in corrections.json, or take it out"
            }
            _ => "correct it in corrections.json",
        };
        format!("{error}; {advice}")
    });
    let needed = checked.corrected.applied().actions.len();
    Findings::new(problems.collect(), format!("{needed} corrections needed"))
}
