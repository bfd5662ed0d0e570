//! Encodings and compression.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use omneo::omneo_types::Map;
use omneo::readers::{Bad, Csv, Ndjson};

use super::{csv, outcomes, records, refusal};

type Cells = Map<String>;

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

#[test]
fn a_byte_order_mark_is_skipped() {
    assert_eq!(records(csv("\u{feff}a\n1\n").rows::<Cells>())[0]["a"], "1");
    assert_eq!(
        records(csv("\u{feff}\"a\"\n1\n").rows::<Cells>())[0]["a"],
        "1"
    );
    assert!(refusal(csv("\u{feff}").rows::<Cells>()).contains("no header"));
    assert_eq!(
        outcomes(csv("\u{feff}\u{feff}").rows::<Cells>()).len(),
        0,
        "a second one is a name"
    );
}

#[test]
fn gzip_is_known_by_its_first_bytes_and_may_have_members() {
    let mut file = gzip(b"a\n1");
    file.extend(gzip(b"2\n3\n"));
    let rows: Vec<_> = records(csv(file).rows::<Cells>());
    assert_eq!(
        rows.iter().map(|row| &*row["a"]).collect::<Vec<_>>(),
        ["12", "3"]
    );
    assert_eq!(
        records(csv(gzip("\u{feff}a\n1\n".as_bytes())).rows::<Cells>())[0]["a"],
        "1"
    );
}

#[test]
fn broken_gzip_ends_the_file() {
    let rows: String = (0..100_000).map(|n| format!("{n}\n")).collect();
    let whole = gzip(format!("a\n{rows}").as_bytes());
    let mut flipped = whole.clone();
    flipped[whole.len() / 2] ^= 0xff;
    let mut garbage = whole.clone();
    garbage.extend([b'x'; 20]);
    for (file, says) in [
        (
            whole[..whole.len() / 2].to_vec(),
            "ends inside its gzip data",
        ),
        (flipped, "gzip data is broken"),
        (garbage, "gzip data is broken"),
        (whole[..5].to_vec(), "ends inside its gzip data"),
    ] {
        let outcomes = outcomes(csv(file).rows::<Cells>());
        let Some(Err(last)) = outcomes.last() else {
            panic!("no error that {says}")
        };
        assert!(last.contains(says), "{last}");
    }
}

#[test]
fn utf_16_is_named() {
    for mark in [[0xff, 0xfe], [0xfe, 0xff]] {
        let mut file = mark.to_vec();
        file.extend("a\n1\n".encode_utf16().flat_map(u16::to_le_bytes));
        let says = "line 1: the file is UTF-16 by its first bytes: save it as UTF-8";
        assert_eq!(refusal(csv(file.clone()).rows::<Cells>()), says);
        let mut rows = Ndjson::from_reader(std::io::Cursor::new(file)).rows::<Cells>();
        assert_eq!(
            rows.next().unwrap().map(|_| ()).unwrap_err().to_string(),
            says
        );
    }
    let file: Vec<u8> = "a\n1\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(refusal(csv(file).rows::<Cells>()).contains("NUL bytes, as UTF-16 has"));
}

#[test]
fn a_byte_that_is_not_utf_8_is_a_bad_row_with_its_column() {
    let file = b"a,b\nx,Andr\xe9\n\xe9,\x80\n1,2\n";
    let rows = outcomes(csv(*file).rows::<Cells>());
    let says = "a byte is not UTF-8: save the file as UTF-8, or read it with `latin1` if it is Latin-1 or Windows-1252";
    assert_eq!(rows[0], Err(format!("line 2, column 2 \"b\": {says}")));
    assert_eq!(rows[1], Err(format!("line 3, column 1 \"a\": {says}")));
    assert!(rows[2].is_ok());
    assert_eq!(
        refusal(csv(*b"a,Stra\xdfe\n").rows::<Cells>()),
        format!("line 1: column 2 of the header: {says}")
    );
}

#[test]
fn half_a_character_in_each_of_two_cells_is_not_utf_8() {
    let rows = outcomes(csv(*b"a,b\n\xc3,\xa9\n").rows::<Cells>());
    assert!(
        rows[0]
            .as_ref()
            .unwrap_err()
            .starts_with("line 2, column 1 \"a\": a byte is not UTF-8")
    );
}

#[test]
fn latin1_is_decoded_if_told() {
    let cells = records(
        csv(*b"Stra\xdfe,b\nAndr\xe9,5 \x80\n")
            .latin1()
            .rows::<Cells>(),
    );
    assert_eq!((&*cells[0]["Straße"], &*cells[0]["b"]), ("André", "5 €"));
    assert!(
        refusal(csv("\u{feff}a\n").latin1().rows::<Cells>()).contains("read it without `latin1`")
    );
    assert_eq!(
        records(csv(gzip(b"a\n\xe9\n")).latin1().rows::<Cells>())[0]["a"],
        "é"
    );
}

#[test]
fn a_bad_row_keeps_its_bytes() {
    let Some(Err(Bad::Row(bad))) = csv(*b"a,b\n\xe9,1\n").rows::<Cells>().next() else {
        panic!()
    };
    assert_eq!(bad.raw().cells().next(), Some(&b"\xe9"[..]));
}

#[test]
fn a_file_is_read_by_its_path() {
    let path = std::env::temp_dir().join(format!("omneo-readers-{}.csv", std::process::id()));
    std::fs::write(&path, gzip(b"a\n1\n")).unwrap();
    let read = Csv::open(&path).map(|csv| records(csv.rows::<Cells>()));
    std::fs::remove_file(&path).unwrap();
    assert_eq!(read.unwrap()[0]["a"], "1");
}
