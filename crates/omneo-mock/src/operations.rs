//! Every operation of this build, as a type that [`When`](crate::When) and [`Then`](crate::Then) have their methods by.

// Nothing else is imported: an operation may have any name.
use omneo_api::types;

macro_rules! operation {
    (
        $method:ident $id:literal $name:ident $doc:literal
        $body:ty => $answer:ty, $form:expr, $status:literal;
        $($parameter:ident $parameter_name:literal)*
    ) => {
        #[doc = $doc]
        #[derive(Debug)]
        pub enum $name {}

        impl crate::TypedOperation for $name {
            const ID: &'static str = $id;
            const STATUS: u16 = $status;
            type Body = $body;
            type Answer = $answer;
            const FORM: crate::Form = $form;
        }

        $(
            impl crate::path::$parameter for $name {
                const NAME: &'static str = $parameter_name;
            }
        )*

        impl crate::Server {
            #[doc = $doc]
            #[track_caller]
            pub fn $method<R>(
                &self,
                mock: impl FnOnce(crate::When<$name>, crate::Then<$name>) -> R,
            ) -> crate::Mock<'_> {
                self.typed(mock)
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/operations.rs"));
