//! Any overlay is applied to any document, or refused. The input is a list of both, or an overlay alone.

#![no_main]

use libfuzzer_sys::fuzz_target;
use openapi_overlay::Overlay;
use serde_json::{Value, json};

fuzz_target!(|text: &[u8]| {
    let (overlay, mut document) = match serde_json::from_slice(text) {
        Ok(Value::Array(both)) if both.len() == 2 => (both[0].to_string().into_bytes(), both[1].clone()),
        _ => (text.to_vec(), json!({"paths": {"/a": {"get": {"tags": ["A", "B"]}}}, "info": {}})),
    };
    if let Ok(overlay) = Overlay::parse(&overlay) {
        let mut fitting = document.clone();
        let _ = overlay.apply_fitting(&mut fitting);
        if overlay.apply(&mut document).is_ok() {
            // What applies strictly applies as far as it fits, too.
            assert_eq!(document, fitting);
        }
    }
});
