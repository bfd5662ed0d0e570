//! Values of the schemas.

use omneo_codegen::is_timestamp;
use openapi_sampler::{Sampler, covered, places};
use serde_json::Value;

use crate::documents::{Document, Documents};
use crate::variants::{VARIANTS, Variant};

/// The samplers of both documents, and of the variants of the corrected one.
pub(crate) struct Samples<'d> {
    pub(crate) published: Sampler<'d>,
    pub(crate) corrected: Sampler<'d>,
    pub(crate) variants: Vec<(&'static str, Sampler<'d>)>,
}

impl<'d> Samples<'d> {
    pub(crate) fn new(documents: &'d Documents) -> Self {
        let corrected = || sampler(&documents.corrected);
        Self {
            published: sampler(&documents.published),
            corrected: corrected(),
            variants: VARIANTS
                .iter()
                .map(|Variant { name, edit }| (*name, corrected().edit(edit)))
                .collect(),
        }
    }
}

fn sampler(document: &Document) -> Sampler<'_> {
    // The schema says of most times only that they are texts.
    Sampler::new(document.value())
        .seed(612)
        .text(|name| is_timestamp(name).then(|| "2024-01-02 03:04:05".to_owned()))
}

/// What is wrong with samples: one that does not fit its own schema, or what none of them shows.
pub(crate) fn problems(document: &Document, pointer: &str, samples: &[Value]) -> Vec<String> {
    let mut problems = Vec::new();
    for sample in samples {
        let errors = document.errors(pointer, sample);
        problems.extend(
            errors
                .iter()
                .map(|error| format!("the sample {sample} does not fit its schema: {error}")),
        );
    }
    let shown = covered(document.value(), pointer, samples, |pointer, value| {
        document.fits(pointer, value)
    });
    let places = places(document.value(), pointer);
    let missing = places.difference(&shown);
    problems.extend(missing.map(|place| format!("no sample shows {place}")));
    problems
}
