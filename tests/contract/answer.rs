//! What the bindings read.

use omneo_api::Operation;
use omneo_api::runtime::Answer;
use serde_json::{Value, json};

use crate::bindings::{Binding, Given};
use crate::route::{Content, Route};
use crate::table::Outcome;
use crate::wire::{Bench, Prepared};
use crate::{Context, compare, samples};

pub(crate) fn check(
    context: &Context<'_>,
    bench: &Bench,
    route: &Route,
    operation: &'static Operation,
    binding: &Binding,
    given: &Given,
) -> Outcome {
    let mut check = Check {
        context,
        bench,
        binding,
        given,
        outcome: Outcome::default(),
    };
    let answers = route.answers(context.documents.published.value());
    for (status, contents) in answers
        .iter()
        .filter(|(status, _)| (200..300).contains(status))
    {
        check.success(*status, contents, operation.answer);
    }
    if check.outcome.checked == 0 {
        check
            .outcome
            .failures
            .push("the schema has no success for it".to_owned());
    }
    check.outcome
}

struct Check<'c, 'd> {
    context: &'c Context<'d>,
    bench: &'c Bench,
    binding: &'c Binding,
    given: &'c Given,
    outcome: Outcome,
}

impl Check<'_, '_> {
    fn success(&mut self, status: u16, contents: &[Content], answer: Answer) {
        match (contents, answer) {
            ([], Answer::Nothing) => {
                // Whatever comes where nothing was promised is taken.
                for body in ["", "OK", r#"{"data": []}"#] {
                    self.decoded(Prepared::text(status, body), "nothing");
                }
            }
            ([content], Answer::Json) if is_json(content) => self.json(status, &content.schema),
            (_, Answer::Raw) => _ = self.decoded(Prepared::text(status, "a,b"), "bytes"),
            _ => {
                let kinds = contents
                    .iter()
                    .map(|content| &*content.media_type)
                    .collect::<Vec<_>>();
                let failure = format!("the schema answers {kinds:?} and the table has {answer:?}");
                self.outcome.failures.push(failure);
            }
        }
    }

    fn json(&mut self, status: u16, schema: &str) {
        let Context {
            documents, samples, ..
        } = self.context;
        let plain = samples.corrected.samples(schema);
        self.outcome
            .failures
            .extend(samples::problems(&documents.corrected, schema, &plain));
        for answer in &plain {
            self.read(status, answer, schema, "corrected");
        }
        // Whichever success it is that the server chooses.
        for status in [200, 201, 202].into_iter().filter(|other| *other != status) {
            for answer in plain.iter().take(1) {
                self.decoded(Prepared::json(status, answer), "another success");
            }
        }
        let published = samples.published.samples(schema);
        self.outcome
            .failures
            .extend(samples::problems(&documents.published, schema, &published));
        for answer in &published {
            let fitted = documents.corrected_value(schema, answer);
            self.outcome.corrected +=
                usize::from(fitted.as_ref().is_none_or(|(_, removed)| *removed > 0));
            if let Some((fitted, _)) = fitted {
                self.read(status, &fitted, schema, "published");
            }
        }
        for (name, sampler) in &samples.variants {
            for answer in sampler.samples(schema) {
                self.read(status, &answer, schema, name);
            }
        }
    }

    /// Reads an answer that has to come back as it was.
    fn read(&mut self, status: u16, answer: &Value, pointer: &str, name: &str) {
        if let Some(mut encoded) = self.decoded(Prepared::json(status, answer), name) {
            // A list that came bare is written in its envelope.
            let is_bare = answer.get("data").is_none();
            if is_bare && encoded.get("data").is_some_and(Value::is_array) {
                encoded = encoded["data"].take();
            }
            let schema = json!({ "$ref": format!("#{pointer}") });
            let lost = compare::answer(answer, &encoded, &self.context.knowledge, &schema);
            let failures = lost
                .into_iter()
                .map(|problem| format!("answer ({name}): {problem}"));
            self.outcome.failures.extend(failures);
        }
    }

    fn decoded(&mut self, answer: Prepared, name: &str) -> Option<Value> {
        self.outcome.checked += 1;
        match self.bench.call(self.binding, self.given, answer) {
            (_, Ok(encoded)) => Some(encoded),
            (_, Err(failed)) => {
                self.outcome
                    .failures
                    .push(format!("answer ({name}): {failed}"));
                None
            }
        }
    }
}

fn is_json(content: &Content) -> bool {
    content.media_type == "application/json" || content.media_type.ends_with("+json")
}
