//! Columns and fields.

use omneo::omneo_types::{Amount, Field, Id, List, Map, Timestamp};
use serde::Deserialize;

use super::{csv, outcomes, records, refusal};

#[derive(Debug, Default, PartialEq, Deserialize)]
struct CustomField {
    namespace: String,
    handle: String,
    #[serde(default)]
    value: Option<String>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Order {
    external_id: Id,
    timezone: String,
    transacted_at: Timestamp,
    #[serde(default)]
    email: Field<String>,
    #[serde(default)]
    total: Field<Amount>,
    #[serde(default)]
    tags: Field<List<String>>,
    #[serde(default)]
    custom_fields: Field<List<CustomField>>,
    #[serde(default)]
    meta: Field<Map<serde_json::Value>>,
}

/// A file with these columns more, and what is required.
fn with(columns: &str) -> omneo::readers::Csv {
    csv(format!("external_id,timezone,transacted_at,{columns}\n"))
}

#[test]
fn a_column_gives_the_field_that_it_is_mapped_to() {
    let file = "Order No,timezone,Sold,e-mail\n1,UTC,2024-01-02,ada@example.com\n";
    let orders = csv(file)
        .column("Order No", "external_id")
        .column("Sold", "transacted_at")
        .column("e-mail", "email")
        .column("e-mail", "meta.receipt_to");
    let order = &records(orders.rows::<Order>())[0];
    assert_eq!(order.external_id, "1");
    assert_eq!(order.email, "ada@example.com".into());
    assert_eq!(
        order.meta.as_option().unwrap()["receipt_to"],
        "ada@example.com"
    );
}

#[test]
fn nested_fields_and_items_are_read_by_dotted_names() {
    let file = "external_id,timezone,transacted_at,custom_fields.1.value,Colour,meta.till\n\
                1,UTC,2024-01-02,L,red,7\n\
                2,UTC,2024-01-02,L,,\n\
                3,UTC,2024-01-02,,,\n";
    let orders = csv(file)
        .constant("custom_fields.0.namespace", "erp")
        .constant("custom_fields.0.handle", "colour")
        .column("Colour", "custom_fields.0.value")
        .constant("custom_fields.1.namespace", "erp")
        .constant("custom_fields.1.handle", "size");
    let orders = records(orders.rows::<Order>());
    let handles = |order: &Order| -> Vec<String> {
        let fields = order.custom_fields.as_option();
        fields
            .into_iter()
            .flat_map(|fields| fields.iter())
            .map(|field| field.handle.clone())
            .collect()
    };
    assert_eq!(handles(&orders[0]), ["colour", "size"]);
    assert_eq!(
        handles(&orders[1]),
        ["size"],
        "an item whose cells are empty is none"
    );
    assert_eq!(orders[2].custom_fields, Field::Absent, "and so is a list");
    assert_eq!(orders[0].meta.as_option().unwrap()["till"], "7");
    assert_eq!(orders[1].meta, Field::Absent);
}

#[test]
fn items_are_in_the_order_of_their_numbers() {
    let header: Vec<_> = (0..12).rev().map(|at| format!("tags.{at}")).collect();
    let row: Vec<_> = (0..12).rev().map(|at| at.to_string()).collect();
    let file = format!(
        "external_id,timezone,transacted_at,{}\n1,UTC,2024-01-02,{}\n",
        header.join(","),
        row.join(",")
    );
    let order = &records(csv(file).rows::<Order>())[0];
    let expected: Vec<_> = (0..12).map(|at| at.to_string()).collect();
    assert_eq!(**order.tags.as_option().unwrap(), expected);
}

#[test]
fn a_bad_nested_cell_is_named_by_its_column() {
    let file = "external_id,timezone,transacted_at,tags,custom_fields.0.value\n1,UTC,soon,a,\n1,UTC,2024-01-02,a,x\n";
    let rows = outcomes(
        csv(file)
            .list("tags", ';')
            .constant("custom_fields.0.namespace", "erp")
            .constant("custom_fields.0.handle", "x")
            .rows::<Order>(),
    );
    assert_eq!(
        rows[0],
        Err(r#"line 2, column 3 "transacted_at": expected a date or a time"#.to_owned())
    );
    assert!(rows[1].is_ok());
}

#[test]
fn a_column_that_is_no_field_is_refused_before_the_first_row() {
    for (header, says) in [
        (
            "Notes",
            r#"column 4 "Notes" is no field of the record: map it by `.column("Notes", "…")`, or leave it out by `.ignore("Notes")`"#,
        ),
        ("e-mail", "(is it `email`?)"),
        (
            "Total",
            r#"column 4 "Total" is no field of the record (is it `total`?): map it by `.column("Total", "total")`, or leave it out by `.ignore("Total")`"#,
        ),
        ("emial", "(is it `email`?)"),
        ("emails", "(is it `email`?)"),
        ("emal", "(is it `email`?)"),
        (" email", "(is it `email`?)"),
        ("CustomFields", "(is it `custom_fields`?)"),
        (
            "custom_fields.0.handel",
            "(is it `custom_fields.0.handle`?)",
        ),
        ("custom_field.0.handle", "(is it `custom_fields`?)"),
        ("total.cents", r#"column 4 "total.cents" is no field"#),
        ("No.", r#"column 4 "No." is no field"#),
        (
            "",
            "column 4 has no header: name it, or leave it out by `.ignore(\"\")`",
        ),
    ] {
        let said = refusal(
            with(&format!("{header},x\n1,UTC,2024-01-02,,"))
                .ignore("x")
                .rows::<Order>(),
        );
        assert!(said.contains(says), "{header}: {said}");
    }
}

#[test]
fn an_ignored_column_is_left_out() {
    let columns = || with("e-mail,,Note,\n1,UTC,2024-01-02,x,,y,");
    let orders = records(
        columns()
            .ignore("e-mail")
            .ignore("")
            .ignore("Note")
            .rows::<Order>(),
    );
    assert_eq!(orders.len(), 1);
    assert_eq!(
        records(columns().ignore("").ignore_unknown().rows::<Order>()).len(),
        1
    );
    assert_eq!(
        records(
            with("No.,Note,email\n1,UTC,2024-01-02,x,,y")
                .ignore_unknown()
                .rows::<Order>()
        )[0]
        .email,
        "y".into()
    );
}

#[test]
fn columns_that_are_left_out_need_not_fit_each_other() {
    let orders =
        with("Sales.2023,Sales.2024,total.cents,a,a.b,email\n1,UTC,2024-01-02,1,2,3,4,5,x")
            .ignore_unknown();
    assert_eq!(records(orders.rows::<Order>())[0].email, "x".into());
}

#[test]
fn a_row_of_data_in_the_place_of_the_header_is_no_endless_message() {
    let cells: Vec<_> = (0..60_000).map(|cell| format!("{cell}.x")).collect();
    let said = refusal(csv(cells.join(",") + "\n").rows::<Order>());
    assert!(
        said.len() < 3000 && said.ends_with("; and 59993 more"),
        "{said}"
    );
}

#[test]
fn a_name_of_a_million_parts_is_no_field() {
    let name = "a.".repeat(1_000_000) + "a";
    assert!(
        refusal(csv(name.clone()).rows::<serde_json::Value>())
            .contains("is no field of the record")
    );
    assert!(
        refusal(csv("b\n").column("b", name).rows::<serde_json::Value>())
            .contains("that is no field's name")
    );
}

#[test]
fn an_ignored_column_may_be_mapped_and_is_then_read() {
    let orders = with("Note\n1,UTC,2024-01-02,x")
        .ignore("Note")
        .column("Note", "email");
    assert_eq!(records(orders.rows::<Order>())[0].email, "x".into());
}

#[test]
fn a_mapping_that_does_not_fit_is_refused_before_the_first_row() {
    let orders = || with("Note,email\n1,UTC,2024-01-02,x,y");
    for (orders, says) in [
        (
            orders().column("Note", "titel"),
            r#"column 4 "Note" can't give `titel`: `titel` is no field of the record"#,
        ),
        (
            orders().column("Note", "totl"),
            "`totl` is no field of the record (is it `total`?)",
        ),
        (
            orders().column("Note", "email.address"),
            r#"column 4 "Note" and column 5 "email" both give `email`"#,
        ),
        (
            orders().column("Note", "email"),
            r#"column 4 "Note" and column 5 "email" both give `email`: ignore one of them"#,
        ),
        (
            orders().column("Note", "total.cents"),
            r#"column 4 "Note" can't give `total.cents`: `total` has no parts (expected a number or numeric text)"#,
        ),
        (
            orders().column("Note", "tags"),
            r#"column 4 "Note" can't give `tags` as one cell (expected a list, an object with number keys or null): split it by `.list("tags", ';')`, or name the parts, as in `tags.0` or `tags.name`"#,
        ),
        (
            orders().column("Note", "meta"),
            "can't give `meta` as one cell",
        ),
        (
            orders().column("Note", "tags.1"),
            "the items of `tags` are not numbered `tags.0`, `tags.1` and so on",
        ),
        (
            orders().column("Note", "meta..x"),
            "that is no field's name",
        ),
        (
            orders().column("Note", "tags.0").constant("tags.x", "1"),
            "its place is a list by one name, and an object by another",
        ),
        (
            orders().ignore("Note").column("note", "total"),
            r#"there is no column "note""#,
        ),
        (
            orders().ignore("Note").constant("total", ""),
            "the constant for `total` is empty: with `empty_as_null` it is null",
        ),
        (
            orders().ignore("Note").constant("titel", "1"),
            "the constant can't give `titel`",
        ),
        (
            orders().ignore("Note").constant("email", "1"),
            r#"column 5 "email" and the constant both give `email`"#,
        ),
        (
            orders().ignore("Note").constant("total", "a lot"),
            "the constant for `total` is none of its values: expected a number or numeric text",
        ),
        (
            orders().ignore("Note").list("tags", ';'),
            "no column gives `tags`, which `list` is for",
        ),
        (
            orders().ignore("Note").list("email", ';'),
            "`email` is no list (expected a string), and can't be split",
        ),
        (
            orders().column("Note", "tags").list("tags", ""),
            "the separator of `tags` is empty",
        ),
        (
            orders()
                .column("Note", "tags")
                .list("tags", ';')
                .convert("tags", |_| None),
            "both `list` and `convert`",
        ),
    ] {
        let said = refusal(orders.rows::<Order>());
        assert!(said.contains(says), "{said}");
        assert!(said.starts_with("line 1: "), "{said}");
    }
}

#[test]
fn all_that_is_wrong_with_the_columns_is_said_at_once() {
    let said = refusal(
        csv("external_id,Total,Notes\n")
            .constant("timezone", "UTC")
            .rows::<Order>(),
    );
    assert_eq!(
        said,
        "line 1: column 2 \"Total\" is no field of the record (is it `total`?): map it by `.column(\"Total\", \"total\")`, or leave it out by `.ignore(\"Total\")`; \
         column 3 \"Notes\" is no field of the record: map it by `.column(\"Notes\", \"…\")`, or leave it out by `.ignore(\"Notes\")`; \
         no column gives `transacted_at`, which is required"
    );
}

#[test]
fn a_required_field_without_a_column_is_refused_before_the_first_row() {
    let said = refusal(csv("email\n").rows::<Order>());
    for field in ["external_id", "timezone", "transacted_at"] {
        assert!(
            said.contains(&format!("no column gives `{field}`, which is required")),
            "{said}"
        );
    }
    let said = refusal(
        with("custom_fields.0.value")
            .constant("custom_fields.0.namespace", "x")
            .rows::<Order>(),
    );
    assert_eq!(
        said,
        "line 1: no column gives `custom_fields.0.handle`, which is required"
    );
}

#[test]
fn another_delimiter_is_suspected_where_the_header_is_one_column() {
    let said = refusal(csv("external_id;timezone\n1;UTC\n").rows::<Order>());
    assert!(
        said.starts_with(
            r#"line 1: "external_id;timezone" is one column: is the delimiter ';'?; column 1"#
        ),
        "{said}"
    );
}

#[test]
fn a_type_with_any_field_takes_any_column() {
    let map = records(csv("Order No,x.y\n1,2\n").rows::<serde_json::Value>());
    assert_eq!(
        map[0],
        serde_json::json!({"Order No": "1", "x": {"y": "2"}})
    );
}

#[test]
fn a_type_that_is_no_record_is_refused() {
    assert!(
        refusal(csv("a\n1\n").rows::<String>())
            .contains("the type is no record with fields (expected a string)")
    );
}

#[test]
fn a_type_that_refuses_unknown_fields_itself_is_read_as_any_other() {
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[allow(dead_code)]
    struct Strict {
        size: u8,
    }
    assert!(refusal(csv("Size\n1\n").rows::<Strict>()).contains("(is it `size`?)"));
    assert_eq!(records(csv("size\n1\n").rows::<Strict>()).len(), 1);
}

#[test]
fn what_no_made_up_value_fits_is_left_to_the_rows() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(try_from = "String")]
    struct Card(String);
    impl TryFrom<String> for Card {
        type Error = &'static str;
        fn try_from(text: String) -> Result<Self, &'static str> {
            match text.strip_prefix("card:") {
                Some(card) => Ok(Self(card.to_owned())),
                None => Err("not a card"),
            }
        }
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Holder {
        card: Card,
        name: String,
    }
    let rows = outcomes(csv("card,name\ncard:7,Ada\n7,Ada\n").rows::<Holder>());
    assert!(rows[0].is_ok());
    assert_eq!(
        rows[1],
        Err(r#"line 3, column 1 "card": the type of the field refuses it"#.to_owned())
    );
    assert_eq!(
        outcomes(csv("card\ncard:7\n").rows::<Holder>()),
        [Err("line 2, name: is required and missing".to_owned())]
    );
}

#[test]
fn a_cell_is_converted_unless_it_is_empty() {
    let orders = csv("external_id,timezone,transacted_at,total\n1,UTC,20240102,\n2,UTC,2024,$5\n")
        .convert("transacted_at", |cell| {
            Some(format!(
                "{}-{}-{}",
                cell.get(..4)?,
                cell.get(4..6)?,
                cell.get(6..)?
            ))
        })
        .convert("total", |cell| {
            Some(cell.trim_start_matches('$').to_owned())
        });
    let rows = outcomes(orders.rows::<Order>());
    let (_, order) = rows[0].as_ref().unwrap();
    assert_eq!(
        (order.transacted_at.as_str(), order.total),
        ("2024-01-02", Field::Absent)
    );
    assert_eq!(
        rows[1],
        Err(r#"line 3, column 3 "transacted_at": `convert` makes nothing of it"#.to_owned())
    );
}
