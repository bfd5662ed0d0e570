//! What the API does not have does not compile, and the compiler says what to do.

#![cfg(all(feature = "incentives", feature = "platform", feature = "profiles"))]

#[test]
#[ignore = "builds all dependencies anew, for minutes; `cargo xtask ci` runs it"]
fn what_the_api_does_not_have_does_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
