//! Imports: a file whose rows are worked off one by one, or jobs whose records come in batches.

mod begin;
mod export;
mod file;
mod handler;
mod jobs;
mod mapping;
mod state;
mod work;

use super::{Family, Rule, Work};

pub(super) use state::settle_job;

pub(super) const FAMILY: Family = Family {
    rules: RULES,
    changes: &[],
    views: &[],
    work: &[
        Work {
            name: work::ROWS,
            run: work::rows,
        },
        Work {
            name: work::JOB,
            run: work::job,
        },
        Work {
            name: work::FORGET,
            run: work::forget,
        },
    ],
};

const RULES: &[Rule] = &[
    Rule {
        operation: "imports.store",
        fact: "A file is sent as multipart with its handler [inferred]; it is CSV whose headings are members of a body, `items.0.sku` for what is nested, a row is a job, and the import is named after the file [inferred].",
        answer: begin::store,
    },
    Rule {
        operation: "imports.file",
        fact: "A file for one incentive definition comes with `mapping_fields`, which name a heading and a member [seen], the heading first; where the file has no such heading, the member first [inferred].",
        answer: begin::file,
    },
    Rule {
        operation: "imports.manual",
        fact: "An import without a file [seen], whose records come in batches with the id of one of its jobs [inferred].",
        answer: begin::manual,
    },
    Rule {
        operation: "imports.condition",
        fact: "An import by a condition is kept and answered in a list [seen]; what it does is not known, and nothing is done.",
        answer: begin::condition,
    },
    Rule {
        operation: "imports.destroy",
        fact: "A deleted import takes its jobs with it, and its rows are worked off no more [inferred].",
        answer: begin::destroy,
    },
    Rule {
        operation: "imports.jobs.store",
        fact: "A job is added to an import [seen]; one that is `PENDING` and has data is worked off as a row of its handler [inferred].",
        answer: jobs::store,
    },
    Rule {
        operation: "imports.jobs.batch",
        fact: "1 to 500 jobs are added [seen]; the most is that of batches [inferred].",
        answer: jobs::batch,
    },
    Rule {
        operation: "imports.jobs.export",
        fact: "The jobs in one state as text [seen], here CSV of their data and what went wrong [inferred].",
        answer: export::answer,
    },
    Rule {
        operation: "imports.jobs.finalize",
        fact: "A job is told how many batches it has [seen]; when as many are worked off it has succeeded, or failed if one of them did or there are more [inferred].",
        answer: jobs::finalize,
    },
];
