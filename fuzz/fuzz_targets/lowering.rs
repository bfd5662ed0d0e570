//! Any text is lowered, as the build script lowers Omneo's schema and as it stands, or refused in one line.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_lowering::{Envelopes, Loose, Options};

fuzz_target!(|text: &[u8]| {
    let mut loose = Options::default();
    loose.envelopes = Some(Envelopes::from_crate("omneo-types"));
    loose.loose = Some(Loose::from_crate("omneo-types"));
    for options in [Options::default(), loose] {
        match openapi_lowering::lower(text, &options) {
            // What comes out is a document of the same operations.
            Ok(lowered) => assert!(lowered.document["paths"].is_object()),
            Err(error) => assert!(!error.to_string().contains('\n')),
        }
    }
});
