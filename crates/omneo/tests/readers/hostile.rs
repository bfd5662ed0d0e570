//! Whatever comes in.

use std::io::{Cursor, Read};

use omneo::omneo_types::{Amount, Field, Flag, Id, List, Map};
use omneo::readers::{Bad, Csv, Ndjson, Rejects, Rows};
use proptest::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Debug, Deserialize)]
#[allow(dead_code)]
struct Order {
    a: Id,
    #[serde(default)]
    b: Field<Amount>,
    #[serde(default)]
    c: Option<List<Flag>>,
}

/// Gives its bytes in short parts.
struct Slowly(Cursor<Vec<u8>>, usize);

impl Read for Slowly {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = out.len().min(self.1);
        self.0.read(&mut out[..length])
    }
}

fn slowly(bytes: &[u8], step: usize) -> Slowly {
    Slowly(Cursor::new(bytes.to_vec()), step)
}

/// The rows end, each is on a line not before the last one's, and whatever is bad can be written.
fn ends<T: DeserializeOwned>(bytes: &[u8], mut rows: Rows<T>) {
    let (mut line, mut count) = (0, 0);
    let mut rejects = Rejects::new(Vec::new());
    while let Some(row) = rows.next() {
        count += 1;
        assert!(count <= bytes.len() + 1, "more rows than bytes");
        match row.map_err(Bad::into_row) {
            Ok(row) => {
                assert!(row.line > line);
                line = row.line;
                assert_eq!(rows.raw().unwrap().line(), line);
            }
            Err(Ok(bad)) => {
                assert!(bad.line() > line);
                line = bad.line();
                rejects.bad(&bad).unwrap();
            }
            Err(Err(_)) => {
                assert!(rows.next().is_none());
                break;
            }
        }
    }
    assert!(rows.next().is_none());
    rejects.finish().unwrap();
}

fn all_end(bytes: &[u8], step: usize) {
    for latin1 in [false, true] {
        let csv = || {
            let csv = Csv::from_reader(slowly(bytes, step)).max_bytes(200);
            if latin1 { csv.latin1() } else { csv }
        };
        ends(bytes, csv().rows::<Map<String>>());
        ends(bytes, csv().ignore_unknown().rows::<Order>());
        ends(bytes, csv().delimiter(b';').rows::<serde_json::Value>());
        let ndjson = Ndjson::from_reader(slowly(bytes, step)).max_bytes(200);
        let ndjson = if latin1 { ndjson.latin1() } else { ndjson };
        ends(bytes, ndjson.rows::<Order>());
    }
}

/// Parts of files, good and bad.
const PARTS: [&[u8]; 22] = [
    b"a",
    b"b",
    b"c",
    b",",
    b",",
    b"\n",
    b"\n",
    b"\r\n",
    b"\r",
    b"\"",
    b"\"\"",
    b";",
    b"1",
    b"\xef\xbb\xbf",
    b"\xe9",
    b"\x00",
    b"\x1f\x8b",
    b"\xff\xfe",
    b"a,b,c\n",
    b"{\"a\":1}",
    b"{\"a\":",
    b"c.0",
];

proptest! {
    #[test]
    fn any_bytes_end_without_a_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300), step in 1usize..50) {
        all_end(&bytes, step);
    }

    #[test]
    fn any_parts_of_files_end_without_a_panic(parts in proptest::collection::vec(proptest::sample::select(&PARTS[..]), 0..60), step in 1usize..50) {
        all_end(&parts.concat(), step);
        let mut file = b"a,b,c.0\n".to_vec();
        file.extend(parts.concat());
        all_end(&file, step);
    }

    #[test]
    fn any_table_that_csv_writes_is_read_back_the_same(
        rows in (1usize..6).prop_flat_map(|columns| {
            proptest::collection::vec(proptest::collection::vec("\\PC{0,6}|[\"\r\n,; ]{0,6}|.{0,30}", columns), 0..12)
        }),
        crlf in any::<bool>(),
        semicolon in any::<bool>(),
        step in 1usize..100,
    ) {
        let columns = rows.first().map_or(1, Vec::len);
        let delimiter = if semicolon { b';' } else { b',' };
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .terminator(if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') })
            .from_writer(Vec::new());
        writer.write_record((0..columns).map(|column| format!("c{column}"))).unwrap();
        for row in &rows {
            writer.write_record(row).unwrap();
        }
        let file = writer.into_inner().unwrap();
        let read = Csv::from_reader(slowly(&file, step)).delimiter(delimiter).rows::<Map<String>>();
        let read: Vec<Vec<String>> = read
            .map(|row| {
                let mut record = row.unwrap().record;
                (0..columns).map(|column| record.remove(&format!("c{column}")).unwrap_or_default()).collect()
            })
            .collect();
        prop_assert_eq!(read, rows);
    }

    #[test]
    fn any_objects_are_read_back_the_same(
        objects in proptest::collection::vec(proptest::collection::btree_map("\\PC{0,8}", ".{0,20}", 0..5), 0..10),
        step in 1usize..100,
    ) {
        let file: String = objects.iter().map(|object| serde_json::to_string(object).unwrap() + "\n").collect();
        let read = Ndjson::from_reader(slowly(file.as_bytes(), step)).rows::<Map<String>>();
        let read: Vec<_> = read.map(|row| row.unwrap().record.into_inner()).collect();
        prop_assert_eq!(read, objects);
    }
}
