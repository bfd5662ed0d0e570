//! What the `JsonSchema` impls share. All schemas are inline: names such as `Id` would meet those of generated types.

use schemars::schema::{
    ArrayValidation, InstanceType, ObjectValidation, Schema, SchemaObject, SubschemaValidation,
};

/// Any of some plain JSON types.
pub(crate) fn types(types: &[InstanceType]) -> Schema {
    SchemaObject {
        instance_type: Some(types.to_vec().into()),
        ..SchemaObject::default()
    }
    .into()
}

/// Any of some schemas.
pub(crate) fn any_of(schemas: Vec<Schema>) -> Schema {
    let subschemas = SubschemaValidation {
        any_of: Some(schemas),
        ..SubschemaValidation::default()
    };
    SchemaObject {
        subschemas: Some(Box::new(subschemas)),
        ..SchemaObject::default()
    }
    .into()
}

/// A list of `items`.
pub(crate) fn list(items: Schema) -> Schema {
    array(ArrayValidation {
        items: Some(items.into()),
        ..ArrayValidation::default()
    })
}

/// `[]`, PHP's empty map.
pub(crate) fn empty_list() -> Schema {
    array(ArrayValidation {
        max_items: Some(0),
        ..ArrayValidation::default()
    })
}

/// An object with any keys.
pub(crate) fn map(values: Schema) -> Schema {
    object(ObjectValidation {
        additional_properties: Some(Box::new(values)),
        ..ObjectValidation::default()
    })
}

/// An object with at least the member `name`.
pub(crate) fn with_member(name: &str, value: Schema) -> Schema {
    object(ObjectValidation {
        required: [name.to_owned()].into(),
        properties: [(name.to_owned(), value)].into(),
        ..ObjectValidation::default()
    })
}

fn array(array: ArrayValidation) -> Schema {
    SchemaObject {
        instance_type: Some(InstanceType::Array.into()),
        array: Some(Box::new(array)),
        ..SchemaObject::default()
    }
    .into()
}

fn object(object: ObjectValidation) -> Schema {
    SchemaObject {
        instance_type: Some(InstanceType::Object.into()),
        object: Some(Box::new(object)),
        ..SchemaObject::default()
    }
    .into()
}

/// `JsonSchema` for a type without parameters: the JSON types that it takes.
macro_rules! scalar_schema {
    ($name:ident: $($type:ident)|+) => {
        impl ::schemars::JsonSchema for $crate::$name {
            fn is_referenceable() -> bool {
                false
            }
            fn schema_name() -> String {
                stringify!($name).to_owned()
            }
            fn json_schema(_: &mut ::schemars::r#gen::SchemaGenerator) -> ::schemars::schema::Schema {
                $crate::schema::types(&[$(::schemars::schema::InstanceType::$type),+])
            }
        }
    };
}

/// `JsonSchema` for a container: any of some schemas made from its parameter's.
macro_rules! container_schema {
    ($name:ident<$param:ident>: |$inner:ident| $schemas:expr) => {
        impl<$param: ::schemars::JsonSchema> ::schemars::JsonSchema for $crate::$name<$param> {
            fn is_referenceable() -> bool {
                false
            }
            fn schema_name() -> String {
                format!(concat!(stringify!($name), "_of_{}"), $param::schema_name())
            }
            fn json_schema(
                generator: &mut ::schemars::r#gen::SchemaGenerator,
            ) -> ::schemars::schema::Schema {
                let $inner = generator.subschema_for::<$param>();
                $crate::schema::any_of($schemas)
            }
        }
    };
}

scalar_schema!(Id: Integer | String);
scalar_schema!(Amount: Number | String);
scalar_schema!(Integer: Integer | String);
scalar_schema!(Flag: Boolean | Integer | String);
scalar_schema!(Scalar: Boolean | Number | String);

container_schema!(Map<V>: |value| vec![map(value.clone()), list(value), types(&[InstanceType::Null])]);
container_schema!(List<T>: |item| vec![list(item.clone()), map(item), types(&[InstanceType::Null])]);
container_schema!(Record<T>: |record| vec![record, empty_list(), types(&[InstanceType::Null])]);
container_schema!(Linked<T>: |record| vec![record, types(&[InstanceType::Integer, InstanceType::String])]);
container_schema!(Field<T>: |value| vec![value, types(&[InstanceType::Null])]);
container_schema!(OpenEnum<E>: |known| vec![known, types(&[InstanceType::Boolean, InstanceType::Number, InstanceType::String])]);
container_schema!(Data<T>: |data| vec![with_member("data", data)]);
container_schema!(MaybeData<T>: |value| vec![with_member("data", value.clone()), value]);

impl schemars::JsonSchema for crate::Timestamp {
    fn is_referenceable() -> bool {
        false
    }
    fn schema_name() -> String {
        "Timestamp".to_owned()
    }
    fn json_schema(_: &mut schemars::r#gen::SchemaGenerator) -> Schema {
        // No `format: date-time`: most texts have no zone.
        let text = types(&[InstanceType::String]);
        any_of(vec![text.clone(), with_member("date", text)])
    }
}
