//! Multipart bodies, read as PHP reads them.

use std::collections::BTreeMap;

use fault_server::Received;

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Part {
    pub(crate) file_name: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) body: String,
}

/// The parts of a request by their names, of which none comes twice.
pub(crate) fn parts(request: &Received) -> BTreeMap<String, Part> {
    let kind = request.headers["content-type"].to_str().unwrap();
    let boundary = kind.strip_prefix("multipart/form-data; boundary=").unwrap();
    let body = String::from_utf8(request.body.to_vec()).unwrap();
    let end = format!("--{boundary}--\r\n");
    let body = body.strip_suffix(&end).unwrap();
    let mut parts = BTreeMap::new();
    let start = format!("--{boundary}\r\n");
    let mut rest = body.split(&start);
    assert_eq!(rest.next(), Some(""));
    for part in rest {
        let (head, body) = part.split_once("\r\n\r\n").unwrap();
        let body = body.strip_suffix("\r\n").unwrap().to_owned();
        let mut disposition = None;
        let mut content_type = None;
        for line in head.split("\r\n") {
            match line.split_once(": ").unwrap() {
                ("Content-Disposition", value) => disposition = Some(value),
                ("Content-Type", value) => content_type = Some(value.to_owned()),
                other => panic!("{other:?}"),
            }
        }
        let rest = disposition
            .unwrap()
            .strip_prefix("form-data; name=")
            .unwrap();
        let (name, rest) = quoted(rest);
        let file_name = rest.strip_prefix("; filename=").map(|rest| {
            let (name, rest) = quoted(rest);
            assert_eq!(rest, "");
            name
        });
        let part = Part {
            file_name,
            content_type,
            body,
        };
        assert!(parts.insert(name, part).is_none());
    }
    parts
}

/// A quoted string, and what follows it.
fn quoted(text: &str) -> (String, &str) {
    let text = text.strip_prefix('"').unwrap();
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.push(chars.next().unwrap().1),
            c => value.push(c),
        }
    }
    panic!("no end of {text}");
}
