//! Lines of JSON.

use std::io::Cursor;

use omneo::omneo_types::{Amount, Id, Integer, List};
use omneo::readers::{Bad, Ndjson};
use serde::Deserialize;

use super::{outcomes, records};

#[derive(Debug, PartialEq, Deserialize)]
struct Item {
    quantity: Integer,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Order {
    external_id: Id,
    #[serde(default)]
    total: Option<Amount>,
    #[serde(default)]
    items: Option<List<Item>>,
}

fn ndjson(file: impl Into<Vec<u8>>) -> Ndjson {
    Ndjson::from_reader(Cursor::new(file.into()))
}

fn lines(file: impl Into<Vec<u8>>) -> Vec<Result<u64, String>> {
    let rows = outcomes(ndjson(file).rows::<Order>());
    rows.into_iter()
        .map(|row| row.map(|(line, _)| line))
        .collect()
}

#[test]
fn each_line_is_a_record() {
    let file = "\u{feff}{\"external_id\":1}\r\n\n  \t\r\n{\"external_id\":\"b\",\"total\":\"7.50\",\"items\":[{\"quantity\":2}]}";
    let rows: Vec<_> = ndjson(file).rows::<Order>().map(Result::unwrap).collect();
    assert_eq!((rows[0].line, rows[0].index), (1, 0));
    assert_eq!((rows[1].line, rows[1].index), (4, 1));
    assert_eq!(rows[1].record.total.unwrap().to_string(), "7.50");
    assert!(lines("").is_empty() && lines("\n\n").is_empty());
}

#[test]
fn a_bad_line_is_set_aside_with_the_path_of_what_is_wrong() {
    for (line, says) in [
        (
            r#"{"external_id":1,"items":[{"quantity":1},{"quantity":1},{"quantity":"ada"}]}"#,
            ", items.2.quantity: expected an integer or integer text",
        ),
        (
            r#"{"external_id":1,"items":[{}]}"#,
            ", items.0.quantity: is required and missing",
        ),
        (
            r#"{"external_id":1,"items":"ada"}"#,
            ", items: expected a list, an object with number keys or null",
        ),
        (
            r#"{"external_id":true}"#,
            ", external_id: expected an id: an integer or a text",
        ),
        (r#"{"total":1}"#, ", external_id: is required and missing"),
        (
            r#"{"external_id":1,"Total":2}"#,
            ", Total: is no field of the record (is it `total`?): `ignore` leaves it out",
        ),
        (
            r#"{"external_id":1,"items":[{"quantity":1,"sku":"ada"}]}"#,
            ", items.0.sku: is no field of the record: `ignore` leaves it out",
        ),
        (
            r#"{"external_id":1"#,
            ": the line is not JSON: EOF while parsing an object at byte 16",
        ),
        (
            r#"{"external_id":ada}"#,
            ": the line is not JSON: expected value at byte 16",
        ),
        (
            r#"{"external_id":1} {"external_id":2}"#,
            ": the line is not JSON: trailing characters at byte 19",
        ),
        ("[]", ": expected an object"),
        ("null", ": expected an object"),
        ("\"ada\"", ": expected an object"),
    ] {
        let rows = lines(format!(
            "{{\"external_id\":0}}\n{line}\n{{\"external_id\":2}}\n"
        ));
        assert_eq!(rows, [Ok(1), Err(format!("line 2{says}")), Ok(3)]);
    }
}

#[test]
fn members_are_ignored_if_told_wherever_in_a_list_they_are() {
    let file =
        r#"{"external_id":1,"note":"x","items":[{"quantity":1},{"quantity":2,"sku":{"a":1}}]}"#;
    assert_eq!(
        records(
            ndjson(file)
                .ignore("note")
                .ignore("items.sku")
                .rows::<Order>()
        )
        .len(),
        1
    );
    assert_eq!(
        records(ndjson(file).ignore_unknown().rows::<Order>()).len(),
        1
    );
    assert!(lines(file)[0].is_err());
}

#[test]
fn a_line_beyond_the_limit_is_set_aside_and_not_kept() {
    let long = format!("{{\"external_id\":\"{}\"}}", "x".repeat(300_000));
    let mut rows = ndjson(format!("{long}\n{{\"external_id\":2}}\n{long}"))
        .max_bytes(1000)
        .rows::<Order>();
    let Some(Err(Bad::Row(bad))) = rows.next() else {
        panic!()
    };
    assert_eq!(
        bad.to_string(),
        "line 1: the line is longer than 1000 bytes and was not kept: end each object's line, or set `max_bytes`"
    );
    assert_eq!(bad.raw().cells().len(), 0);
    assert_eq!(rows.next().unwrap().unwrap().line, 2);
    assert_eq!(
        rows.next()
            .unwrap()
            .map(|_| ())
            .map_err(|bad| bad.into_row().unwrap().line()),
        Err(3)
    );
    assert!(rows.next().is_none());
}

#[test]
fn a_byte_that_is_not_utf_8_is_a_bad_line() {
    let rows = lines(*b"{\"external_id\":\"\xe9\"}\n{\"external_id\":1}\n");
    assert_eq!(rows[0], Err("line 1: byte 17 of the line is not UTF-8: save the file as UTF-8, or read it with `latin1` if it is Latin-1 or Windows-1252".to_owned()));
    assert_eq!(rows[1], Ok(2));
    let latin1 = ndjson(*b"{\"external_id\":\"\xe9\"}").latin1();
    assert_eq!(records(latin1.rows::<Order>())[0].external_id, "é");
}

#[test]
fn a_bad_line_keeps_its_text() {
    let mut rows = ndjson("{\"external_id\":}\r\n{\"external_id\":1}").rows::<Order>();
    let Some(Err(Bad::Row(bad))) = rows.next() else {
        panic!()
    };
    assert_eq!(bad.raw().header(), ["json"]);
    assert_eq!(
        bad.raw().cells().collect::<Vec<_>>(),
        [b"{\"external_id\":}"]
    );
    rows.next();
    assert_eq!(
        rows.raw().unwrap().cells().next(),
        Some(&b"{\"external_id\":1}"[..])
    );
}

#[test]
fn a_deep_line_is_a_bad_line() {
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    let file = format!("{{\"external_id\":1,\"x\":{deep}}}\n{{\"external_id\":{deep}}}\n");
    let rows = lines(file.clone());
    assert!(
        rows[0].as_ref().unwrap_err().contains("is no field"),
        "{rows:?}"
    );
    assert!(rows[1].is_err(), "{rows:?}");
    for row in outcomes(ndjson(file).rows::<serde_json::Value>()) {
        assert!(row.unwrap_err().contains("recursion limit exceeded"));
    }
}

#[test]
fn a_file_without_line_ends_does_not_fill_memory() {
    let used = allocation_counter::measure(|| {
        let file = std::io::Read::take(std::io::repeat(b'{'), 50_000_000);
        let rows = outcomes(Ndjson::from_reader(file).max_bytes(100_000).rows::<Order>());
        assert_eq!(rows.len(), 1);
    });
    assert!(used.bytes_max < 1_000_000, "{} bytes", used.bytes_max);
}
