//! Rows and cells.

use omneo::omneo_types::{Amount, Field, Flag, Id, Integer, List, Map, Timestamp};
use omneo::readers::{Bad, Csv};
use serde::Deserialize;

use super::{csv, outcomes, records, refusal};

type Cells = Map<String>;

#[derive(Debug, PartialEq, Deserialize)]
struct Order {
    external_id: Id,
    #[serde(default)]
    total: Option<Amount>,
    #[serde(default)]
    quantity: Option<Integer>,
    #[serde(default)]
    is_void: Option<Flag>,
    #[serde(default)]
    transacted_at: Option<Timestamp>,
    #[serde(default)]
    title: Field<String>,
    #[serde(default)]
    tags: Option<List<String>>,
}

fn lines(file: &str) -> Vec<Result<u64, String>> {
    outcomes(csv(file).rows::<Cells>())
        .into_iter()
        .map(|row| row.map(|(line, _)| line))
        .collect()
}

#[test]
fn a_cell_is_read_by_the_type_of_its_field() {
    let file = "external_id,total,quantity,is_void,transacted_at,title\n\
                POS-1,12.50,-2,TRUE,2024-01-02 03:04:05,\" Dr \"\n\
                007,,,,,\n";
    let orders = records(csv(file).rows::<Order>());
    assert_eq!(orders[0].external_id, "POS-1");
    assert_eq!(orders[0].total.unwrap().to_string(), "12.50");
    assert_eq!(orders[0].quantity, Some(Integer::from(-2)));
    assert_eq!(orders[0].is_void, Some(Flag::from(true)));
    assert_eq!(
        orders[0].transacted_at.as_ref().unwrap().as_str(),
        "2024-01-02 03:04:05"
    );
    assert_eq!(orders[0].title, " Dr ".into());
    assert_eq!(orders[1].external_id, "007");
    assert_eq!(orders[1].total, None);
    assert_eq!(orders[1].title, Field::Absent);
}

#[test]
fn plain_types_of_the_callers_own_are_read_too() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Size {
        Small,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Newtype(u8);
    #[derive(Debug, PartialEq, Deserialize)]
    struct Plain {
        a: i64,
        b: Option<f64>,
        c: bool,
        d: Size,
        e: Newtype,
        f: char,
        g: Vec<u32>,
    }
    let plain = records(
        csv("a,b,c,d,e,f,g\n-1,2.5,1,small,7,x,1|2\n")
            .list("g", '|')
            .rows::<Plain>(),
    );
    let expected = Plain {
        a: -1,
        b: Some(2.5),
        c: true,
        d: Size::Small,
        e: Newtype(7),
        f: 'x',
        g: vec![1, 2],
    };
    assert_eq!(plain, [expected]);
    let items = records(csv("a,c,d,e,f,g.1,g.0\n-1,1,small,7,x,2,1\n").rows::<Plain>());
    assert_eq!(items[0].g, [1, 2]);
    for (row, why) in [
        (
            "x,,1,small,7,x,1",
            r#"column 1 "a": expected a whole number of 64 bits"#,
        ),
        ("1,x,1,small,7,x,1", r#"column 2 "b": expected a number"#),
        (
            "1,,yes,small,7,x,1",
            r#"column 3 "c": expected true, false, 1 or 0"#,
        ),
        (
            "1,,1,large,7,x,1",
            r#"column 4 "d": expected one of `small`"#,
        ),
        (
            "1,,1,small,256,x,1",
            r#"column 5 "e": expected a whole number of 8 bits, not negative"#,
        ),
        ("1,,1,small,7,xy,1", r#"column 6 "f": expected a character"#),
        (
            "1,,1,small,7,x,1|y",
            r#"column 7 "g": expected a whole number of 32 bits, not negative"#,
        ),
    ] {
        let rows = outcomes(
            csv(format!("a,b,c,d,e,f,g\n{row}\n"))
                .list("g", '|')
                .rows::<Plain>(),
        );
        assert_eq!(rows, [Err(format!("line 2, {why}"))]);
    }
}

#[test]
fn an_empty_cell_is_absent_or_null_if_told() {
    let file = "external_id,title\n1,\n2,Dr\n";
    let orders = records(csv(file).empty_as_null("title").rows::<Order>());
    assert_eq!(orders[0].title, Field::Null);
    assert_eq!(orders[1].title, "Dr".into());
    let quoted = records(csv("external_id,title\n1,\"\"\n").rows::<Order>());
    assert_eq!(
        quoted[0].title,
        Field::Absent,
        "quotes around nothing are nothing"
    );
}

#[test]
fn a_constant_is_read_as_a_cell_would_be() {
    let orders = csv("total\n1\n")
        .constant("external_id", "x")
        .constant("title", "");
    let orders = records(orders.empty_as_null("title").rows::<Order>());
    assert_eq!(
        (&orders[0].external_id, &orders[0].title),
        (&Id::from("x"), &Field::Null)
    );
}

#[test]
fn a_list_is_split_and_empty_items_left_out() {
    let file = "external_id;tags\n1;\"vip; staff;;\"\n2;\n3;\";\"\n";
    let orders = records(csv(file).delimiter(b';').list("tags", ';').rows::<Order>());
    assert_eq!(**orders[0].tags.as_ref().unwrap(), ["vip", " staff"]);
    assert_eq!(orders[1].tags, None);
    assert_eq!(orders[2].tags, Some(List::new()));
}

#[test]
fn a_bad_row_is_set_aside_with_its_line_its_column_and_its_cells() {
    let mut rows = csv("external_id,total\n1,2\n\"a\nb\",many\n3,4\n").rows::<Order>();
    assert_eq!(rows.next().unwrap().unwrap().line, 2);
    let Some(Err(Bad::Row(bad))) = rows.next() else {
        panic!()
    };
    assert_eq!(
        bad.to_string(),
        r#"line 3, column 2 "total": expected a number or numeric text"#
    );
    assert_eq!(
        (bad.line(), bad.column(), bad.field()),
        (3, Some((2, "total")), "total")
    );
    assert_eq!(
        bad.raw().cells().collect::<Vec<_>>(),
        [&b"a\nb"[..], b"many"]
    );
    assert_eq!(bad.raw().header(), ["external_id", "total"]);
    let row = rows.next().unwrap().unwrap();
    assert_eq!((row.line, row.index), (5, 1), "bad rows have no index");
    assert!(rows.next().is_none());
}

#[test]
fn no_message_shows_a_value() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Picky {
        #[serde(deserialize_with = "refuse")]
        secret: String,
    }
    fn refuse<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        let text = String::deserialize(deserializer)?;
        Err(serde::de::Error::custom(format!("{text} is not mine")))
    }
    let Some(Err(Bad::Row(bad))) = csv("secret\nada@example.com\n").rows::<Picky>().next() else {
        panic!()
    };
    for shown in [
        bad.to_string(),
        format!("{bad:?}"),
        format!("{:?}", bad.raw()),
    ] {
        assert!(!shown.contains("ada"), "{shown}");
    }
    assert_eq!(bad.detail(), Some("ada@example.com is not mine"));
    for column in ["total", "quantity", "is_void", "transacted_at"] {
        let rows =
            outcomes(csv(format!("external_id,{column}\n1,ada@example.com\n")).rows::<Order>());
        let Err(shown) = &rows[0] else { panic!() };
        assert!(
            shown.contains("expected") && !shown.contains("ada"),
            "{shown}"
        );
    }
}

#[test]
fn a_wrong_number_of_cells_is_a_bad_row() {
    let why = |line, cells| {
        Err(format!(
            "line {line}: the row has {cells} cells and the header 2: a delimiter or a line end inside a cell needs quotes around the cell"
        ))
    };
    assert_eq!(lines("a,b\n1\n1,2,3\n1,2\n"), [why(2, 1), why(3, 3), Ok(4)]);
}

#[test]
fn a_required_cell_that_is_empty_is_named() {
    let rows = outcomes(csv("total,external_id\n1,\n").rows::<Order>());
    assert_eq!(
        rows,
        [Err(
            r#"line 2, column 2 "external_id": is required and empty"#.to_owned()
        )]
    );
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    assert_eq!(lines("a,b\n1,2\n3,4"), [Ok(2), Ok(3)]);
    assert_eq!(lines("a,b\r\n1,2\r\n3,4\r\n"), [Ok(2), Ok(3)]);
    assert_eq!(lines("a,b\r1,2\r3,4\r"), [Ok(2), Ok(3)]);
    assert_eq!(lines("\n\na,b\n\n\n1,2\n\r\n3,4\n\n"), [Ok(6), Ok(8)]);
    assert_eq!(
        lines("a,b\r\n\"1\r\n\n2\",3\r\n\r\n4,5\r\n"),
        [Ok(2), Ok(6)]
    );
    assert_eq!(lines("\"a\nb\",c\n1,2\n"), [Ok(3)]);
}

#[test]
fn a_row_that_spans_buffers_is_whole() {
    let long = "é\"\"\n".repeat(200_000);
    let file = format!("a,b\n1,\"{long}\"\n2,x\n");
    let mut rows = csv(file).rows::<Cells>();
    let first = rows.next().unwrap().unwrap();
    assert_eq!(first.record["b"], "é\"\n".repeat(200_000));
    assert_eq!(rows.next().unwrap().unwrap().line, 200_003);
}

#[test]
fn many_columns_are_read() {
    let header: Vec<_> = (0..5000).map(|at| format!("c{at}")).collect();
    let row: Vec<_> = (0..5000).map(|at| at.to_string()).collect();
    let file = format!("{}\n{}\n", header.join(","), row.join(","));
    let cells = records(csv(file).rows::<Cells>());
    assert_eq!(cells[0]["c4999"], "4999");
}

#[test]
fn quotes_are_read_as_csv_has_them() {
    let cells = records(csv("a,b\n\"x,\"\"y\"\"\",5\" pipe\n").rows::<Cells>());
    assert_eq!((&*cells[0]["a"], &*cells[0]["b"]), ("x,\"y\"", "5\" pipe"));
}

#[test]
fn an_unclosed_quote_ends_the_file_at_the_row_that_opened_it() {
    for file in [
        "a,b\n1,2\n\"x,3\n4,5\n",
        "a,b\n1,2\n\"x,3",
        "a,b\n1,2\n3,\"",
        "a,b\n1,2\n\"\"\"",
    ] {
        let mut rows = csv(file).rows::<Cells>();
        assert!(rows.next().unwrap().is_ok());
        let Some(Err(Bad::File(error))) = rows.next() else {
            panic!("{file}")
        };
        assert_eq!(error.line(), 3);
        assert!(
            error.to_string().contains("a quote that is never closed"),
            "{error}"
        );
        assert!(rows.next().is_none() && rows.raw().is_none());
    }
}

#[test]
fn a_row_longer_than_the_limit_ends_the_file() {
    let file = format!("a\n1\n\"{}", "x\n".repeat(200_000));
    let mut rows = csv(file).max_bytes(100_000).rows::<Cells>();
    assert!(rows.next().unwrap().is_ok());
    let error = rows.next().unwrap().map(|_| ()).unwrap_err().to_string();
    assert!(
        error.starts_with("line 3: the row that starts here is longer than 100000 bytes"),
        "{error}"
    );
    assert!(rows.next().is_none());
    let file = ",".repeat(70_000);
    assert!(refusal(csv(file).rows::<Cells>()).contains("more than 65536 cells"));
}

#[test]
fn a_file_without_a_header_is_refused() {
    for file in ["", "\n\r\n\n"] {
        assert_eq!(
            refusal(csv(file).rows::<Cells>()),
            "line 1: the file is empty: it has no header"
        );
    }
    assert!(records(csv("a,b\n").rows::<Cells>()).is_empty());
}

#[test]
fn a_header_that_comes_twice_is_refused() {
    assert_eq!(
        refusal(csv("\na,b,a\n").rows::<Cells>()),
        r#"line 2: columns 1 and 3 are both "a": rename one of them, or ignore both"#
    );
    assert_eq!(
        records(csv("a,b,a\n1,2,3\n").ignore("a").rows::<Cells>())[0]["b"],
        "2"
    );
}

#[test]
fn a_delimiter_that_can_be_none_is_refused() {
    for delimiter in [b'"', b'\n', b'\r', 0xe9] {
        assert!(refusal(csv("a\n").delimiter(delimiter).rows::<Cells>()).contains("delimiter"));
    }
    let cells = records(csv("a\tb\n1\t2\n").delimiter(b'\t').rows::<Cells>());
    assert_eq!(cells[0]["b"], "2");
}

#[test]
fn the_row_that_came_last_is_at_hand() {
    let mut rows = csv("a\n1\n2\n").rows::<Cells>();
    assert!(rows.raw().is_none());
    rows.next();
    rows.next();
    let raw = rows.raw().unwrap();
    assert_eq!((raw.line(), raw.cells().next().unwrap()), (3, &b"2"[..]));
    assert!(rows.next().is_none() && rows.raw().is_none());
}

#[tokio::test]
async fn rows_are_a_stream_that_may_change_threads() {
    use futures_util::{StreamExt, stream};
    let rows = stream::iter(csv("a\n1\n2\n").rows::<Cells>());
    let count = tokio::spawn(rows.count()).await.unwrap();
    assert_eq!(count, 2);
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Csv::open("no/such/file.csv").map(|_| ()).unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("no/such/file.csv can't be opened"),
        "{error}"
    );
    assert_eq!(error.line(), 0);
}

#[test]
fn a_fault_of_the_disk_ends_the_file_where_it_was_met() {
    struct Broken(bool);
    impl std::io::Read for Broken {
        fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
            if std::mem::replace(&mut self.0, true) {
                return Err(std::io::Error::other("unplugged"));
            }
            out[..6].copy_from_slice(b"a\n1\n2\n");
            Ok(6)
        }
    }
    let rows = outcomes(
        Csv::from_reader(std::io::Read::chain(
            &b""[..],
            std::io::BufReader::new(Broken(false)),
        ))
        .rows::<Cells>(),
    );
    assert_eq!(rows.len(), 3);
    assert_eq!(
        rows[2],
        Err("line 4: the file can't be read further (unplugged)".to_owned())
    );
}

/// Rows without end but for their number.
struct Endless {
    row: &'static [u8],
    rows: usize,
    at: usize,
}

impl std::io::Read for Endless {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.rows == 0 {
            return Ok(0);
        }
        let read = (&self.row[self.at..]).read(out)?;
        self.at = (self.at + read) % self.row.len();
        self.rows -= usize::from(self.at == 0);
        Ok(read)
    }
}

#[test]
fn memory_does_not_grow_with_the_file() {
    let most = |row, rows| {
        let used = allocation_counter::measure(|| {
            let file = std::io::Read::chain(&b"a,b\n"[..], Endless { row, rows, at: 0 });
            let file = Csv::from_reader(file).max_bytes(100_000).rows::<Cells>();
            std::hint::black_box(file.filter_map(Result::ok).count());
        });
        used.bytes_max
    };
    for row in [
        &b"1,2\n"[..],
        b"\n",
        b"a\n",
        b"\"",
        b",",
        b"\"x",
        b"1,\"\n\"\n",
    ] {
        let bytes = most(row, 300_000);
        assert!(
            bytes < 1_500_000,
            "{bytes} bytes for {:?}",
            String::from_utf8_lossy(row)
        );
    }
}
