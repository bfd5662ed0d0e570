//! A new schema, rehearsed on Omneo's own: each change is found for what it is, and the code follows
//! without a line written by hand.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::path::Path;
use std::sync::LazyLock;

use omneo_codegen::Source;
use serde_json::Value;
use xtask::schema::diff::{Diff, Release, Side};
use xtask::schema::rehearsal::{Rehearsal, rehearsals};

struct Present {
    side: Side,
    rehearsals: Vec<Rehearsal>,
}

static PRESENT: LazyLock<Present> = LazyLock::new(|| {
    let source = Source::read(root()).unwrap();
    let side = Side::read(&source).unwrap();
    let rehearsals = rehearsals(&side, &source.correct().unwrap()).unwrap();
    Present { side, rehearsals }
});

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The diff with the schema after some rehearsals, corrected as strictly as the build corrects it.
fn after(rehearsals: &[Rehearsal]) -> Diff {
    let mut document = PRESENT.side.published.clone();
    for rehearsal in rehearsals {
        rehearsal.apply(&mut document).unwrap();
    }
    let corrections = std::fs::read(root().join("corrections.json")).unwrap();
    let source = Source::new(serde_json::to_vec(&document).unwrap(), corrections);
    source.correct().unwrap();
    Diff::between(&PRESENT.side, &Side::read(&source).unwrap())
}

#[test]
fn each_change_alone_is_found_and_nothing_else() {
    for rehearsal in &PRESENT.rehearsals {
        let diff = after(std::slice::from_ref(rehearsal));
        let missing = rehearsal.missing(&diff).collect::<Vec<_>>();
        assert!(
            missing.is_empty(),
            "{}: {missing:?}\n{}",
            rehearsal.what,
            diff.text()
        );
        assert_eq!(
            diff.changes.len(),
            rehearsal.expected.len(),
            "{}",
            diff.text()
        );
        let breaking = rehearsal.expected.iter().any(|expected| expected.breaking);
        let release = if breaking {
            Release::Minor
        } else {
            Release::Patch
        };
        assert_eq!(diff.step.before_1_0, release, "{}", rehearsal.what);
        assert!(diff.unfitting.is_empty());
    }
}

#[test]
fn all_changes_together_are_found() {
    let diff = after(&PRESENT.rehearsals);
    let expected = PRESENT
        .rehearsals
        .iter()
        .flat_map(|rehearsal| &rehearsal.expected);
    assert_eq!(diff.changes.len(), expected.count(), "{}", diff.text());
    for rehearsal in &PRESENT.rehearsals {
        let missing = rehearsal.missing(&diff).collect::<Vec<_>>();
        assert!(
            missing.is_empty(),
            "{}: {missing:?}\n{}",
            rehearsal.what,
            diff.text()
        );
    }
    assert_eq!(diff.step.before_1_0, Release::Minor);
    assert_eq!(diff.step.from_1_0, Release::Major);
}

#[test]
fn the_present_schema_differs_from_itself_in_nothing() {
    let diff = Diff::between(&PRESENT.side, &PRESENT.side);
    assert_eq!(diff, Diff::default());
}

#[test]
fn every_operation_is_on_the_surface() {
    let published = PRESENT.side.published["paths"].as_object().unwrap();
    let operations = published.values().filter_map(Value::as_object).flatten();
    let operations = operations.filter(|(_, value)| value.get("operationId").is_some());
    let surface = &PRESENT.side.surface;
    assert_eq!(surface.operations.len(), operations.count());
    for (route, operation) in &surface.operations {
        assert!(surface.call(operation).starts_with("api."), "{route}");
        assert!(!operation.features.is_empty(), "{route}");
    }
    for (name, ty) in &surface.types {
        assert!(!ty.origins.is_empty(), "{name} comes from nowhere");
    }
}
