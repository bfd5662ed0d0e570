//! Which requests a mock meets.

use std::fmt::Display;

use httpmock::{HttpMockRequest, When};
use omneo_api::Operation;
use omneo_api::runtime::{Body, path_segment};
use regex::Regex;
use serde_json::Value;

/// Where the admin API is, as on Omneo's own hosts.
pub(crate) const ADMIN: &str = "/api";
/// Where the ID API has the profile of the token.
const ME: &str = "/id/api/v1/profiles/me";
/// What the ID API mirrors.
const PROFILE: &str = "/v3/profiles/{profile}";

pub(crate) const PAGE_NUMBER: &str = "page[number]";
pub(crate) const PAGE_SIZE: &str = "page[size]";

/// What a mock wants of a request.
pub(crate) struct Expected {
    operation: &'static Operation,
    /// httpmock's own; always there, but for the time that a method of it takes.
    when: Option<When>,
    /// The path before the template, and how much of the template it takes the place of.
    prefix: String,
    mirrored: bool,
    /// The values of the path's parameters, encoded.
    segments: Vec<(&'static str, String)>,
    /// In words, for the answer to a request that no mock meets.
    wants: Vec<String>,
}

impl Expected {
    pub(crate) fn new(operation: &'static Operation, when: When) -> Self {
        Self {
            operation,
            when: Some(when.method(operation.method)),
            prefix: ADMIN.to_owned(),
            mirrored: false,
            segments: Vec::new(),
            wants: Vec::new(),
        }
    }

    fn and(&mut self, add: impl FnOnce(When) -> When) {
        self.when = self.when.take().map(add);
    }

    pub(crate) fn by_hand(&mut self, add: impl FnOnce(When) -> When) {
        self.wants.push("more".to_owned());
        self.and(add);
    }

    fn want(&mut self, what: &str, value: impl Display) {
        self.wants.push(format!("{what} {value}"));
    }

    #[track_caller]
    pub(crate) fn segment(&mut self, name: &'static str, value: &str) {
        match path_segment(value) {
            Ok(segment) => self.segments.push((name, segment)),
            Err(error) => panic!(
                "the mock of `{}` can't want `{name}` to be {value:?}: {error}",
                self.operation.id
            ),
        }
        self.want(name, value);
    }

    pub(crate) fn me(&mut self) {
        self.prefix = ME.to_owned();
        self.mirrored = true;
        self.want("the ID API", "for the profile of the token");
    }

    #[track_caller]
    pub(crate) fn connected(&mut self, connection: &str) {
        let Ok(segment) = path_segment(connection) else {
            panic!(
                "the mock of `{}` can't want the connection to be {connection:?}; pass the id of a connection",
                self.operation.id
            );
        };
        self.prefix = format!("/id/api/v1/profiles/connection/{segment}");
        self.mirrored = true;
        self.want("the ID API for connection", connection);
    }

    #[track_caller]
    pub(crate) fn query(&mut self, name: &str, value: &str) {
        self.check_query(name);
        self.want(name, value);
        self.and(|when| when.query_param(name, value));
    }

    #[track_caller]
    pub(crate) fn query_missing(&mut self, name: &str) {
        self.check_query(name);
        self.want("no", name);
        self.and(|when| when.query_param_missing(name));
    }

    /// A client need not ask for the first page by its number.
    #[track_caller]
    pub(crate) fn page_number(&mut self, number: u64) {
        if number != 1 {
            return self.query(PAGE_NUMBER, &number.to_string());
        }
        self.check_query(PAGE_NUMBER);
        self.want(PAGE_NUMBER, "1, or none");
        self.and(|when| {
            when.is_true(|request| {
                asked(request, PAGE_NUMBER).is_none_or(|number| number.trim() == "1")
            })
        });
    }

    #[track_caller]
    fn check_query(&self, name: &str) {
        let known = self.operation.query;
        // A member of a parameter is that parameter: `filter[name][like]` is one of `filter[name]`.
        let is_known = known.iter().any(|parameter| {
            let rest = name.strip_prefix(parameter.name.trim_end_matches("[]"));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        });
        let names = known.iter().map(|parameter| parameter.name);
        assert!(
            is_known,
            "`{}` has no query parameter `{name}`; it has {}",
            self.operation.id,
            match known {
                [] => "none".to_owned(),
                _ => names.collect::<Vec<_>>().join(", "),
            }
        );
    }

    pub(crate) fn json(&mut self, body: Value) {
        self.want("body", &body);
        self.and(|when| when.json_body(body));
    }

    pub(crate) fn json_includes(&mut self, part: &Value) {
        self.want("body with", part);
        self.and(|when| when.json_body_includes(part.to_string()));
    }

    pub(crate) fn form(&mut self, body: &Value) {
        self.want("form", body);
        for (name, value) in body.as_object().into_iter().flatten() {
            let value = match value {
                Value::Null => continue,
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            self.and(|when| when.form_urlencoded_tuple(name, value));
        }
    }

    #[track_caller]
    pub(crate) fn part(&mut self, name: &str, content: &str) {
        let known = match self.operation.body {
            Body::Multipart(parts) => parts,
            _ => &[],
        };
        let names = known.iter().map(|part| part.name).collect::<Vec<_>>();
        assert!(
            names.contains(&name),
            "`{}` has no part `{name}`; it has {}",
            self.operation.id,
            names.join(", ")
        );
        self.want(&format!("part {name}"), content);
        let (name, content) = (format!("name=\"{name}\""), content.to_owned());
        self.and(|when| when.is_true(move |request| has_part(request, &name, &content)));
    }

    /// Says of the path what is known now, and gives what is wanted in words.
    pub(crate) fn finish(&mut self) -> Vec<String> {
        let path = self.pattern(self.operation.path);
        let others = self.operation.shadowed_by.iter();
        let others = others
            .filter(|other| !self.mirrored || other.starts_with(PROFILE))
            .filter_map(|other| Regex::new(&self.pattern(other)).ok())
            .collect::<Vec<_>>();
        self.and(|when| {
            let when = when.path_matches(path);
            match others.is_empty() {
                true => when,
                // The server takes such a path for the other operation.
                false => when.is_true(move |request| {
                    let path = request.uri();
                    !others.iter().any(|other| other.is_match(path.path()))
                }),
            }
        });
        std::mem::take(&mut self.wants)
    }

    /// A regular expression for the paths of a template.
    fn pattern(&self, template: &str) -> String {
        let own = template == self.operation.path;
        let mut rest = match self.mirrored {
            true => template.strip_prefix(PROFILE).unwrap_or(template),
            false => template,
        };
        let mut pattern = format!("^{}", regex::escape(&self.prefix));
        while let Some((literal, (name, after))) = rest
            .split_once('{')
            .and_then(|(literal, rest)| Some((literal, rest.split_once('}')?)))
        {
            let given = self
                .segments
                .iter()
                .find(|(given, _)| own && *given == name);
            pattern.push_str(&regex::escape(literal));
            match given {
                Some((_, value)) => pattern.push_str(&regex::escape(value)),
                None => pattern.push_str("[^/]+"),
            }
            rest = after;
        }
        pattern + &regex::escape(rest) + "$"
    }
}

/// The value of a query parameter.
pub(crate) fn asked(request: &HttpMockRequest, name: &str) -> Option<String> {
    let pairs = request.query_params().into_iter();
    pairs
        .filter(|(given, _)| given == name)
        .map(|(_, value)| value)
        .next()
}

fn has_part(request: &HttpMockRequest, name: &str, content: &str) -> bool {
    let body = request.body_string();
    let mut parts = body.split("\r\n--");
    parts.any(|part| {
        part.split_once("\r\n\r\n")
            .is_some_and(|(headers, given)| headers.contains(name) && given == content)
    })
}
