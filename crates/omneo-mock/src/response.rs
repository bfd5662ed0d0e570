//! What a mock answers.

use httpmock::{HttpMockRequest, HttpMockResponse, Then};
use omneo_api::Operation;
use serde_json::{Map, Value, json};

use crate::kinds::Envelope;
use crate::request::{PAGE_NUMBER, PAGE_SIZE, asked};

/// The items of a page, where a request does not say how many.
const DEFAULT_PAGE_SIZE: u64 = 15;

/// The answer of a mock as far as it is given.
pub(crate) struct Given {
    pub(crate) operation: &'static Operation,
    /// httpmock's own; always there, but for the time that a method of it takes.
    then: Option<Then>,
    response: Option<Response>,
    /// Whether httpmock's own methods were called, by which the answer may be given too.
    by_hand: bool,
    /// Whether values are written as their types have them.
    pub(crate) tidy: bool,
}

pub(crate) enum Response {
    Fixed {
        status: u16,
        headers: Vec<(&'static str, String)>,
        body: Vec<u8>,
    },
    /// All items of a list, of which a request gets a page.
    List {
        status: u16,
        envelope: Envelope,
        items: Vec<Value>,
    },
}

impl Response {
    pub(crate) fn empty(status: u16) -> Self {
        Self::Fixed {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    pub(crate) fn bytes(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        Self::Fixed {
            status,
            headers: vec![("content-type", content_type.to_owned())],
            body,
        }
    }

    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::bytes(status, "application/json", body.to_string().into_bytes())
    }

    pub(crate) fn message(status: u16, message: &str) -> Self {
        Self::json(status, &json!({ "message": message }))
    }

    pub(crate) fn header(mut self, name: &'static str, value: String) -> Self {
        if let Self::Fixed { headers, .. } = &mut self {
            headers.push((name, value));
        }
        self
    }
}

impl Given {
    pub(crate) fn new(operation: &'static Operation, then: Then, tidy: bool) -> Self {
        Self {
            operation,
            then: Some(then),
            response: None,
            by_hand: false,
            tidy,
        }
    }

    pub(crate) fn respond(&mut self, response: Response) {
        self.response = Some(response);
    }

    pub(crate) fn and(&mut self, add: impl FnOnce(Then) -> Then) {
        self.then = self.then.take().map(add);
    }

    pub(crate) fn by_hand(&mut self, add: impl FnOnce(Then) -> Then) {
        self.by_hand = true;
        self.and(add);
    }

    /// Hands the answer to httpmock.
    #[track_caller]
    pub(crate) fn finish(&mut self) {
        match self.response.take() {
            None => assert!(
                self.by_hand,
                "the mock of `{}` has no answer; give it one, such as `then.not_found()`",
                self.operation.id
            ),
            Some(Response::Fixed {
                status,
                headers,
                body,
            }) => self.and(|then| {
                let then = then.status(status).body(body);
                let headers = headers.into_iter();
                headers.fold(then, |then, (name, value)| then.header(name, value))
            }),
            Some(Response::List {
                status,
                envelope,
                items,
            }) => {
                let known = self.operation.query.iter();
                let is_paged = envelope != Envelope::Nothing
                    && known
                        .into_iter()
                        .any(|parameter| [PAGE_NUMBER, PAGE_SIZE].contains(&parameter.name));
                self.and(|then| {
                    then.respond_with(move |request| {
                        let body = match is_paged {
                            true => asked_page(request, envelope, &items),
                            false => whole(envelope, &items),
                        };
                        HttpMockResponse::builder()
                            .status(status)
                            .header("content-type", "application/json")
                            .body(body.to_string())
                            .build()
                    })
                });
            }
        }
    }
}

fn whole(envelope: Envelope, items: &[Value]) -> Value {
    match envelope {
        Envelope::Nothing => items.into(),
        Envelope::Page | Envelope::RawPage => json!({ "data": items }),
    }
}

/// The page that a request asks for, as Laravel counts it.
fn asked_page(request: &HttpMockRequest, envelope: Envelope, items: &[Value]) -> Value {
    let asked = |name, otherwise| {
        let number = asked(request, name).and_then(|number| number.trim().parse().ok());
        number.filter(|number| *number > 0).unwrap_or(otherwise)
    };
    let (number, size) = (asked(PAGE_NUMBER, 1), asked(PAGE_SIZE, DEFAULT_PAGE_SIZE));
    let total = items.len() as u64;
    let before = (number - 1).saturating_mul(size).min(total);
    let page = &items[before as usize..before.saturating_add(size).min(total) as usize];
    let place = |index: u64| match page {
        [] => Value::Null,
        _ => index.into(),
    };
    let mut meta = counted(number, total.div_ceil(size).max(1));
    meta.extend([
        ("per_page".to_owned(), size.into()),
        ("total".to_owned(), total.into()),
        ("from".to_owned(), place(before + 1)),
        ("to".to_owned(), place(before + page.len() as u64)),
    ]);
    enveloped(envelope, page, meta, request.uri().path())
}

/// One page of which only its place is known.
pub(crate) fn page(
    envelope: Envelope,
    items: &[Value],
    number: u64,
    last: u64,
    path: &str,
) -> Value {
    enveloped(envelope, items, counted(number, last), path)
}

fn counted(number: u64, last: u64) -> Map<String, Value> {
    Map::from_iter([
        ("current_page".to_owned(), number.into()),
        ("last_page".to_owned(), last.into()),
    ])
}

fn enveloped(
    envelope: Envelope,
    items: &[Value],
    mut meta: Map<String, Value>,
    path: &str,
) -> Value {
    let count = |name: &str| meta[name].as_u64().unwrap_or(1);
    let (number, last) = (count("current_page"), count("last_page"));
    // Plain `http` and another name for the page, as the server writes them: they are not to be followed.
    let url = format!("http://api.example.getomneo.com{path}");
    let at = |number: u64, is_there: bool| match is_there {
        true => format!("{url}?page={number}").into(),
        false => Value::Null,
    };
    let links = [
        ("first", at(1, true)),
        ("last", at(last, true)),
        ("prev", at(number.saturating_sub(1), number > 1)),
        ("next", at(number + 1, number < last)),
    ];
    meta.insert("path".to_owned(), url.clone().into());
    match envelope {
        Envelope::RawPage => {
            meta.insert("data".to_owned(), items.into());
            let links = links.map(|(name, url)| (format!("{name}_page_url"), url));
            meta.extend(links);
            meta.into()
        }
        Envelope::Page => {
            let links = links.map(|(name, url)| (name.to_owned(), url));
            json!({ "data": items, "links": Map::from_iter(links), "meta": meta })
        }
        Envelope::Nothing => items.into(),
    }
}

/// Laravel's refusal of a body, by field.
pub(crate) fn refusal<'t>(faults: impl IntoIterator<Item = (&'t str, &'t str)>) -> Value {
    let mut errors = Map::new();
    for (field, fault) in faults {
        let texts = errors.entry(field).or_insert_with(|| json!([]));
        if let Value::Array(texts) = texts {
            texts.push(fault.into());
        }
    }
    json!({ "message": "The given data was invalid.", "errors": errors })
}
