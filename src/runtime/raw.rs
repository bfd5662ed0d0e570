//! Requests by method and path, for what the schema lacks.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Method, Request, Response, Url};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{
    ByteStream, Error, Inner, Operation, RequestOptions, ResponseValue, exec, path_segment,
};

/// A request by method and path template, sent as any operation is: same transport, options and errors.
///
/// ```no_run
/// # async fn run(client: omneo_api::Client) -> Result<(), omneo_api::Error> {
/// use omneo_api::http::Method;
///
/// let answer: serde_json::Value = client
///     .request(Method::POST, "/v3/profiles/{profile}/badges")
///     .param("profile", "9332c9b2-e31c-4d49-8ec3-62a9466d339c")
///     .json(&serde_json::json!({ "badge": "founder" }))
///     .send()
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// A template that fits an operation of the schema is that operation to the transport, so that what is known of
/// repeating it holds here too. Errors name the request by method and template.
#[must_use = "a request does nothing until it is sent"]
pub struct RawRequest {
    http: Client,
    inner: Inner,
    base_url: String,
    method: Method,
    path: Cow<'static, str>,
    params: Vec<(String, String)>,
    options: RequestOptions,
    body: Option<(&'static str, Result<Bytes, String>)>,
}

impl RawRequest {
    pub(crate) fn new(
        http: Client,
        inner: Inner,
        base_url: String,
        method: Method,
        path: Cow<'static, str>,
    ) -> Self {
        let options = inner.options().clone();
        Self {
            http,
            inner,
            base_url,
            method,
            path,
            params: Vec::new(),
            options,
            body: None,
        }
    }

    /// Fills in a parameter of the path. Its value is one segment, or part of one.
    #[allow(clippy::needless_pass_by_value)] // a caller writes `5`, not `&5`
    pub fn param(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.params.push((name.into(), value.to_string()));
        self
    }

    /// Adds a query pair.
    pub fn query(self, name: impl Into<String>, value: impl ToString) -> Self {
        self.options(|options| options.query(name, value))
    }

    /// Changes the options.
    pub fn options(mut self, change: impl FnOnce(RequestOptions) -> RequestOptions) -> Self {
        self.options = change(std::mem::take(&mut self.options));
        self
    }

    /// Sets a JSON body.
    pub fn json<T: Serialize + ?Sized>(mut self, body: &T) -> Self {
        let json = serde_json::to_vec(body);
        let json = json.map(Bytes::from).map_err(|error| error.to_string());
        self.body = Some(("application/json", json));
        self
    }

    /// Sets a URL-encoded form as the body.
    pub fn form<'p>(mut self, pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> Self {
        let form = url_encoded(pairs);
        self.body = Some(("application/x-www-form-urlencoded", Ok(form.into())));
        self
    }

    /// Sends the request and decodes the JSON of the answer; an empty body is read as `null`.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` for a path that is no path or lacks a parameter, and whatever keeps a call from succeeding.
    pub async fn send<T: DeserializeOwned>(self) -> Result<T, Error> {
        self.send_whole().await.map(ResponseValue::into_inner)
    }

    /// As [`send`](RawRequest::send), with the status and the headers of the answer.
    ///
    /// # Errors
    ///
    /// As [`send`](RawRequest::send).
    pub async fn send_whole<T: DeserializeOwned>(self) -> Result<ResponseValue<T>, Error> {
        ResponseValue::from_response(self.exec().await?).await
    }

    /// Sends the request and takes the body of the answer as it is.
    ///
    /// # Errors
    ///
    /// As [`send`](RawRequest::send), without `Decode`.
    pub async fn send_bytes(self) -> Result<Bytes, Error> {
        ResponseValue::bytes(self.exec().await?).await
    }

    /// Sends the request and hands on the body of the answer piece by piece.
    ///
    /// # Errors
    ///
    /// As [`send`](RawRequest::send), without `Decode`. What breaks off later is reported by the stream.
    pub async fn send_streamed(self) -> Result<ByteStream, Error> {
        let streamed = self.options(RequestOptions::streamed);
        Ok(ResponseValue::stream(streamed.exec().await?).into_inner())
    }

    async fn exec(self) -> Result<Response, Error> {
        let name = format!("{} {}", self.method, self.path);
        let (path, request) = match self.build() {
            Ok(built) => built,
            Err(error) => return Err(error.with_operation(name)),
        };
        let operation = Operation::matching(self.inner.operations(), self.method.as_str(), &path);
        let inner = self.inner.with_options(self.options);
        exec::send(&self.http, &inner, request, name.into(), operation).await
    }

    fn build(&self) -> Result<(String, Request), Error> {
        let path = fill_in(&self.path, &self.params)?;
        let url = Url::parse(&format!("{}{path}", self.base_url))
            .map_err(|_| Error::invalid_request("the base URL and the path are no URL"))?;
        let mut request = Request::new(self.method.clone(), url);
        match &self.body {
            Some((kind, Ok(body))) => {
                let kind = HeaderValue::from_static(kind);
                request.headers_mut().insert(CONTENT_TYPE, kind);
                *request.body_mut() = Some(body.clone().into());
            }
            Some((_, Err(why))) => {
                return Err(Error::invalid_request(format!(
                    "the body is no JSON: {why}"
                )));
            }
            None => {}
        }
        Ok((path, request))
    }
}

/// Shows names and not values, and the type of the body.
impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let params: Vec<_> = self.params.iter().map(|(name, _)| name).collect();
        f.debug_struct("RawRequest")
            .field("method", &self.method)
            .field("path", &self.path)
            .field("params", &params)
            .field("options", &self.options)
            .field("body", &self.body.as_ref().map(|(kind, _)| kind))
            .finish_non_exhaustive()
    }
}

fn url_encoded<'p>(pairs: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    let mut url = Url::parse("form:").ok();
    if let Some(url) = &mut url {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    url.as_ref()
        .and_then(Url::query)
        .unwrap_or_default()
        .to_owned()
}

/// Makes a path of a template: each parameter is encoded, so that it stays inside its segment.
fn fill_in(template: &str, params: &[(String, String)]) -> Result<String, Error> {
    let refuse = |why: String| Err(Error::invalid_request(why));
    let Some(segments) = template.strip_prefix('/') else {
        return refuse("the path has to start with a slash, such as `/v3/rewards`".to_owned());
    };
    let mut path = String::new();
    let mut used = vec![false; params.len()];
    for segment in segments.split('/') {
        path.push('/');
        let start = path.len();
        let mut rest = segment;
        while let Some((literal, after)) = rest.split_once('{') {
            push_literal(&mut path, literal)?;
            let Some((name, after)) = after.split_once('}') else {
                return refuse("a `{` of the path has no `}`".to_owned());
            };
            let Some(at) = params.iter().position(|(given, _)| given == name) else {
                return refuse(format!(
                    "the path's parameter `{name}` is missing; add it with `param`"
                ));
            };
            used[at] = true;
            path.push_str(&path_segment(&params[at].1)?);
            rest = after;
        }
        push_literal(&mut path, rest)?;
        if matches!(&path[start..], "" | "." | "..") {
            return refuse(
                "the path has a segment that is empty, `.` or `..`, which URLs drop".to_owned(),
            );
        }
    }
    match used.iter().position(|used| !used) {
        Some(at) => refuse(format!(
            "the path has no parameter `{{{}}}`; drop it or name it in the path",
            params[at].0
        )),
        None => Ok(path),
    }
}

fn push_literal(path: &mut String, literal: &str) -> Result<(), Error> {
    // What `path_segment` would leave as it is.
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~:@!$'()*,".contains(c);
    match literal.chars().find(|&c| !plain(c)) {
        Some(_) => Err(Error::invalid_request(
            "the path holds a character that has a meaning in URLs, or none; \
             pass ids with `param` and the query with `query`",
        )),
        None => {
            path.push_str(literal);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;
    use reqwest::{Method, Url};
    use serde_json::json as value;

    use super::{RawRequest, fill_in, url_encoded};
    use crate::runtime::testing::{Server, answer, json, operation};
    use crate::runtime::{Direct, Inner, Operation, Token};

    fn filled(template: &str, params: &[(&str, &str)]) -> Result<String, String> {
        let params: Vec<_> = params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        fill_in(template, &params).map_err(|error| error.to_string())
    }

    fn request(server: &Server, method: Method, path: &'static str) -> RawRequest {
        let operations: &'static [Operation] = Box::leak(Box::new([operation(
            "rewards_show",
            "GET",
            "/v3/rewards/{reward}",
        )]));
        let direct = Arc::new(Direct::bearer(Token::new("hush").unwrap()));
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let base_url = format!("{}/api", server.url());
        RawRequest::new(
            http,
            Inner::new(direct, operations),
            base_url,
            method,
            path.into(),
        )
    }

    #[tokio::test]
    async fn a_raw_request_is_sent_as_any_operation() {
        let server = Server::start([json(r#"{"ok":1}"#)]);
        let answer = request(&server, Method::POST, "/v3/profiles/{profile}/badges")
            .param("profile", "a b")
            .query("dry", 1)
            .json(&value!({"badge": "x"}))
            .send::<serde_json::Value>()
            .await
            .unwrap();
        assert_eq!(answer, value!({"ok": 1}));
        let sent = server.request();
        assert!(
            sent.starts_with("POST /api/v3/profiles/a%20b/badges?dry=1 HTTP/1.1\r\n"),
            "{sent}"
        );
        for part in [
            "authorization: Bearer hush\r\n",
            "accept: application/json\r\n",
            r#"{"badge":"x"}"#,
        ] {
            assert!(sent.contains(part), "{part} is not in {sent}");
        }
    }

    #[tokio::test]
    async fn bytes_and_streams_are_handed_on_as_they_are() {
        let server = Server::start([
            answer(200, "text/csv", "a,b"),
            answer(200, "text/csv", "c,d"),
        ]);
        let bytes = request(&server, Method::GET, "/v3/export")
            .send_bytes()
            .await;
        assert_eq!(&bytes.unwrap()[..], b"a,b");
        let stream = request(&server, Method::GET, "/v3/export")
            .send_streamed()
            .await;
        let piece = stream.unwrap().next().await.unwrap().unwrap();
        assert_eq!(&piece[..], b"c,d");
    }

    #[tokio::test]
    async fn an_error_names_method_and_template_and_no_id() {
        let server = Server::start([answer(404, "application/json", r#"{"message":"gone"}"#)]);
        let error = request(&server, Method::GET, "/v3/badges/{badge}")
            .param("badge", "private-id")
            .send_bytes()
            .await
            .unwrap_err();
        let shown = error.to_string();
        assert!(
            shown.starts_with("GET /v3/badges/{badge}: the server answered 404"),
            "{shown}"
        );
        assert!(!shown.contains("private-id"));
    }

    #[test]
    fn values_are_not_shown() {
        let server = Server::start([]);
        let request = request(&server, Method::POST, "/v3/badges/{badge}")
            .param("badge", "hush")
            .query("email", "hush");
        let json = request.json(&value!({"password": "hush"}));
        let shown = format!("{json:?}");
        assert!(!shown.contains("hush"), "{shown}");
        for part in ["POST", "/v3/badges/{badge}", "email", "application/json"] {
            assert!(shown.contains(part), "{part} is not in {shown}");
        }
        let shown = format!("{:?}", json.form([("password", "hush")]));
        assert!(!shown.contains("hush"), "{shown}");
    }

    #[tokio::test]
    async fn a_path_that_is_none_is_not_sent() {
        let server = Server::start([]);
        let error = request(&server, Method::GET, "v3/rewards")
            .send_bytes()
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "GET v3/rewards: not sent: the path has to start with a slash, such as `/v3/rewards`"
        );
        assert!(server.is_untouched());
    }

    #[test]
    fn parameters_are_filled_in() {
        assert_eq!(
            filled(
                "/v3/a/{b}/{ns}:{handle}",
                &[("b", "x y"), ("handle", "s"), ("ns", "n")]
            )
            .unwrap(),
            "/v3/a/x%20y/n:s"
        );
        for (template, params, why) in [
            ("/v3/{a}", &[][..], "`a` is missing"),
            ("/v3/x", &[("a", "1")], "no parameter `{a}`"),
            ("/v3/{a", &[("a", "1")], "has no `}`"),
            ("/v3/../x", &[], "`..`"),
            ("/v3//x", &[], "empty"),
            ("/v3/x/", &[], "empty"),
            ("/v3/{a}{b}", &[("a", "x"), ("b", "?")], ""),
            ("/v3/.{a}", &[("a", ".")], "`..`"),
            ("/v3/x?y=1", &[], "the query with `query`"),
            ("/v3/%2e%2e/x", &[], "a meaning in URLs"),
            ("/v3/a}b", &[], "a meaning in URLs"),
            ("/v3\\x", &[], "a meaning in URLs"),
        ] {
            match filled(template, params) {
                Err(error) => assert!(
                    !why.is_empty() && error.contains(why),
                    "{template}: {error}"
                ),
                Ok(path) => assert!(why.is_empty(), "{template} became {path}"),
            }
        }
    }

    #[test]
    fn a_form_is_encoded() {
        assert_eq!(
            url_encoded([("grant_type", "password"), ("password", "a&b=c d+é")]),
            "grant_type=password&password=a%26b%3Dc+d%2B%C3%A9"
        );
    }

    proptest! {
        #[test]
        fn a_filled_in_path_has_the_templates_segments(
            a in prop_oneof![any::<String>(), "[./%;=:a\\\\?#]{0,4}"],
            b in prop_oneof![any::<String>(), "[./%;=:a\\\\?#]{0,4}"],
        ) {
            let Ok(path) = filled("/v3/{a}/x/{a}:{b}", &[("a", &a), ("b", &b)]) else { return Ok(()); };
            let url = Url::parse(&format!("https://host/api{path}")).unwrap();
            prop_assert_eq!(url.path().split('/').count(), 6);
            prop_assert!(url.path().ends_with(&path));
            prop_assert!(url.query().is_none() && url.fragment().is_none());
        }
    }
}
