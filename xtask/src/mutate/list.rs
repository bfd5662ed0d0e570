//! The mistakes: in the lowering, the generator, the tolerant types and the runtime.

use super::Mutation;

pub(crate) const MUTATIONS: [Mutation; 10] = [
    Mutation {
        name: "null-not-sent",
        breaks: "a field can't be cleared: null is taken for absent",
        file: "crates/openapi-lowering/src/loose.rs",
        find: "let may_be_null = ty.nullable || ty.kind == Kind::Any;",
        replace: "let may_be_null = ty.kind == Kind::Any;",
    },
    Mutation {
        name: "query-renamed",
        breaks: "`page[size]` is known as `page_size`, which the server ignores",
        file: "crates/openapi-lowering/src/operation/parameters.rs",
        find: "Ok(table::Parameter {\n        name: parameter.name.clone(),",
        replace: "Ok(table::Parameter {\n        name: naming::snake(&parameter.name),",
    },
    Mutation {
        name: "page-misread",
        breaks: "a page is read as a paginator, whose links are a list, and refused",
        file: "crates/openapi-lowering/src/envelope.rs",
        find: "Kind::Array(item) if is_page(object, definitions) => {
                    Some(envelope(\"Page\", (**item).clone()))",
        replace: "Kind::Array(item) if is_page(object, definitions) => {
                    Some(envelope(\"RawPage\", (**item).clone()))",
    },
    Mutation {
        name: "wire-name-lost",
        breaks: "`type` is sent as `type_`, the name of its Rust field",
        file: "crates/omneo-codegen/src/records.rs",
        find: "writeln!(written, \"self.{field}.write({wire:?}, map)?;\")",
        replace: "writeln!(written, \"self.{field}.write({field:?}, map)?;\")",
    },
    Mutation {
        name: "reserved-word-sent",
        breaks: "the reward `definitions` is asked for, and the definitions of all rewards come",
        file: "crates/omneo-codegen/src/operations.rs",
        find: "                .all(|(theirs, ours)| theirs == ours || is_parameter(ours))",
        replace: "                .all(|(theirs, ours)| theirs == ours)",
    },
    Mutation {
        name: "flag-inverted",
        breaks: "1 is read as false",
        file: "crates/omneo-types/src/flag.rs",
        find: "Sent::Integer(1) => Ok(Self(true)),",
        replace: "Sent::Integer(1) => Ok(Self(false)),",
    },
    Mutation {
        name: "zone-moved",
        breaks: "a time that is sent as PHP's object in UTC is ten hours off",
        file: "crates/omneo-types/src/timestamp.rs",
        find: "        Some(Zone::Offset(Offset::UTC))\n",
        replace: "        Some(Zone::Offset(Offset::constant(10)))\n",
    },
    Mutation {
        name: "enum-closed",
        breaks: "an answer with a value that the server added to an enum is refused",
        file: "crates/omneo-types/src/open_enum.rs",
        find: "Ok(known.map_or_else(|| Self::Unknown(sent.into()), Self::Known))",
        replace: "known.map(Self::Known).ok_or_else(|| serde::de::Error::custom(\"not listed\"))",
    },
    Mutation {
        name: "path-unencoded",
        breaks: "a handle with `?` or `#` cuts the path off",
        file: "src/runtime/path.rs",
        find: "None => utf8_percent_encode(value, SEGMENT).to_string(),",
        replace: "None => value.to_owned(),",
    },
    Mutation {
        name: "forbidden-as-unauthenticated",
        breaks: "403 is told as 401: a new token is got where the role is what lacks",
        file: "src/runtime/error.rs",
        find: "403 => ErrorKind::Forbidden,",
        replace: "403 => ErrorKind::Unauthenticated,",
    },
];
