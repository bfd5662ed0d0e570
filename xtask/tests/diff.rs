//! What each change of a schema means for Rust callers.

#![allow(clippy::unwrap_used)] // clippy knows the test functions, not what they call

mod support;

use omneo_codegen::Source;
use serde_json::{Value, json};
use support::{answers, body, diff, lines, query, reference, schema, side};
use xtask::schema::diff::{Diff, Item, Release, Side};

fn properties<'s>(schema: &'s mut Value, name: &str) -> &'s mut Value {
    &mut schema["components"]["schemas"][name]["properties"]
}

fn operation<'s>(schema: &'s mut Value, method: &str, path: &str) -> &'s mut Value {
    &mut schema["paths"][path][method]
}

/// A schema with a word in the place of another wherever it stands.
fn replace(schema: &mut Value, words: &[(&str, &str)]) {
    let mut text = schema.to_string();
    for (word, other) in words {
        text = text.replace(word, other);
    }
    *schema = serde_json::from_str(&text).unwrap();
}

#[track_caller]
fn expect(change: impl FnOnce(&mut Value), expected: &[&str]) -> Diff {
    let diff = diff(change);
    assert_eq!(lines(&diff), expected, "{}", diff.text());
    diff
}

#[test]
fn another_operation_id_renames_the_binding_and_no_handle() {
    let diff = expect(
        |schema| operation(schema, "get", "/v3/rewards")["operationId"] = json!("rewards.list"),
        &["!renamed binding Client::rewards_index -Client::rewards_index +Client::rewards_list"],
    );
    assert_eq!(
        diff.changes[0].published[0].to_string(),
        r#"/paths/~1v3~1rewards/get/operationId: "rewards.index" became "rewards.list""#
    );
}

#[test]
fn a_dropped_operation_is_breaking_and_its_way_is_named() {
    let diff = expect(
        |schema| {
            let path = schema["paths"]["/v3/rewards/{reward}/shares"].as_object_mut();
            path.unwrap().remove("post");
        },
        &[
            "!removed operation POST /v3/rewards/{reward}/shares -api.reward(…).shares().create(), Client::rewards_shares_store",
        ],
    );
    assert_eq!(diff.step.before_1_0, Release::Minor);
    assert_eq!(diff.step.from_1_0, Release::Major);
}

#[test]
fn with_the_last_operation_its_handles_go() {
    expect(
        |schema| {
            let paths = schema["paths"].as_object_mut();
            paths.unwrap().remove("/v3/rewards/{reward}/shares");
        },
        &[
            "!removed operation GET /v3/rewards/{reward}/shares -api.reward(…).shares().list(), Client::rewards_shares_index",
            "!removed operation POST /v3/rewards/{reward}/shares -api.reward(…).shares().create(), Client::rewards_shares_store",
            "!removed handle RewardScope -api.reward(…)",
            "!removed handle RewardShares -api.reward(…).shares()",
            "!removed accessor Api::reward -reward(…)",
            "!changed features types::Share -incentives +no section alone",
        ],
    );
}

#[test]
fn a_new_operation_is_compatible() {
    let diff = expect(
        |schema| {
            *operation(schema, "delete", "/v3/rewards/{reward}") = json!({
                "operationId": "rewards.destroy",
                "tags": ["Reward"],
                "responses": {"204": {"description": ""}},
            });
        },
        &[
            "added operation DELETE /v3/rewards/{reward} +api.rewards().delete(…), Client::rewards_destroy",
        ],
    );
    assert_eq!(diff.step.before_1_0, Release::Patch);
    assert_eq!(diff.step.from_1_0, Release::Minor);
}

#[test]
fn a_field_more_is_compatible_in_what_is_read_or_ends_in_unset_fields() {
    for name in ["Reward", "RewardInput", "RewardUpdateInput"] {
        expect(
            |schema| properties(schema, name)["more"] = json!({"type": "string"}),
            &[&format!("added field types::{name}::more +Option<String>")],
        );
    }
}

#[test]
fn a_required_field_more_is_breaking() {
    let diff = expect(
        |schema| {
            properties(schema, "RewardInput")["more"] = json!({"type": "string"});
            schema["components"]["schemas"]["RewardInput"]["required"] =
                json!(["profile_id", "more"]);
        },
        &["!added field types::RewardInput::more +String"],
    );
    assert!(diff.changes[0].why.contains("`new`"));
}

#[test]
fn a_required_field_takes_the_default_of_a_request() {
    let diff = expect(
        |schema| {
            schema["components"]["schemas"]["RewardUpdateInput"]["required"] = json!(["note"]);
        },
        &[
            "!removed trait types::RewardUpdateInput: Default",
            "!changed field types::RewardUpdateInput::note -Option<String> +String",
        ],
    );
    for change in &diff.changes {
        assert_eq!(
            change.published[0].to_string(),
            r#"/components/schemas/RewardUpdateInput/required: "note" is new"#
        );
    }
}

#[test]
fn a_field_that_can_be_cleared_has_another_type() {
    let diff = expect(
        |schema| {
            properties(schema, "RewardUpdateInput")["note"]["type"] = json!(["string", "null"]);
        },
        &["!changed field types::RewardUpdateInput::note -Option<String> +Field<String>"],
    );
    assert!(diff.changes[0].why.contains(".into()"));
}

#[test]
fn an_answer_may_become_nullable() {
    let diff = expect(
        |schema| properties(schema, "Reward")["value"]["type"] = json!(["number", "null"]),
        &[],
    );
    assert_eq!(diff.without_effect.len(), 1, "{}", diff.text());
    assert_eq!(diff.step.from_1_0, Release::Patch);
}

#[test]
fn a_new_value_is_compatible_and_a_value_less_is_not() {
    let values = |values: Value| {
        move |schema: &mut Value| properties(schema, "Reward")["state"]["enum"] = values
    };
    expect(
        values(json!(["open", "spent", "gone"])),
        &["added variant types::RewardState::Gone"],
    );
    expect(
        values(json!(["open"])),
        &["!removed variant types::RewardState::Spent"],
    );
}

#[test]
fn another_type_of_a_field_is_breaking_if_rust_has_another_type_for_it() {
    expect(
        |schema| properties(schema, "Reward")["value"]["type"] = json!("boolean"),
        &["!changed field types::Reward::value -Option<Amount> +Option<Flag>"],
    );
    let diff = expect(
        |schema| properties(schema, "Reward")["id"]["type"] = json!("string"),
        &[],
    );
    assert_eq!(
        diff.without_effect[0].to_string(),
        r#"/components/schemas/Reward/properties/id/type: "integer" became "string""#
    );
}

#[test]
fn a_field_of_a_type_without_a_schema_of_its_own_has_its_published_change() {
    let diff = expect(
        |schema| {
            properties(schema, "RewardInput")["period"]["properties"]["days"]["type"] =
                json!("string");
        },
        &["!changed field types::RewardInputPeriod::days -Option<Integer> +Option<String>"],
    );
    assert_eq!(
        diff.changes[0].published[0].pointer,
        "/components/schemas/RewardInput/properties/period/properties/days/type"
    );
}

#[test]
fn a_field_that_refers_to_a_plain_schema_has_its_published_change() {
    let note = |schema: &mut Value, ty: &str| {
        schema["components"]["schemas"]["Note"] = json!({"type": ty});
        properties(schema, "Reward")["note"] = reference("Note");
    };
    let (mut old, mut new) = (schema(), schema());
    note(&mut old, "string");
    note(&mut new, "boolean");
    let diff = Diff::between(&side(&old), &side(&new));
    assert_eq!(
        lines(&diff),
        ["!changed field types::Reward::note -Option<String> +Option<Flag>"]
    );
    assert_eq!(
        diff.changes[0].published[0].to_string(),
        r#"/components/schemas/Note/type: "string" became "boolean""#
    );
}

#[test]
fn a_renamed_schema_is_one_change_for_each_type_of_it() {
    expect(
        |schema| replace(schema, &[("RewardInput", "StoreReward")]),
        &[
            "!renamed type types::RewardInput -types::RewardInput +types::StoreReward",
            "!renamed type types::RewardInputPeriod -types::RewardInputPeriod +types::StoreRewardPeriod",
        ],
    );
}

#[test]
fn a_schema_may_be_renamed_and_changed() {
    expect(
        |schema| {
            properties(schema, "RewardUpdateInput")["more"] = json!({"type": "string"});
            replace(schema, &[("RewardUpdateInput", "UpdateReward")]);
        },
        &[
            "!renamed type types::RewardUpdateInput -types::RewardUpdateInput +types::UpdateReward",
            "added field types::UpdateReward::more +Option<String>",
        ],
    );
}

#[test]
fn a_tag_that_moves_takes_its_operation_to_another_feature() {
    let diff = expect(
        |schema| operation(schema, "get", "/v3/rewards")["tags"] = json!(["Profile"]),
        &[
            "!changed features GET /v3/rewards -incentives +profiles",
            "changed features types::Reward -incentives +incentives, profiles",
            "changed features types::RewardState -incentives +incentives, profiles",
        ],
    );
    assert_eq!(diff.changes[0].why, "a build of incentives alone lacks it");
}

#[test]
fn a_tag_without_a_section_takes_its_operation_to_every_build() {
    expect(
        |schema| operation(schema, "get", "/v3/rewards")["tags"] = json!(["New"]),
        &[
            "changed features GET /v3/rewards -incentives +every section",
            "changed features types::Reward -incentives +every section",
            "changed features types::RewardState -incentives +every section",
        ],
    );
}

#[test]
fn a_query_parameter_is_breaking_once_a_call_without_it_is_refused() {
    let set = |parameters: Value| {
        move |schema: &mut Value| {
            operation(schema, "get", "/v3/rewards")["parameters"] = parameters;
        }
    };
    let required = |name: &str| {
        let mut parameter = query(name);
        parameter["required"] = json!(true);
        parameter
    };
    expect(
        set(json!([query("page[size]"), query("sort")])),
        &["added query parameter GET /v3/rewards: sort +optional"],
    );
    expect(
        set(json!([query("page[size]"), required("sort")])),
        &["!added query parameter GET /v3/rewards: sort +required"],
    );
    expect(
        set(json!([required("page[size]")])),
        &["!changed query parameter GET /v3/rewards: page[size] -optional +required"],
    );
    expect(
        set(json!([])),
        &["removed query parameter GET /v3/rewards: page[size] -optional"],
    );
}

#[test]
fn a_part_of_an_upload_is_breaking_once_a_call_without_it_is_refused() {
    let upload = |schema: &mut Value, required: Value| {
        operation(schema, "post", "/v3/rewards")["requestBody"] = json!({"content": {
            "multipart/form-data": {"schema": {"type": "object", "required": required, "properties": {
                "file": {"type": "string", "format": "binary"},
                "note": {"type": "string"},
            }}},
        }});
    };
    let (mut old, mut new) = (schema(), schema());
    upload(&mut old, json!(["file"]));
    upload(&mut new, json!(["file", "note"]));
    let (old, new) = (side(&old), side(&new));
    assert_eq!(
        lines(&Diff::between(&old, &new)),
        ["!changed part POST /v3/rewards: note -optional text +required text"]
    );
    assert_eq!(
        lines(&Diff::between(&new, &old)),
        ["changed part POST /v3/rewards: note -required text +optional text"]
    );
}

#[test]
fn what_an_operation_takes_and_answers_is_breaking() {
    expect(
        |schema| {
            operation(schema, "post", "/v3/rewards/{reward}/shares")["requestBody"] =
                body("RewardInput");
        },
        &[
            "!changed arguments POST /v3/rewards/{reward}/shares -create() +create(body: &RewardInput)",
        ],
    );
    expect(
        |schema| {
            operation(schema, "post", "/v3/rewards/{reward}/shares")["responses"] =
                answers(reference("Reward"));
        },
        &["!changed answer POST /v3/rewards/{reward}/shares -Share +Reward"],
    );
}

#[test]
fn arguments_in_another_order_are_breaking_though_they_compile() {
    let parameters = ["reward", "share"].map(
        |name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "integer"}}),
    );
    let add = |path: &str| {
        let mut schema = schema();
        schema["paths"][path] = json!({"parameters": parameters, "get": {
            "operationId": "both",
            "tags": ["Reward"],
            "responses": {"204": {"description": ""}},
        }});
        side(&schema)
    };
    let diff = Diff::between(
        &add("/v3/both/{reward}/{share}"),
        &add("/v3/both/{share}/{reward}"),
    );
    let changed = diff
        .changes
        .iter()
        .find(|change| change.item == Item::Arguments);
    let changed = changed.unwrap_or_else(|| panic!("{}", diff.text()));
    assert!(changed.breaking);
    assert_eq!(
        changed.why,
        "a call with the arguments of before may compile, and mean something else"
    );
}

#[test]
fn another_name_of_a_path_parameter_renames_what_is_named_after_it() {
    expect(
        |schema| {
            replace(
                schema,
                &[
                    ("{reward}", "{key}"),
                    ("\"name\":\"reward\"", "\"name\":\"key\""),
                ],
            );
        },
        &[
            "!removed accessor Api::reward -reward(…)",
            "!renamed handle RewardScope -RewardScope +RewardsKeyScope",
            "!renamed handle RewardShares -RewardShares +RewardsKeyShares",
            "changed route GET /v3/rewards/{reward} -GET /v3/rewards/{reward} +GET /v3/rewards/{key}",
            "changed route GET /v3/rewards/{reward}/shares -GET /v3/rewards/{reward}/shares +GET /v3/rewards/{key}/shares",
            "changed route POST /v3/rewards/{reward}/shares -POST /v3/rewards/{reward}/shares +POST /v3/rewards/{key}/shares",
            "changed route PUT /v3/rewards/{reward} -PUT /v3/rewards/{reward} +PUT /v3/rewards/{key}",
            "added accessor Rewards::key +key(…)",
        ],
    );
}

#[test]
fn an_operation_that_moves_keeps_its_binding_and_changes_its_handle() {
    let diff = expect(
        |schema| {
            let moved = schema["paths"]["/v3/rewards/{reward}/shares"].take();
            let paths = schema["paths"].as_object_mut().unwrap();
            paths.remove("/v3/rewards/{reward}/shares");
            paths.insert("/v3/shares/of/{reward}/all".to_owned(), moved);
        },
        &[
            "!removed accessor Api::reward -reward(…)",
            "!renamed handle RewardScope -RewardScope +SharesOfRewardScope",
            "!renamed handle RewardShares -RewardShares +SharesOfRewardAll",
            "!renamed accessor RewardScope::shares -RewardScope::shares +SharesOfRewardScope::all",
            "changed route GET /v3/rewards/{reward}/shares -GET /v3/rewards/{reward}/shares +GET /v3/shares/of/{reward}/all",
            "changed route POST /v3/rewards/{reward}/shares -POST /v3/rewards/{reward}/shares +POST /v3/shares/of/{reward}/all",
            "added handle Shares +api.shares()",
            "added handle SharesOf +api.shares().of()",
            "added accessor Api::shares +shares()",
        ],
    );
    assert_eq!(
        diff.changes[0].why,
        "callers get there by `api.shares().of().reward(…)` now"
    );
}

#[test]
fn texts_are_counted_and_change_no_rust() {
    let diff = expect(
        |schema| {
            properties(schema, "Reward")["value"]["description"] = json!("What is left.");
            operation(schema, "get", "/v3/rewards")["summary"] = json!("Browse");
        },
        &[],
    );
    assert_eq!(diff.texts, 2);
    assert!(diff.without_effect.is_empty());
    assert_eq!(diff.step.before_1_0, Release::Patch);
}

#[test]
fn corrections_that_do_not_fit_are_named_and_the_others_applied() {
    let corrections = json!({
        "overlay": "1.0.0",
        "info": {"title": "Test", "version": "1"},
        "actions": [
            {"target": "$.components.schemas.Gone", "update": {"type": "object"}},
            {"target": "$.components.schemas.Reward.properties.value", "update": {"type": "boolean"}},
            {"target": "$.components.schemas.Reward.properties.id", "update": {"type": "integer"}},
        ],
    });
    let source = Source::new(
        schema().to_string().into_bytes(),
        corrections.to_string().into_bytes(),
    );
    let diff = Diff::between(&side(&schema()), &Side::read(&source).unwrap());
    assert_eq!(
        lines(&diff),
        ["!changed field types::Reward::value -Option<Amount> +Option<Flag>"]
    );
    assert_eq!(
        diff.changes[0].published[0].to_string(),
        r#"/components/schemas/Reward/properties/value/type: "number" became "boolean""#,
        "what a correction changes stands in for what the schema changes"
    );
    assert_eq!(
        diff.unfitting,
        [
            "actions[0] with target `$.components.schemas.Gone` matches nothing",
            "actions[2] with target `$.components.schemas.Reward.properties.id` is no longer needed: the document already says so",
        ]
    );
    assert!(diff.text().contains("Corrections that do not fit"));
    assert!(diff.summary().contains("2 corrections do not fit"));
}

#[test]
fn a_schema_that_can_not_be_lowered_is_an_error_and_no_panic() {
    for (broken, why) in [
        (json!({}), "no OpenAPI document"),
        (
            json!({"openapi": "3.1.0", "info": {"title": "", "version": ""}, "paths": {"/a": {"get": {
                "responses": {"200": {"$ref": "#/components/responses/Gone"}}
            }}}}),
            "which is not in the document",
        ),
    ] {
        let source = Source::new(
            broken.to_string().into_bytes(),
            support::CORRECTIONS.replace("$.info", "$").into_bytes(),
        );
        let error = Side::read(&source).unwrap_err();
        assert!(format!("{error:#}").contains(why), "{error:#}");
    }
}

#[test]
fn machines_and_release_notes_get_the_same_changes() {
    let diff = diff(|schema| {
        operation(schema, "get", "/v3/rewards")["operationId"] = json!("rewards.list");
    });
    let json = serde_json::to_value(&diff).unwrap();
    assert_eq!(json["changes"][0]["kind"], "renamed");
    assert_eq!(json["changes"][0]["item"], "binding");
    assert_eq!(json["changes"][0]["breaking"], true);
    assert_eq!(
        json["step"],
        json!({"before_1_0": "minor", "from_1_0": "major"})
    );
    let markdown = diff.markdown();
    assert!(
        markdown.starts_with(
            "## Breaking\n\n- renamed binding `Client::rewards_index` to `Client::rewards_list`\n"
        ),
        "{markdown}"
    );
}
