//! Unions of objects that nothing but their properties tells apart.
//!
//! serde's untagged enums take the first variant that a value fits. Every property of an answer is
//! optional, so that would be the first of all, and the others' properties would be lost. Instead
//! the variant is taken that knows most of the value's properties.

use std::fmt::Write;

use openapi_lowering::Lowered;

/// `Deserialize` for the unions.
pub(crate) fn generate(lowered: &Lowered) -> String {
    let mut out = String::new();
    for union in &lowered.unions {
        let name = &union.type_name;
        let mut candidates = String::new();
        let mut arms = String::new();
        for (index, variant) in union.variants.iter().enumerate() {
            let _ = write!(candidates, "&{:?}, ", variant.properties);
            let pattern = match index + 1 == union.variants.len() {
                true => "_".to_owned(),
                false => index.to_string(),
            };
            let _ = write!(
                arms,
                "{pattern} => ::serde_json::from_value::<types::{}>(value).map(Self::from), ",
                variant.type_name
            );
        }
        let _ = writeln!(
            out,
            "impl<'de> ::serde::Deserialize<'de> for types::{name} {{
                fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {{
                    let value = ::serde_json::Value::deserialize(deserializer)?;
                    match ::omneo_types::best_fit(&value, &[{candidates}]) {{ {arms} }}
                        .map_err(::serde::de::Error::custom)
                }}
            }}"
        );
    }
    out
}

/// The names of the enums whose derived `Deserialize` is replaced.
pub(crate) fn names(lowered: &Lowered) -> Vec<String> {
    lowered
        .unions
        .iter()
        .map(|union| union.type_name.clone())
        .collect()
}
