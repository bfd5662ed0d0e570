//! progenitor's bindings.

use openapi_lowering::Lowered;
use progenitor::{CrateVers, GenerationSettings, Generator, HooksMode, InterfaceStyle};

use crate::derives::Less;
use crate::source::TYPES_CRATE;
use crate::{Error, Extras, constructors, open_enums, presence, print, records, unions};

pub(crate) fn generate(lowered: &Lowered, extras: Extras) -> Result<String, Error> {
    let refused = |error: &dyn std::fmt::Display| Error::Bindings(error.to_string());
    let document = serde_json::from_value(lowered.document.clone()).map_err(|e| refused(&e))?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_hooks(HooksMode::Expected)
        .with_inner_type("crate::runtime::Inner".parse().map_err(|e| refused(&e))?)
        .with_crate(TYPES_CRATE, CrateVers::Any, None);
    if extras.schemars {
        settings.with_derive("::schemars::JsonSchema");
    }
    let tokens = Generator::new(&settings)
        .generate_tokens(&document)
        .map_err(|e| refused(&e))?;
    let mut less = Less::default()
        .derives(records::names(lowered), &["Deserialize", "Serialize"])
        .derives(unions::names(lowered), &["Deserialize"]);
    if !extras.schemars {
        // schemars reads serde's attributes; without it nothing does.
        less = less.attributes(records::names(lowered));
    }
    let tokens = open_enums::keep_open(tokens, &open_enums::names(lowered));
    let tokens = constructors::add(presence::keep(tokens), &constructors::required(lowered));
    Ok(print::lines(less.apply(tokens)))
}
