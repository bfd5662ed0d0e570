//! What a build of some sections has.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

use std::path::Path;

use omneo_codegen::Source;

#[test]
fn the_types_of_multipart_bodies_are_in_the_builds_that_have_their_operations() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let source = Source::read(&root).unwrap().correct().unwrap();
    for (feature, is_there) in [("platform", true), ("incentives", false)] {
        let lowered = source.lower(|chosen| chosen == feature).unwrap();
        for schema in ["ImportUploadInput", "ImportFileInput"] {
            let found = lowered.schemas.iter().any(|(name, _)| name == schema);
            assert_eq!(found, is_there, "{feature}: {schema}");
        }
    }
}
