//! Files of rejects.

use std::io::Cursor;

use omneo::omneo_types::{Integer, Map};
use omneo::readers::{Csv, Ndjson, Rejects, Rows};
use serde::Deserialize;

use super::csv;

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Order {
    total: Integer,
    name: Option<String>,
}

/// What is rejected of these rows, and how many are right.
fn rejected(rows: Rows<Order>) -> (String, usize) {
    let (mut rejects, mut right) = (Rejects::new(Vec::new()), 0);
    for row in rows {
        match row {
            Ok(_) => right += 1,
            Err(bad) => rejects.bad(&bad.into_row().unwrap()).unwrap(),
        }
    }
    (
        String::from_utf8_lossy(&rejects.finish().unwrap()).into_owned(),
        right,
    )
}

const FILE: &str = "total;name\n1;Ada\nmany;\"=cmd|' /C calc'!A0\"\n2\n3;x;\"y\nz\"\n";

#[test]
fn bad_rows_are_written_as_they_were_with_line_and_reason() {
    let (file, right) = rejected(csv(FILE).delimiter(b';').rows());
    assert_eq!(right, 1);
    assert_eq!(
        file,
        "rejected_line;rejected_reason;total;name\n\
         3;\"column 1 \"\"total\"\": expected an integer or integer text\";many;=cmd|' /C calc'!A0\n\
         4;the row has 1 cells and the header 2: a delimiter or a line end inside a cell needs quotes around the cell;2\n\
         5;the row has 3 cells and the header 2: a delimiter or a line end inside a cell needs quotes around the cell;3;x;\"y\nz\"\n"
    );
}

#[test]
fn a_corrected_file_of_rejects_is_read_as_the_first_was() {
    let (file, _) = rejected(csv(FILE).delimiter(b';').rows());
    let corrected = file.replace("many", "7");
    let (again, right) = rejected(csv(corrected).delimiter(b';').rows());
    assert_eq!(right, 1);
    assert!(
        again.starts_with("rejected_line;rejected_reason;total;name\n3;"),
        "{again}"
    );
}

#[test]
fn a_file_without_bad_rows_is_empty() {
    assert_eq!(
        rejected(csv("total,name\n1,x\n").rows()),
        (String::new(), 1)
    );
}

#[test]
fn bytes_that_are_no_text_are_written_as_they_were() {
    let mut rejects = Rejects::new(Vec::new());
    for row in csv(*b"total,name\n1,\xe9\n").rows::<Order>() {
        rejects.bad(&row.unwrap_err().into_row().unwrap()).unwrap();
    }
    assert_eq!(rejects.rows(), 1);
    assert!(rejects.finish().unwrap().ends_with(b",1,\xe9\n"));
}

#[test]
fn the_words_of_a_type_are_in_the_file() {
    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct Never;
    impl TryFrom<String> for Never {
        type Error = String;
        fn try_from(text: String) -> Result<Self, String> {
            Err(format!("{text} has no check digit"))
        }
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Card {
        card: Never,
    }
    let mut rejects = Rejects::new(Vec::new());
    for row in csv("card\n12\n").rows::<Card>() {
        rejects.bad(&row.unwrap_err().into_row().unwrap()).unwrap();
    }
    let file = String::from_utf8(rejects.finish().unwrap()).unwrap();
    assert!(
        file.contains("the type of the field refuses it: 12 has no check digit"),
        "{file}"
    );
}

#[test]
fn lines_of_json_are_cells_of_one_column() {
    let file = "{\"total\":\"a,b\"}\n{\"total\":1}\n";
    let (file, right) = rejected(Ndjson::from_reader(file.as_bytes()).rows());
    assert_eq!(right, 1);
    assert_eq!(
        file,
        "rejected_line,rejected_reason,json\n1,total: expected an integer or integer text,\"{\"\"total\"\":\"\"a,b\"\"}\"\n"
    );
}

#[test]
fn rows_that_the_server_refused_are_found_by_their_index() {
    let orders = || csv("total,name\n1,a\nmany,b\n2,c\n3,d\n").rows::<Order>();
    let mut rejects = Rejects::new(Vec::new());
    rejects
        .find(orders(), [(2, "no such customer"), (0, "taken before")])
        .unwrap();
    assert_eq!(
        String::from_utf8(rejects.finish().unwrap()).unwrap(),
        "rejected_line,rejected_reason,total,name\n2,taken before,1,a\n5,no such customer,3,d\n"
    );
    let error = Rejects::new(Vec::new())
        .find(orders(), [(3, ""), (7, "")])
        .unwrap_err();
    assert!(
        error.to_string().starts_with("2 rows are not in the file"),
        "{error}"
    );
    let error = Rejects::new(Vec::new())
        .find(csv("").rows::<Order>(), [(0, "")])
        .unwrap_err();
    assert!(error.to_string().contains("no header"), "{error}");
}

#[test]
fn rows_of_another_file_are_refused() {
    let mut rejects = Rejects::new(Vec::new());
    let raw = |file: &'static str| {
        let mut rows = Csv::from_reader(file.as_bytes()).rows::<Map<String>>();
        rows.next();
        rows.raw().unwrap()
    };
    rejects.refused(&raw("a,b\n1,2\n"), "x").unwrap();
    rejects.refused(&raw("a,b\n3,4\n"), "x").unwrap();
    let error = rejects.refused(&raw("a,c\n1,2\n"), "x").unwrap_err();
    assert!(error.to_string().contains("another header"), "{error}");
}

#[test]
fn a_writer_that_fails_says_so() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("disk full"))
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let mut rows = Csv::from_reader(Cursor::new("a\n1\n")).rows::<Map<String>>();
    rows.next();
    let mut rejects = Rejects::new(Full);
    rejects.refused(&rows.raw().unwrap(), "x").unwrap();
    assert!(
        rejects
            .finish()
            .map(|_| ())
            .unwrap_err()
            .to_string()
            .contains("disk full")
    );
}
